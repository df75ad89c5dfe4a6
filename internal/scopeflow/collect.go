package scopeflow

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// instrs yields the instructions of fn and its literals, in order.
func (e *engine) instrs(fn *ssa.Function, yield func(ssa.Instruction)) {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			yield(in)
		}
	}
	for _, anon := range fn.AnonFuncs {
		e.instrs(anon, yield)
	}
}

// collect finds the accesses of declared function fn and its literals.
func (e *engine) collect(fn *ssa.Function) []*Access {
	var out []*Access
	e.instrs(fn, func(in ssa.Instruction) {
		switch in := in.(type) {
		case ssa.CallInstruction:
			out = append(out, e.callAccesses(fn, in)...)
		case *ssa.MapUpdate:
			if _, ok := in.Value.Type().Underlying().(*types.Map); ok {
				return // a map of maps: its entries are written below this one
			}
			if a := e.stateAccess(fn, in, in.Map, in.Key, models.Write); a != nil {
				a.Loaded = e.loaded(in.Value)
				a.Memo = e.computed(in.Value, in.Key)
				out = append(out, a)
			}
		case *ssa.Lookup:
			if !isString(in.X.Type()) {
				if a := e.stateAccess(fn, in, in.X, in.Index, models.Read); a != nil {
					out = append(out, a)
				}
			}
		}
	})
	return out
}

func (e *engine) callAccesses(owner *ssa.Function, call ssa.CallInstruction) []*Access {
	common := call.Common()
	if b, ok := common.Value.(*ssa.Builtin); ok {
		if b.Name() == "delete" {
			if a := e.stateAccess(owner, call, common.Args[0], common.Args[1], models.Delete); a != nil {
				return []*Access{a}
			}
		}
		return nil
	}
	fn := callee(common)
	if fn == nil {
		return nil
	}
	var out []*Access
	// What a guard finds out, it finds out by what it is asked about.
	if m := e.rowsFor(fn, common); m != nil && len(m.Sinks)+len(m.Guards) > 0 {
		for i := range m.Sinks {
			if m.Sinks[i].SQL != nil {
				out = append(out, e.kindAccesses(owner, call, &m.Sinks[i])...)
				continue
			}
			a := e.sinkAccess(owner, call, fn, &m.Sinks[i])
			if a != nil {
				out = append(out, a)
			}
			if m.Sinks[i].IsQuery() {
				out = append(out, e.relatedAccesses(owner, call, fn, &m.Sinks[i], a)...)
			}
		}
		return out
	}
	out = e.rowTypeAccesses(owner, call)
	if len(e.bodies(common)) > 0 {
		return out // its other accesses are judged there, with this call as one of its callers
	}
	if s := e.fact(fn); s != nil {
		for i := range s.Obligations {
			o := &s.Obligations[i]
			if e.missesNil(common, o.Key, o.ID, o.User) {
				continue
			}
			key := e.settle(e.subst(o.Key, common, call), call)
			a := &Access{Kind: o.Kind, Op: o.Op, What: o.What, Need: o.Need, Key: key, Trusted: o.Trusted, State: o.State, Shared: o.Shared, Absent: o.Absent,
				Owner: owner, Instr: call, Pos: call.Pos(),
				Steps: append([]Step{{Msg: funcName(fn) + " makes a key of it", Pos: o.firstPos()}}, o.Steps...)}
			if o.Column != "" {
				a.Entity, a.Lock, a.Exact = o.Entity, o.Lock, o.Exact
				if !o.User.bottom() {
					a.User = e.settle(e.subst(o.User, common, call), call)
				}
				if !o.ID.bottom() {
					a.ID, a.Kept, a.Compared = e.asked(o.ID, call), o.Kept, true
					a.Child, a.Ref, a.Members, a.Optional, a.handed = o.Child, o.Ref, o.Members, o.Optional, handed(o.ID, common)
				}
				if bySession(o.Key) {
					a.asked = e.operands(call)
				}
				a.Columns = []ScopeColumn{{Name: o.Column, Need: o.Need[0], Value: e.asked(o.Key, call)}}
				a.Steps[0].Msg = funcName(fn) + " restricts " + o.Column + " by it"
				if !o.ID.bottom() {
					a.Steps[0].Msg = funcName(fn) + " finds rows by it"
				}
			}
			if recv := argument(common, Receiver); recv != nil && hasReceiver(common) {
				if a.State.Name == "" {
					a.Struct, a.Field = e.lastField(recv)
				} else {
					a.Container = recv
				}
			}
			out = append(out, a)
		}
	}
	return out
}

func (o *Obligation) firstPos() Position {
	if len(o.Steps) > 0 {
		return o.Steps[0].Pos
	}
	return Position{}
}

func (e *engine) sinkAccess(owner *ssa.Function, call ssa.CallInstruction, fn *types.Func, row *models.Sink) *Access {
	if row.IsQuery() {
		return e.queryAccess(owner, call, fn, row)
	}
	common := call.Common()
	a := &Access{Kind: row.Kind, Op: row.Op, What: e.sinkName(fn, common), Unbound: row.Unbound, Absent: row.Absent, Row: row,
		Owner: owner, Instr: call, Pos: call.Pos(), Need: e.need(row)}
	if len(a.Need) == 0 {
		return nil
	}
	if recv := argument(common, Receiver); recv != nil && hasReceiver(common) {
		e.contain(a, recv)
		a.Container = recv
		if row.Process && a.Global == nil && a.Field == nil && e.isLocal(recv) {
			return nil // a cache made and dropped in this function
		}
	}
	if !row.Unbound {
		key := Value{[]Alt{{}}}
		for _, p := range row.Key {
			key = concat(key, e.keyPlace(p, common, call))
		}
		for _, p := range row.Also {
			// A handle binds if it is scoped, or if the caller hands it in.
			if v := e.keyPlace(p, common, call); v.has(func(q *Atom) bool { return q.Kind == Scope || q.Kind == Param && q.Path == "" }) {
				key = concat(v, key)
			}
		}
		if row.Filter != nil {
			key = gather(key, e.filteredBy(*row.Filter, call))
		}
		if len(row.Key) > 1 {
			key = key.bag() // arguments of their own: nothing runs into one another
		}
		a.Key = e.settle(key, call)
		for _, p := range row.Key {
			if v := argument(common, placeNumber(p)); v != nil && e.enumerated(v, argument(common, Receiver)) {
				a.Key = e.opaque(call.Pos(), "a key found in the same place")
			}
		}
		if row.Process {
			if sel := e.containerSelection(argument(common, Receiver), call); !sel.bottom() {
				a.Key = e.settle(concat(sel, a.Key), call)
			}
		}
	}
	for _, p := range row.Value {
		if v := argument(common, placeNumber(p)); v != nil {
			if pos := e.loaded(v); pos.IsValid() {
				a.Loaded = pos
			}
			if len(row.Key) == 1 {
				a.Memo = e.computed(v, argument(common, placeNumber(row.Key[0])))
			}
		}
	}
	return a
}

// enumerated reports whether key was read from the very container that it is
// used on: for k := range c.Items() { c.Delete(k) }.
func (e *engine) enumerated(key, container ssa.Value) bool {
	if container == nil {
		return false
	}
	base, _ := e.root(key)
	x, ok := base.(*ssa.Extract)
	if !ok {
		if c, ok := base.(*ssa.Call); ok {
			return e.sameContainer(c, container)
		}
		return false
	}
	switch t := x.Tuple.(type) {
	case *ssa.Next:
		if rng, ok := t.Iter.(*ssa.Range); ok {
			if c, ok := rng.X.(*ssa.Call); ok {
				return e.sameContainer(c, container)
			}
		}
	case *ssa.Call:
		return e.sameContainer(t, container)
	}
	return false
}

func (e *engine) sameContainer(c *ssa.Call, container ssa.Value) bool {
	recv := argument(c.Common(), Receiver)
	if recv == nil || !hasReceiver(c.Common()) {
		return false
	}
	b1, p1 := e.root(recv)
	b2, p2 := e.root(container)
	return b1 == b2 && p1 == p2
}

// computed reports whether v is the result of plain functions of key and of
// constants, as a compiled pattern is.
func (e *engine) computed(v, key ssa.Value) bool {
	if key == nil {
		return false
	}
	if mi, ok := key.(*ssa.MakeInterface); ok {
		key = mi.X
	}
	calls := 0
	seen := map[ssa.Value]bool{}
	var from func(v ssa.Value, depth int) bool
	from = func(v ssa.Value, depth int) bool {
		if v == key || seen[v] {
			return true
		}
		seen[v] = true
		if depth > 12 || len(seen) > 60 {
			return false
		}
		switch x := v.(type) {
		case *ssa.Const, *ssa.Function, *ssa.Builtin:
			return true
		case *ssa.Call:
			fn := x.Call.StaticCallee()
			if fn == nil || hasReceiver(&x.Call) || e.takesContext(&x.Call) {
				return false
			}
			if m := e.index.Func(callee(&x.Call)); m != nil && len(m.Sources)+len(m.Origins)+len(m.Sinks) > 0 {
				return false
			}
			calls++
			for _, arg := range x.Call.Args {
				if !from(arg, depth+1) {
					return false
				}
			}
			return true
		case *ssa.Extract:
			return from(x.Tuple, depth+1)
		case *ssa.MakeInterface, *ssa.ChangeType, *ssa.Convert, *ssa.Phi, *ssa.BinOp, *ssa.TypeAssert, *ssa.Slice:
			for _, op := range x.(ssa.Instruction).Operands(nil) {
				if *op != nil && !from(*op, depth+1) {
					return false
				}
			}
			return true
		case *ssa.UnOp:
			return x.Op != token.MUL && x.Op != token.ARROW && from(x.X, depth+1)
		}
		return false
	}
	return from(v, 0) && calls > 0
}

// sinkName is how messages call a sink: by the type that the caller uses,
// where the method is promoted from one that is not exported.
func (e *engine) sinkName(fn *types.Func, c *ssa.CallCommon) string {
	name := funcName(fn)
	if token.IsExported(name) || !hasReceiver(c) {
		return name
	}
	if s, _ := e.lastField(argument(c, Receiver)); s != nil {
		return s.Obj().Name() + "." + fn.Name()
	}
	return name
}

// keyPlace evaluates one place of a key. A list of keys is any one of them,
// not all of them together.
func (e *engine) keyPlace(p models.Place, c *ssa.CallCommon, at ssa.Instruction) Value {
	v := argument(c, placeNumber(p))
	if v == nil {
		return Value{[]Alt{{}}}
	}
	path := pathOf(p.Path)
	if i := strings.Index(string(path), models.Elem); i == 0 || strings.HasPrefix(string(path), models.EvenElem) {
		if lists, ok := e.elements(v); ok {
			rest := path[strings.IndexByte(string(path), ']')+1:]
			even := strings.HasPrefix(string(path), models.EvenElem)
			var out Value
			for _, list := range lists {
				for i, elem := range list {
					if even && i%2 == 1 {
						continue
					}
					out = join(out, e.element(elem, rest, at))
				}
			}
			if out.bottom() {
				return Value{[]Alt{{}}}
			}
			return out
		}
		path = Path(strings.Replace(string(path), models.EvenElem, models.Elem, 1))
	}
	if base, ok := strings.CutSuffix(string(path), models.Elem); ok {
		if all, ok := e.entries(v, Path(base), at); ok {
			return all
		}
	}
	return e.ev(v, path, at)
}

// entries returns all entries of the map at path of v together, those of one key
// as the attributes of an item are; false if v holds no map that is made in sight.
func (e *engine) entries(v ssa.Value, path Path, at ssa.Instruction) (Value, bool) {
	if path != "" {
		vals := e.stored(v, path)
		if len(vals) != 1 {
			return Value{}, false
		}
		v = vals[0]
	}
	base, rest := e.root(v)
	made, ok := base.(*ssa.MakeMap)
	if !ok || rest != "" {
		return Value{}, false
	}
	out := Value{[]Alt{{Bag: true}}}
	for _, w := range e.writesTo(made) {
		if w.sub != models.Elem {
			continue
		}
		val := w.val("")
		if here := e.lift(at, w.instr.Parent()); here == nil || !e.dominates(w.instr, here) {
			val = join(Value{[]Alt{{Bag: true}}}, val) // there on some paths
		}
		out = gather(out, val)
	}
	return out, true
}

// stateAccess is an access to a map that is part of state: of a package-level
// variable or of a field. Maps local to a function yield nil.
func (e *engine) stateAccess(owner *ssa.Function, in ssa.Instruction, m, key ssa.Value, op models.Op) *Access {
	a := &Access{Kind: models.Store, Op: op, What: "map", Owner: owner, Instr: in, Pos: in.Pos()}
	e.contain(a, m)
	a.Container = m
	if a.Global == nil {
		base, path := e.root(m)
		if _, made := base.(*ssa.Alloc); made && path != "" {
			return nil // filled while it is made
		}
		_, param := base.(*ssa.Parameter)
		if !param && a.Field == nil || a.Field != nil && !e.stateful(a.Struct) && !param {
			return nil
		}
	}
	a.Need = e.needKind(models.Store)
	if len(a.Need) == 0 {
		a.Need = e.needKind(models.Cache)
	}
	k := e.ev(key, "", in)
	if sel := e.containerSelection(m, in); !sel.bottom() {
		k = concat(sel, k)
	}
	a.Key = e.settle(k, in)
	return a
}

// contain finds the package-level variable or the field that v hangs on.
func (e *engine) contain(a *Access, v ssa.Value) {
	for range 8 {
		base, path := e.rootThrough(v)
		if s, f := e.lastField(v); f != nil && a.Field == nil {
			a.Struct, a.Field = s, f
		}
		switch b := base.(type) {
		case *ssa.Global:
			a.Global, a.Path = b, path
			return
		case *ssa.Lookup:
			v = b.X
		case *ssa.Extract:
			l, ok := b.Tuple.(*ssa.Lookup)
			if !ok {
				return
			}
			v = l.X
		case *ssa.Phi:
			next := found(b)
			if next == nil {
				return
			}
			v = next
		case *ssa.FreeVar:
			bound, ok := e.binding(b)
			if !ok {
				return
			}
			v = bound
		case *ssa.Alloc:
			// a variable that a literal captures: what it was set to, if once
			var val ssa.Value
			for _, r := range *b.Referrers() {
				if s, ok := r.(*ssa.Store); ok && s.Addr == b {
					if val != nil {
						return
					}
					val = s.Val
				}
			}
			if val == nil {
				return
			}
			v = val
		default:
			return
		}
	}
}

// lastField returns the field nearest to v on the way to its root, and the
// named struct type that has it.
func (e *engine) lastField(v ssa.Value) (*types.Named, *types.Var) {
	for range 32 {
		switch x := v.(type) {
		case *ssa.FieldAddr:
			return structField(x.X.Type(), x.Field)
		case *ssa.Field:
			return structField(x.X.Type(), x.Field)
		case *ssa.UnOp:
			if x.Op != token.MUL {
				return nil, nil
			}
			v = x.X
		case *ssa.IndexAddr:
			v = x.X
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		default:
			return nil, nil
		}
	}
	return nil, nil
}

func structField(t types.Type, i int) (*types.Named, *types.Var) {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return nil, nil
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok || i >= s.NumFields() {
		return nil, nil
	}
	return n.Origin(), s.Field(i).Origin()
}

// containerSelection returns by what the container was chosen, as parts of
// the key: m[tenant][id] is keyed by both, and so is the map of an object
// found under a tenant.
func (e *engine) containerSelection(v ssa.Value, at ssa.Instruction) Value {
	out := Value{[]Alt{{Bag: true}}}
	for range 8 {
		base, _ := e.root(v)
		switch b := base.(type) {
		case *ssa.Lookup:
			out = gather(out, e.ev(b.Index, "", b))
			v = b.X
			continue
		case *ssa.Extract:
			if l, ok := b.Tuple.(*ssa.Lookup); ok {
				out = gather(out, e.ev(l.Index, "", l))
				v = l.X
				continue
			}
			if _, ok := b.Tuple.(*ssa.Call); ok {
				out = gather(out, chosen(e.ev(b, "", at)))
			}
		case *ssa.Call:
			out = gather(out, chosen(e.ev(b, "", at)))
		case *ssa.Phi:
			if next := found(b); next != nil {
				v = next
				continue
			}
			out = gather(out, chosen(e.ev(b, "", at)))
		}
		break
	}
	if len(out.Alts) == 1 && len(out.Alts[0].Parts) == 0 {
		return Value{}
	}
	return out
}

// found returns the edge of phi that was looked up in a map, where the others
// are made to be put there: m, ok := all[k]; if !ok { m = …; all[k] = m }.
func found(phi *ssa.Phi) ssa.Value {
	for _, edge := range phi.Edges {
		switch x := edge.(type) {
		case *ssa.Lookup:
			return x
		case *ssa.Extract:
			if _, ok := x.Tuple.(*ssa.Lookup); ok {
				return x
			}
		}
	}
	return nil
}

// chosen returns the scope that v was selected by, as if it were part of it.
func chosen(v Value) Value {
	return v.mapAlts(func(alt Alt) Alt {
		out := Alt{Bag: true}
		for _, a := range alt.Parts {
			if (a.Selected && !a.Ctx || !a.Selected && a.Dims != 0) && (a.Kind == Scope || a.Kind == Param) {
				a.Selected = false
				out.Parts = append(out.Parts, a)
			}
		}
		return out
	})
}

// isLocal reports whether v was made in the function that uses it and kept nowhere else.
func (e *engine) isLocal(v ssa.Value) bool {
	base, path := e.root(v)
	if path != "" {
		return false
	}
	switch b := base.(type) {
	case *ssa.Call:
		if _, ok := b.Call.Value.(*ssa.Builtin); ok {
			return false
		}
		return !e.kept(b)
	case *ssa.Extract:
		return !e.kept(b)
	case *ssa.Alloc:
		return !b.Heap
	}
	return false
}

// kept reports whether v is stored, returned or bound to a literal.
func (e *engine) kept(v ssa.Value) bool {
	if v.Referrers() == nil {
		return true
	}
	for _, ref := range *v.Referrers() {
		switch r := ref.(type) {
		case *ssa.Store:
			if r.Val == v {
				return true
			}
		case *ssa.Return, *ssa.MakeClosure, *ssa.MapUpdate, *ssa.Phi:
			return true
		case *ssa.MakeInterface:
			if e.kept(r) {
				return true
			}
		}
	}
	return false
}

// stateful reports whether values of named may be shared between goroutines:
// they lock, or hold what is made to be shared.
func (e *engine) stateful(named *types.Named) bool {
	if named == nil {
		return false
	}
	if s, ok := e.sharedTypes[named]; ok {
		return s
	}
	e.sharedTypes[named] = false
	s, ok := named.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	found := false
	for i := range s.NumFields() {
		t := s.Field(i).Type()
		if p, ok := t.(*types.Pointer); ok {
			t = p.Elem()
		}
		if n, ok := types.Unalias(t).(*types.Named); ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "sync" {
			switch n.Obj().Name() {
			case "Mutex", "RWMutex", "Map":
				found = true
			}
		}
	}
	e.sharedTypes[named] = found
	return found
}

// loaded looks back from v, within its function, for a call that took a
// context: what it returned was obtained for that context's caller. A
// function value that the caller handed in does not count, nor does a call
// that only reports. Returns the call's position.
func (e *engine) loaded(v ssa.Value) token.Pos {
	seen := map[ssa.Value]bool{}
	work := []ssa.Value{v}
	push := func(x ssa.Value) {
		if x != nil && !seen[x] && len(seen) < 300 {
			seen[x] = true
			work = append(work, x)
		}
	}
	for len(work) > 0 {
		x := work[0]
		work = work[1:]
		switch x := x.(type) {
		case *ssa.Call:
			common := x.Common()
			if m := e.index.Func(callee(common)); m != nil && (len(m.Sources) > 0 || len(m.Sinks) > 0) {
				continue
			}
			if common.StaticCallee() != nil || common.IsInvoke() {
				if common.IsInvoke() {
					if p, ok := common.Value.(*ssa.Parameter); ok && paramNumber(p) != Receiver {
						continue // the caller's loader
					}
				}
				if e.takesContext(common) && mayCarry(x.Type()) {
					return x.Pos()
				}
			} else if _, ok := common.Value.(*ssa.Builtin); !ok {
				continue // the caller's function
			}
			for _, a := range callArgs(common) {
				push(a)
			}
		case *ssa.Alloc:
			for _, w := range e.writesTo(x) {
				switch in := w.instr.(type) {
				case *ssa.Store:
					push(in.Val)
				case *ssa.MapUpdate:
					push(in.Value)
				case *ssa.Call:
					push(in)
				}
			}
		case *ssa.MakeMap:
			for _, w := range e.writesTo(x) {
				if in, ok := w.instr.(*ssa.MapUpdate); ok {
					push(in.Value)
				}
			}
		case *ssa.MakeClosure:
			var pos token.Pos
			e.instrs(x.Fn.(*ssa.Function), func(in ssa.Instruction) {
				if c, ok := in.(*ssa.Call); ok && !pos.IsValid() && (c.Common().StaticCallee() != nil || c.Common().IsInvoke()) && e.takesContext(c.Common()) && mayCarry(c.Type()) {
					if m := e.index.Func(callee(c.Common())); m == nil || len(m.Sources)+len(m.Sinks) == 0 {
						pos = c.Pos()
					}
				}
			})
			if pos.IsValid() {
				return pos
			}
		case *ssa.Parameter, *ssa.FreeVar, *ssa.Global, *ssa.Const, *ssa.Function, *ssa.Builtin:
		case ssa.Instruction:
			for _, op := range x.Operands(nil) {
				if *op != nil {
					push(*op)
				}
			}
		}
	}
	return token.NoPos
}

func (e *engine) takesContext(c *ssa.CallCommon) bool {
	n := 0
	ctx := false
	for _, a := range c.Args {
		if isContext(a.Type()) {
			ctx = true
			if b, ok := e.background(a); ok && b {
				ctx = false
			}
		} else {
			n++
		}
	}
	if m := c.Signature().Results(); m.Len() == 0 || m.Len() == 1 && isError(m.At(0).Type()) {
		return false
	}
	return ctx
}

// background reports whether context value v is nobody's.
func (e *engine) background(v ssa.Value) (bool, bool) {
	val := e.ev(v, "", nil)
	return !val.has(func(a *Atom) bool { return a.Ctx }), true
}
