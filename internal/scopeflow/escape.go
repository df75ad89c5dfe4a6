package scopeflow

import (
	"go/constant"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/sqlscope"
)

// Escapes returns the calls that put an OR, without parentheses around it,
// beside the conditions of a query that their function was handed: those hold
// for one side of the OR only, whatever they are. They are in the order of the
// source.
func (r *Result) Escapes() []*Access {
	if r.e == nil || r.e.index == nil {
		return nil
	}
	e := r.e
	var out []*Access
	for _, owner := range e.funcs {
		e.instrs(owner, func(in ssa.Instruction) {
			call, ok := in.(*ssa.Call)
			if !ok {
				return
			}
			fn := callee(call.Common())
			m := e.rowsFor(fn, call.Common())
			if m == nil || !slices.ContainsFunc(m.Flows, func(fl models.Flow) bool { return e.escapes(&fl, call) }) {
				return
			}
			out = append(out, &Access{Kind: models.Query, What: e.sinkName(fn, call.Common()), Owner: owner, Instr: call, Pos: call.Pos()})
		})
	}
	return out
}

// escapes reports whether a row puts an OR beside the conditions of a query that
// the function around the call was handed.
func (e *engine) escapes(fl *models.Flow, call *ssa.Call) bool {
	switch {
	case fl.NoTo || !e.handedQuery(argument(call.Common(), Receiver)):
		return false
	case fl.How == models.Or || e.alternative(fl, call):
		return true
	case fl.How != models.Condition || !fl.Bare:
		return false
	}
	cond, _, ok := e.conditionParts(fl.From, call)
	if !ok || cond == nil {
		return false
	}
	v := unboxed(cond)
	return isString(v.Type()) && (e.topOr(v, call) || e.piecedOr(v))
}

// handedQuery reports whether v is a query that the function was handed, perhaps
// with more conditions.
func (e *engine) handedQuery(v ssa.Value) bool {
	for range 8 {
		switch x := v.(type) {
		case *ssa.Parameter:
			return !e.isHandle(x.Type()) && e.ev(x, idStep, nil).has(func(*Atom) bool { return true })
		case *ssa.Call:
			m := e.rowsFor(callee(x.Common()), x.Common())
			if m == nil || !slices.ContainsFunc(m.Flows, func(fl models.Flow) bool {
				return restricts(fl.How) && slices.ContainsFunc(fl.From, func(p models.Place) bool { return placeNumber(p) == Receiver })
			}) {
				return false
			}
			v = argument(x.Common(), Receiver)
		case *ssa.UnOp:
			if v = e.setOnce(x.X); v == nil {
				return false
			}
		default:
			return false
		}
	}
	return false
}

// setOnce returns what a variable that a literal sees, too, was set to, nil if it
// was set more than once.
func (e *engine) setOnce(addr ssa.Value) ssa.Value {
	alloc, ok := addr.(*ssa.Alloc)
	if !ok {
		return nil
	}
	var out ssa.Value
	for _, w := range e.writesTo(alloc) {
		if st, ok := w.instr.(*ssa.Store); ok {
			if out != nil || w.sub != "" {
				return nil
			}
			out = st.Val
		}
	}
	return out
}

// piecedOr reports whether an OR stands outside of parentheses in a text that is
// written piece by piece, in whichever order and however often: in a piece that
// closes as many as all others can open.
func (e *engine) piecedOr(v ssa.Value) bool {
	pieces := e.pieces(v, 0)
	depth := 0
	for _, p := range pieces {
		depth += max(0, opens(p))
	}
	return slices.ContainsFunc(pieces, func(p string) bool {
		text := strings.Repeat("(", depth-max(0, opens(p))) + p
		return e.scan(sqlText{text: sqlscope.Plain(text)}, sqlscope.WhereForm).TopOr
	})
}

// opens returns how many more parentheses a text opens than it closes.
func opens(text string) int { return strings.Count(text, "(") - strings.Count(text, ")") }

// pieces returns the constant texts that v is put together from, by +, in a
// builder, or in the function of this package that returns it.
func (e *engine) pieces(v ssa.Value, depth int) []string {
	if depth > 6 {
		return nil
	}
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value != nil && v.Value.Kind() == constant.String {
			return []string{constant.StringVal(v.Value)}
		}
	case *ssa.BinOp:
		return append(e.pieces(v.X, depth+1), e.pieces(v.Y, depth+1)...)
	case *ssa.Extract:
		if c, ok := v.Tuple.(*ssa.Call); ok {
			return e.returnedPieces(c, v.Index, depth)
		}
	case *ssa.Call:
		recv := argument(v.Common(), Receiver)
		if recv == nil || e.body(v.Common()) != nil {
			return e.returnedPieces(v, 0, depth)
		}
		if alloc, _ := e.root(recv); isAlloc(alloc) {
			return e.writtenPieces(alloc.(*ssa.Alloc))
		}
	}
	return nil
}

// returnedPieces returns the pieces of a result of a call.
func (e *engine) returnedPieces(c *ssa.Call, idx, depth int) []string {
	body := e.body(c.Common())
	if body == nil {
		return nil
	}
	var out []string
	for _, b := range body.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && idx < len(ret.Results) {
			out = append(out, e.pieces(ret.Results[idx], depth+1)...)
		}
	}
	return out
}

// writtenPieces returns the pieces that are written to a builder.
func (e *engine) writtenPieces(builder *ssa.Alloc) []string {
	var out []string
	for _, w := range e.writesTo(builder) {
		if w.mode != appendTo || w.val == nil {
			continue
		}
		for _, alt := range w.val("").Alts {
			for _, p := range alt.Parts {
				if p.Kind == Constant && !p.Mixed {
					out = append(out, p.Text)
				}
			}
		}
	}
	return out
}
