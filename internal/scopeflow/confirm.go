package scopeflow

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// A scope may be stored first and checked then: by a guard that is asked about
// what a source hands out from there on.

// confirmed reports whether the function of call comes out well, once call has
// stored a scope, only if a guard passed for the scope in the context.
func (e *engine) confirmed(call ssa.Instruction, dims models.Dims) bool {
	fn := call.Parent()
	cuts, _ := e.confirmations(fn, dims)
	if len(cuts) == 0 {
		return false
	}
	cuts = append(cuts, e.contradicted(call)...)
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) == 0 || !isError(ret.Results[len(ret.Results)-1].Type()) {
			continue
		}
		if isNil(ret.Results[len(ret.Results)-1]) && reaches(call.Block(), b, cuts) {
			return false
		}
	}
	return true
}

// confirmations returns the edges of fn that are taken only if a guard passed for
// the scope in the context, and the values that say so.
func (e *engine) confirmations(fn *ssa.Function, dims models.Dims) (cuts []edge, says map[ssa.Value]bool) {
	says = map[ssa.Value]bool{}
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok || !e.confirms(c, dims) {
				continue
			}
			if v := e.verdictOf(c); v != nil {
				says[v] = true
				cuts = append(cuts, e.goodEdges(v, true, map[ssa.Value]bool{})...)
			}
		}
	}
	return cuts, says
}

// confirms reports whether a call comes out well only if a guard passed for the
// scope in the context.
func (e *engine) confirms(c *ssa.Call, dims models.Dims) bool {
	common := c.Common()
	if m := e.rowsFor(callee(common), common); m != nil {
		for _, g := range m.Guards {
			if scopeDims(e.settle(e.keyPlace(g.Place, common, c), c))&g.Dims&dims == dims {
				return true
			}
		}
		return false
	}
	fn := e.body(common)
	if fn == nil || fn == c.Parent() {
		return false
	}
	key := confirmKey{fn, dims}
	if known, ok := e.confirming[key]; ok {
		return known
	}
	if e.confirming == nil {
		e.confirming = map[confirmKey]bool{}
	}
	e.confirming[key] = false
	cuts, says := e.confirmations(fn, dims)
	e.confirming[key] = len(says) > 0 && e.passesOnly(fn, cuts, says)
	return e.confirming[key]
}

type confirmKey struct {
	fn   *ssa.Function
	dims models.Dims
}

// passesOnly reports whether fn comes out well only by one of the edges, or as
// one of the values says.
func (e *engine) passesOnly(fn *ssa.Function, cuts []edge, says map[ssa.Value]bool) bool {
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) == 0 {
			continue
		}
		last := ret.Results[len(ret.Results)-1]
		if !e.isFailure(last, ret) && !e.failing(ret) && !e.tells(last, says, 0) && reaches(fn.Blocks[0], b, cuts) {
			return false
		}
	}
	return true
}

// contradicted returns the edges that are taken only if something that was found
// to equal a constant before at ran does not equal it.
func (e *engine) contradicted(at ssa.Instruction) []edge {
	var out []edge
	for _, b := range at.Parent().Blocks {
		holds, k := equality(b)
		if holds == nil || !onlyBy(b, b.Succs[0], at) {
			continue
		}
		for _, later := range at.Parent().Blocks {
			if v, c := equality(later); v != nil && later != b && e.sameOperand(v, holds) && c.String() == k.String() {
				out = append(out, edge{later, later.Succs[1]})
			}
		}
	}
	return out
}

// equality returns what a block that ends in a branch compares with a constant
// and finds equal where it goes on to its first successor.
func equality(b *ssa.BasicBlock) (ssa.Value, *ssa.Const) {
	branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return nil, nil
	}
	cmp, ok := branch.Cond.(*ssa.BinOp)
	if !ok || cmp.Op != token.EQL {
		return nil, nil
	}
	k, ok := cmp.Y.(*ssa.Const)
	if !ok || k.Value == nil {
		return nil, nil
	}
	return cmp.X, k
}
