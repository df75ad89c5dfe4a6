package scopeflow

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/sqlscope"
)

// assignMark leads a column that a query is asked for as it would set it in rows
// that it makes.
const assignMark Path = columnMark + ":"

// assigning returns what a condition sets a column to in a row that is made for
// want of one that fits: a text is not taken apart for that.
func (e *engine) assigning(fl *models.Flow, call ssa.CallInstruction, column Path) Value {
	cond, _, ok := e.conditionParts(fl.From, call)
	switch {
	case !ok:
		return e.opaque(call.Pos(), "a condition")
	case cond == nil || isString(unboxed(cond).Type()) || isKey(unboxed(cond).Type()) || e.isQuery(unboxed(cond).Type()):
		return unrestricted()
	}
	return e.ev(cond, column, call)
}

// assigned returns what the query at a place of a call sets a column to in rows
// that it makes.
func (e *engine) assigned(p models.Place, call ssa.CallInstruction, column Path) Value {
	return e.restrictedBy(p, call, assignMark+column[1:], true)
}

// subQueries returns what a condition's text restricts a column to by identifiers
// that are those of the rows of another query: "id IN (?)".
func (a sqlArgs) subQueries(t sqlText, stmt *sqlscope.Statement, occ int, column Path) Value {
	out := unrestricted()
	for _, name := range t.idNames() {
		for _, p := range stmt.Restricted(occ, name).Proofs {
			if len(p.Undo) > 0 || len(p.Values) != 1 {
				continue
			}
			sub := a.query(p.Values[0])
			if sub == nil {
				continue
			}
			val := a.e.ev(sub, column, a.at)
			if val.has(func(*Atom) bool { return true }) && !a.e.names(name, sub, a.at) {
				val = a.e.opaque(a.pos, "a sub-query")
			}
			out = concat(out, val)
		}
	}
	return out
}

// query returns the query that stands for a placeholder, nil if none does.
func (a sqlArgs) query(v sqlscope.Value) ssa.Value {
	i := v.Index - 1
	if v.Kind != sqlscope.Placeholder || v.Name != "" || v.HolesBefore > 0 || !a.ok || i < 0 || i >= len(a.list) {
		return nil
	}
	if sub := unboxed(a.list[i]); a.e.isQuery(sub.Type()) {
		return sub
	}
	return nil
}

// names reports whether the column of that name holds the identifier of a row that
// query sub finds: its own, or that of what it belongs to.
func (e *engine) names(name string, sub ssa.Value, at ssa.Instruction) bool {
	if selected, ok := e.knownText(sub, namesStep, at); !ok || !strings.EqualFold(strings.TrimSuffix(selected, ","), "id") {
		return false
	}
	if strings.EqualFold(name, "id") {
		return true
	}
	of, _ := e.tableIn(sub, "", &models.Sink{Kind: models.Query}, at)
	return of.rows != nil && models.ColumnName(name) == models.ColumnName(of.rows.Obj().Name()+"ID")
}

// fromQuery returns the query that stands where a table is named, as in "(?) AS t",
// nil if none does.
func (e *engine) fromQuery(fl *models.Flow, call ssa.CallInstruction) ssa.Value {
	if len(fl.From) < 2 {
		return nil
	}
	text, ok := e.knownText(argument(call.Common(), placeNumber(fl.From[0])), "", call)
	words := strings.Fields(text)
	if !ok || len(words) == 0 || words[0] != "(?)" || slices.Contains(words, ",") {
		return nil
	}
	args := e.sqlArgs(&fl.From[1], call.Common(), call)
	if len(args.lists) != 1 || len(args.lists[0]) != 1 {
		return nil
	}
	if sub := unboxed(args.lists[0][0]); e.isQuery(sub.Type()) {
		return sub
	}
	return nil
}

// asFunction answers for a predicate that is a function on a query: what it
// restricts the query to that it is handed. The second result is false if v is none
// whose body is in sight.
func (e *engine) asFunction(v ssa.Value, column Path) (Value, bool) {
	sig, ok := v.Type().Underlying().(*types.Signature)
	if !ok || sig.Params().Len() == 0 || sig.Results().Len() > 0 || !e.isQuery(sig.Params().At(0).Type()) {
		return Value{}, false
	}
	fn := e.funcOf(v)
	if fn == nil || len(fn.Blocks) == 0 || fn.Signature.Recv() != nil {
		return Value{}, false
	}
	query := fn.Params[0]
	var out Value
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			out = join(out, e.ev(query, column, ret))
		}
	}
	return out.mapAlts(func(alt Alt) Alt {
		alt.Parts = slices.DeleteFunc(slices.Clone(alt.Parts), func(a Atom) bool {
			return a.Pos == query.Pos() && (a.Kind == Param || a.Kind == Opaque) // what it was restricted to before
		})
		return alt
	}), true
}

// folded answers for a query to which a loop applies the functions of a list, one
// after the other: what it was before, and what all of them make of it.
func (e *engine) folded(v *ssa.Phi, path Path, at ssa.Instruction) (Value, bool) {
	base, column := path.column()
	list, _, _ := e.loopOver(v.Block())
	if base != "" || column == "" || isSession(column) || list == nil || len(v.Edges) != 2 {
		return Value{}, false
	}
	for i, edge := range v.Edges {
		c, ok := edge.(*ssa.Call)
		if ok && len(c.Call.Args) > 0 && c.Call.Args[0] == v && isElement(c.Call.Value, list) {
			return concat(e.ev(v.Edges[1-i], path, at), e.ev(list, allElems+called+column, at)), true
		}
	}
	return Value{}, false
}

// isElement reports whether v is an element of a list.
func isElement(v, list ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	at, ok := load.X.(*ssa.IndexAddr)
	return ok && at.X == list
}

// calledQuery answers for what function value v makes of a query, without what that
// was restricted to before.
func (e *engine) calledQuery(v ssa.Value, column Path, at ssa.Instruction) Value {
	switch v := v.(type) {
	case *ssa.Parameter:
		return e.param(v, called+column)
	case *ssa.FreeVar:
		if b, ok := e.binding(v); ok {
			return e.ev(b, called+column, nil)
		}
	}
	if in, ok := v.(ssa.Instruction); ok && at == nil {
		at = in
	}
	if fn := e.funcOf(v); fn != nil && at == nil && len(fn.Blocks) > 0 {
		at = fn.Blocks[0].Instrs[0]
	}
	if at == nil {
		return e.opaque(v.Pos(), "a function on the query")
	}
	return e.application(v, func(Path) Value { return unrestricted() }, at, column)
}
