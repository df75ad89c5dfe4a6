package scopeflow

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/policy"
)

// A Gap says why what a statement runs on does not hold it to the caller's rows,
// though the policy accepts that it may. The zero Gap is that of a statement of
// which the policy accepts no such thing.
type Gap struct {
	Setting string // the run-time parameter; empty if a database is chosen
	Why     string
	// Set: the function that the statement is in, or that calls for it, sets the
	// parameter, on some path and to something.
	Set bool
}

// Gap returns the gap of the statement a in the dimensions need.
func (r *Result) Gap(a *Access, need []models.Dims) Gap {
	e := r.e
	table := e.databaseTable(a.Entity)
	for i := range e.policy.Sessions {
		s := &e.policy.Sessions[i]
		if !slices.ContainsFunc(need, func(d models.Dims) bool { return s.Dims&d != 0 }) || !s.On(table) || a.Row != nil && !s.Holds(e.pass.Pkg.Path()) {
			continue
		}
		gap := Gap{Setting: s.Setting}
		if gap.Why = s.Secured(e.policy.Schema(), table, roleOf(a.Op), a.names()); gap.Why == "" {
			gap.Why, gap.Set = e.unset(a, s)
		}
		return gap
	}
	return Gap{}
}

// names returns the names of the columns of a that hold dimensions.
func (a *Access) names() []string {
	var out []string
	for _, c := range a.Columns {
		name := c.SQL
		if name == "" {
			name = c.Name
		}
		out = append(append(out, name), c.also...)
	}
	return out
}

// unset says why the session does not hold statement a, and whether its function sets
// what the session is about.
func (e *engine) unset(a *Access, s *policy.Session) (why string, set bool) {
	step := stepOf(s)
	if step == connectionStep {
		return "nothing of the caller's scope chose that", false
	}
	call, ok := a.Instr.(ssa.CallInstruction)
	if !ok {
		return "", false
	}
	calls, local := e.setters(a.Owner, step)
	after := func(c ssa.CallInstruction) bool {
		return c.Parent() == call.Parent() && e.reaches(call, c) && !e.reaches(c, call)
	}
	outside := false
	if a.Row != nil {
		v := runsOn(a.Row, call)
		outside = v != nil && e.onPool(v.Type(), step)
	}
	switch {
	case !local:
		return s.Setting + " is set without LOCAL, so that whoever gets the connection next has it still", true
	case outside:
		return "it runs outside of a transaction", false
	case len(calls) == 0:
		return s.Setting + " is not set in its transaction", false
	case !slices.ContainsFunc(calls, func(c ssa.CallInstruction) bool { return !after(c) }):
		return s.Setting + " is set after it", true
	}
	return s.Setting + " is set in another transaction", true
}

// setters returns the calls in fn that set the parameter of that step, themselves or
// by what they do to a connection that they are handed; local is false if one
// of them sets it for longer than the transaction.
func (e *engine) setters(fn *ssa.Function, step Path) (calls []ssa.CallInstruction, local bool) {
	local = true
	e.instrs(fn, func(in ssa.Instruction) {
		call, ok := in.(ssa.CallInstruction)
		if !ok {
			return
		}
		val, set := e.setsBy(call, step)
		if set {
			calls = append(calls, call)
			local = local && val.has(func(*Atom) bool { return true })
		}
	})
	return calls, local
}

// setsBy returns what a call sets the parameter of a step to: nothing, if that
// lasts longer than the transaction.
func (e *engine) setsBy(call ssa.CallInstruction, step Path) (val Value, set bool) {
	common := call.Common()
	fn := callee(common)
	if m := e.rowsFor(fn, common); m != nil {
		for i := range m.Sinks {
			if row := &m.Sinks[i]; row.SQL != nil {
				return e.settingBy(row, call, step)
			}
		}
		return Value{}, false
	}
	var effects []Effect
	if body := e.body(common); body != nil {
		effects = e.effects(body)
	} else if s := e.fact(fn); s != nil {
		effects = s.Effects
	}
	for _, ef := range effects {
		if strings.HasSuffix(string(ef.Path), string(step)) {
			return ef.Value, true
		}
	}
	return Value{}, false
}
