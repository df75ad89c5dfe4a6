// Package pgx is a stand-in with the names and signatures that the corpus uses.
package pgx

import "context"

// NamedArgs are arguments by name.
type NamedArgs map[string]any

// Rows are rows.
type Rows interface{ Next() bool }

// Conn is a connection.
type Conn struct{}

// Query runs a statement.
func (c *Conn) Query(ctx context.Context, sql string, args ...any) (Rows, error) {
	return nil, ctx.Err()
}
