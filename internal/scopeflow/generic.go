package scopeflow

import (
	"fmt"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// A repository of rows of any kind runs statements on a table that only those know
// who say of which kind the rows are. What restricts such a statement, by each column
// that may be the owner's, is a part of the summary; whoever calls with a type of
// rows is judged by the columns which that has.

// A Generic is a statement on rows of a type parameter.
type Generic struct {
	Type    int // which of the function's type parameters; of a method, its receiver's
	Op      models.Op
	What    string // the sink, as messages call it
	Columns []ColumnFlow
	ID      Value // as in Access
	Unbound bool
	At      Position
}

// A ColumnFlow is what restricts a column, in terms of the parameters.
type ColumnFlow struct {
	Column Path
	Value  Value
}

// maxGenerics bounds how many such statements a summary tells of.
const maxGenerics = 12

// generics returns the statements that fn, which has type parameters, runs on rows of
// their types, itself or by what it calls.
func (e *engine) generics(fn *ssa.Function) []Generic {
	if fn.TypeParams().Len() == 0 {
		return nil
	}
	return memo(&e.genericOf, fn, func() []Generic {
		var out []Generic
		e.instrs(fn, func(in ssa.Instruction) {
			call, ok := in.(ssa.CallInstruction)
			if !ok || len(out) >= maxGenerics {
				return
			}
			common := call.Common()
			if m := e.rowsFor(callee(common), common); m != nil {
				for i := range m.Sinks {
					if g, ok := e.generic(fn, call, &m.Sinks[i]); ok {
						out = append(out, g)
					}
				}
				return
			}
			for _, g := range e.genericsAt(call) {
				if n := typeParam(typeArg(common, g.Type), fn); n >= 0 {
					out = append(out, e.passedOn(g, n, call))
				}
			}
		})
		return out[:min(len(out), maxGenerics)]
	})
}

// generic returns the statement that a call runs by a row on rows of a type parameter
// of fn.
func (e *engine) generic(fn *ssa.Function, call ssa.CallInstruction, row *models.Sink) (Generic, bool) {
	if !row.IsQuery() || row.SQL != nil || len(e.need(row)) == 0 {
		return Generic{}, false
	}
	n := e.rowsParam(fn, call, row)
	if n < 0 {
		return Generic{}, false
	}
	g := Generic{Type: n, Op: row.Op, What: e.sinkName(callee(call.Common()), call.Common()), Unbound: row.Unbound,
		ID: e.foundByQuery(row, call), At: e.position(call.Pos())}
	for _, column := range e.columnNames() {
		val := unrestricted()
		if !row.Unbound {
			val = e.queryColumn(row, call, ScopeColumn{step: column}, val)
		}
		g.Columns = append(g.Columns, ColumnFlow{column, val})
	}
	return g, true
}

// rowTypeOf returns which type parameter of fn the rows are of that t is, points to, or is
// a list of; -1 if of none.
func rowTypeOf(t types.Type, fn *ssa.Function) int {
	for range 4 {
		switch u := types.Unalias(t).(type) {
		case *types.Pointer:
			t = u.Elem()
			continue
		case *types.Slice:
			t = u.Elem()
			continue
		}
		break
	}
	return typeParam(t, fn)
}

// rowTypeMark is how a query tells the type of its rows, a type parameter, to those who
// ask for its table in the same function.
func rowTypeMark(n int, in *ssa.Function) string {
	return fmt.Sprintf("%s<%d>", outermost(in).RelString(nil), n)
}

// rowTypeIn returns the number of the type parameter of a function that text tells.
func rowTypeIn(text string, in *ssa.Function) (int, bool) {
	for n := range outermost(in).TypeParams().Len() {
		if text == rowTypeMark(n, in) {
			return n, true
		}
	}
	return 0, false
}

// rowsParam returns which type parameter of fn the rows are of that a call reads or
// writes by a row, -1 if of none.
func (e *engine) rowsParam(fn *ssa.Function, call ssa.CallInstruction, row *models.Sink) int {
	if t := e.tableOf(row, call); t.rows != nil || t.name != "" || t.missing != "" {
		return -1
	} else if t.param > 0 {
		return t.param - 1
	}
	for _, p := range slices.Concat(row.Table, row.Rows) {
		v := argument(call.Common(), placeNumber(p))
		if v == nil || p.Base == models.Result || len(p.Path) > 0 {
			continue
		}
		if n := rowTypeOf(unboxed(v).Type(), fn); n >= 0 {
			return n
		}
	}
	return -1
}

// genericsAt returns what the function says that a call names of statements on rows
// of its type parameters.
func (e *engine) genericsAt(call ssa.CallInstruction) []Generic {
	common := call.Common()
	if fn := e.body(common); fn != nil {
		return e.generics(fn)
	}
	if s := e.fact(callee(common)); s != nil && !common.IsInvoke() {
		return s.Generics
	}
	return nil
}

// typeArg returns what the n-th type parameter of the function is in a call of it, nil
// if that is not known.
func typeArg(common *ssa.CallCommon, n int) types.Type {
	fn := common.StaticCallee()
	if fn == nil || n >= len(fn.TypeArgs()) {
		return nil
	}
	return fn.TypeArgs()[n]
}

// passedOn returns g as the function has it that makes a call, whose n-th type
// parameter the rows are of.
func (e *engine) passedOn(g Generic, n int, call ssa.CallInstruction) Generic {
	g.Type = n
	g.ID = e.settle(e.subst(g.ID, call.Common(), call), call)
	g.Columns = slices.Clone(g.Columns)
	for i, c := range g.Columns {
		g.Columns[i].Value = e.settle(e.subst(c.Value, call.Common(), call), call)
	}
	return g
}

// handedRows returns what restricts a column, or what it is set to in rows that the
// call hands in.
func (e *engine) handedRows(c ColumnFlow, common *ssa.CallCommon, call ssa.CallInstruction) Value {
	return e.substWith(c.Value, common, call, func(arg ssa.Value, path Path) (Value, bool) {
		if path != c.Column || rowsOf(arg) == nil {
			return Value{}, false
		}
		return e.written(arg, path, call), true
	})
}

// rowTypeAccesses returns the accesses of a call that says of which type the rows are of
// a statement.
func (e *engine) rowTypeAccesses(owner *ssa.Function, call ssa.CallInstruction) []*Access {
	var out []*Access
	common := call.Common()
	for _, g := range e.genericsAt(call) {
		t := typeArg(common, g.Type)
		if t == nil {
			continue
		}
		rows := rowsIn(t)
		if rows == nil {
			continue
		}
		fn := callee(common)
		a := &Access{Kind: models.Query, Op: g.Op, What: funcName(fn), Entity: rows.Obj().Name(), Unbound: g.Unbound, Owner: owner, Instr: call, Pos: call.Pos(),
			ID: e.settle(e.subst(g.ID, common, call), call), Compared: e.policy.ComparedLater(e.pass.Pkg.Path()) || e.policy.ComparedLater(fn.Pkg().Path()),
			Steps: []Step{{Pos: g.At, Msg: g.What + " is run here, on rows of any kind"}}, handed: handed(g.ID, common)}
		for _, col := range e.scopeColumns(rows.Obj()) {
			if !slices.ContainsFunc(e.needKind(models.Query), func(need models.Dims) bool { return need&col.Need != 0 }) {
				continue
			}
			i := slices.IndexFunc(g.Columns, func(c ColumnFlow) bool { return c.Column == col.step })
			if i < 0 {
				continue
			}
			col.Value = e.settle(e.handedRows(g.Columns[i], common, call), call)
			a.Need = append(a.Need, col.Need)
			a.Columns = append(a.Columns, col)
		}
		if len(a.Need) > 0 {
			a.Key = keyOfColumns(a.Columns)
			out = append(out, a)
		}
	}
	return out
}
