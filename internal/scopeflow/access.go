package scopeflow

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// An Access is one read or write of shared data under a key: a call of a
// modelled or declared sink, a call of a function that owes one, or a use of
// a map or cache that outlives its function. Its key is in terms of the
// parameters of Owner.
type Access struct {
	Kind    models.Kind
	Op      models.Op
	What    string // the sink, as messages call it: "Client.Get"
	Key     Value
	Need    []models.Dims // each: any of these dimensions will do
	Unbound bool          // the call cannot carry a key
	Row     *models.Sink  // the row that declares the sink, if one does

	// Owner is the declared function in whose terms Key is; Instr, within Owner
	// or one of its literals, is what accesses (or, derived, calls).
	Owner *ssa.Function
	Instr ssa.Instruction
	Pos   token.Pos
	Steps []Step // from Instr on to the sink, if the sink is in another function

	// The container, for state of this process.
	Global *ssa.Global  // package-level variable
	Field  *types.Var   // struct field
	Struct *types.Named // the type that has Field
	Path   Path         // from Global

	Container ssa.Value // what the map or cache hangs on, in terms of Owner

	// Loaded: the value written was obtained by a call that took the caller's
	// context (its position), so it was obtained for that caller.
	Loaded token.Pos

	// Memo: what is kept is computed from the key alone, by code that nobody
	// handed in: the same for every tenant that has the same key.
	Memo bool

	// State names the state that a function of another package keeps under the
	// key, "" if it is not state of the process.
	State string

	Trusted bool // proven by the type of a parameter, unless a caller shows otherwise
	Root    *Access
}

// root returns the access that a was derived from, a itself if from none.
func (a *Access) root() *Access {
	if a.Root != nil {
		return a.Root
	}
	return a
}

// Class is the verdict on one alternative of a key, or on a whole key, for
// one requirement.
type Class uint8

// The classes, from good to bad.
const (
	Proven  Class = iota
	Shared        // nothing but constants: one entry for everybody, on purpose or not
	Pending       // depends on the caller
	Unknown       // opaque
	Foreign       // carries the dimension, but not the caller's
	Bare          // does not carry it at all
)

// Status is the verdict on one requirement of one access. Whether that is a
// finding is for a rule to say.
type Status struct {
	Need  models.Dims // any of these will do
	Class Class
	Mixed bool  // some alternatives are proven, others not
	Cause *Atom // Foreign: the part that claims to be the dimension. Bare: the part that stands out
	// Unchecked: the part that would prove it comes from a call whose error is not checked.
	Unchecked bool
	Trusted   bool
}

// Statuses judges the key of a, requirement by requirement.
func (e *engine) Statuses(a *Access) []Status {
	out := make([]Status, 0, len(a.Need))
	for _, need := range a.Need {
		out = append(out, e.status(a, need))
	}
	return out
}

func (e *engine) status(a *Access, need models.Dims) Status {
	st := Status{Need: need}
	if a.Unbound {
		st.Class = Bare
		return st
	}
	counts := map[Class]int{}
	var worst Class
	beside := e.besideScope(a, need)
	for i := range a.Key.Alts {
		alt := &a.Key.Alts[i]
		c, cause, trusted := e.classify(a, alt, need)
		if c == Pending && beside != nil && onlyOf(alt, beside) {
			c = Bare // what stands beside the scope elsewhere is not the scope
		}
		counts[c]++
		st.Trusted = st.Trusted || trusted
		if c > worst || st.Cause == nil && c == worst {
			st.Cause = cause
		}
		worst = max(worst, c)
	}
	bad := counts[Bare] + counts[Foreign]
	switch {
	case len(a.Key.Alts) == 0:
		st.Class = Unknown
	case bad > 0:
		st.Class = worst
		st.Mixed = counts[Proven] > 0
		st.Unchecked = st.Cause != nil && st.Cause.Unchecked
	case counts[Shared] > 0 && counts[Proven] > 0:
		st.Class, st.Mixed = Bare, true
	case counts[Unknown] > 0:
		st.Class = Unknown
	case counts[Pending] > 0:
		st.Class = Pending
	case counts[Shared] > 0:
		st.Class = Shared
	default:
		st.Class = Proven
	}
	return st
}

// configured reports whether a field, of the receiver or of what the function
// works on, is configuration: a string that does not claim to be one of the
// dimensions and that nothing in this package sets to what may be scope.
func (e *engine) configured(owner *ssa.Function, p *Atom, need models.Dims) bool {
	n := p.Root
	if owner.Signature.Recv() != nil {
		n++
	}
	if p.Claim&need != 0 || n < 0 || n >= len(owner.Params) || strings.Contains(string(p.Path), "[") {
		return false
	}
	t, field := stepTo(owner.Params[n].Type(), p.Path)
	if field == nil {
		// Behind an interface: what an implementation keeps.
		return p.Root == Receiver && e.claim(p.Path.last())&need == 0 && e.takesRequest(owner)
	}
	if !isString(t) {
		return false
	}
	if field.Pkg() != e.pass.Pkg || p.Root != Receiver && field.Exported() {
		// Set out of sight. A method that is handed its caller's context serves
		// many callers; what its receiver holds was there before them.
		return p.Root == Receiver && e.takesRequest(owner)
	}
	for _, st := range e.fieldStores(field.Origin()) {
		val := e.ev(st.Val, "", st)
		if val.has(func(q *Atom) bool {
			switch q.Kind {
			case Scope:
				return true
			case Param:
				return !q.Ctx && (q.Dims != 0 || q.Claim&need != 0 || requestCode(st.Parent()))
			}
			return false
		}) {
			return false
		}
	}
	return true
}

// fieldStores returns the stores to a struct field in this package.
func (e *engine) fieldStores(field *types.Var) []*ssa.Store {
	if e.fields == nil {
		e.fields = map[*types.Var][]*ssa.Store{}
		for _, fn := range e.funcs {
			e.instrs(fn, func(in ssa.Instruction) {
				if st, ok := in.(*ssa.Store); ok {
					if fa, ok := st.Addr.(*ssa.FieldAddr); ok {
						if s, ok := fa.X.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct); ok {
							f := s.Field(fa.Field).Origin()
							e.fields[f] = append(e.fields[f], st)
						}
					}
				}
			})
		}
	}
	return e.fields[field]
}

// requestCode reports whether fn, or the function around it, serves somebody:
// it takes a context.
func requestCode(fn *ssa.Function) bool {
	for ; fn != nil; fn = fn.Parent() {
		for _, p := range fn.Params {
			if isContext(p.Type()) {
				return true
			}
		}
	}
	return false
}

// besideScope returns the parameters that stand beside a proven part in some
// alternative of the key; nil if none is proven.
func (e *engine) besideScope(a *Access, need models.Dims) map[string]bool {
	var out map[string]bool
	for i := range a.Key.Alts {
		alt := &a.Key.Alts[i]
		if c, _, _ := e.classify(a, alt, need); c != Proven {
			continue
		}
		if out == nil {
			out = map[string]bool{}
		}
		for k := range alt.Parts {
			if p := &alt.Parts[k]; p.Kind == Param && p.Dims == 0 && !p.Selected {
				out[paramName(p.Root)+string(p.Path)] = true
			}
		}
	}
	return out
}

// onlyOf reports whether all parameters of alt are among names.
func onlyOf(alt *Alt, names map[string]bool) bool {
	for k := range alt.Parts {
		if p := &alt.Parts[k]; p.Kind == Param && p.Dims == 0 && !p.Selected && !p.Ctx && !names[paramName(p.Root)+string(p.Path)] {
			return false
		}
	}
	return true
}

// classify judges one alternative of a key.
func (e *engine) classify(a *Access, alt *Alt, need models.Dims) (c Class, cause *Atom, trusted bool) {
	var pending, opaque, claim, unchecked, standout *Atom
	constant, selectedScope, selectedRequest, own, claimed, recorded := true, false, false, false, false, false
	for i := range alt.Parts {
		p := &alt.Parts[i]
		if p.Ctx {
			continue
		}
		if p.Selected {
			if p.Dims&need != 0 || p.Kind == Param && p.Claim&need != 0 {
				selectedScope = true
			}
			if p.Kind == Request {
				selectedRequest = true
			}
			continue
		}
		if p.Kind == Param && p.Root < literalParam && p.Path != "" && p.Dims == 0 && !p.Func && e.configured(a.Owner, p, need) {
			continue // set up once, from nothing that is scope: as good as a constant
		}
		if p.Kind != Constant {
			constant = false
		}
		switch p.Kind {
		case Scope:
			own = own || !p.Unchecked
			if p.Dims&need != 0 {
				if !p.Unchecked {
					return Proven, nil, false
				}
				unchecked = p
			}
		case Param:
			switch {
			case p.Root >= literalParam:
				opaque = p
			case p.Dims&need != 0:
				trusted = true
			case p.Dims != 0 || p.Func:
			default:
				pending = p
				claimed = claimed || p.Claim&need != 0
			}
		case Opaque:
			opaque = p
		case Unique:
			if a.Kind != models.Blob {
				return Proven, nil, false
			}
			standout = p
		case Request, Record:
			if p.Kind == Record && p.Mixed && p.Claim != 0 {
				opaque = p // by its own dimension, and loaded with the caller's context
				recorded = true
				continue
			}
			if p.Claim&need != 0 {
				claim = p
			}
			if standout == nil || standout.Kind == Record {
				standout = p
			}
		}
	}
	switch {
	case trusted:
		return Proven, nil, true
	case unchecked != nil:
		return Bare, unchecked, false
	case recorded:
		return Unknown, opaque, false
	case claim != nil && claim.Kind == Record:
		if a.Op == models.Read && selectedRequest && !selectedScope {
			return Foreign, claim, false
		}
		return Unknown, claim, false // the record's own; whose it is was decided where it was loaded
	case claim != nil:
		return Foreign, claim, false
	case pending != nil && own && !claimed:
		return Bare, pending, false // scoped here, though not in this dimension: its parameters are plain ids
	case pending != nil:
		return Pending, pending, false
	case opaque != nil:
		return Unknown, opaque, false
	case constant:
		return Shared, nil, false
	case standout != nil && standout.Kind == Record:
		// The id of something loaded, not what a client sent: whose it is was
		// decided where it was loaded.
		return Unknown, standout, false
	}
	return Bare, standout, false
}

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
	if m := e.index.Func(fn); m != nil {
		for i := range m.Sinks {
			if a := e.sinkAccess(owner, call, fn, &m.Sinks[i]); a != nil {
				out = append(out, a)
			}
		}
		return out
	}
	if len(e.bodies(common)) > 0 {
		return nil // its accesses are judged there, with this call as one of its callers
	}
	if s := e.fact(fn); s != nil {
		for i := range s.Obligations {
			o := &s.Obligations[i]
			key := e.settle(e.subst(o.Key, common, call), call)
			a := &Access{Kind: o.Kind, Op: o.Op, What: o.What, Need: o.Need, Key: key, Trusted: o.Trusted, State: o.State,
				Owner: owner, Instr: call, Pos: call.Pos(),
				Steps: append([]Step{{Msg: funcName(fn) + " makes a key of it", Pos: o.firstPos()}}, o.Steps...)}
			if recv := argument(common, Receiver); recv != nil && hasReceiver(common) {
				if a.State == "" {
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
	common := call.Common()
	a := &Access{Kind: row.Kind, Op: row.Op, What: e.sinkName(fn, common), Unbound: row.Unbound, Row: row,
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
					out = join(out, e.ev(elem, rest, at))
				}
			}
			if out.bottom() {
				return Value{[]Alt{{}}}
			}
			return out
		}
		path = Path(strings.Replace(string(path), models.EvenElem, models.Elem, 1))
	}
	if path == models.MapKey {
		return e.ev(v, path, at)
	}
	return e.ev(v, path, at)
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
			out = concat(out, e.ev(b.Index, "", b))
			v = b.X
			continue
		case *ssa.Extract:
			if l, ok := b.Tuple.(*ssa.Lookup); ok {
				out = concat(out, e.ev(l.Index, "", l))
				v = l.X
				continue
			}
			if _, ok := b.Tuple.(*ssa.Call); ok {
				out = concat(out, chosen(e.ev(b, "", at)))
			}
		case *ssa.Call:
			out = concat(out, chosen(e.ev(b, "", at)))
		case *ssa.Phi:
			if next := found(b); next != nil {
				v = next
				continue
			}
			out = concat(out, chosen(e.ev(b, "", at)))
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

// A Leaf is an access as it looks where its key is decided: in the function
// of the sink, or in one of its callers.
type Leaf struct {
	*Access
	Status []Status
	// Open: the key is a matter of callers that are not in sight.
	Open bool
	// Via: the calls of this package that lead from the leaf to the sink,
	// outermost first; empty if the leaf is the sink.
	Via []*Access
}

const maxLeaves = 48

// Leaves follows an access up to where its key is decided. The functions on
// the way that others may call owe what is pending; see obligations.
func (e *engine) Leaves(a *Access) []Leaf {
	var out []Leaf
	var walk func(a *Access, via []*Access, seen []*ssa.Function)
	walk = func(a *Access, via []*Access, seen []*ssa.Function) {
		if len(out) >= maxLeaves {
			return
		}
		if e.vetted(a) {
			out = append(out, Leaf{Access: a, Via: slices.Clone(via)})
			return
		}
		sts := e.Statuses(a)
		pending, trusted := false, false
		for _, st := range sts {
			pending = pending || st.Class == Pending
			trusted = trusted || st.Class == Proven && st.Trusted
		}
		leaf := Leaf{Access: a, Status: sts, Via: slices.Clone(via)}
		if !pending && !trusted {
			out = append(out, leaf)
			return
		}
		sites := e.callers[a.Owner]
		open := e.open(a.Owner)
		if trusted && !pending {
			out = append(out, leaf)
		}
		if open {
			e.owe(a, trusted && !pending)
		}
		followed := false
		if len(seen) < 6 && !slices.Contains(seen, a.Owner) {
			for _, s := range sites {
				d := e.derive(a, s)
				if d == nil {
					continue
				}
				before := len(out)
				walk(d, append(slices.Clip(via), d), append(slices.Clip(seen), a.Owner))
				if trusted && !pending {
					// Good by type: only callers that show otherwise count.
					kept := out[:before]
					for _, l := range out[before:] {
						if l.Bad() {
							kept = append(kept, l)
						}
					}
					out = kept
				}
				followed = followed || len(out) > before
			}
		}
		if pending && (open || !followed) {
			leaf.Open = true
			out = append(out, leaf)
		}
	}
	walk(a, nil, nil)
	return out
}

// Bad reports whether some requirement is not met at the leaf.
func (l *Leaf) Bad() bool {
	for _, st := range l.Status {
		if st.Class >= Foreign {
			return true
		}
	}
	return false
}

// Good reports whether every requirement is met at the leaf.
func (l *Leaf) Good() bool {
	if len(l.Status) == 0 {
		return false // not judged
	}
	for _, st := range l.Status {
		if st.Class != Proven {
			return false
		}
	}
	return true
}

// open reports whether fn may be called from where we cannot see: it is
// exported, a method (through an interface), or used as a value.
func (e *engine) open(fn *ssa.Function) bool {
	if fn.Name() == "main" && fn.Pkg.Pkg.Name() == "main" {
		return false
	}
	obj, ok := fn.Object().(*types.Func)
	if !ok {
		return true
	}
	return obj.Exported() || e.valueUse[fn]
}

// vetted reports whether a reads or deletes what an earlier call was asked
// about: one that took the caller's context and a part of the key, and whose
// error was found to be nil. It may have been the guard for that very
// identifier, so that the key is neither proven nor a finding.
func (e *engine) vetted(a *Access) bool {
	call, ok := a.Instr.(ssa.CallInstruction)
	if !ok || a.Op == models.Write || a.Op == "" || a.Kind == models.Lock {
		return false
	}
	parts := map[ssa.Value]bool{}
	var walk func(v ssa.Value, depth int)
	walk = func(v ssa.Value, depth int) {
		if v == nil || parts[v] || depth > 6 || isContext(v.Type()) {
			return
		}
		if _, ok := v.(*ssa.Const); ok {
			return
		}
		if isString(v.Type()) || e.fixed(v.Type()) {
			parts[v] = true
		}
		switch x := v.(type) {
		case *ssa.BinOp, *ssa.MakeInterface, *ssa.Convert, *ssa.ChangeType:
			for _, op := range x.(ssa.Instruction).Operands(nil) {
				walk(*op, depth+1)
			}
		case *ssa.Call:
			for _, arg := range x.Call.Args {
				walk(arg, depth+1)
			}
		case *ssa.Slice:
			if lists, ok := e.elements(x); ok && len(lists) == 1 {
				for _, elem := range lists[0] {
					walk(elem, depth+1)
				}
			}
		}
	}
	args := callArgs(call.Common())
	if hasReceiver(call.Common()) {
		args = args[1:]
	}
	for _, arg := range args {
		walk(arg, 0)
	}
	for _, b := range call.Parent().Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok || in == a.Instr || !e.asks(c, parts) || !e.dominates(c, call) {
				continue
			}
			if isError(c.Type()) && e.verdict(c, call, map[ssa.Value]bool{}) || c.Common().Signature().Results().Len() > 1 && lastResult(c) != nil && e.verdict(lastResult(c), call, map[ssa.Value]bool{}) {
				return true
			}
		}
	}
	return false
}

// asks reports whether c hands a context and one of parts to something that
// is no sink and owes none.
func (e *engine) asks(c *ssa.Call, parts map[ssa.Value]bool) bool {
	common := c.Common()
	res := common.Signature().Results()
	if res.Len() == 0 || !isError(res.At(res.Len()-1).Type()) {
		return false
	}
	ctx, part := false, false
	for _, arg := range common.Args {
		ctx = ctx || isContext(arg.Type())
		part = part || parts[arg]
	}
	if !ctx || !part {
		return false
	}
	fn := callee(common)
	if m := e.index.Func(fn); m != nil && len(m.Sinks)+len(m.Sources) > 0 {
		return false
	}
	if s := e.fact(fn); s != nil && len(s.Obligations) > 0 {
		return false
	}
	for _, b := range e.bodies(common) {
		if len(e.owed[b]) > 0 || e.hasSinks(b) {
			return false
		}
	}
	return true
}

// hasSinks reports whether fn calls a sink itself.
func (e *engine) hasSinks(fn *ssa.Function) bool {
	found := false
	e.instrs(fn, func(in ssa.Instruction) {
		if c, ok := in.(ssa.CallInstruction); ok && !found {
			if m := e.index.Func(callee(c.Common())); m != nil && len(m.Sinks) > 0 {
				found = true
			}
		}
	})
	return found
}

// derive returns a as the caller at s sees it.
func (e *engine) derive(a *Access, s site) *Access {
	common := s.call.Common()
	key := e.settle(e.subst(a.Key, common, s.call), s.call)
	d := &Access{Kind: a.Kind, Op: a.Op, What: a.What, Need: a.Need, Key: key, Row: a.Row, Unbound: a.Unbound,
		Owner: s.owner, Instr: s.call, Pos: s.call.Pos(), Global: a.Global, Field: a.Field, Struct: a.Struct, Path: a.Path,
		Loaded: a.Loaded, Root: a.root(), State: a.State}
	name := a.Owner.Name()
	if obj, ok := a.Owner.Object().(*types.Func); ok {
		name = funcName(obj)
	}
	if p, ok := e.containerParam(a); ok && (a.Row == nil || a.Row.Process) {
		// The callee's container is what this call hands it.
		if arg := argument(common, paramNumber(p)); arg != nil {
			d.Container = arg
			e.contain(d, arg)
			if sel := e.containerSelection(arg, s.call); !sel.bottom() {
				d.Key = e.settle(concat(sel, d.Key), s.call)
			}
		}
	}
	d.Steps = append([]Step{{Pos: e.position(a.Pos), Msg: name + " uses it in the key of " + a.What}}, a.Steps...)
	return d
}

// containerParam returns the parameter of a's owner that its container hangs on.
func (e *engine) containerParam(a *Access) (*ssa.Parameter, bool) {
	if a.Container == nil || a.Global != nil {
		return nil, false
	}
	base, _ := e.root(a.Container)
	p, ok := base.(*ssa.Parameter)
	return p, ok && p.Parent() == a.Owner
}

// owe records that fn's callers in other packages owe the access its key.
func (e *engine) owe(a *Access, trusted bool) {
	o := Obligation{Kind: a.Kind, Op: a.Op, What: a.What, Key: a.Key, Need: a.Need, Trusted: trusted, State: a.State}
	if a.IsState() && o.State == "" {
		if a.Op != models.Write || trusted {
			return
		}
		switch {
		case a.Global != nil && a.Global.Object() != nil && !e.initOnly(a.Owner):
			o.State = "package-level " + a.Global.Pkg.Pkg.Name() + "." + a.Global.Name()
		case a.Global == nil && a.Field != nil && e.stateful(a.Struct) && e.lives(a.Struct):
			o.State = "field " + a.Field.Name() + " of long-lived " + a.Struct.Obj().Pkg().Name() + "." + a.Struct.Obj().Name()
		default:
			return
		}
	}
	if len(a.Steps) == 0 || a.Root == nil {
		o.Steps = append(o.Steps, Step{Pos: e.position(a.Pos), Msg: "it reaches " + a.What + " here"})
	}
	o.Steps = append(o.Steps, a.Steps...)
	if len(o.Steps) > 6 {
		o.Steps = o.Steps[:6]
	}
	list := e.owed[a.Owner]
	for _, have := range list {
		if have.Kind == o.Kind && equal(have.Key, o.Key) && have.Op == o.Op {
			return
		}
	}
	if len(list) < 12 {
		e.owed[a.Owner] = append(list, o)
	}
}
