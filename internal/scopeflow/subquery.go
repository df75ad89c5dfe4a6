package scopeflow

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/sqlscope"
)

// A query has to do with other rows than those that it finds: with those of queries
// that stand in its conditions, or in place of its table, and with those that it makes
// for want of one that fits.

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
