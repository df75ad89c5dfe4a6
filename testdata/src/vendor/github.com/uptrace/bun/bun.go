// Package bun is a stand-in with the names and signatures that the corpus uses.
package bun

import (
	"context"
	"database/sql"
)

// BaseModel is embedded by models.
type BaseModel struct{}

// DB is a database.
type DB struct{}

// NewSelect begins a SELECT.
func (db *DB) NewSelect() *SelectQuery { return &SelectQuery{} }

// NewUpdate begins an UPDATE.
func (db *DB) NewUpdate() *UpdateQuery { return &UpdateQuery{} }

// NewInsert begins an INSERT.
func (db *DB) NewInsert() *InsertQuery { return &InsertQuery{} }

// SelectQuery is a SELECT.
type SelectQuery struct{ n int }

// Model sets the model.
func (q *SelectQuery) Model(model any) *SelectQuery { return q }

// TableExpr names a table.
func (q *SelectQuery) TableExpr(query string, args ...any) *SelectQuery { return q }

// Where adds a condition.
func (q *SelectQuery) Where(query string, args ...any) *SelectQuery { q.n++; return q }

// Limit bounds the rows.
func (q *SelectQuery) Limit(n int) *SelectQuery { q.n = n; return q }

// Scan runs the query.
func (q *SelectQuery) Scan(ctx context.Context, dest ...any) error { return ctx.Err() }

// UpdateQuery is an UPDATE.
type UpdateQuery struct{ n int }

// Model sets the model.
func (q *UpdateQuery) Model(model any) *UpdateQuery { return q }

// Table names tables.
func (q *UpdateQuery) Table(tables ...string) *UpdateQuery { return q }

// Set sets a column.
func (q *UpdateQuery) Set(query string, args ...any) *UpdateQuery { return q }

// Returning gives columns back.
func (q *UpdateQuery) Returning(query string, args ...any) *UpdateQuery { return q }

// WherePK restricts to the model's primary key.
func (q *UpdateQuery) WherePK(cols ...string) *UpdateQuery { return q }

// Where adds a condition.
func (q *UpdateQuery) Where(query string, args ...any) *UpdateQuery { q.n++; return q }

// Exec runs the query.
func (q *UpdateQuery) Exec(ctx context.Context, dest ...any) (sql.Result, error) {
	return nil, ctx.Err()
}

// InsertQuery is an INSERT.
type InsertQuery struct{ n int }

// Model sets the rows.
func (q *InsertQuery) Model(model any) *InsertQuery { return q }

// Exec runs the query.
func (q *InsertQuery) Exec(ctx context.Context, dest ...any) (sql.Result, error) {
	return nil, ctx.Err()
}

// Tx is a transaction.
type Tx struct{ *sql.Tx }

// RunInTx runs fn in a transaction.
func (db *DB) RunInTx(ctx context.Context, opts *sql.TxOptions, fn func(ctx context.Context, tx Tx) error) error {
	return fn(ctx, Tx{})
}

// ExecContext runs a statement.
func (tx Tx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return nil, ctx.Err()
}

// NewSelect begins a SELECT.
func (tx Tx) NewSelect() *SelectQuery { return &SelectQuery{} }

// Relation reads a relation as well.
func (q *SelectQuery) Relation(name string, apply ...func(*SelectQuery) *SelectQuery) *SelectQuery {
	for _, f := range apply {
		f(&SelectQuery{})
	}
	return q
}

// Join joins a table.
func (q *SelectQuery) Join(join string, args ...any) *SelectQuery { q.n++; return q }

// Count counts the rows.
func (q *SelectQuery) Count(ctx context.Context) (int, error) { return 0, ctx.Err() }

// BeforeSelectHook is implemented by models.
type BeforeSelectHook interface {
	BeforeSelect(ctx context.Context, query *SelectQuery) error
}

// BeforeUpdateHook is implemented by models.
type BeforeUpdateHook interface {
	BeforeUpdate(ctx context.Context, query *UpdateQuery) error
}

// NewDelete begins a DELETE.
func (db *DB) NewDelete() *DeleteQuery { return &DeleteQuery{} }

// NewRaw is a statement by its text.
func (db *DB) NewRaw(query string, args ...any) *RawQuery { return &RawQuery{} }

// RawQuery is a statement by its text.
type RawQuery struct{ n int }

// Scan runs the statement.
func (q *RawQuery) Scan(ctx context.Context, dest ...any) error { return ctx.Err() }

// QueryBuilder is what queries have in common.
type QueryBuilder interface {
	Where(query string, args ...any) QueryBuilder
	WhereOr(query string, args ...any) QueryBuilder
}

type builder struct{ n int }

func (b *builder) Where(query string, args ...any) QueryBuilder   { b.n++; return b }
func (b *builder) WhereOr(query string, args ...any) QueryBuilder { b.n++; return b }

// WhereOr adds what a condition finds.
func (q *SelectQuery) WhereOr(query string, args ...any) *SelectQuery { q.n++; return q }

// WhereGroup adds conditions in parentheses.
func (q *SelectQuery) WhereGroup(sep string, fn func(*SelectQuery) *SelectQuery) *SelectQuery {
	return fn(q)
}

// WhereDeleted finds deleted rows alone.
func (q *SelectQuery) WhereDeleted() *SelectQuery { return q }

// Apply applies functions.
func (q *SelectQuery) Apply(fns ...func(*SelectQuery) *SelectQuery) *SelectQuery {
	for _, f := range fns {
		q = f(q)
	}
	return q
}

// ApplyQueryBuilder applies a function.
func (q *SelectQuery) ApplyQueryBuilder(fn func(QueryBuilder) QueryBuilder) *SelectQuery {
	fn(&builder{})
	return q
}

// Union adds the rows of another.
func (q *SelectQuery) Union(other *SelectQuery) *SelectQuery { return q }

// With names a query.
func (q *SelectQuery) With(name string, query *SelectQuery) *SelectQuery { return q }

// WhereGroup adds conditions in parentheses.
func (q *UpdateQuery) WhereGroup(sep string, fn func(*UpdateQuery) *UpdateQuery) *UpdateQuery {
	return fn(q)
}

// WhereOr adds what a condition finds.
func (q *UpdateQuery) WhereOr(query string, args ...any) *UpdateQuery { q.n++; return q }

// DeleteQuery is a DELETE.
type DeleteQuery struct{ n int }

// Model sets the model.
func (q *DeleteQuery) Model(model any) *DeleteQuery { return q }

// Where adds a condition.
func (q *DeleteQuery) Where(query string, args ...any) *DeleteQuery { q.n++; return q }

// WhereOr adds what a condition finds.
func (q *DeleteQuery) WhereOr(query string, args ...any) *DeleteQuery { q.n++; return q }

// WhereGroup adds conditions in parentheses.
func (q *DeleteQuery) WhereGroup(sep string, fn func(*DeleteQuery) *DeleteQuery) *DeleteQuery {
	return fn(q)
}

// Exec runs the query.
func (q *DeleteQuery) Exec(ctx context.Context, dest ...any) (sql.Result, error) {
	return nil, ctx.Err()
}
