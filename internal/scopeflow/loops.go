package scopeflow

import (
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// A check of each element of a list is a check of the list once the loop over
// it is done.

// throughLoops returns cuts, the edges of checks of x, with those by which the
// loops over all of a list's elements, of which x is one, are left, where no turn
// of the loop gets past the checks.
func (e *engine) throughLoops(x Atom, fn *ssa.Function, cuts []edge) []edge {
	if len(cuts) == 0 {
		return cuts
	}
	for _, head := range fn.Blocks {
		list, body, done := e.loopOver(head)
		if list == nil || !e.holdsThing(list, x, head) {
			continue
		}
		if !reaches(body, head, append(e.seenEdges(x, body), cuts...)) {
			cuts = append(cuts, edge{head, done})
		}
	}
	return cuts
}

// loopOver returns the list whose elements a loop takes one after the other,
// from the first to the last, and where its head leads: nil if it is no such head.
func (e *engine) loopOver(head *ssa.BasicBlock) (list ssa.Value, body, done *ssa.BasicBlock) {
	branch, ok := head.Instrs[len(head.Instrs)-1].(*ssa.If)
	if !ok {
		return nil, nil, nil
	}
	body, done = head.Succs[0], head.Succs[1]
	switch c := branch.Cond.(type) {
	case *ssa.Extract:
		next, ok := c.Tuple.(*ssa.Next)
		if !ok || next.IsString || c.Index != 0 {
			return nil, nil, nil
		}
		return next.Iter.(*ssa.Range).X, body, done
	case *ssa.BinOp:
		size, ok := c.Y.(*ssa.Call)
		if !ok || c.Op != token.LSS || !counts(c.X, head) {
			return nil, nil, nil
		}
		if b, ok := size.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
			return size.Call.Args[0], body, done
		}
	}
	return nil, nil, nil
}

// counts reports whether v counts the turns of the loop with that head, from 0 on.
func counts(v ssa.Value, head *ssa.BasicBlock) bool {
	start := int64(0)
	if sum, ok := v.(*ssa.BinOp); ok && oneMore(sum) {
		start, v = -1, sum.X // a range counts before it looks
	}
	phi, ok := v.(*ssa.Phi)
	if !ok || phi.Block() != head {
		return false
	}
	for _, edge := range phi.Edges {
		switch x := edge.(type) {
		case *ssa.Const:
			if x.Value == nil || x.Int64() != start {
				return false
			}
		case *ssa.BinOp:
			if !oneMore(x) || x.X != phi {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// oneMore reports whether sum is something plus one.
func oneMore(sum *ssa.BinOp) bool {
	k, ok := sum.Y.(*ssa.Const)
	return ok && sum.Op == token.ADD && k.Value != nil && k.Int64() == 1
}

// holdsThing reports whether x is all that an element of the list names.
func (e *engine) holdsThing(list ssa.Value, x Atom, head *ssa.BasicBlock) bool {
	val := e.ev(list, models.Elem, head.Instrs[0])
	return val.has(func(p *Atom) bool {
		return !p.Selected && p.Kind == x.Kind && p.Root == x.Root && strings.HasPrefix(string(x.Path), string(p.Path)) && strings.HasPrefix(x.Text, p.Text)
	})
}

// seenEdges returns the edges in a loop that are taken only where an element
// with the same identifier was met in a turn before: it was found in a map which
// only this loop fills, with the identifiers that it meets.
func (e *engine) seenEdges(x Atom, body *ssa.BasicBlock) []edge {
	var out []edge
	for _, b := range body.Parent().Blocks {
		branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok || !body.Dominates(b) {
			continue
		}
		look := lookupOf(branch.Cond)
		if look == nil || !e.isThing(look.Index, x, look) {
			continue
		}
		kept, ok := look.X.(*ssa.MakeMap)
		if !ok {
			continue
		}
		own := true
		for _, ref := range *kept.Referrers() {
			switch r := ref.(type) {
			case *ssa.MapUpdate:
				own = own && r.Map == kept && body.Dominates(r.Block()) && e.isThing(r.Key, x, r)
			case *ssa.Lookup, *ssa.DebugRef:
			default:
				own = false
			}
		}
		if own {
			out = append(out, edge{b, b.Succs[0]})
		}
	}
	return out
}

// lookupOf returns the lookup in a map that says whether there is an entry, or
// of a set's entry, nil if cond is none.
func lookupOf(cond ssa.Value) *ssa.Lookup {
	if x, ok := cond.(*ssa.Extract); ok && x.Index == 1 {
		look, _ := x.Tuple.(*ssa.Lookup)
		return look
	}
	look, _ := cond.(*ssa.Lookup)
	return look
}

// isThing reports whether v is made of x alone.
func (e *engine) isThing(v ssa.Value, x Atom, at ssa.Instruction) bool {
	t := things(e.ev(v, "", at))
	return len(t) == 1 && sameThing(t[0], x)
}
