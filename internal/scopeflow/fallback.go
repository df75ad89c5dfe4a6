package scopeflow

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// What takes the place of a dimension that is empty.

// Fallbacks returns the places where something else takes the place of a
// dimension that is empty, without a further decision: a constant, or, in what
// is declared as a source, anything that is not the caller's scope.
func (r *Result) Fallbacks() []Absence {
	e := r.e
	var out []Absence
	for _, fn := range e.funcs {
		if e.initOnly(fn) {
			continue
		}
		found := false
		e.instrs(fn, func(in ssa.Instruction) {
			phi, ok := in.(*ssa.Phi)
			if !ok || found || !isString(phi.Type()) {
				return
			}
			if a, ok := e.fallback(phi); ok && !r.blames(fn, a.What) {
				a.Func, found = declared(fn), true
				out = append(out, a)
			}
		})
		if a, ok := e.sourceFallback(fn); ok && !found {
			a.Func = declared(fn)
			out = append(out, a)
		}
	}
	return out
}

// fallback reports whether phi is a dimension of the caller's, or a constant
// where that is empty.
func (e *engine) fallback(phi *ssa.Phi) (Absence, bool) {
	for i, edge := range phi.Edges {
		k, ok := edge.(*ssa.Const)
		if !ok || k.Value == nil || k.Value.Kind() != constant.String || constant.StringVal(k.Value) == "" {
			continue
		}
		from := phi.Block().Preds[i]
		for n, v := range phi.Edges {
			if n == i || !emptyOnly(v, from) {
				continue
			}
			if dims := e.callersDims(v, from); dims != 0 {
				text := constant.StringVal(k.Value)
				return Absence{Pos: branchPos(from), Name: describeConst(text), Dims: dims, What: text}, true
			}
		}
	}
	return Absence{}, false
}

// blames reports whether a key or statement of fn is a finding already because
// it may hold a text in place of its scope.
func (r *Result) blames(fn *ssa.Function, text string) bool {
	return slices.ContainsFunc(r.Judged, func(j Judged) bool {
		return slices.ContainsFunc(j.Leaves, func(l Leaf) bool {
			return l.Owner == fn && l.Bad() && l.Key.has(func(a *Atom) bool { return a.Kind == Constant && strings.Contains(a.Text, text) })
		})
	})
}

// callersDims returns the tenant and environment that v carries on every path
// where it is not empty: by scope, or as a parameter that is declared to be one.
func (e *engine) callersDims(v ssa.Value, at *ssa.BasicBlock) models.Dims {
	end := at.Instrs[len(at.Instrs)-1]
	return scopeDims(e.settle(e.ev(v, "", end), end)) & (models.Tenant | models.Env)
}

// nameOf is what messages call v.
func (e *engine) nameOf(v ssa.Value, at ssa.Instruction) string {
	val := e.ev(v, "", at)
	for i := range val.Alts {
		for k := range val.Alts[i].Parts {
			if p := &val.Alts[i].Parts[k]; p.Kind != Constant && p.Text != "" {
				return p.Text
			}
		}
	}
	return "something else"
}

// branchPos returns the position of the condition that leads to a block.
func branchPos(b *ssa.BasicBlock) token.Pos {
	for _, p := range b.Preds {
		if branch, ok := p.Instrs[len(p.Instrs)-1].(*ssa.If); ok && branch.Cond.Pos().IsValid() {
			return branch.Cond.Pos()
		}
	}
	return token.NoPos
}

// emptyOnly reports whether a block runs right after v was found to be empty.
func emptyOnly(v ssa.Value, block *ssa.BasicBlock) bool {
	return slices.ContainsFunc(emptyEdges(v), func(ed edge) bool { return ed.to == block && len(block.Preds) == 1 })
}

// emptyEdges returns the edges that are taken only if v is the empty string, or 0.
func emptyEdges(v ssa.Value) []edge {
	if v.Referrers() == nil {
		return nil
	}
	var out []edge
	for _, ref := range *v.Referrers() {
		if c, ok := ref.(*ssa.Call); ok {
			if b, ok := c.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
				out = append(out, emptyEdges(c)...)
			}
			continue
		}
		cmp, ok := ref.(*ssa.BinOp)
		if !ok || cmp.Op != token.EQL && cmp.Op != token.NEQ || !isZero(cmp.X) && !isZero(cmp.Y) {
			continue
		}
		for _, ref := range *cmp.Referrers() {
			if branch, ok := ref.(*ssa.If); ok {
				n := 0
				if cmp.Op == token.NEQ {
					n = 1
				}
				out = append(out, edge{branch.Block(), branch.Block().Succs[n]})
			}
		}
	}
	return out
}

// sourceFallback reports whether fn, a source, returns something else where
// what it found first is empty, and nothing but errors stands between.
func (e *engine) sourceFallback(fn *ssa.Function) (Absence, bool) {
	obj, ok := fn.Object().(*types.Func)
	if !ok {
		return Absence{}, false
	}
	m := e.index.Func(obj)
	if m == nil {
		return Absence{}, false
	}
	for _, s := range m.Sources {
		if s.Place.Base != models.Result || len(s.Place.Path) > 0 {
			continue
		}
		for _, b := range fn.Blocks {
			first, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
			if !ok || s.Place.Index >= len(first.Results) || !isString(first.Results[s.Place.Index].Type()) {
				continue
			}
			v := first.Results[s.Place.Index]
			for _, ed := range emptyEdges(v) {
				if !onlyBy(ed.from, other(ed), first) {
					continue
				}
				if ret := e.next(ed.to, s.Place.Index); ret != nil && !isZero(ret.Results[s.Place.Index]) && ret.Results[s.Place.Index] != v && !e.inScope(ret, s) {
					return Absence{Pos: ret.Pos(), Name: e.nameOf(ret.Results[s.Place.Index], ret), Dims: s.Dims, Other: first.Pos()}, true
				}
			}
		}
	}
	return Absence{}, false
}

// other returns the block that a branch goes to where it does not take ed.
func other(ed edge) *ssa.BasicBlock {
	if ed.from.Succs[0] == ed.to {
		return ed.from.Succs[1]
	}
	return ed.from.Succs[0]
}

// inScope reports whether what ret hands out is the caller's scope.
func (e *engine) inScope(ret *ssa.Return, s models.Source) bool {
	return scopeDims(e.settle(e.ev(ret.Results[s.Place.Index], "", ret), ret))&s.Dims != 0
}

// next returns the return that control comes to from a block without any
// decision but whether there is an error, nil if there is none.
func (e *engine) next(b *ssa.BasicBlock, idx int) *ssa.Return {
	for range 16 {
		switch last := b.Instrs[len(b.Instrs)-1].(type) {
		case *ssa.Return:
			return last
		case *ssa.Jump:
			b = b.Succs[0]
		case *ssa.If:
			cmp, ok := last.Cond.(*ssa.BinOp)
			if !ok || !isError(cmp.X.Type()) {
				return nil
			}
			n := 0 // err == nil: go on where it is
			if cmp.Op == token.NEQ {
				n = 1
			}
			b = b.Succs[n]
		default:
			return nil
		}
	}
	return nil
}
