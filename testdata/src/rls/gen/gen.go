// Package gen is what a generator makes of queries: they name no tenant, since the
// database keeps tenants apart.
package gen

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// DBTX is a pool, a connection or a transaction.
type DBTX interface {
	Exec(context.Context, string, ...any) (pgconn.CommandTag, error)
	Query(context.Context, string, ...any) (pgx.Rows, error)
	QueryRow(context.Context, string, ...any) pgx.Row
}

// New returns queries on db.
func New(db DBTX) *Queries { return &Queries{db: db} }

// Queries are queries.
type Queries struct{ db DBTX }

// WithTx returns the same queries in a transaction.
func (q *Queries) WithTx(tx pgx.Tx) *Queries { return &Queries{db: tx} }

const setTenant = `SELECT set_config('app.tenant_id', $1, true)`

// SetTenant makes what follows in the transaction a tenant's.
func (q *Queries) SetTenant(ctx context.Context, tenant string) error {
	_, err := q.db.Exec(ctx, setTenant, tenant)
	return err
}

const getNote = `SELECT body FROM jottings WHERE id = $1`

// GetNote reads a note.
func (q *Queries) GetNote(ctx context.Context, id string) (string, error) {
	var body string
	err := q.db.QueryRow(ctx, getNote, id).Scan(&body)
	return body, err
}

const addNote = `INSERT INTO jottings (id, body) VALUES ($1, $2)`

// AddNote adds a note.
func (q *Queries) AddNote(ctx context.Context, id, body string) error {
	_, err := q.db.Exec(ctx, addNote, id, body)
	return err
}
