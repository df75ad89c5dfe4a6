// Package pgx is a stand-in with the names and signatures that the corpus uses.
package pgx

import (
	"context"

	"github.com/jackc/pgx/v5/pgconn"
)

// NamedArgs are arguments by name.
type NamedArgs map[string]any

// Rows are rows.
type Rows interface{ Next() bool }

// Row is a row.
type Row interface{ Scan(dest ...any) error }

// Conn is a connection.
type Conn struct{}

// Query runs a statement.
func (c *Conn) Query(ctx context.Context, sql string, args ...any) (Rows, error) {
	return nil, ctx.Err()
}

// Tx is a transaction.
type Tx interface {
	Begin(ctx context.Context) (Tx, error)
	Commit(ctx context.Context) error
	Rollback(ctx context.Context) error
	SendBatch(ctx context.Context, b *Batch) BatchResults
	Exec(ctx context.Context, sql string, arguments ...any) (commandTag pgconn.CommandTag, err error)
	Query(ctx context.Context, sql string, args ...any) (Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) Row
}

// Batch holds statements that are sent together.
type Batch struct{}

// QueuedQuery is a statement of a batch.
type QueuedQuery struct{}

// Queue adds a statement.
func (b *Batch) Queue(query string, arguments ...any) *QueuedQuery { return nil }

// BatchResults are the results of a batch.
type BatchResults interface{ Close() error }

// BeginFunc runs fn in a transaction.
func BeginFunc(ctx context.Context, db interface {
	Begin(ctx context.Context) (Tx, error)
}, fn func(Tx) error) (err error) {
	return ctx.Err()
}
