package scopeflow

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A variable that a literal sees is kept in memory: each use of it is a load,
// which may yield what any store has put there. Here is what a load surely yields.

// An assignment is an instruction by which a variable may get another value.
type assignment struct {
	at ssa.Instruction
	// later: it begins something that may set the variable at any time from then on.
	later bool
}

// readings returns the loads that surely yield what st stored in a variable: no
// other assignment comes between.
func (e *engine) readings(st *ssa.Store) []*ssa.UnOp {
	if !isVariable(st.Addr) {
		return nil
	}
	var out []*ssa.UnOp
	for _, ref := range *st.Addr.Referrers() {
		load, ok := ref.(*ssa.UnOp)
		if ok && load.Op == token.MUL && e.dominates(st, load) && !e.assignedBetween(st, load) {
			out = append(out, load)
		}
	}
	return out
}

func isVariable(v ssa.Value) bool {
	switch v.(type) {
	case *ssa.Alloc, *ssa.FreeVar:
		return true
	}
	return false
}

func (e *engine) assignedBetween(st *ssa.Store, load *ssa.UnOp) bool {
	for _, s := range e.assignmentsTo(st.Addr) {
		if s.at != st && (s.later && e.reaches(s.at, load) || e.reachesPast(s.at, load, st)) {
			return true
		}
	}
	return false
}

// assignmentsTo returns what may set a variable in the function that v, the
// variable or what a literal sees of it, belongs to.
func (e *engine) assignmentsTo(v ssa.Value) []assignment {
	return memo(&e.assignments, v, func() []assignment { return e.findAssignments(v) })
}

func (e *engine) findAssignments(v ssa.Value) []assignment {
	var out []assignment
	for _, ref := range *v.Referrers() {
		switch r := ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Store:
			out = append(out, assignment{at: r, later: r.Addr != v})
		case *ssa.FieldAddr:
			if written(r) {
				out = append(out, assignment{at: r, later: true})
			}
		case *ssa.MakeClosure:
			fn := r.Fn.(*ssa.Function)
			for i, b := range r.Bindings {
				if b == v && len(e.assignmentsTo(fn.FreeVars[i])) > 0 {
					out = append(out, runsOf(r)...)
				}
			}
		case *ssa.Call:
			out = append(out, assignment{at: r})
		default:
			out = append(out, assignment{at: r, later: true})
		}
	}
	return out
}

// written reports whether a part of a variable is more than loaded.
func written(part *ssa.FieldAddr) bool {
	for _, ref := range *part.Referrers() {
		if load, ok := ref.(*ssa.UnOp); !ok || load.Op != token.MUL {
			return true
		}
	}
	return false
}

// runsOf returns when a literal runs: in the call that it is handed to, when
// the function ends, or at any time from then on.
func runsOf(lit *ssa.MakeClosure) []assignment {
	var out []assignment
	for _, ref := range *lit.Referrers() {
		switch r := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Call:
			out = append(out, assignment{at: r})
		case *ssa.Defer:
			for _, b := range lit.Parent().Blocks {
				for _, in := range b.Instrs {
					if end, ok := in.(*ssa.RunDefers); ok {
						out = append(out, assignment{at: end})
					}
				}
			}
		default:
			out = append(out, assignment{at: r, later: true})
		}
	}
	return out
}

// yields returns what v is: for a load of a variable, what was surely stored there.
func (e *engine) yields(v ssa.Value) ssa.Value {
	for {
		load, ok := v.(*ssa.UnOp)
		if !ok || load.Op != token.MUL || !isVariable(load.X) {
			return v
		}
		var val ssa.Value
		for _, ref := range *load.X.Referrers() {
			if st, ok := ref.(*ssa.Store); ok && st.Addr == load.X && slices.Contains(e.readings(st), load) {
				val = st.Val
			}
		}
		if val == nil {
			return v
		}
		v = val
	}
}
