// Package pgxpool is a stand-in with the names and signatures that the corpus uses.
package pgxpool

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Pool is a pool of connections.
type Pool struct{}

// Conn is a connection that was taken from a pool.
type Conn struct{}

// New makes a pool.
func New(ctx context.Context, connString string) (*Pool, error) { return nil, ctx.Err() }

// Acquire takes a connection.
func (p *Pool) Acquire(ctx context.Context) (c *Conn, err error) { return nil, ctx.Err() }

// Begin begins a transaction.
func (p *Pool) Begin(ctx context.Context) (pgx.Tx, error) { return nil, ctx.Err() }

// Exec runs a statement.
func (p *Pool) Exec(ctx context.Context, sql string, arguments ...any) (pgconn.CommandTag, error) {
	return pgconn.CommandTag{}, ctx.Err()
}

// Query runs a statement.
func (p *Pool) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return nil, ctx.Err()
}

// QueryRow runs a statement.
func (p *Pool) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row { return nil }

// Release gives a connection back.
func (c *Conn) Release() {}

// Begin begins a transaction.
func (c *Conn) Begin(ctx context.Context) (pgx.Tx, error) { return nil, ctx.Err() }

// Exec runs a statement.
func (c *Conn) Exec(ctx context.Context, sql string, arguments ...any) (pgconn.CommandTag, error) {
	return pgconn.CommandTag{}, ctx.Err()
}

// QueryRow runs a statement.
func (c *Conn) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row { return nil }
