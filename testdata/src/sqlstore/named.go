package sqlstore

import (
	"context"
	"database/sql"
	"net/http"
	"strings"

	"corpus/legacy/auth"

	"github.com/jackc/pgx/v5"
	"github.com/jmoiron/sqlx"
)

// Named keeps invoices by statements whose arguments have names.
type Named struct {
	db   *sqlx.DB
	conn *pgx.Conn
}

// row is an invoice with the names of its arguments.
type row struct {
	ID     string `db:"id"`
	Owner  string `db:"tenant"`
	Env    string
	Status string
}

const (
	setStatus = "UPDATE invoices SET status = :status WHERE id = :id AND tenant_id = :tenant AND environment_id = :env"
	getStatus = "SELECT status FROM invoices WHERE id = @id AND tenant_id = @tenant AND environment_id = @env"
)

// SetAny forgets the environment's field.
//
// case: named/struct-unset
func (s *Named) SetAny(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	v := row{ID: r.PathValue("id"), Owner: r.Header.Get("X-Tenant-ID"), Env: auth.EnvironmentID(ctx), Status: "paid"}
	if _, err := s.db.NamedExecContext(ctx, setStatus, v); err != nil { // want `UPDATE of invoices takes tenant_id from the request`
		http.Error(w, "not found", http.StatusNotFound)
	}
}

// GetAny has the tenant under the name of the environment.
//
// case: named/map-swapped
func (s *Named) GetAny(ctx context.Context, id string) (pgx.Rows, error) {
	args := pgx.NamedArgs{"id": id, "tenant": auth.EnvironmentID(ctx), "env": auth.EnvironmentID(ctx)}
	return s.conn.Query(ctx, getStatus, args) // want `SELECT of invoices is not restricted by tenant_id`
}

// ListAny takes the environment from a constant.
//
// case: named/list-constant
func (s *Named) ListAny(ctx context.Context, id string) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, getStatus, sql.Named("id", id), sql.Named("tenant", auth.TenantID(ctx)), sql.Named("env", "live")) // want `SELECT of invoices takes environment_id from a constant`
}

// FindAny rewrites its statement and has one name too few in it.
//
// case: named/rewritten
func (s *Named) FindAny(ctx context.Context) (list []row, err error) {
	query, args, err := sqlx.Named("SELECT id FROM invoices WHERE tenant_id = :tenant", map[string]any{"tenant": auth.TenantID(ctx)})
	if err != nil {
		return nil, err
	}
	err = s.db.SelectContext(ctx, &list, s.db.Rebind(query), args...) // want `SELECT of invoices is not restricted by environment_id`
	return list, err
}

// SetOwn has both in a struct.
//
// case: named/struct clean
func (s *Named) SetOwn(ctx context.Context, id string) error {
	v := &row{ID: id, Owner: auth.TenantID(ctx), Env: auth.EnvironmentID(ctx), Status: "paid"}
	_, err := s.db.NamedExecContext(ctx, setStatus, v)
	return err
}

// GetOwn has both in a map.
//
// case: named/map clean
func (s *Named) GetOwn(ctx context.Context, id string) (pgx.Rows, error) {
	return s.conn.Query(ctx, getStatus, pgx.NamedArgs{"id": id, "tenant": auth.TenantID(ctx), "env": auth.EnvironmentID(ctx)})
}

// ListOwn has both in a list.
//
// case: named/list clean
func (s *Named) ListOwn(ctx context.Context, id string) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, getStatus, sql.Named("tenant", auth.TenantID(ctx)), sql.Named("env", auth.EnvironmentID(ctx)), sql.Named("id", id))
}

// FindOwn rewrites its statement.
//
// case: named/rewritten-scoped clean
func (s *Named) FindOwn(ctx context.Context) (list []row, err error) {
	query, args, err := sqlx.Named("SELECT id FROM invoices WHERE tenant_id = :tenant AND environment_id = :env", row{Owner: auth.TenantID(ctx), Env: auth.EnvironmentID(ctx)})
	if err != nil {
		return nil, err
	}
	return list, s.db.SelectContext(ctx, &list, s.db.Rebind(query), args...)
}

const closeMany = `UPDATE invoices SET status = 'closed' WHERE tenant_id = ? AND environment_id = ? AND id IN (/*SLICE:ids*/?)`

// CloseMany is what a generator makes of a list, for MySQL.
//
// case: sql/slice clean
func (s *Store) CloseMany(ctx context.Context, ids []string) error {
	query := closeMany
	var queryParams []interface{}
	queryParams = append(queryParams, auth.TenantID(ctx), auth.EnvironmentID(ctx))
	if len(ids) > 0 {
		for _, v := range ids {
			queryParams = append(queryParams, v)
		}
		query = strings.Replace(query, "/*SLICE:ids*/?", strings.Repeat(",?", len(ids))[1:], 1)
	} else {
		query = strings.Replace(query, "/*SLICE:ids*/?", "NULL", 1)
	}
	_, err := s.db.ExecContext(ctx, query, queryParams...)
	return err
}

const reopenMany = `UPDATE invoices SET status = 'open' WHERE tenant_id = ? AND id IN (/*SLICE:ids*/?)`

// ReopenMany forgets the environment.
//
// case: sql/slice-second-dimension
func (s *Store) ReopenMany(ctx context.Context, ids []string) error {
	query := reopenMany
	var queryParams []interface{}
	queryParams = append(queryParams, auth.TenantID(ctx))
	if len(ids) > 0 {
		for _, v := range ids {
			queryParams = append(queryParams, v)
		}
		query = strings.Replace(query, "/*SLICE:ids*/?", strings.Repeat(",?", len(ids))[1:], 1)
	} else {
		query = strings.Replace(query, "/*SLICE:ids*/?", "NULL", 1)
	}
	_, err := s.db.ExecContext(ctx, query, queryParams...) // want `UPDATE of invoices is not restricted by environment_id`
	return err
}

// InBatch reads for whom the batch works, which is the caller.
//
// case: sql/list-made-of-scope clean
func (s *Store) InBatch(ctx context.Context, ids []string) (*sql.Rows, error) {
	var tenants []string
	for range ids {
		tenants = append(tenants, auth.TenantID(ctx))
	}
	return s.db.QueryContext(ctx, `SELECT id FROM invoices WHERE tenant_id = ANY($1) AND environment_id = $2`, tenants, auth.EnvironmentID(ctx))
}

// ForUnits reads for the units of somebody's.
//
// case: sql/list-left-to-callers clean
func (s *Store) ForUnits(ctx context.Context, units []Unit) (*sql.Rows, error) {
	tenants := make([]string, 0, len(units))
	for _, u := range units {
		tenants = append(tenants, u.TenantID)
	}
	return s.db.QueryContext(ctx, `SELECT id FROM invoices WHERE tenant_id = ANY($1::text[]) AND environment_id = $2`, tenants, auth.EnvironmentID(ctx))
}

// ForClients reads for whom the client names.
//
// case: sql/list-from-request
func (s *Store) ForClients(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	var tenants []string
	for _, name := range r.URL.Query()["tenant_id"] {
		tenants = append(tenants, name)
	}
	if _, err := s.db.QueryContext(ctx, `SELECT id FROM invoices WHERE tenant_id = ANY($1) AND environment_id = $2`, tenants, auth.EnvironmentID(ctx)); err != nil { // want `SELECT of invoices takes tenant_id from the request`
		http.Error(w, "not found", http.StatusNotFound)
	}
}

// Unit is a part of a tenant.
type Unit struct {
	ID       string
	TenantID string
}
