// Package goqu is a stand-in with the names and signatures that the corpus uses.
package goqu

import "github.com/doug-martin/goqu/v9/exp"

// Ex is columns and the values that they equal.
type Ex = exp.Ex

// Record is columns and values.
type Record = exp.Record

type column string

func (c column) Expression() exp.Expression       { return c }
func (c column) Eq(any) exp.BooleanExpression     { return c }
func (c column) Neq(any) exp.BooleanExpression    { return c }
func (c column) Col(any) exp.IdentifierExpression { return c }

func (c column) Like(any) exp.BooleanExpression  { return c }
func (c column) In(...any) exp.BooleanExpression { return c }

// ExOr is columns and the values one of which equals.
type ExOr = exp.ExOr

// Op is operators.
type Op = exp.Op

// C is a column.
func C(col string) exp.IdentifierExpression { return column(col) }

// T is a table.
func T(table string) exp.IdentifierExpression { return column(table) }

// Or is conditions one of which holds.
func Or(expressions ...exp.Expression) exp.ExpressionList { return column("") }

// From begins a SELECT.
func From(table ...any) *SelectDataset { return &SelectDataset{} }

// Insert begins an INSERT.
func Insert(table any) *InsertDataset { return &InsertDataset{} }

// Delete begins a DELETE.
func Delete(table any) *DeleteDataset { return &DeleteDataset{} }

// SelectDataset is a SELECT.
type SelectDataset struct{ n int }

// Where adds conditions.
func (sd *SelectDataset) Where(expressions ...exp.Expression) *SelectDataset {
	return &SelectDataset{sd.n + 1}
}

// ToSQL writes the statement.
func (sd *SelectDataset) ToSQL() (sql string, params []any, err error) { return "", nil, nil }

// DeleteDataset is a DELETE.
type DeleteDataset struct{ n int }

// Where adds conditions.
func (dd *DeleteDataset) Where(expressions ...exp.Expression) *DeleteDataset {
	return &DeleteDataset{dd.n + 1}
}

// ToSQL writes the statement.
func (dd *DeleteDataset) ToSQL() (sql string, params []any, err error) { return "", nil, nil }

// InsertDataset is an INSERT.
type InsertDataset struct{ n int }

// Rows adds rows.
func (id *InsertDataset) Rows(rows ...any) *InsertDataset { return &InsertDataset{id.n + 1} }

// ToSQL writes the statement.
func (id *InsertDataset) ToSQL() (sql string, params []any, err error) { return "", nil, nil }

// And is conditions all of which hold.
func And(expressions ...exp.Expression) exp.ExpressionList { return column("") }

// Expression returns the statement.
func (sd *SelectDataset) Expression() exp.Expression { return sd }

// Union adds the rows of another.
func (sd *SelectDataset) Union(other *SelectDataset) *SelectDataset { return &SelectDataset{sd.n + 1} }

// With names a query.
func (sd *SelectDataset) With(name string, subquery exp.Expression) *SelectDataset {
	return &SelectDataset{sd.n + 1}
}
