package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"

	"corpus/legacy/auth"
)

// Any reads by id alone.
//
// case: sql/select-by-id
func (s *Store) Any(ctx context.Context, id string) *sql.Row {
	return s.db.QueryRowContext(ctx, selectAny, id) // want `SELECT of invoices is not restricted by tenant_id and environment_id`
}

// Void forgets the environment.
//
// case: sql/second-dimension
func (s *Store) Void(ctx context.Context, id string) error {
	_, err := s.db.ExecContext(ctx, `UPDATE invoices SET status = 'void' WHERE id = $1 AND tenant_id = $2`, id, auth.TenantID(ctx)) // want `UPDATE of invoices is not restricted by environment_id`
	return err
}

// FromQuery believes the client.
//
// case: sql/misscoped
func (s *Store) FromQuery(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	row := s.db.QueryRowContext(ctx, selectInvoice, r.PathValue("id"), r.URL.Query().Get("tenant_id"), auth.EnvironmentID(ctx)) // want `SELECT of invoices takes tenant_id from the request`
	if err := row.Err(); err != nil {
		http.Error(w, "not found", http.StatusNotFound)
	}
}

// Swapped has the arguments in the wrong order.
//
// case: sql/swapped-arguments
func (s *Store) Swapped(ctx context.Context, id string) *sql.Row {
	return s.db.QueryRowContext(ctx, selectInvoice, id, auth.EnvironmentID(ctx), auth.TenantID(ctx)) // want `SELECT of invoices is not restricted by tenant_id and environment_id`
}

// Literal reads the house account, whoever asks.
//
// case: sql/constant
func (s *Store) Literal(ctx context.Context) *sql.Row {
	return s.db.QueryRowContext(ctx, `SELECT total FROM invoices WHERE tenant_id = 'house' AND environment_id = $1`, auth.EnvironmentID(ctx)) // want `SELECT of invoices takes tenant_id from a constant`
}

// Optional has a predicate that switches itself off.
//
// case: sql/optional
func (s *Store) Optional(ctx context.Context) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, `SELECT id FROM invoices WHERE tenant_id = $1 AND (environment_id = $2 OR $2 = '')`, auth.TenantID(ctx), auth.EnvironmentID(ctx)) // want `SELECT of invoices is restricted by environment_id only on some paths`
}

// Or escapes for want of parentheses.
//
// case: sql/or-precedence
func (s *Store) Or(ctx context.Context) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, `SELECT id FROM invoices WHERE tenant_id = $1 AND environment_id = $2 AND status = 'open' OR status = 'due'`, auth.TenantID(ctx), auth.EnvironmentID(ctx)) // want `SELECT of invoices is not restricted by tenant_id and environment_id`
}

// Totals joins without the scope on one side.
//
// case: sql/left-join
func (s *Store) Totals(ctx context.Context) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, `SELECT p.name, sum(i.total) FROM plans p LEFT JOIN invoices i ON i.status = p.name AND i.tenant_id = $1 GROUP BY p.name`, auth.TenantID(ctx)) // want `SELECT of invoices is not restricted by environment_id`
}

// Sub counts everybody's rows beside its own.
//
// case: sql/sub-select
func (s *Store) Sub(ctx context.Context, tx Tx) (*sql.Rows, error) {
	return tx.QueryContext(ctx, `SELECT id, (SELECT count(*) FROM invoices WHERE status = 'due') FROM invoices WHERE tenant_id = $1 AND environment_id = $2`, auth.TenantID(ctx), auth.EnvironmentID(ctx)) // want `SELECT of invoices is not restricted by tenant_id and environment_id`
}

// Step builds its statement clause by clause and forgets one.
//
// case: sql/builder
func (s *Store) Step(ctx context.Context, f Filter) (*sql.Rows, error) {
	b := &builder{}
	b.add("SELECT id FROM invoices")
	b.add("WHERE tenant_id = ?", auth.TenantID(ctx))
	if f.Status != "" {
		b.add("AND status = ?", f.Status)
	}
	return s.db.QueryContext(ctx, b.String(), b.args...) // want `SELECT of invoices is not restricted by environment_id`
}

// Conditional adds the environment where there is one.
//
// case: sql/conditional
func (s *Store) Conditional(ctx context.Context) (*sql.Rows, error) {
	query := "SELECT id FROM invoices WHERE tenant_id = ?"
	args := []any{auth.TenantID(ctx)}
	if env := auth.EnvironmentID(ctx); env != "" {
		query += " AND environment_id = ?"
		args = append(args, env)
	}
	return s.db.QueryContext(ctx, query, args...) // want `SELECT of invoices is restricted by environment_id only on some paths`
}

// Sprintf puts in a table of its own and no scope.
//
// case: sql/sprintf
func (s *Store) Sprintf(ctx context.Context, order string) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, fmt.Sprintf("SELECT %s FROM invoices WHERE status = 'open' ORDER BY %s", columns, order)) // want `SELECT of invoices is not restricted by tenant_id and environment_id`
}

// Add leaves the environment to the column's default.
//
// case: sql/insert-unset
func (s *Store) Add(ctx context.Context, id string, total int64) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO invoices (id, tenant_id, total) VALUES ($1, $2, $3)`, id, auth.TenantID(ctx), total) // want `INSERT into invoices leaves environment_id unset`
	return err
}

// Beside joins the projects of the caller's by something that says nothing.
//
// case: sql/beside-parent
func (s *Store) Beside(ctx context.Context) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, `SELECT s.name FROM sprints s JOIN projects p ON p.name = s.name WHERE p.org_id = $1`, auth.TenantID(ctx)) // want `SELECT of sprints is not restricted by tenant_id`
}

// PairedBy joins rows by what the client names.
//
// case: sql/computed-from-client
func (s *Store) PairedBy(ctx context.Context, ref string) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, `SELECT i.id, o.total FROM invoices i LEFT JOIN invoices o ON o.id = split_part($3, ':', 2) WHERE i.tenant_id = $1 AND i.environment_id = $2`, auth.TenantID(ctx), auth.EnvironmentID(ctx), ref) // want `SELECT of invoices is not restricted by tenant_id and environment_id`
}

// Hasty inserts for nobody where there is no scope.
//
// case: sql/insert-unchecked
func (s *Store) Hasty(ctx context.Context, id string) error {
	org, env, _ := auth.Lookup(ctx)
	_, err := s.db.ExecContext(ctx, `INSERT INTO invoices (id, tenant_id, environment_id) VALUES ($1, $2, $3)`, id, org, env) // want `INSERT into invoices has no tenant_id and environment_id that holds: the error of auth\.Lookup is not checked`
	return err
}

// DueAnywhere finds the due ones of all of the tenant's environments.
//
// case: sql/linked-by-tenant-alone
func (s *Store) DueAnywhere(ctx context.Context) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, `SELECT i.id FROM invoices i WHERE i.tenant_id = $1 AND i.environment_id = $2 AND EXISTS (SELECT 1 FROM invoices o WHERE o.tenant_id = i.tenant_id AND o.status = 'due')`, auth.TenantID(ctx), auth.EnvironmentID(ctx)) // want `SELECT of invoices is not restricted by environment_id`
}
