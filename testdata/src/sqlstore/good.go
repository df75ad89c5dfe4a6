package sqlstore

import (
	"context"
	"database/sql"
	"fmt"

	"corpus/legacy/auth"
)

// Get has both.
//
// case: sql/select clean
func (s *Store) Get(ctx context.Context, id string) *sql.Row {
	return s.db.QueryRowContext(ctx, selectInvoice, id, auth.TenantID(ctx), auth.EnvironmentID(ctx))
}

// Pay updates its own.
//
// case: sql/update clean
func (s *Store) Pay(ctx context.Context, tx Tx, id string) error {
	_, err := tx.ExecContext(ctx, `UPDATE invoices SET status = 'paid' WHERE (id, tenant_id, environment_id) = ($1, $2, $3)`, id, auth.TenantID(ctx), auth.EnvironmentID(ctx))
	return err
}

// Insert says all columns.
//
// case: sql/insert clean
func (s *Store) Insert(ctx context.Context, id string, total int64) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO invoices (id, tenant_id, environment_id, total) VALUES (?, ?, ?, ?)`, id, auth.TenantID(ctx), auth.EnvironmentID(ctx), total)
	return err
}

// Due links a sub-select to the outer rows.
//
// case: sql/correlated clean
func (s *Store) Due(ctx context.Context) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, `SELECT i.id FROM invoices i WHERE i.tenant_id = $1 AND i.environment_id = $2 AND EXISTS (SELECT 1 FROM invoices o WHERE o.tenant_id = i.tenant_id AND o.environment_id = i.environment_id AND o.status = 'due')`, auth.TenantID(ctx), auth.EnvironmentID(ctx))
}

// Recent goes through a common table expression.
//
// case: sql/cte clean
func (s *Store) Recent(ctx context.Context) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, `WITH mine AS (SELECT * FROM invoices WHERE tenant_id = $1 AND environment_id = $2) SELECT id FROM mine WHERE status = 'open'`, auth.TenantID(ctx), auth.EnvironmentID(ctx))
}

// Plans reads a table without scope.
//
// case: sql/shared-table clean
func (s *Store) Plans(ctx context.Context) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, `SELECT id, name FROM plans`)
}

// Lines reads a child table, which belongs to whom its parent does.
//
// case: sql/child-table clean
func (s *Store) Lines(ctx context.Context, id string) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, `SELECT l.id FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id WHERE i.id = $1 AND i.tenant_id = $2 AND i.environment_id = $3`, id, auth.TenantID(ctx), auth.EnvironmentID(ctx))
}

// StepOwn builds its statement clause by clause.
//
// case: sql/builder-scoped clean
func (s *Store) StepOwn(ctx context.Context, f Filter) (*sql.Rows, error) {
	b := &builder{}
	b.add("SELECT id FROM invoices")
	b.add("WHERE tenant_id = ? AND environment_id = ?", auth.TenantID(ctx), auth.EnvironmentID(ctx))
	if f.Status != "" {
		b.add("AND status = ?", f.Status)
	}
	return s.db.QueryContext(ctx, b.String(), b.args...)
}

// ListOwn adds conditions that take nothing away.
//
// case: sql/conditional-tail clean
func (s *Store) ListOwn(ctx context.Context, f Filter) (*sql.Rows, error) {
	query := "SELECT id FROM invoices WHERE tenant_id = ? AND environment_id = ?"
	args := []any{auth.TenantID(ctx), auth.EnvironmentID(ctx)}
	if f.CustomerID != "" {
		query += " AND customer_id = ?"
		args = append(args, f.CustomerID)
	}
	return s.db.QueryContext(ctx, query, args...)
}

// Sorted has a hole after the predicates.
//
// case: sql/sprintf-scoped clean
func (s *Store) Sorted(ctx context.Context, order string) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, fmt.Sprintf("SELECT %s FROM invoices WHERE tenant_id = $1 AND environment_id = $2 ORDER BY %s", columns, order), auth.TenantID(ctx), auth.EnvironmentID(ctx))
}

// byTenant leaves the scope to its callers.
func (s *Store) byTenant(ctx context.Context, tenant, env, status string) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, `SELECT id FROM invoices WHERE tenant_id = $1 AND environment_id = $2 AND status = $3`, tenant, env, status)
}

// Open hands the caller's scope down.
//
// case: sql/parameters clean
func (s *Store) Open(ctx context.Context) (*sql.Rows, error) {
	return s.byTenant(ctx, auth.TenantID(ctx), auth.EnvironmentID(ctx), "open")
}

// Copy inserts from its own rows.
//
// case: sql/insert-select clean
func (s *Store) Copy(ctx context.Context, id string) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO invoices (id, tenant_id, environment_id, total) SELECT id || '-copy', tenant_id, environment_id, total FROM invoices WHERE id = $1 AND tenant_id = $2 AND environment_id = $3`, id, auth.TenantID(ctx), auth.EnvironmentID(ctx))
	return err
}

// Orphans are rows that belong to nobody yet, beside the caller's own.
//
// case: sql/null-or-own clean
func (s *Store) Orphans(ctx context.Context) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, `SELECT id FROM invoices WHERE (tenant_id IS NULL OR tenant_id = $1) AND environment_id = $2`, auth.TenantID(ctx), auth.EnvironmentID(ctx))
}

// Sprints are read with the projects of the caller's, by the key that says whose
// they are.
//
// case: sql/by-parent clean
func (s *Store) Sprints(ctx context.Context) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, `SELECT s.name FROM sprints s JOIN projects p ON p.id = s.tenant_id WHERE p.org_id = $1`, auth.TenantID(ctx))
}

// Paired joins rows by what the caller's own name.
//
// case: sql/computed-link clean
func (s *Store) Paired(ctx context.Context) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, `SELECT i.id, o.total FROM invoices i LEFT JOIN invoices o ON o.id = split_part(i.status, ':', 2) WHERE i.tenant_id = $1 AND i.environment_id = $2`, auth.TenantID(ctx), auth.EnvironmentID(ctx))
}

// Careful inserts for whoever the lookup has found.
//
// case: sql/insert-checked clean
func (s *Store) Careful(ctx context.Context, id string) error {
	org, env, ok := auth.Lookup(ctx)
	if !ok {
		return sql.ErrNoRows
	}
	_, err := s.db.ExecContext(ctx, `INSERT INTO invoices (id, tenant_id, environment_id) VALUES ($1, $2, $3)`, id, org, env)
	return err
}

// DueHere finds those of the environment.
//
// case: sql/linked-by-tenant-in-environment clean
func (s *Store) DueHere(ctx context.Context) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, `SELECT i.id FROM invoices i WHERE i.tenant_id = $1 AND i.environment_id = $2 AND EXISTS (SELECT 1 FROM invoices o WHERE o.tenant_id = i.tenant_id AND o.environment_id = $2 AND o.status = 'due')`, auth.TenantID(ctx), auth.EnvironmentID(ctx))
}
