package scopeflow

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Swallowed returns the calls whose error nobody looks at before what they return
// becomes a tenant or an environment, or a secret that callers are told apart by, in
// source order.
func (r *Result) Swallowed() []Absence {
	e := r.e
	var out []Absence
	for _, fn := range e.funcs {
		e.instrs(fn, func(in ssa.Instruction) {
			for _, s := range e.relies(in) {
				call := fallible(s.v)
				if call == nil || call.Parent() != in.Parent() || e.checked(guard{call}, in) || e.looksAt(call, in) {
					continue
				}
				a := Absence{Func: declared(fn), Pos: call.Pos(), Name: calleeName(call.Common()), Dims: s.dims, By: s.by, Other: in.Pos()}
				if !slices.ContainsFunc(out, func(b Absence) bool { return a.Pos == b.Pos }) {
					out = append(out, a)
				}
			}
		})
	}
	return out
}

// looksAt reports whether what a call returned decides before an instruction runs: its
// error may lead elsewhere, or what came with it was found to be there.
func (e *engine) looksAt(call *ssa.Call, at ssa.Instruction) bool {
	for _, ref := range *call.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && x.Index == 0 && pointsOn(x.Type()) && e.found(x, at) {
			return true
		}
	}
	return slices.ContainsFunc(e.badEdges(lastResult(call), map[ssa.Value]bool{}), func(ed edge) bool {
		return ed.from.Dominates(at.Block()) && ed.to != at.Block() && !e.inevitable(ed.to, at.Block(), nil)
	})
}

// fallible returns the call whose first result v is, or is a field of, if its last is
// an error; nil if there is none.
func fallible(v ssa.Value) *ssa.Call {
	for range 8 {
		switch x := v.(type) {
		case *ssa.Convert:
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.Field:
			v = x.X
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.UnOp:
			v = x.X
		case *ssa.Extract:
			call, ok := x.Tuple.(*ssa.Call)
			if !ok || x.Index != 0 {
				return nil
			}
			res := call.Common().Signature().Results()
			if !isError(res.At(res.Len() - 1).Type()) {
				return nil
			}
			return call
		default:
			return nil
		}
	}
	return nil
}
