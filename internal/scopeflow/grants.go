package scopeflow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// What checks in the control flow say of the caller, rather than of a value: that
// it is a member, or holds a role. Which calls are such checks, rows say, and
// whoever asks: functions that come out well only where a check did.

// A Grant is one thing that is known of a caller, or was demanded of one.
type Grant struct {
	Kind models.Grant // one bit
	// Roles, sorted: one of these is held. None: which role is not known.
	Roles []string
	// Needs is what has to be known before: without that nobody passes, or it means
	// nothing.
	Needs models.Grant
}

// A Check is a call, or a comparison, after which more is known of the caller.
type Check struct {
	Grants []Grant
	Name   string          // of what was called
	At     ssa.Instruction // the call or comparison
	// Dropped: the call says how it came out, and nobody looks.
	Dropped bool
	Guard   bool // a row says that it is one
	Source  bool // what it asks is whether there is a scope, or whether one is another's
	Plain   bool // it says nothing: what comes after it has passed it

	edges []edge // taken only if it came out well
}

// An Outcome is what a call of a function grants where that comes out well; nil
// if nothing is known of it.
type Outcome func(*ssa.Call) []Grant

// RowGrants returns what the guards say that rows declare of fn: what a caller
// who passed call, a call of it, is known to be; nil if there are none. call may
// be nil, for a function that is not called here: roles are then told by name only.
func (r *Result) RowGrants(fn *types.Func, call *ssa.CallCommon) []Grant {
	m := r.e.index.Func(fn)
	if m == nil {
		return nil
	}
	var out []Grant
	for i := range m.Guards {
		out = append(out, GrantsOf(&m.Guards[i], func(p models.Place) []string { return r.e.texts(p, call) })...)
	}
	return out
}

// GrantsOf returns what a guard grants; texts returns the constant texts at a
// place of its call, nil if they are not all known.
func GrantsOf(g *models.Guard, texts func(models.Place) []string) []Grant {
	var out []Grant
	for _, kind := range []models.Grant{models.Signed, models.Member, models.Holder} {
		if g.Grants&kind == 0 {
			continue
		}
		one := Grant{Kind: kind, Needs: g.Needs}
		if kind == models.Holder {
			one.Roles = slices.Clone(g.Role)
			for _, p := range g.Roles {
				one.Roles = append(one.Roles, texts(p)...)
			}
			slices.Sort(one.Roles)
			one.Roles = slices.Compact(one.Roles)
		}
		out = append(out, one)
	}
	return out
}

// texts returns the constant texts at a place of a call, nil if one is not known.
func (e *engine) texts(p models.Place, call *ssa.CallCommon) []string {
	if call == nil {
		return nil
	}
	v := argument(call, placeNumber(p))
	if v == nil {
		return nil
	}
	list := []ssa.Value{v}
	if len(p.Path) > 0 {
		lists, ok := e.elements(v)
		if !ok || len(lists) != 1 {
			return nil
		}
		list = lists[0]
	}
	var out []string
	for _, elem := range list {
		text, ok := e.knownText(elem, "", nil)
		if !ok {
			return nil
		}
		out = append(out, text)
	}
	return out
}

// Checks returns the checks in fn, not those in its literals, in the order of
// the control flow graph.
func (r *Result) Checks(fn *ssa.Function, outcome Outcome) []Check {
	e := r.e
	var out []Check
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			call, ok := in.(*ssa.Call)
			if !ok {
				continue
			}
			if c, ok := e.callCheck(r, call, outcome); ok {
				out = append(out, c)
			}
		}
	}
	// That a tenant which the request names is the caller's says that the caller
	// is a member of it.
	for _, ev := range e.events(fn) {
		if ev.by != nil || ev.dims&models.Tenant == 0 || len(ev.edges) == 0 || !slices.ContainsFunc(ev.about, named) {
			continue
		}
		at, ok := ev.says[0].(ssa.Instruction)
		if !ok || slices.ContainsFunc(out, func(c Check) bool { return c.At == at && len(c.Grants) > 0 }) {
			continue
		}
		out = append(out, Check{Grants: []Grant{{Kind: models.Member}}, Name: "the comparison with the caller's tenant", At: at, Source: true, edges: ev.edges})
	}
	return out
}

// named reports whether a is a tenant that the request, or the caller, names.
func named(a Atom) bool {
	return a.Kind == Request || a.Kind == Param && a.Claim&models.Tenant != 0
}

// callCheck returns the check that a call is.
func (e *engine) callCheck(r *Result, call *ssa.Call, outcome Outcome) (Check, bool) {
	fn := callee(call.Common())
	c := Check{At: call}
	m := e.rowsFor(fn, call.Common())
	if m != nil && len(m.Guards) > 0 {
		c.Guard = true
		for i := range m.Guards {
			c.Grants = append(c.Grants, GrantsOf(&m.Guards[i], func(p models.Place) []string { return e.texts(p, call.Common()) })...)
		}
	} else if m != nil && e.declaredSource(m) {
		c.Grants, c.Source = []Grant{{Kind: models.Member}}, true
	} else if outcome != nil {
		c.Grants = outcome(call)
	}
	if len(c.Grants) == 0 {
		return c, false
	}
	if fn != nil {
		c.Name = funcName(fn)
	}
	if c.Source {
		c.edges = e.sourceEdges(call)
		return c, len(c.edges) > 0
	}
	res := call.Common().Signature().Results()
	if res.Len() == 0 || !isBoolOrError(res.At(res.Len()-1).Type()) {
		// It ends the request by itself. What returns a handler, or middleware, is
		// none of it yet.
		c.Plain = res.Len() == 0 && !slices.ContainsFunc(callArgs(call.Common()), func(v ssa.Value) bool {
			t := e.index.Type(v.Type())
			return t != nil && t.Continues // what comes after it runs all the same
		})
		return c, c.Plain
	}
	says := e.verdictOf(call)
	if says == nil || says.Referrers() == nil || len(*says.Referrers()) == 0 {
		c.Dropped = true
		return c, true
	}
	c.edges = e.goodEdges(says, true, map[ssa.Value]bool{})
	return c, true
}

// declaredSource reports whether the policy says that a function hands out the
// caller's tenant: whoever has one was let in. What our runtime hands out says less;
// its rows tell how much.
func (e *engine) declaredSource(m *models.Func) bool {
	return slices.ContainsFunc(m.Sources, func(s models.Source) bool {
		return s.Dims&models.Tenant != 0 && s.At.File == e.policy.Path
	})
}

// sourceEdges returns the edges that are taken only if a source had a scope to
// hand out: its last result says so, or what it returned was found not to be
// empty.
func (e *engine) sourceEdges(call *ssa.Call) []edge {
	if says := e.verdictOf(call); says != nil {
		if out := e.goodEdges(says, true, map[ssa.Value]bool{}); len(out) > 0 {
			return out
		}
	}
	var out []edge
	values := []ssa.Value{call}
	for _, ref := range *call.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && x.Index == 0 {
			values = append(values, x)
		}
	}
	for _, v := range values {
		if v.Referrers() == nil {
			continue
		}
		for _, ref := range *v.Referrers() {
			cmp, ok := ref.(*ssa.BinOp)
			if !ok || cmp.Op != token.EQL && cmp.Op != token.NEQ || !isZero(cmp.X) && !isZero(cmp.Y) {
				continue
			}
			out = append(out, e.goodEdges(cmp, cmp.Op == token.NEQ, map[ssa.Value]bool{})...)
		}
	}
	return out
}

// Passes reports whether every way to at, within its function, passes one of the
// checks with a good end.
func (r *Result) Passes(checks []Check, at ssa.Instruction) bool {
	var cuts []edge
	for _, c := range checks {
		if c.At.Parent() != at.Parent() {
			continue
		}
		cuts = append(cuts, c.edges...)
		if !c.Plain || c.At == at {
			continue
		}
		b := c.At.Block()
		if r.e.dominates(c.At, at) {
			return true
		}
		if b != at.Block() {
			for _, next := range b.Succs {
				cuts = append(cuts, edge{b, next})
			}
		}
	}
	return len(cuts) > 0 && !reaches(at.Parent().Blocks[0], at.Block(), cuts)
}

// Avoids reports whether control can get to at past all of the checks, whichever
// way they come out.
func (r *Result) Avoids(checks []Check, at ssa.Instruction) bool {
	var cuts []edge
	for _, c := range checks {
		if c.At.Parent() != at.Parent() {
			continue
		}
		b := c.At.Block()
		if b == at.Block() {
			if r.e.dominates(c.At, at) {
				return false
			}
			continue
		}
		for _, p := range b.Preds {
			cuts = append(cuts, edge{p, b})
		}
		if b.Index == 0 {
			return false
		}
	}
	return reaches(at.Parent().Blocks[0], at.Block(), cuts)
}

// Follows reports whether b can run after a, both of one function.
func (r *Result) Follows(a, b ssa.Instruction) bool {
	return a.Parent() == b.Parent() && r.e.reaches(a, b)
}

// Dominates reports whether a has run whenever b runs, both of one function.
func (r *Result) Dominates(a, b ssa.Instruction) bool {
	return a.Parent() == b.Parent() && r.e.dominates(a, b)
}

// Failed reports whether a function's return hands out a failure: an error that
// is not nil, or false; and carried, whether it hands out what a check of them
// said, so that it is for the caller to look at it.
func (r *Result) Failed(ret *ssa.Return, checks []Check) (failed, carried bool) {
	e := r.e
	if len(ret.Results) == 0 {
		return false, false
	}
	last := returned(ret, len(ret.Results)-1)
	if e.isFailure(last, ret) || e.failing(ret) {
		return true, false
	}
	says := map[ssa.Value]bool{}
	for _, c := range checks {
		if call, ok := c.At.(*ssa.Call); ok && !c.Dropped {
			if v := e.verdictOf(call); v != nil {
				says[v] = true
			}
		}
	}
	return false, e.tells(last, says, 0)
}

// Bodies returns the functions of this package that a call may run.
func (r *Result) Bodies(c *ssa.CallCommon) []*ssa.Function { return r.e.bodies(c) }

// FuncOf returns the function of this package that a value is, nil if it is none.
func (r *Result) FuncOf(v ssa.Value) *ssa.Function { return r.e.funcOf(v) }

// Closure returns where a literal of this package is made, nil if it captures
// nothing.
func (r *Result) Closure(lit *ssa.Function) *ssa.MakeClosure { return r.e.closures[lit] }

// Captured returns what a variable that a literal captures stands for.
func (r *Result) Captured(v *ssa.FreeVar) (ssa.Value, bool) { return r.e.binding(v) }

// Functions returns the declared functions of this package, in source order,
// with the package's initialiser.
func (r *Result) Functions() []*ssa.Function {
	if r.e == nil {
		return nil
	}
	return slices.Clone(r.e.funcs)
}

// Interfaces calls yield with each method of an interface that this package
// declares and with the methods of this package that implement it.
func (r *Result) Interfaces(yield func(*types.Func, []*ssa.Function)) {
	for _, named := range r.e.namedTypes() {
		iface, ok := named.Underlying().(*types.Interface)
		if !ok {
			continue
		}
		for m := range iface.ExplicitMethods() {
			if m.Pkg() == r.e.pass.Pkg {
				yield(m, r.e.implementations(m, named))
			}
		}
	}
}

// Callee returns what a call names, nil if that is a value.
func (r *Result) Callee(c *ssa.CallCommon) *types.Func { return callee(c) }

// Ours reports whether a package belongs to the module under analysis.
func (r *Result) Ours(pkg *types.Package) bool {
	return pkg != nil && (pkg == r.e.pass.Pkg || inModule(pkg.Path(), r.Policy.Module) || r.e.pass.Module != nil && inModule(pkg.Path(), r.e.pass.Module.Path))
}

// SpeaksOfTenants reports whether a function that cannot be followed is about
// data of tenants, by its signature: it takes a tenant by name, or takes or
// returns records that say whose they are.
func (r *Result) SpeaksOfTenants(fn *types.Func) bool {
	sig := fn.Signature()
	for p := range sig.Params().Variables() {
		if r.e.claim(p.Name())&models.Tenant != 0 && !isContext(p.Type()) || r.ofTenants(p.Type(), 0) {
			return true
		}
	}
	for v := range sig.Results().Variables() {
		if r.ofTenants(v.Type(), 0) {
			return true
		}
	}
	return false
}

// ofTenants reports whether values of t are records with a field for the tenant.
func (r *Result) ofTenants(t types.Type, depth int) bool {
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		return depth < 4 && r.ofTenants(u.Elem(), depth+1)
	case *types.Slice:
		return depth < 4 && r.ofTenants(u.Elem(), depth+1)
	case *types.Map:
		return depth < 4 && r.ofTenants(u.Elem(), depth+1)
	case *types.Struct:
		for f := range u.Fields() {
			if r.e.claim(f.Name())&models.Tenant != 0 || f.Embedded() && depth < 4 && r.ofTenants(f.Type(), depth+1) {
				return true
			}
		}
	}
	return false
}

// Data reports whether an access is to what tenants own, by its requirement and
// by what the policy says of it; and what it is, for messages.
func (r *Result) Data(a *Access) (what string, dims models.Dims) {
	for _, d := range a.Need {
		dims |= d
	}
	if dims&models.Tenant == 0 || a.Row == nil || a.State.Name != "" || a.Members {
		return "", 0 // nor is what tenants share, such as people: who signs in is nobody's member yet
	}
	verb := map[models.Op]string{models.Read: "reads", models.Write: "changes", models.Delete: "deletes", models.Insert: "adds to"}[a.Op]
	if verb == "" {
		verb = "uses"
	}
	if a.Entity != "" {
		return verb + " " + a.Entity, dims
	}
	noun := map[models.Kind]string{models.Cache: "cached data", models.Lock: "locks", models.Blob: "objects", models.Topic: "messages", models.Store: "stored data", models.Task: "tasks"}[a.Kind]
	return verb + " " + noun + " (" + a.What + ")", dims
}
