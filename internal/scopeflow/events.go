package scopeflow

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// Messages that are published, and whether they say whose they are.

// An Event is something that is published without saying whose it is, or to
// everybody.
type Event struct {
	Func *types.Func // the declared function that it is in, nil in an initialiser
	Pos  token.Pos
	Name string // of the type of what is published, or of who gets it
	By   string // what publishes it; "" if that is not known
	Dims models.Dims
}

// published returns what a call puts on a topic, by the rows of sinks.
func published(m *models.Func, c *ssa.CallCommon) []shown {
	var out []shown
	for i := range m.Sinks {
		row := &m.Sinks[i]
		if row.Kind != models.Topic || row.Op != models.Write {
			continue
		}
		for _, p := range row.Value {
			if v := argument(c, placeNumber(p)); v != nil {
				out = append(out, shown{v, pathOf(p.Path), models.Message, calleeName(c)})
			}
		}
	}
	return out
}

// carries reports whether what a call publishes carries a tenant, wherever it
// is: in the message, its key, its headers. A function that seals an envelope
// puts it there.
func (e *engine) carries(call ssa.CallInstruction) bool {
	val := e.allArgs(call.Common(), call)
	if val.has(func(a *Atom) bool { return !a.Selected && !a.Ctx && a.Kind == Scope && a.Dims&models.Tenant != 0 }) {
		return true
	}
	seals := false
	e.instrs(outermost(call.Parent()), func(in ssa.Instruction) {
		if c, ok := in.(ssa.CallInstruction); ok {
			fn := callee(c.Common())
			seals = seals || fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == runtimePath && (fn.Name() == "Seal" || fn.Name() == "Inject")
		}
	})
	return seals
}

// outermost returns the declared function that fn is in.
func outermost(fn *ssa.Function) *ssa.Function {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn
}

// payloads returns the values of which what v holds at path is made, as far as
// they are handed on as they are: encoded, put into a message of a library.
func (e *engine) payloads(v ssa.Value, path Path, depth int) []ssa.Value {
	if depth > maxHelpers*2 {
		return nil
	}
	if steps := path.steps(); isList(v.Type()) && (len(steps) == 0 || strings.HasPrefix(steps[0], "[")) {
		lists, ok := e.elements(v)
		if !ok {
			return nil
		}
		rest := Path("")
		if len(steps) > 0 {
			rest = path[len(steps[0]):]
		}
		var out []ssa.Value
		for _, list := range lists {
			for _, elem := range list {
				out = append(out, e.payloads(elem, rest, depth+1)...)
			}
		}
		return out
	}
	if path != "" {
		return e.storedAt(v, path, depth)
	}
	switch x := v.(type) {
	case *ssa.MakeInterface:
		return e.payloads(x.X, "", depth)
	case *ssa.ChangeType:
		return e.payloads(x.X, "", depth)
	case *ssa.Convert:
		return e.payloads(x.X, "", depth)
	case *ssa.Phi:
		var out []ssa.Value
		for _, edge := range x.Edges {
			out = append(out, e.payloads(edge, "", depth+1)...)
		}
		return out
	case *ssa.Extract:
		if call, ok := x.Tuple.(*ssa.Call); ok && x.Index == 0 {
			return e.payloadsOf(call, depth)
		}
	case *ssa.Call:
		return e.payloadsOf(x, depth)
	}
	return []ssa.Value{v}
}

// storedAt is payloads of what is stored in the field of a struct that is made
// in sight.
func (e *engine) storedAt(v ssa.Value, path Path, depth int) []ssa.Value {
	base, prefix := e.root(v)
	if _, ok := base.(*ssa.Alloc); !ok {
		return nil
	}
	var out []ssa.Value
	for _, w := range e.writesTo(base) {
		if st, ok := w.instr.(*ssa.Store); ok && w.sub == prefix+path {
			out = append(out, e.payloads(st.Val, "", depth+1)...)
		}
	}
	return out
}

// payloadsOf is payloads of the first result of a call.
func (e *engine) payloadsOf(call *ssa.Call, depth int) []ssa.Value {
	var out []ssa.Value
	if m := e.index.Func(callee(call.Common())); m != nil {
		for i := range m.Flows {
			fl := &m.Flows[i]
			if fl.How != models.Copy || fl.NoTo || fl.To.Base != models.Result || fl.To.Index != 0 {
				continue
			}
			for _, p := range fl.From {
				if arg := argument(call.Common(), placeNumber(p)); arg != nil {
					out = append(out, e.payloads(arg, pathOf(p.Path), depth+1)...)
				}
			}
		}
		return out
	}
	fn := e.body(call.Common())
	if fn == nil {
		return []ssa.Value{call}
	}
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) == 0 {
			continue
		}
		for _, v := range e.payloads(ret.Results[0], "", depth+1) {
			p, ok := v.(*ssa.Parameter)
			if !ok || p.Parent() != fn {
				out = append(out, v)
			} else if arg := argument(call.Common(), paramNumber(p)); arg != nil {
				out = append(out, e.payloads(arg, "", depth+1)...)
			}
		}
	}
	return out
}

// A scopeField is a field of an event that says whose it is.
type scopeField struct {
	path Path
	dims models.Dims
}

// scopeFields returns the fields of a struct of the module that are, or claim to
// be, a tenant or an environment that the project has.
func (e *engine) scopeFields(t types.Type) (*types.Named, []scopeField) {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil || !inModule(n.Obj().Pkg().Path(), e.policy.Module) {
		return nil, nil
	}
	s, ok := n.Underlying().(*types.Struct)
	if !ok {
		return nil, nil
	}
	return n, e.scopeFieldsOf(s, "", 0)
}

func (e *engine) scopeFieldsOf(s *types.Struct, at Path, depth int) []scopeField {
	var out []scopeField
	for f := range s.Fields() {
		if inner, ok := f.Type().Underlying().(*types.Struct); ok && f.Embedded() && depth < 2 {
			out = append(out, e.scopeFieldsOf(inner, at.field(f.Name()), depth+1)...)
			continue
		}
		dims := e.claim(f.Name())
		if m := e.index.Field(f); m != nil {
			dims |= m.Source
		}
		if dims &= e.apart(); dims != 0 && isString(f.Type()) {
			out = append(out, scopeField{at.field(f.Name()), dims})
		}
	}
	return out
}

// apart returns the dimensions, of tenant and environment, that the project keeps
// apart: it has a source of them.
func (e *engine) apart() models.Dims {
	if e.imported[runtimePath] != nil {
		return models.Tenant | models.Env
	}
	return e.policy.Set.SourceDims() & (models.Tenant | models.Env)
}

// missing returns the dimensions for which a struct that is published has a
// field, and nothing in it.
func (e *engine) missing(v ssa.Value, at ssa.Instruction) (*types.Named, models.Dims) {
	n, fields := e.scopeFields(v.Type())
	if n == nil {
		return nil, 0
	}
	if in, ok := v.(ssa.Instruction); ok && in.Parent() != at.Parent() {
		at = nil // what a helper made, as it made it
	}
	var empty, filled models.Dims
	for _, f := range fields {
		if e.emptyAt(v, f.path, at) {
			empty |= f.dims
		} else {
			filled |= f.dims
		}
	}
	return n, empty &^ filled
}

// emptyAt reports whether v holds nothing at path on some way to at. What a call
// makes of something is not nothing, though it may be empty for what is not there.
func (e *engine) emptyAt(v ssa.Value, path Path, at ssa.Instruction) bool {
	val := e.ev(v, path, at)
	if !slices.ContainsFunc(val.Alts, isNothing) {
		return false
	}
	base, prefix := e.root(v)
	if at == nil || !slices.ContainsFunc(val.Alts, func(alt Alt) bool { return !isNothing(alt) }) {
		return true
	}
	if call, ok := base.(*ssa.Call); ok {
		return e.madeEmpty(call, prefix+path)
	}
	for _, w := range e.writesTo(base) {
		st, ok := w.instr.(*ssa.Store)
		if ok && w.sub == prefix+path && st.Parent() == at.Parent() && e.dominates(st, at) && !e.mayBeNothing(st.Val, map[ssa.Value]bool{}) {
			return false
		}
	}
	return true
}

// madeEmpty reports whether what a call makes holds nothing at path on some way
// through the function, or of an operand that may be nothing.
func (e *engine) madeEmpty(call *ssa.Call, path Path) bool {
	common := call.Common()
	var val Value
	if body := e.body(common); body != nil {
		val, _ = e.result(body, 0, path)
	} else if s := e.fact(callee(common)); s != nil {
		val, _ = s.result(0, path)
	}
	return slices.ContainsFunc(val.Alts, isNothing) || val.has(func(a *Atom) bool {
		arg := argument(common, a.Root)
		return a.Kind == Param && !a.Selected && a.Path == "" && arg != nil && e.mayBeNothing(arg, map[ssa.Value]bool{})
	})
}

// isNothing reports whether an alternative is the empty text.
func isNothing(alt Alt) bool {
	text, ok := alt.constant()
	return ok && text == ""
}

// mayBeNothing reports whether a value is, on some way through its function, empty as
// it stands there, or all that is known of it is that it is empty.
func (e *engine) mayBeNothing(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return false
	}
	seen[v] = true
	switch x := v.(type) {
	case *ssa.Const:
		return isZero(x)
	case *ssa.Convert:
		return e.mayBeNothing(x.X, seen)
	case *ssa.ChangeType:
		return e.mayBeNothing(x.X, seen)
	case *ssa.Phi:
		return slices.ContainsFunc(x.Edges, func(edge ssa.Value) bool { return e.mayBeNothing(edge, seen) })
	case *ssa.UnOp:
		if stored := e.yields(x); stored != x {
			return e.mayBeNothing(stored, seen)
		}
		if v, ok := e.variable(x.X); ok {
			stores := storesTo(*v.Referrers(), v)
			return len(stores) == 0 || slices.ContainsFunc(stores, func(st *ssa.Store) bool { return e.mayBeNothing(st.Val, seen) })
		}
		return slices.ContainsFunc(e.ev(x, "", x).Alts, isNothing)
	}
	return !slices.ContainsFunc(e.ev(v, "", nil).Alts, func(alt Alt) bool { return !isNothing(alt) })
}

// filledHere reports whether a parameter that a call publishes says whose it is
// by then, whatever was handed in.
func (e *engine) filledHere(v ssa.Value, at ssa.Instruction) bool {
	_, fields := e.scopeFields(v.Type())
	for _, f := range fields {
		val := e.settle(e.ev(v, f.path, at), at)
		if scopeDims(val)&f.dims != 0 && !val.has(func(a *Atom) bool { return a.Kind == Param }) {
			return true
		}
	}
	return false
}

// UnsetEvents returns the messages that are published, where there is a scope,
// with nothing in the field that says whose they are, in source order.
func (r *Result) UnsetEvents() []Event { return r.e.published(r.e.unsetEvent) }

// published returns the calls of request code that publish something wrong, in source
// order.
func (e *engine) published(wrong func(ssa.CallInstruction) (Event, bool)) []Event {
	if e.apart() == 0 {
		return nil
	}
	var out []Event
	for _, fn := range e.funcs {
		if !e.serves(fn) {
			continue
		}
		e.instrs(fn, func(in ssa.Instruction) {
			call, ok := in.(ssa.CallInstruction)
			if !ok {
				return
			}
			if ev, ok := wrong(call); ok {
				ev.Func, ev.Pos = declared(fn), call.Pos()
				out = append(out, ev)
			}
		})
	}
	return out
}

// unsetEvent reports whether a call publishes, or hands on, something that does
// not say whose it is.
func (e *engine) unsetEvent(call ssa.CallInstruction) (Event, bool) {
	for _, s := range e.shows(call) {
		if s.kind != models.Message {
			continue
		}
		for _, v := range e.payloads(s.v, s.path, 0) {
			if n, dims := e.missing(v, call); dims != 0 && !e.carries(call) {
				return Event{Name: n.Obj().Name(), By: s.what, Dims: dims}, true
			}
		}
		return Event{}, false
	}
	for i, arg := range callArgs(call.Common()) {
		for _, v := range e.eventsIn(arg) {
			if n, dims := e.missing(v, call); dims != 0 && !e.fills(call, i, v) {
				return Event{Name: n.Obj().Name(), Dims: dims}, true
			}
		}
	}
	return Event{}, false
}

// eventsIn returns the events that an operand is, or that are the elements of a list
// which is made in sight, as the policy says of their type.
func (e *engine) eventsIn(arg ssa.Value) []ssa.Value {
	if mi, ok := arg.(*ssa.MakeInterface); ok {
		arg = mi.X
	}
	if e.isEvent(arg) {
		return []ssa.Value{arg}
	}
	if !isList(arg.Type()) {
		return nil
	}
	lists, _ := e.elements(arg)
	var out []ssa.Value
	for _, list := range lists {
		for _, elem := range list {
			if e.isEvent(elem) {
				out = append(out, elem)
			}
		}
	}
	return out
}

// isEvent reports whether v is an event, as the policy says of its type, that is
// made in sight.
func (e *engine) isEvent(v ssa.Value) bool {
	if m := e.index.Type(v.Type()); m == nil || !m.Event {
		return false
	}
	base, _ := e.root(v)
	return isAlloc(base)
}

// fills reports whether what a call calls may say whose the event is that it is
// handed as its i-th operand: it writes to it, or is out of sight and may.
func (e *engine) fills(call ssa.CallInstruction, i int, v ssa.Value) bool {
	common := call.Common()
	if hasReceiver(common) {
		i--
	}
	_, fields := e.scopeFields(v.Type())
	writes := func(ef Effect) bool {
		return ef.Param == i && slices.ContainsFunc(fields, func(f scopeField) bool { return overlaps(ef.Path, f.path) })
	}
	for _, b := range e.bodies(common) {
		if slices.ContainsFunc(e.effects(b), writes) {
			return true
		}
	}
	s := e.fact(callee(common))
	return s != nil && slices.ContainsFunc(s.Effects, writes)
}

// BareEvents returns the messages that are published, where there is a scope, and
// of which all is known: what the request says and what is the same for everybody.
// None says whose it is.
func (r *Result) BareEvents() []Event { return r.e.published(r.e.bareEvent) }

func (e *engine) bareEvent(call ssa.CallInstruction) (Event, bool) {
	for _, s := range e.shows(call) {
		if s.kind != models.Message || e.carries(call) {
			continue
		}
		for _, v := range e.payloads(s.v, s.path, 0) {
			if name := e.bare(v, call); name != "" {
				return Event{Name: name, By: s.what, Dims: e.apart() & models.Tenant}, true
			}
		}
	}
	return Event{}, false
}

// bare returns what messages call a payload that is made in sight of what the
// request says, and is of no type that says whose it is; "" if it is none.
func (e *engine) bare(v ssa.Value, at ssa.Instruction) string {
	n, fields := e.scopeFields(v.Type())
	base, _ := e.root(v)
	if n == nil || len(fields) > 0 || !isAlloc(base) {
		return ""
	}
	sent := false
	val := e.settle(e.ev(v, "", at), at)
	for i := range val.Alts {
		for k := range val.Alts[i].Parts {
			switch a := &val.Alts[i].Parts[k]; {
			case a.Kind == Request && !a.Handled && !a.Selected:
				sent = true
			case a.Kind != Constant && a.Kind != Unique:
				return ""
			}
		}
	}
	if !sent {
		return ""
	}
	return n.Obj().Name()
}

// Broadcasts returns the loops that send something to all subscribers, whichever
// tenant they belong to, in source order.
func (r *Result) Broadcasts() []Event {
	e := r.e
	if e.apart()&models.Tenant == 0 {
		return nil
	}
	var out []Event
	for _, fn := range e.funcs {
		e.instrs(fn, func(in ssa.Instruction) {
			for _, d := range e.deliveries(in) {
				if name := e.toAll(d.to, in); name != "" {
					out = append(out, Event{Func: declared(fn), Pos: d.pos, Name: name, Dims: models.Tenant})
					return
				}
			}
		})
	}
	return out
}

// A delivery sends something to a channel or a subscriber.
type delivery struct {
	to  ssa.Value
	pos token.Pos
}

// deliveries returns what an instruction sends something to: channels, and the
// subscribers of calls that the rows name.
func (e *engine) deliveries(in ssa.Instruction) []delivery {
	switch in := in.(type) {
	case *ssa.Send:
		return []delivery{{in.Chan, in.Pos()}}
	case *ssa.Select:
		var out []delivery
		for _, s := range in.States {
			if s.Dir == types.SendOnly {
				out = append(out, delivery{s.Chan, s.Pos})
			}
		}
		return out
	case ssa.CallInstruction:
		if m := e.index.Func(callee(in.Common())); m != nil && m.Delivers != nil {
			return []delivery{{argument(in.Common(), placeNumber(*m.Delivers)), in.Pos()}}
		}
	}
	return nil
}

// toAll returns the type of the subscriber that to belongs to, if it is one of
// all that a struct keeps, and is not chosen by its tenant.
func (e *engine) toAll(to ssa.Value, at ssa.Instruction) string {
	sub, list := elementOf(to)
	if sub == nil {
		return ""
	}
	n, fields := e.scopeFields(sub.Type())
	if n == nil {
		return ""
	}
	if m := e.index.Type(n); len(fields) == 0 && (m == nil || !m.Subscriber) {
		return ""
	}
	if !e.keptByStruct(list) {
		return ""
	}
	cuts, known := e.choices(sub, fields)
	if !known || !reaches(sub.(ssa.Instruction).Block(), at.Block(), cuts) {
		return ""
	}
	return n.Obj().Name()
}

// elementOf returns the element of a list, or the key or value of a map, that v
// hangs on, and the list that a loop takes it from; nil if there is none.
func elementOf(v ssa.Value) (elem, list ssa.Value) {
	for range 8 {
		switch x := v.(type) {
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.Field:
			v = x.X
		case *ssa.UnOp:
			if ia, ok := x.X.(*ssa.IndexAddr); ok {
				if isConst(ia.Index) {
					return nil, nil
				}
				return x, ia.X
			}
			v = x.X
		case *ssa.Extract:
			if next, ok := x.Tuple.(*ssa.Next); ok && !next.IsString {
				return x, next.Iter.(*ssa.Range).X
			}
			return nil, nil
		default:
			return nil, nil
		}
	}
	return nil, nil
}

// keptByStruct reports whether a list is a field of a struct that is nobody's in
// particular, as a whole: not what is found there under a key.
func (e *engine) keptByStruct(list ssa.Value) bool {
	if x, ok := list.(*ssa.Extract); ok { // all lists of a map of lists
		next, ok := x.Tuple.(*ssa.Next)
		return ok && x.Index == 2 && !usesKey(next) && e.keptByStruct(next.Iter.(*ssa.Range).X)
	}
	load, ok := list.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return false
	}
	fa, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	_, own := e.scopeFields(fa.X.Type())
	return len(own) == 0
}

// usesKey reports whether a loop over a map looks at the keys.
func usesKey(next *ssa.Next) bool {
	return slices.ContainsFunc(*next.Referrers(), func(ref ssa.Instruction) bool {
		x, ok := ref.(*ssa.Extract)
		return ok && x.Index == 1 && len(*x.Referrers()) > 0
	})
}

// choices returns the edges that are taken only for subscribers of one tenant.
// The second result is false if the tenant is used in another way, or something
// out of sight decides: then it may be a choice as well.
func (e *engine) choices(sub ssa.Value, fields []scopeField) ([]edge, bool) {
	var cuts []edge
	for _, ref := range *sub.Referrers() {
		switch r := ref.(type) {
		case *ssa.FieldAddr:
			_, field := structField(r.X.Type(), r.Field)
			if field == nil || !slices.ContainsFunc(fields, func(f scopeField) bool { return f.path.last() == field.Name() }) {
				continue
			}
			for _, ref := range *r.Referrers() {
				load, ok := ref.(*ssa.UnOp)
				if !ok {
					return nil, false
				}
				for _, use := range *load.Referrers() {
					cmp, ok := use.(*ssa.BinOp)
					if !ok || cmp.Op != token.EQL && cmp.Op != token.NEQ {
						return nil, false
					}
					cuts = append(cuts, e.goodEdges(cmp, cmp.Op == token.EQL, map[ssa.Value]bool{})...)
				}
			}
		case *ssa.Call:
			if mayRefuse(r) && !e.ignores(r, fields) {
				return nil, false
			}
		}
	}
	return cuts, true
}

// mayRefuse reports whether a call returns a bool or an error, last.
func mayRefuse(c *ssa.Call) bool {
	res := c.Common().Signature().Results()
	return res.Len() > 0 && isBoolOrError(res.At(res.Len()-1).Type())
}

// ignores reports whether what a call calls is in sight and reads none of the
// fields.
func (e *engine) ignores(c *ssa.Call, fields []scopeField) bool {
	fn := e.body(c.Common())
	if fn == nil {
		return false
	}
	reads := false
	e.instrs(fn, func(in ssa.Instruction) {
		if fa, ok := in.(*ssa.FieldAddr); ok {
			if _, field := structField(fa.X.Type(), fa.Field); field != nil {
				reads = reads || slices.ContainsFunc(fields, func(f scopeField) bool { return f.path.last() == field.Name() })
			}
		}
	})
	return !reads
}
