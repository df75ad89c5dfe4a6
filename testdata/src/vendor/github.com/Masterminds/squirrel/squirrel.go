// Package squirrel is a stand-in with the names and signatures that the corpus uses.
package squirrel

import (
	"context"
	"database/sql"
)

// Sqlizer is a part of a statement.
type Sqlizer interface {
	ToSql() (string, []any, error)
}

// Eq is columns and the values that they equal.
type Eq map[string]any

// ToSql writes the condition.
func (Eq) ToSql() (string, []any, error) { return "", nil, nil }

// NotEq is columns and the values that they differ from.
type NotEq Eq

// ToSql writes the condition.
func (NotEq) ToSql() (string, []any, error) { return "", nil, nil }

// And is conditions all of which hold.
type And []Sqlizer

// ToSql writes the condition.
func (And) ToSql() (string, []any, error) { return "", nil, nil }

// Or is conditions one of which holds.
type Or []Sqlizer

// ToSql writes the condition.
func (Or) ToSql() (string, []any, error) { return "", nil, nil }

// Expr is a condition.
func Expr(sql string, args ...any) Sqlizer { return Eq{} }

// PlaceholderFormat is how placeholders are written.
type PlaceholderFormat interface {
	ReplacePlaceholders(sql string) (string, error)
}

// BaseRunner runs statements.
type BaseRunner interface {
	Exec(query string, args ...any) (sql.Result, error)
	Query(query string, args ...any) (*sql.Rows, error)
}

// StatementBuilderType begins statements.
type StatementBuilderType struct{ n int }

// StatementBuilder begins statements.
var StatementBuilder = StatementBuilderType{}

// RunWith says what runs the statements.
func (b StatementBuilderType) RunWith(runner BaseRunner) StatementBuilderType { return b }

// Select begins a SELECT.
func (b StatementBuilderType) Select(columns ...string) SelectBuilder { return SelectBuilder{} }

// Select begins a SELECT.
func Select(columns ...string) SelectBuilder { return SelectBuilder{} }

// Update begins an UPDATE.
func Update(table string) UpdateBuilder { return UpdateBuilder{} }

// Delete begins a DELETE.
func Delete(from string) DeleteBuilder { return DeleteBuilder{} }

// Insert begins an INSERT.
func Insert(into string) InsertBuilder { return InsertBuilder{} }

// SelectBuilder is a SELECT.
type SelectBuilder struct{ n int }

// From names the table.
func (b SelectBuilder) From(from string) SelectBuilder { return b }

// Where adds a condition.
func (b SelectBuilder) Where(pred any, args ...any) SelectBuilder { return b }

// OrderBy sorts the rows.
func (b SelectBuilder) OrderBy(orderBys ...string) SelectBuilder { return b }

// RunWith says what runs the statement.
func (b SelectBuilder) RunWith(runner BaseRunner) SelectBuilder { return b }

// QueryContext runs the statement.
func (b SelectBuilder) QueryContext(ctx context.Context) (*sql.Rows, error) { return nil, ctx.Err() }

// ToSql writes the statement.
func (b SelectBuilder) ToSql() (string, []any, error) { return "", nil, nil }

// UpdateBuilder is an UPDATE.
type UpdateBuilder struct{ n int }

// Set sets a column.
func (b UpdateBuilder) Set(column string, value any) UpdateBuilder { return b }

// Where adds a condition.
func (b UpdateBuilder) Where(pred any, args ...any) UpdateBuilder { return b }

// RunWith says what runs the statement.
func (b UpdateBuilder) RunWith(runner BaseRunner) UpdateBuilder { return b }

// ExecContext runs the statement.
func (b UpdateBuilder) ExecContext(ctx context.Context) (sql.Result, error) { return nil, ctx.Err() }

// DeleteBuilder is a DELETE.
type DeleteBuilder struct{ n int }

// Where adds a condition.
func (b DeleteBuilder) Where(pred any, args ...any) DeleteBuilder { return b }

// RunWith says what runs the statement.
func (b DeleteBuilder) RunWith(runner BaseRunner) DeleteBuilder { return b }

// ExecContext runs the statement.
func (b DeleteBuilder) ExecContext(ctx context.Context) (sql.Result, error) { return nil, ctx.Err() }

// InsertBuilder is an INSERT.
type InsertBuilder struct{ n int }

// Columns names the columns.
func (b InsertBuilder) Columns(columns ...string) InsertBuilder { return b }

// Values adds a row.
func (b InsertBuilder) Values(values ...any) InsertBuilder { return b }

// SetMap sets columns and values.
func (b InsertBuilder) SetMap(clauses map[string]any) InsertBuilder { return b }

// RunWith says what runs the statement.
func (b InsertBuilder) RunWith(runner BaseRunner) InsertBuilder { return b }

// ExecContext runs the statement.
func (b InsertBuilder) ExecContext(ctx context.Context) (sql.Result, error) { return nil, ctx.Err() }

// FromSelect reads what another query finds.
func (b SelectBuilder) FromSelect(from SelectBuilder, alias string) SelectBuilder { return b }

// Join joins a table.
func (b SelectBuilder) Join(join string, rest ...any) SelectBuilder { return b }

// LeftJoin joins a table.
func (b SelectBuilder) LeftJoin(join string, rest ...any) SelectBuilder { return b }

// Column adds a column.
func (b SelectBuilder) Column(column any, args ...any) SelectBuilder { return b }

// Prefix puts text in front.
func (b SelectBuilder) Prefix(sql string, args ...any) SelectBuilder { return b }

// Suffix puts text behind.
func (b UpdateBuilder) Suffix(sql string, args ...any) UpdateBuilder { return b }

// CaseBuilder is a CASE.
type CaseBuilder struct{ n int }

// Case begins a CASE.
func Case(what ...any) CaseBuilder { return CaseBuilder{} }

// When adds a branch.
func (b CaseBuilder) When(when, then any) CaseBuilder { return b }

// ToSql writes the condition.
func (b CaseBuilder) ToSql() (string, []any, error) { return "", nil, nil }
