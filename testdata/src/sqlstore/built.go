package sqlstore

import (
	"context"
	"database/sql"
	"strings"

	"corpus/legacy/auth"
	"corpus/sqlstore/build"
)

func listed(names []string) string { return strings.Join(names, ", ") }

// Built restricts on one way only.
//
// case: sql/own-builder
func (s *Store) Built(ctx context.Context, status string) (*sql.Rows, error) {
	q := build.New("SELECT id FROM invoices WHERE TRUE")
	q.B("AND status = ?", status)
	if status == "" {
		q.B("AND tenant_id = ? AND environment_id = ?", auth.TenantID(ctx), auth.EnvironmentID(ctx))
	}
	return s.db.QueryContext(ctx, q.String(), q.Args...) // want `SELECT of invoices is restricted by tenant_id and environment_id only on some paths`
}

// Crossed hands the arguments over in the wrong order.
//
// case: sql/own-builder-crossed
func (s *Store) Crossed(ctx context.Context, names []string) (*sql.Rows, error) {
	q := build.New("SELECT")
	q.B(listed(names))
	q.B("FROM invoices WHERE status = ?", auth.TenantID(ctx))
	q.B("AND tenant_id = ? AND environment_id = ?", "open", auth.EnvironmentID(ctx))
	return s.db.QueryContext(ctx, q.String(), q.Args...) // want `SELECT of invoices takes tenant_id from a constant`
}

// OwnBuilt restricts, with columns in front that are not known.
//
// case: sql/own-builder-scoped clean
func (s *Store) OwnBuilt(ctx context.Context, names []string, status string) (*sql.Rows, error) {
	q := build.New("SELECT")
	q.B(listed(names))
	q.B("FROM invoices WHERE tenant_id = ?", auth.TenantID(ctx))
	q.B("AND environment_id = ?", auth.EnvironmentID(ctx))
	if status != "" {
		q.B("AND status = ?", status)
	}
	return s.db.QueryContext(ctx, q.String(), q.Args...)
}

// Counted has an argument more than the text takes in sight: the columns may hold a
// placeholder, and which argument is the tenant is not known.
//
// case: sql/own-builder-counted clean
func (s *Store) Counted(ctx context.Context, names []string) (*sql.Rows, error) {
	q := build.New("SELECT")
	q.B(listed(names), "x")
	q.B("FROM invoices WHERE tenant_id = ?", auth.TenantID(ctx))
	q.B("AND environment_id = ?", auth.EnvironmentID(ctx))
	return s.db.QueryContext(ctx, q.String(), q.Args...)
}
