package scopeflow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Lists that functions of this package return are known by their elements, each as the
// call sees it: the columns of a table and its values, in the same order.

// A returnedElem is an element of a list that a call returns: a value of the function
// that runs, as the call has it. It is a value beside those of the SSA form.
type returnedElem struct {
	elem ssa.Value
	call *ssa.Call
	ret  *ssa.Return
}

func (r returnedElem) Name() string                  { return r.elem.Name() }
func (r returnedElem) String() string                { return r.elem.String() + " of " + r.call.String() }
func (r returnedElem) Type() types.Type              { return r.elem.Type() }
func (r returnedElem) Parent() *ssa.Function         { return r.call.Parent() }
func (r returnedElem) Referrers() *[]ssa.Instruction { return nil }
func (r returnedElem) Pos() token.Pos                { return r.call.Pos() }

// unboxed is [unboxed] of the element.
func (r returnedElem) unboxed() ssa.Value {
	switch x := r.elem.(type) {
	case *ssa.MakeInterface:
		r.elem = x.X
	case returnedElem:
		r.elem = x.unboxed()
	}
	return r
}

// returnedElements returns the elements of the list that is the idx-th result of a call;
// false if the function is not known, or not what it returns.
func (e *engine) returnedElements(c *ssa.Call, idx, depth int) ([][]ssa.Value, bool) {
	bodies := e.bodies(c.Common())
	if len(bodies) != 1 || e.outOfKind(c) || bodies[0].Parent() != nil || bodies[0].Recover != nil || e.rowsFor(callee(c.Common()), c.Common()) != nil {
		return nil, false
	}
	if e.guards(bodies[0]) || e.changed(c, idx) {
		return nil, false
	}
	var out [][]ssa.Value
	for _, b := range bodies[0].Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || idx >= len(ret.Results) || e.failing(ret) || e.dead(ret) {
			continue
		}
		lists, ok := e.elementsOf(ret.Results[idx], map[*ssa.Phi][][]ssa.Value{}, depth+8)
		if !ok || len(out)+len(lists) > maxAlts {
			return nil, false
		}
		for _, list := range lists {
			seen := make([]ssa.Value, len(list))
			for i, elem := range list {
				if seen[i] = elem; !isConst(unboxed(elem)) {
					seen[i] = returnedElem{elem, c, ret}
				}
			}
			out = append(out, seen)
		}
	}
	return out, len(out) > 0
}

// changed reports whether the list that is the idx-th result of a call is sorted later, or
// gets other elements.
func (e *engine) changed(c *ssa.Call, idx int) bool {
	list := ssa.Value(c)
	if _, ok := c.Type().(*types.Tuple); ok {
		list = nil
		for _, ref := range *c.Referrers() {
			if x, ok := ref.(*ssa.Extract); ok && x.Index == idx {
				list = x
			}
		}
		if list == nil {
			return false
		}
	}
	return slices.ContainsFunc(*list.Referrers(), func(ref ssa.Instruction) bool {
		switch r := ref.(type) {
		case *ssa.IndexAddr:
			return !e.reads(r, list)
		case ssa.CallInstruction:
			if b, ok := r.Common().Value.(*ssa.Builtin); ok {
				return b.Name() == "copy" && r.Common().Args[0] == list || b.Name() == "clear"
			}
			fn := callee(r.Common())
			return fn != nil && fn.Pkg() != nil && (fn.Pkg().Path() == "sort" || fn.Pkg().Path() == "slices")
		case *ssa.MakeInterface, *ssa.ChangeType, *ssa.Slice, *ssa.Store, *ssa.MapUpdate:
			return true // may be changed by another name
		}
		return false
	})
}

// alike returns the elements of a list that was made as long as another, each of which a
// loop over that sets to the same constant: placeholders, one for each column.
func (e *engine) alike(made *ssa.MakeSlice, open map[*ssa.Phi][][]ssa.Value, depth int) ([][]ssa.Value, bool) {
	size, ok := made.Len.(*ssa.Call)
	if !ok {
		return nil, false
	}
	if b, ok := size.Call.Value.(*ssa.Builtin); !ok || b.Name() != "len" {
		return nil, false
	}
	var set *ssa.Store
	var reads []ssa.Instruction
	for _, ref := range *made.Referrers() {
		at, ok := ref.(*ssa.IndexAddr)
		switch {
		case ok && set == nil && len(*at.Referrers()) == 1:
			if set, ok = (*at.Referrers())[0].(*ssa.Store); !ok || set.Addr != at || !isConst(unboxed(set.Val)) {
				return nil, false
			}
		case !ok && e.reads(ref, made):
			reads = append(reads, ref)
		default:
			return nil, false
		}
	}
	if set == nil {
		return nil, false
	}
	for _, head := range made.Parent().Blocks {
		list, body, done := e.loopOver(head)
		if list == nil || !body.Dominates(set.Block()) || !isCounter(set.Addr.(*ssa.IndexAddr).Index, head) {
			continue
		}
		lists, ok := e.elementsOf(size.Call.Args[0], open, depth+1)
		if !ok {
			return nil, false
		}
		if list != made && list != size.Call.Args[0] {
			over, ok := e.elementsOf(list, open, depth+1)
			if !ok || len(over) != 1 || len(lists) != 1 || len(over[0]) != len(lists[0]) {
				return nil, false
			}
		}
		for _, p := range head.Preds { // every turn sets one
			if body.Dominates(p) && !set.Block().Dominates(p) {
				return nil, false
			}
		}
		for _, r := range reads {
			if b, ok := r.(*ssa.Call); ok && r.Block() == made.Block() {
				if f, ok := b.Call.Value.(*ssa.Builtin); ok && f.Name() == "len" {
					continue // how many turns there are
				}
			}
			if len(done.Preds) != 1 || !done.Dominates(r.Block()) {
				return nil, false
			}
		}
		var out [][]ssa.Value
		for _, list := range lists {
			same := make([]ssa.Value, len(list))
			for i := range same {
				same[i] = set.Val
			}
			out = append(out, same)
		}
		return out, true
	}
	return nil, false
}

// isCounter reports whether v is what the loop with that head compares with the length of
// its list: the number of the turn.
func isCounter(v ssa.Value, head *ssa.BasicBlock) bool {
	branch, ok := head.Instrs[len(head.Instrs)-1].(*ssa.If)
	if !ok {
		return false
	}
	c, ok := branch.Cond.(*ssa.BinOp)
	return ok && c.X == v
}
