// Package queue keeps jobs in a table.
package queue

import (
	"context"
	"database/sql"
)

// Job is what there is to do.
type Job struct{ ID, TenantID string }

// Queue is a table of jobs.
type Queue struct{ DB *sql.DB }

// Put adds a job: the policy says that it is published by that, and it is a statement
// as well.
func (q *Queue) Put(ctx context.Context, job Job) error {
	_, err := q.DB.ExecContext(ctx, `INSERT INTO spans (span_id, tenant_id) VALUES ($1, $2)`, job.ID, job.TenantID)
	return err
}

// Admits reports whether a user may file jobs for a tenant: the policy calls it a guard.
func (q *Queue) Admits(ctx context.Context, user, tenant string) bool {
	var n int
	err := q.DB.QueryRowContext(ctx, `SELECT count(*) FROM spans WHERE tenant_id = $1 AND body = $2`, tenant, user).Scan(&n)
	return err == nil && n > 0
}
