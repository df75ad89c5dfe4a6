// Package sqlbuilder is a stand-in with the names and signatures that the corpus uses.
package sqlbuilder

// Cond makes conditions.
type Cond struct{ n int }

// Equal is an equality.
func (c *Cond) Equal(field string, value any) string { c.n++; return "" }

// NotEqual is its opposite.
func (c *Cond) NotEqual(field string, value any) string { c.n++; return "" }

// Or is conditions one of which holds.
func (c *Cond) Or(orExpr ...string) string { return "" }

// Var is a value in a text.
func (c *Cond) Var(value any) string { c.n++; return "" }

// NewSelectBuilder begins a SELECT.
func NewSelectBuilder() *SelectBuilder { return &SelectBuilder{} }

// SelectBuilder is a SELECT.
type SelectBuilder struct{ Cond }

// Select names columns.
func (sb *SelectBuilder) Select(col ...string) *SelectBuilder { return sb }

// From names the table.
func (sb *SelectBuilder) From(table ...string) *SelectBuilder { return sb }

// Where adds conditions.
func (sb *SelectBuilder) Where(andExpr ...string) *SelectBuilder { sb.n++; return sb }

// Build writes the statement.
func (sb *SelectBuilder) Build() (sql string, args []any) { return "", nil }

// NewInsertBuilder begins an INSERT.
func NewInsertBuilder() *InsertBuilder { return &InsertBuilder{} }

// InsertBuilder is an INSERT.
type InsertBuilder struct{ n int }

// InsertInto names the table.
func (ib *InsertBuilder) InsertInto(table string) *InsertBuilder { return ib }

// Cols names the columns.
func (ib *InsertBuilder) Cols(col ...string) *InsertBuilder { return ib }

// Values adds a row.
func (ib *InsertBuilder) Values(value ...any) *InsertBuilder { ib.n++; return ib }

// Build writes the statement.
func (ib *InsertBuilder) Build() (sql string, args []any) { return "", nil }

// Exists is a condition on a query.
func (c *Cond) Exists(subquery any) string { return "" }

// Args is arguments.
type Args struct{ n int }

// WhereClause is conditions that are kept apart.
type WhereClause struct{ n int }

// NewWhereClause begins them.
func NewWhereClause() *WhereClause { return &WhereClause{} }

// AddWhereExpr adds conditions.
func (wc *WhereClause) AddWhereExpr(args *Args, andExpr ...string) *WhereClause { wc.n++; return wc }

// NewCond makes conditions.
func NewCond() *Cond { return &Cond{} }

// AddWhereClause adds conditions.
func (sb *SelectBuilder) AddWhereClause(whereClause *WhereClause) *SelectBuilder { sb.n++; return sb }

// Struct is a row.
type Struct struct{ n int }

// NewStruct returns the row that a struct is.
func NewStruct(structValue any) *Struct { return &Struct{} }

// SelectFrom begins a SELECT.
func (s *Struct) SelectFrom(table string) *SelectBuilder { return &SelectBuilder{} }

// InsertInto begins an INSERT.
func (s *Struct) InsertInto(table string, value ...any) *InsertBuilder { return &InsertBuilder{} }
