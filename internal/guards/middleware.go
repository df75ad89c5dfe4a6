package guards

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

// A point is where a middleware lets a request on: it calls the handler behind it,
// hands that to another middleware, or returns without having aborted.
type point struct {
	in    ssa.Instruction
	extra []scopeflow.Grant // what the middleware that is handed the handler grants
	leaks []Leak            // and which checks it does not heed
	stops []scopeflow.Check // what keeps the request from going on by returning
}

// next finds what fn, as a middleware or as what makes one, grants wherever it
// lets a request on, and which checks it does not heed.
func (p *program) next(fn *ssa.Function, f *Passage) {
	first := true
	nested(fn, func(g *ssa.Function) {
		for _, pt := range p.points(g) {
			grants := with(p.haveAt(pt), pt.extra)
			if first {
				f.Next, first = grants, false
			} else {
				f.Next = common(f.Next, grants)
			}
			f.Leaks = append(f.Leaks, pt.leaks...)
			p.leaks(pt, f)
		}
	})
}

// haveAt is [program.have] at a point.
func (p *program) haveAt(pt point) []scopeflow.Grant {
	out := p.have(pt.in)
	if len(pt.stops) == 0 {
		return out
	}
	cs := p.checksIn(pt.in.Parent())
	for _, g := range grantsOf(cs) {
		if p.res.Passes(append(granting(cs, g), pt.stops...), pt.in) {
			out = with(out, []scopeflow.Grant{g})
		}
	}
	return out
}

// leaks adds the checks before a point that it does not heed.
func (p *program) leaks(pt point, f *Passage) {
	cs := p.checksIn(pt.in.Parent())
	for _, c := range cs {
		for _, g := range c.Grants {
			heeded := append(granting(cs, g), pt.stops...)
			if c.Source || has(f.Next, g.Kind) || !p.res.Follows(c.At, pt.in) || p.res.Passes(heeded, pt.in) {
				continue
			}
			f.Leaks = append(f.Leaks, Leak{Kind: g.Kind, Check: c.Name, CheckAt: p.res.Position(c.At.Pos()), At: p.res.Position(pt.in.Pos()), Dropped: c.Dropped})
		}
	}
}

// points returns where fn itself lets requests on.
func (p *program) points(fn *ssa.Function) []point {
	var out []point
	var stops []scopeflow.Check
	continues := p.continues(fn)
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if call, ok := in.(ssa.CallInstruction); ok {
				if pt, ok := p.pointAt(call); ok {
					out = append(out, pt)
				}
				if continues && p.stops(call) {
					stops = append(stops, scopeflow.Check{At: in, Plain: true})
				}
			}
		}
	}
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		switch {
		case !ok:
		case continues && !p.res.Passes(stops, ret):
			out = append(out, point{in: ret, stops: stops})
		case len(ret.Results) == 1 && serves(ret.Results[0].Type()) && p.isHandler(ret.Results[0], 0):
			out = append(out, point{in: ret}) // the handler itself, as it is
		}
	}
	return out
}

// pointAt returns the point that a call is.
func (p *program) pointAt(call ssa.CallInstruction) (point, bool) {
	common := call.Common()
	callee := p.res.Callee(common)
	if m := p.index.Func(callee); m != nil && m.Next {
		return point{in: call}, true
	}
	if !common.IsInvoke() && common.StaticCallee() == nil && p.isHandler(common.Value, 0) {
		return point{in: call}, true
	}
	if callee != nil && callee.Name() == "ServeHTTP" {
		recv := common.Value
		if !common.IsInvoke() {
			recv = common.Args[0]
		}
		return point{in: call}, p.isHandler(recv, 0)
	}
	for _, arg := range common.Args {
		if serves(arg.Type()) && p.isHandler(arg, 0) {
			made := common
			if inner, ok := common.Value.(*ssa.Call); ok && callee == nil {
				made = inner.Common() // RequireRole("admin")(next)
			}
			extra, leaks := p.nextOf(made)
			if v := call.Value(); v != nil {
				extra = with(p.around(v, 0), extra)
			}
			return point{in: call, extra: extra, leaks: leaks}, true
		}
	}
	return point{}, false
}

// nextOf returns what the middleware grants that a call is, or makes, and the
// checks that it does not heed.
func (p *program) nextOf(call *ssa.CallCommon) ([]scopeflow.Grant, []Leak) {
	callee := p.res.Callee(call)
	if out := p.res.RowGrants(callee, call); len(out) > 0 {
		return out, nil
	}
	f := p.fact(callee)
	for _, b := range p.res.Bodies(call) {
		f = f.join(p.passage(b))
	}
	if f == nil {
		return nil, nil
	}
	return f.Next, f.Leaks
}

// around returns what the middleware grants that a handler is handed to in turn.
func (p *program) around(h ssa.Value, depth int) []scopeflow.Grant {
	var out []scopeflow.Grant
	if depth > 8 {
		return nil
	}
	for _, ref := range *h.Referrers() {
		switch r := ref.(type) {
		case *ssa.MakeInterface:
			out = with(out, p.around(r, depth+1))
		case *ssa.ChangeType:
			out = with(out, p.around(r, depth+1))
		case *ssa.Call:
			if r.Common().Value != h && serves(r.Type()) {
				grants, _ := p.nextOf(r.Common())
				out = with(out, with(p.around(r, depth+1), grants))
			}
		}
	}
	return out
}

// serves reports whether values of t may be handlers.
func serves(t types.Type) bool {
	if sig, ok := t.Underlying().(*types.Signature); ok {
		return sig.Params().Len() > 0
	}
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "ServeHTTP")
	_, ok := obj.(*types.Func)
	return ok
}

// isHandler reports whether v is a handler that its function, or one around it,
// was handed, or keeps.
func (p *program) isHandler(v ssa.Value, depth int) bool {
	if depth > 8 {
		return false
	}
	switch v := v.(type) {
	case *ssa.Parameter:
		return serves(v.Type())
	case *ssa.ChangeType:
		return p.isHandler(v.X, depth+1)
	case *ssa.MakeInterface:
		return p.isHandler(v.X, depth+1)
	case *ssa.ChangeInterface:
		return p.isHandler(v.X, depth+1)
	case *ssa.FreeVar:
		bound, ok := p.res.Captured(v)
		return ok && p.isHandler(bound, depth+1)
	case *ssa.Alloc:
		for _, ref := range *v.Referrers() {
			if st, ok := ref.(*ssa.Store); ok && st.Addr == v && p.isHandler(st.Val, depth+1) {
				return true
			}
		}
	case *ssa.UnOp:
		if v.Op != token.MUL {
			return false
		}
		if fa, ok := v.X.(*ssa.FieldAddr); ok {
			_, param := fa.X.(*ssa.Parameter)
			return param && serves(v.Type())
		}
		return p.isHandler(v.X, depth+1)
	}
	return false
}

// continues reports whether the handlers behind fn run when it returns, unless it
// kept them from that.
func (p *program) continues(fn *ssa.Function) bool {
	if fn.Signature.Results().Len() > 0 || fn.Signature.Params().Len() != 1 {
		return false
	}
	m := p.index.Type(fn.Signature.Params().At(0).Type())
	return m != nil && m.Continues
}

// stops reports whether a call keeps the handlers behind from running.
func (p *program) stops(call ssa.CallInstruction) bool {
	callee := p.res.Callee(call.Common())
	if m := p.index.Func(callee); m != nil && m.Abort {
		return true
	}
	if f := p.fact(callee); f != nil {
		return f.Aborts
	}
	bodies := p.res.Bodies(call.Common())
	for _, b := range bodies {
		if !p.aborts(b) {
			return false
		}
	}
	return len(bodies) > 0
}

// aborts reports whether fn keeps the handlers behind from running, whichever way
// it takes.
func (p *program) aborts(fn *ssa.Function) bool {
	if v, ok := p.aborting[fn]; ok {
		return v
	}
	p.aborting[fn] = false
	var stops []scopeflow.Check
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if call, ok := in.(ssa.CallInstruction); ok && p.stops(call) {
				stops = append(stops, scopeflow.Check{At: in, Plain: true})
			}
		}
	}
	if len(stops) == 0 {
		return false
	}
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && !p.res.Passes(stops, ret) {
			return false
		}
	}
	p.aborting[fn] = true
	return true
}

// subject is what the policy's entries about shared data are asked with.
func (p *program) subject(a *scopeflow.Access) policy.Subject {
	return policy.Subject{Table: a.Entity, Func: a.Func(), Keys: p.res.Beginnings(a)}
}

// holds reports whether a demand for one of the roles is met: by a guard that lets
// nobody pass without one of them, or whose roles are not known.
func holds(list []scopeflow.Grant, roles []string) bool {
	for _, g := range list {
		if g.Kind != models.Holder {
			continue
		}
		if len(roles) == 0 || len(g.Roles) == 0 || subset(g.Roles, roles) {
			return true
		}
	}
	return false
}

func subset(a, b []string) bool {
	for _, s := range a {
		found := false
		for _, t := range b {
			found = found || s == t
		}
		if !found {
			return false
		}
	}
	return true
}
