package scopeflow

import (
	"go/token"
	"go/types"
	"iter"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// A write is one instruction that changes what a base value holds at sub.
type write struct {
	sub   Path
	instr ssa.Instruction
	mode  writeMode
	val   func(rest Path) Value
	must  bool // when instr runs, the write happens

	// opens, of a condition that is put into a query, reports whether it stands
	// behind an OR; bare: what is put behind it in turn stands beside it alone.
	opens func() bool
	bare  bool

	// more is the list that is put behind what was there, if that is known to be all
	// that the write does.
	more ssa.Value

	// setting returns what a statement sets a run-time parameter of its
	// connection to, whose step is given; false if it leaves it alone.
	setting func(step Path) (Value, bool)
}

type writeMode uint8

const (
	setTo    writeMode = iota
	appendTo           // builders, buffers, hashes
	emptied            // reset, to what val says if it is set
	weakSet            // may have written (a call that was handed the address)
)

// maxWrites bounds how many writes to one base are told apart.
const maxWrites = 160

// writesTo returns the writes to base and to what hangs on it, in the order
// of the source, through addresses taken from it in this package's functions.
func (e *engine) writesTo(base ssa.Value) []write {
	if ws, ok := e.writes[base]; ok {
		return ws
	}
	e.writes[base] = nil // a base whose address flows into itself
	var out []write
	type alias struct {
		v   ssa.Value
		sub Path
	}
	seen := map[ssa.Value]bool{base: true}
	work := []alias{{base, ""}}
	push := func(v ssa.Value, sub Path) {
		if !seen[v] && sub.depth() <= maxSteps {
			seen[v] = true
			work = append(work, alias{v, sub})
		}
	}
	for len(work) > 0 && len(out) < maxWrites {
		a := work[0]
		work = work[1:]
		refs := a.v.Referrers()
		if refs == nil {
			if g, ok := a.v.(*ssa.Global); ok {
				refs = e.globalRefs(g)
			}
		}
		if refs == nil {
			continue
		}
		for _, ref := range *refs {
			if e.dead(ref) {
				continue
			}
			switch r := ref.(type) {
			case *ssa.FieldAddr:
				if !e.carriesValue(r) {
					continue
				}
				push(r, a.sub+Path(e.fieldStep(r.X.Type(), r.Field)))
			case *ssa.IndexAddr:
				if r.X == a.v {
					push(r, a.sub+Path(indexStep(r.Index)))
				}
			case *ssa.Slice:
				if r.X == a.v {
					push(r, a.sub)
				}
			case *ssa.UnOp:
				if r.Op == token.MUL && pointsOn(r.Type()) {
					push(r, a.sub)
				}
			case *ssa.MakeInterface, *ssa.ChangeType, *ssa.ChangeInterface:
				if pointsOn(a.v.Type()) {
					push(r.(ssa.Value), a.sub)
				}
			case *ssa.TypeAssert:
				if r.CommaOk {
					if e.kind != nil {
						for _, part := range *r.Referrers() {
							if x, ok := part.(*ssa.Extract); ok && x.Index == 0 && pointsOn(x.Type()) {
								push(x, a.sub)
							}
						}
					}
				} else if pointsOn(r.Type()) {
					push(r, a.sub)
				}
			case *ssa.Store:
				if r.Addr == a.v {
					val := r.Val
					out = append(out, write{sub: a.sub, instr: r, must: true, val: func(rest Path) Value { return e.ev(val, rest, r) }})
				} else if call, list := variadicCall(r); call != nil && pointsOn(a.v.Type()) {
					out = append(out, e.callWrites(call, list, a.sub)...)
				}
			case *ssa.MapUpdate:
				if r.Map == a.v {
					key, val := r.Key, r.Value
					out = append(out,
						write{sub: a.sub + models.Elem, instr: r, must: true, val: func(rest Path) Value { return e.ev(val, rest, r) }},
						write{sub: a.sub + models.MapKey, instr: r, must: true, val: func(rest Path) Value { return e.ev(key, rest, r) }})
					if column, id := e.keyed(key); column != "" {
						out = append(out, write{sub: a.sub + column, instr: r, must: true, val: func(rest Path) Value { return e.entry(val, rest, r) }})
					} else if id {
						out = append(out, write{sub: a.sub + idStep, instr: r, mode: appendTo, must: true, val: func(rest Path) Value { return e.entry(val, rest, r) }})
					}
				}
			case *ssa.Send:
				if r.Chan == a.v {
					x := r.X
					out = append(out, write{sub: a.sub + models.Elem, instr: r, must: true, val: func(rest Path) Value { return e.ev(x, rest, r) }})
				}
			case *ssa.MakeClosure:
				fn := r.Fn.(*ssa.Function)
				for i, b := range r.Bindings {
					if b == a.v && i < len(fn.FreeVars) {
						push(fn.FreeVars[i], a.sub)
					}
				}
			case ssa.CallInstruction:
				out = append(out, e.callWrites(r, a.v, a.sub)...)
				if c, ok := r.(*ssa.Call); ok && (e.returnsSame(c, a.v) || nilChecked(c) == a.v) {
					push(c, a.sub)
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b write) int { return int(a.instr.Pos()) - int(b.instr.Pos()) })
	e.writes[base] = out
	return out
}

// carriesValue reports whether a field is more than a word on whether the
// value that its struct wraps is there.
func (e *engine) carriesValue(fa *ssa.FieldAddr) bool {
	t := fa.X.Type().Underlying().(*types.Pointer).Elem()
	m := e.index.Type(t)
	if m == nil || !m.Wraps {
		return true
	}
	s, ok := t.Underlying().(*types.Struct)
	return ok && mayCarry(s.Field(fa.Field).Type())
}

// variadicCall returns the call whose variadic list store puts its value in,
// and that list.
func variadicCall(store *ssa.Store) (ssa.CallInstruction, ssa.Value) {
	ia, ok := store.Addr.(*ssa.IndexAddr)
	if !ok {
		return nil, nil
	}
	alloc, ok := ia.X.(*ssa.Alloc)
	if !ok || alloc.Comment != "varargs" {
		return nil, nil
	}
	for _, ref := range *alloc.Referrers() {
		if list, ok := ref.(*ssa.Slice); ok {
			for _, ref := range *list.Referrers() {
				if call, ok := ref.(ssa.CallInstruction); ok {
					return call, list
				}
			}
		}
	}
	return nil, nil
}

// pointsOn reports whether a value of type t, copied, still refers to the same memory.
func pointsOn(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Map, *types.Slice, *types.Chan, *types.Interface:
		return true
	}
	return false
}

// character returns the text of the one character, a constant, that a row appends.
func character(fl *models.Flow, common *ssa.CallCommon) (string, bool) {
	if len(fl.From) != 1 {
		return "", false
	}
	c, ok := argument(common, placeNumber(fl.From[0])).(*ssa.Const)
	if !ok || c.Value == nil {
		return "", false
	}
	b, ok := c.Type().Underlying().(*types.Basic)
	if !ok || b.Kind() != types.Int32 && b.Kind() != types.Uint8 {
		return "", false
	}
	return string(rune(c.Int64())), true
}

// callWrites returns what a call writes to v, one of its operands.
func (e *engine) callWrites(call ssa.CallInstruction, v ssa.Value, sub Path) []write {
	common := call.Common()
	if b, ok := common.Value.(*ssa.Builtin); ok {
		switch {
		case b.Name() == "copy" && common.Args[0] == v:
			src := common.Args[1]
			return []write{{sub: sub, instr: call, mode: setTo, must: true, val: func(rest Path) Value { return e.ev(src, rest, call) }}}
		case b.Name() == "clear" && len(common.Args) == 1 && common.Args[0] == v:
			return []write{{sub: sub, instr: call, mode: emptied, must: true}}
		}
		return nil
	}
	if isContext(v.Type()) {
		return nil
	}
	var out []write
	for n, arg := range callArgs(common) {
		if arg != v {
			continue
		}
		n := n
		if common.Signature().Recv() != nil || common.IsInvoke() {
			n--
		}
		out = append(out, e.argWrites(call, n, v, sub)...)
		out = append(out, e.settingWrites(call, n, v, sub)...)
	}
	return out
}

func (e *engine) argWrites(call ssa.CallInstruction, n int, v ssa.Value, sub Path) []write {
	common := call.Common()
	var out []write
	fn := callee(common)
	if m := e.index.Func(fn); m != nil {
		for i := range m.Flows {
			fl := &m.Flows[i]
			if fl.NoTo || fl.To.Base == models.Result || placeNumber(fl.To) != n {
				continue
			}
			to := pathOf(fl.To.Path)
			if to == models.Elem {
				to = "" // the operands of a variadic function, each by itself
			}
			w := write{sub: sub + to, instr: call, must: true, val: func(rest Path) Value {
				return e.named(e.flowValue(common, fl, call), rest)
			}}
			switch fl.How {
			case models.Append, models.Body, models.Expression:
				w.mode = appendTo
				if text, ok := character(fl, common); ok {
					w.val = func(Path) Value { return constantAtom(text, true, call.Pos()) }
				}
			case models.Reset:
				w.mode, w.val = emptied, nil
			case models.Invoke, models.Hand, models.ContextSet, models.Session, models.Connect, models.HandedBy, models.Bind:
				continue
			}
			if restricts(fl.How) {
				continue
			}
			out = append(out, w)
		}
		out = append(out, e.queryWrites(m, call, n, sub)...)
		for i := range m.Origins {
			o := &m.Origins[i]
			if o.Place.Base != models.Result && placeNumber(o.Place) == n {
				atom := originAtom(o.Kind, funcName(fn), call.Pos())
				to := pathOf(o.Place.Path)
				if to == models.Elem {
					to = ""
				}
				w := write{sub: sub + to, instr: call, must: true, val: func(rest Path) Value { return e.named(one(atom), rest) }}
				if o.Blank {
					w.mode = weakSet
				}
				out = append(out, w)
			}
		}
		return out
	}
	if e.outOfKind(call) {
		return []write{{sub: sub, instr: call, mode: weakSet, val: func(rest Path) Value { return e.unknown(call, common, rest, v) }}}
	}
	if body := e.body(common); body != nil {
		return e.effectWrites(e.effects(body), call, n, sub)
	}
	if s := e.fact(e.known(fn, common)); s != nil {
		return e.effectWrites(s.Effects, call, n, sub)
	}
	if recv := argument(common, Receiver); recv != nil && hasReceiver(common) {
		if m := e.index.Type(recv.Type()); m != nil && m.Benign {
			return nil // a logger, a metric: they read
		}
	}
	// A function that we cannot see was handed an address: it may fill it, from what else it was handed.
	if _, ok := v.(*ssa.Slice); ok {
		return []write{{sub: sub, instr: call, mode: weakSet, val: func(rest Path) Value { return e.unknown(call, common, rest, v) }}}
	}
	if p, ok := v.Type().Underlying().(*types.Pointer); ok {
		if m := e.index.Type(p.Elem()); m != nil && m.Benign {
			return nil
		}
		out = append(out, write{sub: sub, instr: call, mode: weakSet, val: func(rest Path) Value { return e.unknown(call, common, rest, v) }})
	} else if _, ok := v.(*ssa.MakeInterface); ok {
		out = append(out, write{sub: sub, instr: call, mode: weakSet, val: func(rest Path) Value { return e.unknown(call, common, rest, v) }})
	}
	return out
}

// effectWrites returns what a call writes through its n-th argument, by the effects
// of the function that it runs.
func (e *engine) effectWrites(effects []Effect, call ssa.CallInstruction, n int, sub Path) []write {
	var out []write
	for _, ef := range effects {
		if ef.Param != n {
			continue
		}
		w := write{sub: sub + ef.Path, instr: call, must: ef.Must, bare: ef.Bare, val: func(rest Path) Value {
			if rest != "" && rest != allElems && rest != models.Elem {
				return Value{}
			}
			return e.subst(ef.Value, call.Common(), call)
		}}
		if ef.Append {
			w.mode = appendTo
			if ef.Or {
				w.opens = func() bool { return true }
			}
		} else if k, ok := ef.extends(); ok {
			w.more = argument(call.Common(), k)
		}
		out = append(out, w)
	}
	return out
}

// extends returns the parameter, a list, that is put behind what the effect's path
// held, if that is all that happens to it.
func (ef *Effect) extends() (param int, ok bool) {
	if len(ef.Value.Alts) != 1 || len(ef.Value.Alts[0].Parts) != 2 || ef.Value.Alts[0].Bag {
		return 0, false
	}
	was, more := &ef.Value.Alts[0].Parts[0], &ef.Value.Alts[0].Parts[1]
	ok = was.Kind == Param && was.Root == ef.Param && was.Path == ef.Path && !was.Selected &&
		more.Kind == Param && (more.Path == "" || more.Path == allElems) && !more.Selected
	return more.Root, ok
}

// named returns v, which fills something, as what is seen of it through rest:
// a decoded field claims what its name says.
func (e *engine) named(v Value, rest Path) Value {
	last := rest.last()
	if last == "" {
		return v
	}
	return v.mapAtoms(func(a Atom) Atom {
		if (a.Kind == Request || a.Kind == Record) && !a.Selected && !a.Ctx {
			a.Claim |= e.claim(last)
			a.Text += string(rest)
		}
		return a
	}).bag()
}

// contents returns what base holds at path at the time of at: what was
// written there, and what it held from the start where a way leads from there
// to at past every write.
func (e *engine) contents(base ssa.Value, path Path, at ssa.Instruction) Value {
	if alloc, ok := base.(*ssa.Alloc); ok && path != "" {
		if val, ok := e.nested(alloc, path, at); ok {
			return val
		}
	}
	ws := e.writesTo(base)
	fn := base.Parent()
	here := e.lift(at, fn)

	var sets, appends, weak []write
	_, column := path.column()
	if isSession(column) {
		if e.onPool(base.Type(), path) {
			return e.pooledBy(path, base.Pos())
		}
		ws = e.sessionWrites(ws, path)
	}
	for _, w := range ws {
		if column != "" {
			var ok bool
			if w, ok = w.onColumn(path); ok {
				appends = append(appends, w)
				continue
			}
		}
		switch {
		case w.mode == appendTo && w.sub == path:
			appends = append(appends, w)
		case w.mode == emptied && w.sub == path:
			appends = append(appends, w)
		case w.mode == appendTo || w.mode == emptied:
		case !overlaps(w.sub, path):
		case w.mode == weakSet:
			weak = append(weak, w)
		default:
			sets = append(sets, w)
		}
	}
	// The last write that surely came before.
	var last *write
	var reach []write
	for i := range sets {
		w := &sets[i]
		if here == nil || w.instr.Parent() != here.Parent() {
			if at != nil && w.instr.Parent() == at.Parent() && !e.reaches(w.instr, at) {
				continue // later in the same literal, which is taken to run once
			}
			reach = append(reach, *w)
			continue
		}
		if !e.reaches(w.instr, here) {
			continue
		}
		if w.must && exact(w.sub, path) && e.dominates(w.instr, here) && (last == nil || e.dominates(last.instr, w.instr)) {
			last = w
		}
		reach = append(reach, *w)
	}
	var out Value
	for _, w := range reach {
		e.cost++
		e.work++
		if last != nil && w.instr != last.instr && w.instr.Parent() == last.instr.Parent() && !e.reachesPast(w.instr, here, last.instr) {
			continue // overwritten
		}
		if isSession(column) && !e.survives(w, reach, here) {
			continue // set anew, one way or the other
		}
		rest := Path(strings.TrimPrefix(string(path), string(w.sub)))
		if !strings.HasPrefix(string(path), string(w.sub)) {
			rest = tail(path, w.sub)
		}
		val := w.val(rest)
		if st, ok := w.instr.(*ssa.Store); ok && isSession(column) {
			val = e.ev(st.Val, rest, later(path, st, here))
		}
		out = join(out, e.discharge(val, w.instr))
		e.work += out.size()
	}
	if last == nil {
		if column != "" && out.bottom() && slices.ContainsFunc(weak, func(w write) bool { return e.mayPrecede(w.instr, here) }) {
			out = e.opaque(base.Pos(), "a query that another function was handed")
		}
		if dims, _, _ := e.declaredOn(base.Type(), path); dims != 0 && !isAlloc(base) {
			weak = nil // a source, whatever else was handed its address
		}
		if out.bottom() && len(weak) > 0 {
			for _, w := range weak {
				if here != nil && w.instr.Parent() == here.Parent() && !e.reaches(w.instr, here) {
					continue
				}
				out = join(out, e.named(w.val(tail(path, w.sub)), path))
			}
			if len(appends) == 0 {
				if _, local := base.(*ssa.Alloc); !local {
					out = join(out, e.initial(base, path, at))
				}
			}
		}
		switch {
		case out.bottom():
			out = e.initial(base, path, at)
		case len(reach) > 0 && here != nil && !elemPath(path) && e.avoidable(base, reach, here):
			out = join(out, e.initial(base, path, at))
		case len(reach) > 0 && elemPath(path) && !fresh(base):
			out = join(out, e.initial(base, path, at))
		}
	}
	if len(appends) > 0 {
		if column == "" && (out.bottom() || !out.has(func(a *Atom) bool { return a.Kind != Opaque || a.Selected })) {
			out = constantAtom("", true, token.NoPos) // a builder starts empty, whoever made it
		}
		out = e.appended(out, appends, here, at)
	}
	return out
}

// mayPrecede reports whether in may have run before here does.
func (e *engine) mayPrecede(in, here ssa.Instruction) bool {
	switch {
	case here == nil || in.Parent() != here.Parent():
		return true
	case in == here:
		return e.inLoop(in)
	}
	return e.reaches(in, here)
}

// nested answers for a struct within a local struct: all of its fields.
func (e *engine) nested(alloc *ssa.Alloc, path Path, at ssa.Instruction) (Value, bool) {
	t, _ := stepTo(alloc.Type(), path)
	if t == nil || e.flat > 2 {
		return Value{}, false
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok || s.NumFields() == 0 {
		return Value{}, false
	}
	if m := e.index.Type(t); m != nil {
		return Value{}, false
	}
	fields, ok := e.filled(alloc, path, s)
	if !ok {
		return Value{}, false
	}
	e.flat++
	defer func() { e.flat-- }()
	out := Value{[]Alt{{Bag: true}}}
	for _, f := range fields {
		out = gather(out, e.load(alloc, path.field(f), at))
	}
	return out, true
}

// fresh reports whether base holds nothing at the start.
func fresh(base ssa.Value) bool {
	switch base.(type) {
	case *ssa.Alloc, *ssa.MakeMap, *ssa.MakeSlice, *ssa.MakeChan:
		return true
	}
	return false
}

func elemPath(p Path) bool { return strings.Contains(string(p), "[") }

// perElement returns what is appended once for each element of a list that came in:
// all of them, one after the other; all is false if it is of no such list.
func perElement(piece Value) (out Value, all bool) {
	out = piece.mapAtoms(func(a Atom) Atom {
		if a.Kind == Param && strings.HasSuffix(string(a.Path), models.Elem) {
			a.Path = Path(strings.TrimSuffix(string(a.Path), models.Elem)) + allElems
			all = true
		}
		return a
	})
	return out, all
}

// appended returns what a builder holds: what it held, then each piece in the
// order of the writes. Pieces that are not always written make alternatives.
//
// here is the instruction at, or that of the builder's own function during which at
// happens.
func (e *engine) appended(start Value, ws []write, here, at ssa.Instruction) Value {
	g := growth{with: start, without: start}
	for _, w := range ws {
		if w.mode == emptied && w.val != nil {
			if before, sure := e.ranBefore(w.instr, at); before {
				g.begin(w.val, sure)
			}
			continue
		}
		sure := true
		if here != nil && w.instr.Parent() == here.Parent() {
			if !e.reaches(w.instr, here) {
				continue
			}
			sure = e.dominates(w.instr, here)
		}
		if w.mode == emptied {
			g.begin(nil, sure)
			continue
		}
		piece := w.val("")
		if piece.bottom() {
			continue
		}
		if w.opens != nil && w.opens() {
			g.or(piece, sure && w.must, w.bare)
			continue
		}
		if e.inLoop(w.instr) {
			var all bool
			piece, all = perElement(piece)
			sure = sure || all
		}
		g.and(piece, sure && w.must)
	}
	return g.value()
}

// ranBefore reports whether in may have run before at does, and whether it surely has.
func (e *engine) ranBefore(in, at ssa.Instruction) (may, must bool) {
	switch {
	case at == nil || in.Parent() != at.Parent():
		return true, false
	case in == at || !e.reaches(in, at):
		return false, false
	}
	return true, e.dominates(in, at)
}

// A growth is a builder while it is written to, piece by piece.
type growth struct {
	with    Value // all pieces
	without Value // those that are always written
	// beside is what an OR without parentheses has put beside the pieces.
	beside   Value
	optional bool // without differs from with
}

// and puts a piece behind the others; sure is false if it may not be written.
func (g *growth) and(piece Value, sure bool) {
	g.with = concat(g.with, piece)
	if sure {
		g.without = concat(g.without, piece)
	} else {
		g.optional = true
	}
}

// or lets a query find what piece finds as well. Without parentheses what follows
// is put behind that alone.
func (g *growth) or(piece Value, sure, bare bool) {
	if bare {
		g.beside = g.value()
	}
	if bare && sure {
		g.with, g.without, g.optional = piece, piece, false
		return
	}
	g.with, g.without = join(g.with, piece), join(g.without, piece)
}

// begin empties a builder. A query is one that starts with what val says.
func (g *growth) begin(val func(Path) Value, sure bool) {
	switch {
	case val != nil && !sure:
		g.with, g.without = join(g.with, val("")), join(g.without, val(""))
	case val != nil:
		*g = growth{with: val(""), without: val("")}
	case sure:
		empty := constantAtom("", true, token.NoPos)
		*g = growth{with: empty, without: empty}
	}
}

// value returns what the builder holds.
func (g *growth) value() Value {
	out := g.with
	if g.optional {
		out = join(out, g.without)
	}
	return join(g.beside, out)
}

// initial returns what base holds at path before any write in sight.
func (e *engine) initial(base ssa.Value, path Path, at ssa.Instruction) Value {
	if _, column := path.column(); column != "" {
		if isSession(column) && isAlloc(base) {
			return Value{} // nothing runs on nil
		}
		switch base.(type) {
		case *ssa.Alloc, *ssa.MakeMap, *ssa.MakeSlice, *ssa.MakeChan, *ssa.Global:
			return unrestricted()
		}
	}
	switch b := base.(type) {
	case *ssa.Alloc:
		return constantAtom("", true, token.NoPos)
	case *ssa.MakeMap, *ssa.MakeSlice, *ssa.MakeChan:
		return constantAtom("", true, token.NoPos)
	case *ssa.Parameter:
		return e.param(b, path)
	case *ssa.FreeVar:
		bound, ok := e.binding(b)
		if !ok {
			return e.opaque(b.Pos(), b.Name())
		}
		when := ssa.Instruction(e.closures[b.Parent()])
		if p, ok := bound.(*ssa.Alloc); ok {
			return e.contents(p, path, when)
		}
		return e.load(bound, path, when)
	case *ssa.Global:
		return e.global(b, path)
	case *ssa.Call:
		return e.callResult(b, 0, path, at)
	case *ssa.Extract:
		if c, ok := b.Tuple.(*ssa.Call); ok {
			return e.callResult(c, b.Index, path, at)
		}
	}
	return e.opaque(base.Pos(), "a value")
}

// isZeroVar reports whether the policy or a library's rows say that a variable is
// the zero value of its type (uuid.Nil).
func (e *engine) isZeroVar(g *ssa.Global) bool {
	v, ok := g.Object().(*types.Var)
	if !ok {
		return false
	}
	m := e.index.Type(v.Type())
	return m != nil && m.Zero == v
}

// isNothing reports whether v is a zero value: a constant, or a variable that is
// known to hold one.
func (e *engine) isNothing(v ssa.Value) bool {
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		g, ok := load.X.(*ssa.Global)
		return ok && e.isZeroVar(g)
	}
	return isZero(v)
}

// param returns the part that stands for parameter p at path.
func (e *engine) param(p *ssa.Parameter, path Path) Value {
	fn := p.Parent()
	typ := e.typeOfParam(p)
	t, _ := stepTo(typ, path)
	if val, ok := e.held(p, path); ok {
		return val
	}
	if val, ok := e.heldSession(p, path); ok {
		return val
	}
	shown, _ := path.column()
	a := Atom{Kind: Param, Root: paramNumber(p), Path: path, Text: strings.ReplaceAll(p.Name()+string(shown), allElems, models.Elem), Pos: p.Pos()}
	if fn.Parent() == nil {
		a.Claim = e.claim(p.Name())
	}
	if dims, kind, ok := e.declaredOn(typ, path); ok {
		if dims != 0 {
			return one(Atom{Kind: Scope, Dims: dims, Text: a.Text, Pos: p.Pos()})
		}
		return one(originAtom(kind, a.Text, p.Pos()))
	}
	for _, step := range path.steps() {
		a.Claim |= e.claim(strings.TrimPrefix(step, "."))
	}
	if t != nil {
		if m := e.index.Type(t); m != nil {
			if m.Source != 0 {
				a.Dims = m.Source
			}
			a.Fixed = m.Fixed
			if m.Origin != "" && path == "" {
				return one(originAtom(m.Origin, a.Text, p.Pos()))
			}
		}
		if b, ok := t.Underlying().(*types.Basic); ok && b.Info()&types.IsNumeric != 0 {
			a.Fixed = true
		}
		if _, ok := t.Underlying().(*types.Signature); ok {
			a.Func = true
		}
	}
	if kind := e.handedOrigin(fn, a.Root); kind != "" {
		sent := originAtom(kind, a.Text, p.Pos())
		sent.Claim = a.Claim
		return one(sent)
	}
	if v, ok := p.Object().(*types.Var); ok {
		if d := e.index.ParamVar(e.pass.Pkg, v); d != 0 {
			return one(Atom{Kind: Scope, Dims: d, Text: a.Text, Pos: p.Pos(), Fixed: a.Fixed})
		}
	}
	if path != "" {
		// A field of something that came with the request came with the request.
		if m := e.index.Type(typ); m != nil && m.Origin != "" {
			return one(originAtom(m.Origin, a.Text, p.Pos()))
		}
	}
	if fn.Parent() != nil {
		return e.closureParam(p, path, a)
	}
	return one(a)
}

// handedOrigin returns the origin of what fn is handed as its n-th parameter, if
// the rows say so.
func (e *engine) handedOrigin(fn *ssa.Function, n int) models.OriginKind {
	obj, ok := fn.Object().(*types.Func)
	if !ok {
		return ""
	}
	if m := e.index.Func(obj); m != nil {
		for _, o := range m.Handed {
			if o.Place.Index == n {
				return o.Kind
			}
		}
	}
	return ""
}

func isAlloc(v ssa.Value) bool {
	_, ok := v.(*ssa.Alloc)
	return ok
}

// declaredOn returns what the rows say of a field on the way from t along
// path, or of a type that the way leads into: what hangs on a scope is scope.
func (e *engine) declaredOn(t types.Type, path Path) (models.Dims, models.OriginKind, bool) {
	steps := path.steps()
	var at Path
	for _, step := range steps {
		if holder, _ := stepTo(t, at); holder != nil {
			if m := e.index.Type(holder); m != nil && m.Source != 0 {
				return m.Source, "", true
			}
		}
		at += Path(step)
		if _, field := stepTo(t, at); field != nil {
			if f := e.index.Field(field); f != nil {
				if f.Source != 0 {
					return f.Source, "", true
				}
				if f.Origin != "" {
					return 0, f.Origin, true
				}
			}
		}
	}
	return 0, "", false
}

// stepTo returns the type at path from t, and the field that the last step
// names; nil where it cannot be told.
func stepTo(t types.Type, path Path) (types.Type, *types.Var) {
	var field *types.Var
	for _, step := range path.steps() {
		if t == nil {
			return nil, nil
		}
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		field = nil
		if strings.HasPrefix(step, ".") {
			s, ok := t.Underlying().(*types.Struct)
			if !ok {
				return nil, nil
			}
			t = nil
			for i := range s.NumFields() {
				if s.Field(i).Name() == step[1:] {
					field = s.Field(i)
					t = field.Type()
					break
				}
			}
			continue
		}
		if strings.HasPrefix(step, columnMark) {
			return nil, nil
		}
		switch u := t.Underlying().(type) {
		case *types.Slice:
			t = u.Elem()
		case *types.Array:
			t = u.Elem()
		case *types.Chan:
			t = u.Elem()
		case *types.Map:
			if step == models.MapKey {
				t = u.Key()
			} else {
				t = u.Elem()
			}
		default:
			return nil, nil
		}
	}
	return t, field
}

func originAtom(k models.OriginKind, what string, pos token.Pos) Atom {
	a := Atom{Text: what, Pos: pos}
	switch k {
	case models.Request:
		a.Kind = Request
	case models.Record:
		a.Kind = Record
	case models.Unique:
		a.Kind, a.Fixed = Unique, true
	case models.Constant:
		a.Kind, a.Mixed = Constant, true
	case models.Process:
		a.Kind, a.Mixed, a.Claim = Constant, true, models.Env
	default:
		a.Kind = Opaque
	}
	return a
}

// overlaps reports whether a write to sub bears on a read of path: sub is
// path or lies above it. Element steps match any index they may equal.
func overlaps(sub, path Path) bool {
	s, p := sub.steps(), path.steps()
	if len(s) > len(p) {
		return false
	}
	for i := range s {
		if !stepMatches(s[i], p[i]) {
			return false
		}
	}
	return true
}

func stepMatches(a, b string) bool {
	if a == b {
		return true
	}
	if a[0] != '[' || b[0] != '[' || a == models.MapKey || b == models.MapKey {
		return false
	}
	return a == models.Elem || b == models.Elem || b == allElems || a == allElems || b == models.EvenElem
}

// exact reports whether a write to sub replaces all that path names.
func exact(sub, path Path) bool {
	return strings.HasPrefix(string(path), string(sub)) && !strings.Contains(string(sub), models.Elem)
}

// tail returns path without as many steps as sub has.
func tail(path, sub Path) Path {
	n := len(sub.steps())
	steps := path.steps()
	return Path(strings.Join(steps[min(n, len(steps)):], ""))
}

func pathOf(steps []string) Path {
	var p Path
	for _, s := range steps {
		if strings.HasPrefix(s, "[") {
			p += Path(s)
		} else {
			p += "." + Path(s)
		}
	}
	return p
}

func placeNumber(p models.Place) int {
	if p.Base == models.Recv {
		return Receiver
	}
	return p.Index
}

// lift returns the instruction of fn during which at happens: at itself, or,
// if at lies in a function literal of fn, where that literal was made. nil if
// there is none.
func (e *engine) lift(at ssa.Instruction, fn *ssa.Function) ssa.Instruction {
	for range 32 {
		if at == nil || fn == nil || at.Parent() == fn {
			return at
		}
		mc := e.closures[at.Parent()]
		if mc == nil {
			return nil
		}
		at = mc
	}
	return nil
}

// outward yields at and, for what lies in a literal, where that was made, and so on
// out to the declared function.
func (e *engine) outward(at ssa.Instruction) iter.Seq[ssa.Instruction] {
	return func(yield func(ssa.Instruction) bool) {
		for range 32 {
			if at == nil || at.Block() == nil || !yield(at) {
				return
			}
			mc := e.closures[at.Parent()]
			if mc == nil {
				return
			}
			at = mc
		}
	}
}

// binding returns the value that free variable v was bound to.
func (e *engine) binding(v *ssa.FreeVar) (ssa.Value, bool) {
	mc := e.closures[v.Parent()]
	if mc == nil {
		return nil, false
	}
	for i, fv := range v.Parent().FreeVars {
		if fv == v && i < len(mc.Bindings) {
			return mc.Bindings[i], true
		}
	}
	return nil, false
}
