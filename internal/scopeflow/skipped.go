package scopeflow

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// Checks that stand only where there is something to compare with.

// Optionals returns the checks that are skipped where the scope that they compare
// with is empty, or where there is no guard to ask.
func (r *Result) Optionals() []Absence {
	e := r.e
	var out []Absence
	for _, fn := range e.funcs {
		e.instrs(fn, func(in ssa.Instruction) {
			branch, ok := in.(*ssa.If)
			if !ok {
				return
			}
			v, skip := emptiness(branch)
			if v == nil {
				return
			}
			for _, c := range e.checksOn(branch.Parent()) {
				_, guard := c.at.(*ssa.Call)
				if !guard && pointsOn(v.Type()) {
					continue // nil says that nothing is narrowed further
				}
				if c.dims != 0 && e.sameOperand(c.by, v) && onlyBy(skip.from, other(skip), c.at) && comesTo(c.good, skip.to) {
					out = append(out, Absence{Func: declared(fn), Pos: branch.Cond.Pos(), Name: c.name, Dims: c.dims, Other: c.at.Pos(), What: e.nameOf(v, branch)})
					return
				}
			}
		})
	}
	return out
}

// askedFor reports whether at runs only where v was found to be there.
func (e *engine) askedFor(v ssa.Value, at ssa.Instruction) bool {
	for _, b := range at.Parent().Blocks {
		branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		if x, skip := emptiness(branch); x != nil && e.sameOperand(x, v) && onlyBy(b, other(skip), at) {
			return true
		}
	}
	return false
}

// emptiness returns the value that a branch asks for whether it is there, and
// the edge that is taken if it is not.
func emptiness(branch *ssa.If) (ssa.Value, edge) {
	cmp, ok := branch.Cond.(*ssa.BinOp)
	if !ok || cmp.Op != token.EQL && cmp.Op != token.NEQ || isZero(cmp.X) == isZero(cmp.Y) || isError(cmp.X.Type()) {
		return nil, edge{}
	}
	v := cmp.X
	if isZero(v) {
		v = cmp.Y
	}
	n := 0
	if cmp.Op == token.NEQ {
		n = 1
	}
	return v, edge{branch.Block(), branch.Block().Succs[n]}
}

// A check is a comparison with the scope, or a call of a guard.
type check struct {
	at   ssa.Instruction
	by   ssa.Value // the scope that it compares with, or what is asked
	dims models.Dims
	name string
	good []edge
}

// checksOn returns the comparisons with the caller's tenant and environment in fn,
// and the calls of guards there.
func (e *engine) checksOn(fn *ssa.Function) []check {
	var out []check
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.BinOp:
				if (in.Op != token.EQL && in.Op != token.NEQ) || isConst(in.X) || isConst(in.Y) || !mayCarry(in.X.Type()) {
					continue
				}
				for _, side := range [][2]ssa.Value{{in.X, in.Y}, {in.Y, in.X}} {
					// Of two scopes that are compared, either may be left out, and so may
					// one of two values that are both looked at.
					if d := e.callersDims(side[0], b); d != 0 && e.callersDims(side[1], b) == 0 && !e.askedFor(side[1], in) {
						out = append(out, check{in, side[0], d, "the comparison with the " + d.And(), e.goodEdges(in, in.Op == token.EQL, map[ssa.Value]bool{})})
					}
				}
			case *ssa.Call:
				m := e.index.Func(callee(in.Common()))
				recv, says := argument(in.Common(), Receiver), e.verdictOf(in)
				if m == nil || len(m.Guards) == 0 || !hasReceiver(in.Common()) || recv == nil || says == nil {
					continue
				}
				out = append(out, check{in, recv, m.Guards[0].Dims, calleeName(in.Common()), e.goodEdges(says, true, map[ssa.Value]bool{})})
			}
		}
	}
	return out
}

// sameOperand reports whether two values of one function are the same: one
// value, one field of one thing, or the same scope.
func (e *engine) sameOperand(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	ra, pa := e.root(a)
	rb, pb := e.root(b)
	if ra == rb && pa == pb && pa != "" {
		return true
	}
	va, vb := e.ev(a, "", nil), e.ev(b, "", nil)
	return scopeDims(va) != 0 && equal(va, vb)
}

// comesTo reports whether one of the edges leads to block, at once or by a block
// that does nothing but lead there.
func comesTo(edges []edge, block *ssa.BasicBlock) bool {
	return slices.ContainsFunc(edges, func(ed edge) bool {
		return ed.to == block || len(ed.to.Instrs) == 1 && len(ed.to.Succs) == 1 && ed.to.Succs[0] == block
	})
}
