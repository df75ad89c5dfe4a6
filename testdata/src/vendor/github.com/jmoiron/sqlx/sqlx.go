// Package sqlx is a stand-in with the names and signatures that the corpus uses.
package sqlx

import (
	"context"
	"database/sql"
)

// DB is a database.
type DB struct{ *sql.DB }

// NamedExecContext runs a statement with arguments by name.
func (db *DB) NamedExecContext(ctx context.Context, query string, arg any) (sql.Result, error) {
	return nil, ctx.Err()
}

// SelectContext reads rows.
func (db *DB) SelectContext(ctx context.Context, dest any, query string, args ...any) error {
	return ctx.Err()
}

// Rebind writes placeholders anew.
func (db *DB) Rebind(query string) string { return query }

// Named turns arguments by name into a list.
func Named(query string, arg any) (string, []any, error) { return query, nil, nil }

// Tx is a transaction.
type Tx struct{ *sql.Tx }

// BeginTxx begins a transaction.
func (db *DB) BeginTxx(ctx context.Context, opts *sql.TxOptions) (*Tx, error) { return nil, ctx.Err() }

// GetContext runs a statement and reads one row.
func (tx *Tx) GetContext(ctx context.Context, dest any, query string, args ...any) error {
	return ctx.Err()
}
