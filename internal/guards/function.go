package guards

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

// nested yields fn and the literals in it.
func nested(fn *ssa.Function, yield func(*ssa.Function)) {
	yield(fn)
	for _, lit := range fn.AnonFuncs {
		nested(lit, yield)
	}
}

// instrs yields the instructions of fn and of the literals in it.
func instrs(fn *ssa.Function, yield func(ssa.Instruction)) {
	nested(fn, func(f *ssa.Function) {
		for _, b := range f.Blocks {
			for _, in := range b.Instrs {
				yield(in)
			}
		}
	})
}

// checksIn returns the checks in fn itself.
func (p *program) checksIn(fn *ssa.Function) []scopeflow.Check {
	if cs, ok := p.checks[fn]; ok {
		return cs
	}
	p.checks[fn] = nil // while in question: a function that calls itself proves nothing by that
	cs := p.res.Checks(fn, p.outcomeOf)
	p.checks[fn] = cs
	return cs
}

// outcomeOf returns what a call grants where it comes out well.
func (p *program) outcomeOf(call *ssa.Call) []scopeflow.Grant {
	if m := p.index.Func(p.res.Callee(call.Common())); m != nil && m.Waits {
		return p.waitedFor(call)
	}
	if f := p.fact(p.res.Callee(call.Common())); f != nil {
		return f.Outcome
	}
	var out []scopeflow.Grant
	for i, b := range p.res.Bodies(call.Common()) {
		if o := p.outcome(b); i == 0 {
			out = o
		} else {
			out = common(out, o)
		}
	}
	return out
}

// waitedFor returns what the functions grant, all of which came out well, that the
// receiver of a call was handed on every way to it.
func (p *program) waitedFor(wait *ssa.Call) []scopeflow.Grant {
	var out []scopeflow.Grant
	if wait.Call.IsInvoke() || len(wait.Call.Args) == 0 || wait.Call.Args[0].Referrers() == nil {
		return nil
	}
	for _, ref := range *wait.Call.Args[0].Referrers() {
		call, ok := ref.(*ssa.Call)
		if !ok || !p.runs(call.Common()) || !p.res.Dominates(call, wait) {
			continue
		}
		for _, arg := range call.Call.Args[1:] {
			if fn := p.res.FuncOf(arg); fn != nil {
				out = with(out, p.outcome(fn))
			}
		}
	}
	return out
}

// runs reports whether a call has a function run that it is handed: one that may
// decline says so in a result.
func (p *program) runs(call *ssa.CallCommon) bool {
	m := p.index.Func(p.res.Callee(call))
	return m != nil && call.Signature().Results().Len() == 0 &&
		slices.ContainsFunc(m.Flows, func(f models.Flow) bool { return f.How == models.Invoke })
}

// outcome returns what is known of the caller of fn where fn comes out well.
func (p *program) outcome(fn *ssa.Function) []scopeflow.Grant {
	if o, ok := p.outcomes[fn]; ok {
		return o
	}
	p.outcomes[fn] = nil
	res := fn.Signature.Results()
	if res.Len() == 0 || !isVerdict(res.At(res.Len()-1).Type()) {
		return nil
	}
	cs := p.checksIn(fn)
	var out []scopeflow.Grant
	for _, g := range grantsOf(cs) {
		if p.outcomeIs(fn, granting(cs, g)) {
			out = append(out, g)
		}
	}
	p.outcomes[fn] = out
	return out
}

// outcomeIs reports whether fn comes out well only where one of the checks did.
func (p *program) outcomeIs(fn *ssa.Function, cs []scopeflow.Check) bool {
	good := false
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		failed, carried := p.res.Failed(ret, cs)
		if failed {
			continue
		}
		if !carried && !p.res.Passes(cs, ret) {
			return false
		}
		good = true
	}
	return good
}

func isVerdict(t types.Type) bool {
	if b, ok := t.Underlying().(*types.Basic); ok {
		return b.Kind() == types.Bool
	}
	return types.Identical(t, types.Universe.Lookup("error").Type())
}

// grantsOf returns what the checks grant, sorted, each once.
func grantsOf(cs []scopeflow.Check) []scopeflow.Grant {
	var out []scopeflow.Grant
	for _, c := range cs {
		out = with(out, c.Grants)
	}
	return out
}

// granting returns the checks that grant g.
func granting(cs []scopeflow.Check, g scopeflow.Grant) []scopeflow.Check {
	return slices.DeleteFunc(slices.Clone(cs), func(c scopeflow.Check) bool {
		return !slices.ContainsFunc(c.Grants, func(h scopeflow.Grant) bool { return sameGrant(g, h) })
	})
}

// of returns the checks that grant something of the kind.
func of(cs []scopeflow.Check, kind models.Grant) []scopeflow.Check {
	return slices.DeleteFunc(slices.Clone(cs), func(c scopeflow.Check) bool { return !has(c.Grants, kind) })
}

// have returns what is known of the caller at in: by the checks of its function,
// and of those around that.
func (p *program) have(in ssa.Instruction) []scopeflow.Grant {
	var out []scopeflow.Grant
	for range 8 {
		cs := p.checksIn(in.Parent())
		for _, g := range grantsOf(cs) {
			if p.res.Passes(granting(cs, g), in) {
				out = with(out, []scopeflow.Grant{g})
			}
		}
		mc := p.res.Closure(in.Parent())
		if mc == nil {
			break
		}
		out = with(out, p.handedTo(mc))
		in = mc
	}
	return out
}

// handedTo returns what the guard grants that a literal is handed to, to be run
// where that comes out well.
func (p *program) handedTo(lit *ssa.MakeClosure) []scopeflow.Grant {
	var out []scopeflow.Grant
	for _, ref := range *lit.Referrers() {
		if call, ok := ref.(*ssa.Call); ok {
			out = with(out, p.res.RowGrants(p.res.Callee(call.Common()), call.Common()))
		}
	}
	return out
}

// passage returns what is known of fn, with the literals in it.
func (p *program) passage(fn *ssa.Function) *Passage {
	if f, ok := p.passages[fn]; ok {
		return f
	}
	f := &Passage{}
	p.passages[fn] = &Passage{} // while in question
	f.Outcome = p.outcome(fn)
	f.Aborts = p.aborts(fn)
	p.next(fn, f)
	instrs(fn, func(in ssa.Instruction) { p.reaches(fn, in, f) })
	p.passages[fn] = f
	return f
}

// reaches adds to f the data that in, an instruction of fn, gets to.
func (p *program) reaches(fn *ssa.Function, in ssa.Instruction, f *Passage) {
	asked := slices.DeleteFunc(slices.Clone(p.checksIn(in.Parent())), func(c scopeflow.Check) bool { return c.At != in })
	if len(asked) > 0 {
		p.beyond(in, grantsOf(asked), f)
		return
	}
	at := func() scopeflow.Position { return p.res.Position(in.Pos()) }
	for _, a := range p.data[in] {
		what, dims := p.res.Data(a)
		if dims == 0 || len(p.policy.Takes(p.subject(a))) > 0 {
			continue
		}
		p.add(f, in, Reach{What: what, Dims: dims, Steps: []scopeflow.Step{{Pos: at(), Msg: what + " here"}}})
	}
	call, ok := in.(ssa.CallInstruction)
	if !ok {
		p.passedOn(fn, in, nil, f)
		return
	}
	common := call.Common()
	callee := p.res.Callee(common)
	if callee != nil {
		demands, marks := p.policy.FuncRoles(callee)
		for _, m := range marks {
			p.marks[m] = true
		}
		for _, roles := range demands {
			p.add(f, in, Reach{What: callee.Name(), Roles: roles, Steps: []scopeflow.Step{{Pos: at(), Msg: callee.Name() + " is called here"}}})
		}
	}
	known := p.called(call, f)
	if !known && common.IsInvoke() && p.res.Ours(callee.Pkg()) && p.res.SpeaksOfTenants(callee) {
		p.add(f, in, Reach{What: "calls " + callee.Name(), Dims: models.Tenant, Steps: []scopeflow.Step{{Pos: at(), Msg: callee.Name() + ", which is about data of tenants, is called here"}}})
	}
	p.passedOn(fn, in, common.Value, f)
}

// beyond adds what a check gets to once it has found out what it grants. What it looks
// up for that is its own affair.
func (p *program) beyond(in ssa.Instruction, grants []scopeflow.Grant, f *Passage) {
	call, ok := in.(ssa.CallInstruction)
	if !ok {
		return
	}
	after := &Passage{}
	p.called(call, after)
	for _, r := range after.Reaches {
		if len(common(grants, r.Have)) == len(grants) {
			p.add(f, in, r)
		}
	}
}

// called adds what the functions get to that are called at in, and reports whether any
// of them is known.
func (p *program) called(in ssa.CallInstruction, f *Passage) (known bool) {
	for _, b := range p.res.Bodies(in.Common()) {
		known = true
		if b.Parent() == nil {
			p.compose(f, in, p.passage(b), b.Name())
		}
	}
	if callee := p.res.Callee(in.Common()); p.fact(callee) != nil {
		known = true
		p.compose(f, in, p.fact(callee), callee.Name())
	}
	return known
}

// passedOn adds what the functions get to that in uses as values.
func (p *program) passedOn(fn *ssa.Function, in ssa.Instruction, called ssa.Value, f *Passage) {
	for _, op := range in.Operands(nil) {
		if *op == nil || *op == called {
			continue
		}
		switch (*op).(type) {
		case *ssa.Function, *ssa.MakeClosure:
			if b := p.res.FuncOf(*op); b != nil && b.Parent() == nil && b != fn {
				p.compose(f, in, p.passage(b), b.Name())
			}
		}
	}
}

// compose adds what the function called at in gets to.
func (p *program) compose(f *Passage, in ssa.Instruction, g *Passage, name string) {
	for _, r := range g.Reaches {
		if len(r.Steps) < 8 {
			r.Steps = append([]scopeflow.Step{{Pos: p.res.Position(in.Pos()), Msg: name + " is called here"}}, r.Steps...)
		}
		p.add(f, in, r)
	}
}

// add adds a way to data that leads through in.
func (p *program) add(f *Passage, in ssa.Instruction, r Reach) {
	r.Have = with(p.have(in), r.Have)
	if r.Missed == "" && !has(r.Have, models.Member) {
		r.Missed, r.By = p.missed(in)
	}
	if has(r.Have, models.Member) {
		r.Missed, r.By = "", scopeflow.Step{}
	}
	f.reach(r)
}

// missed says how the membership checks around in are missed, if there are any.
func (p *program) missed(in ssa.Instruction) (Category, scopeflow.Step) {
	cs := of(p.checksIn(in.Parent()), models.Member)
	if len(cs) == 0 {
		return "", scopeflow.Step{}
	}
	step := func(c scopeflow.Check, msg string) scopeflow.Step {
		return scopeflow.Step{Pos: p.res.Position(c.At.Pos()), Msg: c.Name + " " + msg}
	}
	if p.res.Avoids(cs, in) {
		for _, c := range cs {
			if p.res.Follows(in, c.At) {
				return Late, step(c, "comes after that")
			}
		}
		return Partial, step(cs[0], "is on another branch")
	}
	for _, c := range cs {
		if c.Dropped {
			return Ignored, step(c, "is called here, and nobody looks at what it says")
		}
	}
	return FailOpen, step(cs[0], "may refuse here, and it goes on all the same")
}

// guards reports whether a call is of a function of this package that asks a guard
// and gets to no data.
func (p *program) guards(at ssa.Instruction) bool {
	call, ok := at.(*ssa.Call)
	if !ok {
		return false
	}
	if m := p.index.Func(p.res.Callee(call.Common())); m != nil && m.Waits {
		return true // what it grants is what guards say that it waits for
	}
	fn := call.Common().StaticCallee()
	return fn != nil && fn.Blocks != nil && len(p.passage(fn).Reaches) == 0 &&
		slices.ContainsFunc(p.checksIn(fn), func(c scopeflow.Check) bool { return c.Guard })
}

// dropped finds the calls of guards whose word nobody looks at. What another function
// says, which asks one for work of its own, is first of all how that work went.
func (p *program) dropped() {
	for _, fn := range p.res.Functions() {
		nested(fn, func(f *ssa.Function) {
			for _, c := range p.checksIn(f) {
				if c.Dropped && (has(c.Grants, models.Member) || has(c.Grants, models.Holder)) && (c.Guard || p.guards(c.At)) {
					p.result.Dropped = append(p.result.Dropped, c)
				}
			}
		})
	}
}
