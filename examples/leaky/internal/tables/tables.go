// Package tables has the queries that a generator would write: whose the rows are
// is not asked here, where it is said so in the policy, but by the callers.
package tables

import (
	"context"
	"database/sql"
)

// Queries are the queries.
type Queries struct{ db *sql.DB }

// New returns the queries on that database.
func New(db *sql.DB) *Queries { return &Queries{db: db} }

// Hook is a row of hooks.
type Hook struct{ ID, Name string }

// GetHook finds a hook by its id.
func (q *Queries) GetHook(ctx context.Context, id string) (Hook, error) {
	var h Hook
	err := q.db.QueryRowContext(ctx, `SELECT id, name FROM hooks WHERE id = $1`, id).Scan(&h.ID, &h.Name)
	return h, err
}

// GetHookInScope finds a hook of a tenant.
func (q *Queries) GetHookInScope(ctx context.Context, tenantID, env, id string) (Hook, error) {
	var h Hook
	err := q.db.QueryRowContext(ctx, `SELECT id, name FROM hooks WHERE tenant_id = $1 AND env = $2 AND id = $3`, tenantID, env, id).Scan(&h.ID, &h.Name)
	return h, err
}

// DeleteHook removes a hook.
func (q *Queries) DeleteHook(ctx context.Context, id string) error {
	_, err := q.db.ExecContext(ctx, `DELETE FROM hooks WHERE id = $1`, id)
	return err
}
