package scopeflow

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/sqlscope"
)

// A helper that is handed rows by an interface, or whose rows are of a type parameter,
// and that makes its statement of what methods of these tell (the name of the table, its
// columns, the values) has a statement for each type of rows. The calls of the helper say
// which there are. So what the helper does is looked at once for each: its methods are
// those of the type, and so are the answers to whether it has some more. What is found
// counts for those calls alone that hand in rows of the type.

// A kind says of which types values are that some calls of a function hand in. One that
// says nothing stands for the calls that cannot be told apart, and those out of sight.
type kind struct {
	fn    *ssa.Function
	types []rootType

	// What follows from that for the functions that fn calls with these values.
	params  map[*ssa.Parameter]types.Type
	tparams map[*types.TypeParam]types.Type
	within  map[*ssa.Function]bool // those functions, and fn itself
	unsure  map[any]bool           // parameters that are handed this and that
}

// A rootType is the type of a parameter's value, or what a type parameter stands for.
type rootType struct {
	root TypeRoot
	typ  types.Type
}

// maxKinds bounds how many kinds of calls of one function are told apart.
const maxKinds = 48

// same reports whether k and h say the same. Types that are declared in functions may
// have one name, and be two.
func (k *kind) same(h *kind) bool {
	return slices.EqualFunc(k.types, h.types, func(a, b rootType) bool { return a.root == b.root && types.Identical(a.typ, b.typ) })
}

// covers reports whether what k says is known of fn as well.
func (k *kind) covers(fn *ssa.Function) bool { return k.within[outermost(fn)] }

// carrier follows a value of an interface type to what decides of which type it is: a
// parameter of a declared function, or the value that was made an interface. It is nil if
// that is not in sight, or if there are several.
func (e *engine) carrier(v ssa.Value) ssa.Value {
	for range 32 {
		if isTypeParam(v.Type()) || !types.IsInterface(v.Type()) {
			return v
		}
		switch x := v.(type) {
		case *ssa.ChangeInterface:
			v = x.X
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		case *ssa.TypeAssert:
			if x.CommaOk {
				return nil
			}
			v = x.X
		case *ssa.Extract:
			t, ok := x.Tuple.(*ssa.TypeAssert)
			if !ok || x.Index != 0 {
				return nil
			}
			v = t.X // or nil, on which no method runs
		case *ssa.Parameter:
			if x.Parent().Parent() != nil || isContext(x.Type()) {
				return nil
			}
			return x
		case *ssa.FreeVar:
			bound, ok := e.binding(x)
			if !ok {
				return nil
			}
			v = bound
		case *ssa.UnOp:
			if x.Op != token.MUL {
				return nil
			}
			if v = e.onlyStored(x.X); v == nil {
				return nil
			}
		default:
			return nil
		}
	}
	return nil
}

// onlyStored returns the one value that a variable is ever set to, nil if there are more,
// or none.
func (e *engine) onlyStored(v ssa.Value) ssa.Value {
	if fv, ok := v.(*ssa.FreeVar); ok {
		bound, ok := e.binding(fv)
		if !ok {
			return nil
		}
		v = bound
	}
	alloc, ok := v.(*ssa.Alloc)
	if !ok {
		return nil
	}
	set := e.assignmentsTo(alloc)
	if len(set) != 1 || set[0].later {
		return nil
	}
	st, ok := set[0].at.(*ssa.Store)
	if !ok || st.Addr != alloc {
		return nil
	}
	return st.Val
}

// rootOf returns the parameter or type parameter of a declared function that decides of
// which type v is.
func (e *engine) rootOf(v ssa.Value) (TypeRoot, bool) {
	c := e.carrier(v)
	if c == nil {
		return TypeRoot{}, false
	}
	if fn := c.Parent(); fn != nil {
		if n := typeParam(c.Type(), outermost(fn)); n >= 0 {
			return TypeRoot{n, true}, true
		}
	}
	if p, ok := c.(*ssa.Parameter); ok && types.IsInterface(p.Type()) {
		return TypeRoot{N: paramNumber(p)}, true
	}
	return TypeRoot{}, false
}

// typeIn returns of which type v is in a function of which k tells, nil if that is not
// known.
func (e *engine) typeIn(k *kind, v ssa.Value) types.Type {
	c := e.carrier(v)
	if c == nil {
		return nil
	}
	if p, ok := c.(*ssa.Parameter); ok && types.IsInterface(p.Type()) && !isTypeParam(p.Type()) {
		if k == nil {
			return nil
		}
		return k.params[p]
	}
	return k.typeFor(c.Type())
}

// typeFor returns t with what k says that type parameters stand for; nil if that is not
// one type.
func (k *kind) typeFor(t types.Type) types.Type {
	switch u := types.Unalias(t).(type) {
	case *types.TypeParam:
		if k == nil {
			return nil
		}
		return k.tparams[u]
	case *types.Pointer:
		if elem := k.typeFor(u.Elem()); elem != nil {
			if elem == u.Elem() {
				return t
			}
			return types.NewPointer(elem)
		}
		return nil
	case *types.Named:
		if u.TypeParams().Len() > 0 {
			return nil // the methods of an instance are those of all
		}
		if types.IsInterface(u) {
			return nil
		}
		return t
	case *types.Basic:
		return nil // has no methods
	}
	return nil
}

// decides returns what of fn, its parameters and type parameters, decides which methods
// run that tell text, or the values of a list: those of fn itself, or of what it hands
// them on to.
func (e *engine) decides(fn *ssa.Function) []TypeRoot {
	return memo(&e.deciding, fn, func() []TypeRoot {
		var out []TypeRoot
		add := func(v ssa.Value) {
			if v == nil {
				return
			}
			if r, ok := e.rootOf(v); ok && !slices.Contains(out, r) {
				out = append(out, r)
			}
		}
		open := fn.TypeParams().Len() > 0
		for _, p := range fn.Params {
			open = open || types.IsInterface(p.Type()) && !isContext(p.Type())
		}
		if !open {
			return nil
		}
		e.instrs(fn, func(in ssa.Instruction) {
			call, ok := in.(ssa.CallInstruction)
			if !ok {
				return
			}
			common := call.Common()
			if common.IsInvoke() {
				if res := common.Method.Signature().Results(); res.Len() > 0 && tellsText(res.At(0).Type()) && !isError(common.Value.Type()) {
					add(common.Value)
				}
				return
			}
			body := e.funcOf(common.Value)
			if body == nil || body.Parent() != nil || body == fn {
				return
			}
			for _, r := range e.decides(body) {
				if !r.Type {
					add(argument(common, r.N))
				} else if t := typeArg(common, r.N); t != nil {
					if n := typeParam(t, fn); n >= 0 && !slices.Contains(out, TypeRoot{n, true}) {
						out = append(out, TypeRoot{n, true})
					}
				}
			}
		})
		slices.SortFunc(out, func(a, b TypeRoot) int {
			if a.Type != b.Type {
				return boolCompare(a.Type, b.Type)
			}
			return a.N - b.N
		})
		return out
	})
}

// tellsText reports whether t is text, or a list of texts or of values of any type.
func tellsText(t types.Type) bool {
	if isString(t) {
		return true
	}
	s, ok := t.Underlying().(*types.Slice)
	if !ok {
		return false
	}
	if isString(s.Elem()) {
		return true
	}
	i, ok := s.Elem().Underlying().(*types.Interface)
	return ok && i.Empty() && !isTypeParam(s.Elem())
}

// kinds returns the kinds of the calls of fn; none if nothing decides between them.
func (e *engine) kinds(fn *ssa.Function) []*kind {
	return memo(&e.kindsOf, fn, func() []*kind { return e.findKinds(fn) })
}

func (e *engine) findKinds(fn *ssa.Function) []*kind {
	if len(e.decides(fn)) == 0 {
		return nil
	}
	var out []*kind
	add := func(k *kind) {
		if !slices.ContainsFunc(out, k.same) {
			out = append(out, k)
		}
	}
	for _, s := range e.callers[fn] {
		for _, as := range e.kindsAt(s, fn) {
			add(as.callee)
		}
	}
	if len(e.callers[fn]) == 0 || e.open(fn) || e.invoked(fn) {
		add(&kind{fn: fn})
	}
	if len(out) > maxKinds {
		return nil
	}
	for _, k := range out {
		e.spread(k)
	}
	return out
}

// invoked reports whether fn is a method of a name by which methods of interfaces are
// called in this package: such calls may run it and are not all in sight.
func (e *engine) invoked(fn *ssa.Function) bool {
	if fn.Signature.Recv() == nil {
		return false
	}
	if e.invokes == nil {
		e.invokes = map[string]bool{}
		for _, f := range e.funcs {
			e.instrs(f, func(in ssa.Instruction) {
				if call, ok := in.(ssa.CallInstruction); ok && call.Common().IsInvoke() {
					e.invokes[call.Common().Method.Name()] = true
				}
			})
		}
	}
	return e.invokes[fn.Name()]
}

// A handing is of which kind a call is where the function that makes it is of a kind.
type handing struct{ caller, callee *kind }

// kindsAt returns of which kinds a call of fn is, for each kind of its caller's.
func (e *engine) kindsAt(s site, fn *ssa.Function) []handing {
	callers := []*kind{nil}
	if s.owner != fn {
		if ks := e.kinds(s.owner); len(ks) > 0 {
			callers = ks
		}
	}
	var out []handing
	for _, from := range callers {
		k := &kind{fn: fn}
		for _, r := range e.decides(fn) {
			if t := e.typeAt(from, s.call, r); t != nil {
				k.types = append(k.types, rootType{r, t})
			}
		}
		out = append(out, handing{from, k})
	}
	return out
}

// typeAt returns of which type root is in a call, which a function of kind k makes.
func (e *engine) typeAt(k *kind, call ssa.CallInstruction, r TypeRoot) types.Type {
	common := call.Common()
	if r.Type {
		if t := typeArg(common, r.N); t != nil {
			return k.typeFor(t)
		}
		return nil
	}
	v := argument(common, r.N)
	if v == nil {
		return nil
	}
	return e.typeIn(k, v)
}

// spread finds out of which types, in the functions that k.fn calls, parameters are:
// those that are handed values of one type only, by all of these functions.
func (e *engine) spread(k *kind) {
	k.unsure = map[any]bool{}
	for again := true; again; {
		again = false
		k.params, k.tparams, k.within = map[*ssa.Parameter]types.Type{}, map[*types.TypeParam]types.Type{}, map[*ssa.Function]bool{k.fn: true}
		for _, t := range k.types {
			if t.root.Type {
				if p := k.fn.TypeParams().At(t.root.N); !k.unsure[p] {
					k.tparams[p] = t.typ
				}
			} else if n := t.root.N + btoi(k.fn.Signature.Recv() != nil); n < len(k.fn.Params) && !k.unsure[k.fn.Params[n]] {
				k.params[k.fn.Params[n]] = t.typ
			}
		}
		if !e.says(k) {
			return
		}
		work := []*ssa.Function{k.fn}
		for len(work) > 0 {
			fn := work[0]
			work = work[1:]
			e.instrs(fn, func(in ssa.Instruction) {
				call, ok := in.(ssa.CallInstruction)
				if !ok {
					return
				}
				to := e.funcOf(call.Common().Value)
				if call.Common().IsInvoke() {
					to = e.methodOf(e.typeIn(k, call.Common().Value), call.Common().Method)
				}
				if to == nil || to.Blocks == nil || to.Parent() != nil {
					return
				}
				if e.spreadTo(k, call, to) {
					again = true
				}
				if !k.within[to] {
					k.within[to] = true
					work = append(work, to)
				}
			})
		}
	}
}

// says reports whether k.fn hands values of known types to a function of which these
// decide something.
func (e *engine) says(k *kind) bool {
	if len(k.types) > 0 {
		return true
	}
	found := false
	e.instrs(k.fn, func(in ssa.Instruction) {
		call, ok := in.(ssa.CallInstruction)
		if !ok || found || call.Common().IsInvoke() {
			return
		}
		if to := e.funcOf(call.Common().Value); to != nil && to.Parent() == nil {
			found = slices.ContainsFunc(e.decides(to), func(r TypeRoot) bool { return e.typeAt(k, call, r) != nil })
		}
	})
	return found
}

// spreadTo adds what a call says of the parameters of a function. It returns true if that
// is not what another call has said, so that all has to be found out anew without them.
func (e *engine) spreadTo(k *kind, call ssa.CallInstruction, to *ssa.Function) (anew bool) {
	args := callArgs(call.Common())
	for i, p := range to.Params {
		if !types.IsInterface(p.Type()) || isTypeParam(p.Type()) || isContext(p.Type()) || k.unsure[p] || i >= len(args) {
			continue
		}
		t := e.typeIn(k, args[i])
		have, known := k.params[p]
		switch {
		case !known && !k.within[to] && t != nil:
			k.params[p] = t
		case t == nil && !known && !k.within[to]:
			k.unsure[p] = true
		case t == nil && !known, t != nil && known && types.Identical(t, have):
		default:
			k.unsure[p] = true
			anew = true
		}
	}
	for i := range to.TypeParams().Len() {
		p := to.TypeParams().At(i)
		if k.unsure[p] {
			continue
		}
		var t types.Type
		if arg := typeArg(call.Common(), i); arg != nil {
			t = k.typeFor(arg)
		}
		have, known := k.tparams[p]
		switch {
		case t != nil && !known && !k.within[to]:
			k.tparams[p] = t
		case t == nil && !known:
			k.unsure[p] = true
		case t != nil && known && types.Identical(t, have):
		default:
			k.unsure[p] = true
			anew = true
		}
	}
	return anew
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// methodOf returns the method m of a type: its declaration, or what leads to that of a
// type embedded in it; nil if there is none.
func (e *engine) methodOf(t types.Type, m *types.Func) *ssa.Function {
	if t == nil {
		return nil
	}
	sel := types.NewMethodSet(t).Lookup(m.Pkg(), m.Name())
	if sel == nil {
		return nil
	}
	fn := e.prog.MethodValue(sel)
	if fn == nil || len(fn.TypeArgs()) > 0 {
		return nil
	}
	return fn
}

// ofKind returns the function that a call of a method runs, nil if the types that are
// known do not say.
func (e *engine) ofKind(c *ssa.CallCommon) *ssa.Function {
	if e.kind == nil || !c.IsInvoke() {
		return nil
	}
	if fn := c.Value.Parent(); fn == nil || !e.kind.covers(fn) {
		return nil
	}
	return e.methodOf(e.typeIn(e.kind, c.Value), c.Method)
}

// known returns the method that a call of an interface's method fn runs, fn if that is
// not known.
func (e *engine) known(fn *types.Func, c *ssa.CallCommon) *types.Func {
	if m := e.ofKind(c); m != nil {
		if obj, ok := m.Object().(*types.Func); ok {
			return obj.Origin()
		}
	}
	return fn
}

// outOfKind reports whether a call that is not among those which e looks at runs a
// function that e knows as it is called by those.
func (e *engine) outOfKind(call ssa.CallInstruction) bool {
	if e.kind == nil || e.kind.covers(call.Parent()) {
		return false
	}
	return slices.ContainsFunc(e.bodies(call.Common()), func(fn *ssa.Function) bool { return e.kind.covers(fn) })
}

// typeOfParam returns the type of the values that a parameter holds.
func (e *engine) typeOfParam(p *ssa.Parameter) types.Type {
	if e.kind != nil {
		if t := e.kind.params[p]; t != nil {
			return t
		}
		if t := e.kind.typeFor(p.Type()); t != nil {
			return t
		}
	}
	return p.Type()
}

// decideBranches finds out which ways fn goes where that is a matter of types.
func (e *engine) decideBranches(fn *ssa.Function, s *shape) {
	taken := map[*ssa.BasicBlock]*ssa.BasicBlock{}
	for _, b := range fn.Blocks {
		branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		if holds, ok := e.decided(branch.Cond, 0); ok {
			taken[b] = b.Succs[1-btoi(holds)]
		}
	}
	if len(taken) == 0 {
		return
	}
	s.taken, s.dead = taken, map[*ssa.BasicBlock]bool{}
	live := map[*ssa.BasicBlock]bool{}
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	if fn.Recover != nil {
		work = append(work, fn.Recover)
	}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if live[b] {
			continue
		}
		live[b] = true
		if to := taken[b]; to != nil {
			work = append(work, to)
		} else {
			work = append(work, b.Succs...)
		}
	}
	for _, b := range fn.Blocks {
		if !live[b] {
			s.dead[b] = true
		}
	}
}

// decided returns whether a condition holds that is a matter of types: a value is asked
// of which type it is, perhaps by a function.
func (e *engine) decided(cond ssa.Value, depth int) (holds, ok bool) {
	if depth > 8 {
		return false, false
	}
	switch c := cond.(type) {
	case *ssa.Const:
		if c.Value == nil || c.Value.Kind() != constant.Bool {
			return false, false
		}
		return constant.BoolVal(c.Value), true
	case *ssa.UnOp:
		if c.Op != token.NOT {
			return false, false
		}
		holds, ok = e.decided(c.X, depth+1)
		return !holds, ok
	case *ssa.Extract:
		asks, isAssert := c.Tuple.(*ssa.TypeAssert)
		if !isAssert || c.Index != 1 {
			return false, false
		}
		t := e.typeIn(e.kind, asks.X)
		if t == nil || hasTypeParam(asks.AssertedType) {
			return false, false
		}
		if i, isInterface := asks.AssertedType.Underlying().(*types.Interface); isInterface {
			return types.Implements(t, i), true
		}
		return types.Identical(t, asks.AssertedType), true
	case *ssa.Phi:
		return e.decidedByAll(len(c.Edges), func(i int) (bool, bool, bool) {
			if !e.follows(c.Block().Preds[i], c.Block()) {
				return false, false, false
			}
			holds, ok := e.decided(c.Edges[i], depth+1)
			return holds, ok, true
		})
	case *ssa.Call:
		fn := e.body(c.Common())
		if fn == nil || !e.kind.covers(fn) || fn.Signature.Results().Len() != 1 {
			return false, false
		}
		return e.decidedByAll(len(fn.Blocks), func(i int) (bool, bool, bool) {
			ret, isReturn := fn.Blocks[i].Instrs[len(fn.Blocks[i].Instrs)-1].(*ssa.Return)
			if !isReturn || e.dead(ret) {
				return false, false, false
			}
			holds, ok := e.decided(ret.Results[0], depth+1)
			return holds, ok, true
		})
	}
	return false, false
}

// decidedByAll returns what all of n conditions say that count, if they say the same.
func (e *engine) decidedByAll(n int, each func(i int) (holds, ok, counts bool)) (holds, ok bool) {
	for i := range n {
		h, decided, counts := each(i)
		switch {
		case !counts:
		case !decided || ok && h != holds:
			return false, false
		default:
			holds, ok = h, true
		}
	}
	return holds, ok
}

// hasTypeParam reports whether t is, or an element of it is, of a type parameter.
func hasTypeParam(t types.Type) bool {
	switch u := types.Unalias(t).(type) {
	case *types.TypeParam:
		return true
	case *types.Pointer:
		return hasTypeParam(u.Elem())
	case *types.Slice:
		return hasTypeParam(u.Elem())
	case *types.Named:
		for a := range u.TypeArgs().Types() {
			if hasTypeParam(a) {
				return true
			}
		}
	}
	return false
}

// as returns the engine that looks at a function as the calls of a kind have it run. It
// knows nothing of what e has found of functions and values, and shares the rest.
func (e *engine) as(k *kind) *engine {
	if len(k.params)+len(k.tparams) == 0 {
		return e
	}
	return memo(&e.reachable, k, func() *engine {
		return &engine{
			pass: e.pass, prog: e.prog, pkg: e.pkg, index: e.index, policy: e.policy,
			funcs: e.funcs, local: e.local, closures: e.closures, callers: e.callers, valueUse: e.valueUse, globals: e.globals,
			embedFiles: e.embedFiles, types: e.types, summaries: e.summaries, impls: e.impls, facts: e.facts,
			sharedTypes: e.sharedTypes, claims: e.claims, initFuncs: e.initFuncs, longLived: e.longLived, directives: e.directives,
			sharedState: e.sharedState, fields: e.fields, columns: e.columns, queryTypes: e.queryTypes, entityOf: e.entityOf, imported: e.imported,
			guardNumbers: e.guardNumbers,

			memo: map[evKey]*answer{}, lowest: noCycle, writes: map[ssa.Value][]write{}, shapes: map[*ssa.Function]*shape{},
			effectsOf: map[*ssa.Function][]Effect{}, owed: map[*ssa.Function][]Obligation{}, sqlSeen: map[sqlKey]*sqlscope.Result{},
			kind: k,
		}
	})
}

// under lets f ask the engine for calls of a kind. What it costs counts as e's own.
func (e *engine) under(k *kind, f func(*engine)) {
	sub := e.as(k)
	if sub == e {
		f(e)
		return
	}
	sub.evals, sub.work, sub.guardCalls = e.evals, e.work, e.guardCalls
	f(sub)
	e.evals, e.work, e.guardCalls = sub.evals, sub.work, sub.guardCalls
	if e.mistake == nil {
		e.mistake = sub.mistake
	}
}

// kindAccesses is [engine.sqlAccesses] of all kinds of calls of the function around the
// statement.
func (e *engine) kindAccesses(owner *ssa.Function, call ssa.CallInstruction, row *models.Sink) []*Access {
	kinds := e.statementKinds(owner)
	if kinds == nil {
		return e.sqlAccesses(owner, call, row)
	}
	var out []*Access
	for _, k := range kinds {
		var found []*Access
		e.under(k, func(sub *engine) { found = sub.sqlAccesses(owner, call, row) })
		for _, a := range found {
			if i := slices.IndexFunc(out, a.sameStatement); i >= 0 {
				out[i].kinds = append(out[i].kinds, k)
				continue
			}
			a.kinds = []*kind{k}
			out = append(out, a)
		}
	}
	for _, a := range out {
		if len(a.kinds) == len(kinds) {
			a.kinds = nil // whoever calls
		}
	}
	return out
}

// statementKinds returns the kinds of calls that the statements of a function are looked
// at for; none if they are all alike.
func (e *engine) statementKinds(owner *ssa.Function) []*kind {
	if e.kind != nil {
		return nil // for one already
	}
	kinds := e.kinds(owner)
	if len(kinds) == 0 {
		kinds = memo(&e.ownKind, owner, func() []*kind {
			k := &kind{fn: owner}
			e.spread(k)
			return []*kind{k}
		})
	}
	if len(kinds) == 1 && e.as(kinds[0]) == e {
		return nil
	}
	return kinds
}

// sameStatement reports whether all is the same of two accesses of one call.
func (a *Access) sameStatement(b *Access) bool {
	return a.What == b.What && a.Op == b.Op && a.Ref == b.Ref && a.Child == b.Child && a.Whole == b.Whole && a.Lock == b.Lock && a.Optional == b.Optional &&
		equal(a.ID, b.ID) && equal(a.User, b.User) &&
		slices.EqualFunc(a.Columns, b.Columns, func(c, d ScopeColumn) bool { return c.Name == d.Name && c.Need == d.Need && equal(c.Value, d.Value) })
}

// sitesOf returns the calls of the function around a that a is about, with the kinds of
// their callers that it is about there: none if there is no difference.
func (e *engine) sitesOf(a *Access) []callSite {
	var out []callSite
	for _, s := range e.callers[a.Owner] {
		if a.kinds == nil {
			out = append(out, callSite{s, nil})
			continue
		}
		var from []*kind
		about, all := false, true
		for _, h := range e.kindsAt(s, a.Owner) {
			if !slices.ContainsFunc(a.kinds, h.callee.same) {
				all = false
				continue
			}
			about = true
			if h.caller != nil {
				from = append(from, h.caller)
			}
		}
		if all {
			from = nil
		}
		if about {
			out = append(out, callSite{s, from})
		}
	}
	return out
}

// A callSite is a call, by functions of some kinds.
type callSite struct {
	site
	kinds []*kind
}

// anyCaller reports whether calls that are not in sight may run the statement of a.
func (a *Access) anyCaller() bool {
	return a.kinds == nil || slices.ContainsFunc(a.kinds, func(k *kind) bool { return len(k.types) == 0 })
}
