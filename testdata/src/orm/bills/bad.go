package bills

import (
	"context"
	"database/sql"
	"net/http"

	"corpus/legacy/auth"

	sq "github.com/Masterminds/squirrel"
)

// Get has the id alone.
//
// case: squirrel/select-by-id
func (s *Store) Get(ctx context.Context, id string) (*sql.Rows, error) {
	return s.build.Select("total").From("invoices").Where(sq.Eq{"id": id}).QueryContext(ctx) // want `SelectBuilder.QueryContext is not restricted by tenant_id and environment_id: it reaches invoices rows of everybody`
}

// Text forgets the environment and is run elsewhere.
//
// case: squirrel/tosql
func (s *Store) Text(ctx context.Context, id string) (*sql.Rows, error) {
	query, args, err := sq.Select("total").From("invoices").Where("id = ? AND tenant_id = ?", id, auth.TenantID(ctx)).ToSql() // want `SelectBuilder.ToSql is not restricted by environment_id`
	if err != nil {
		return nil, err
	}
	return s.db.QueryContext(ctx, query, args...)
}

// Due has an OR that squirrel puts beside the rest without parentheses.
//
// case: squirrel/or-text
func (s *Store) Due(ctx context.Context) (*sql.Rows, error) {
	return s.build.Select("total").From("invoices").Where(own(ctx)).Where("status = ? OR status = ?", "open", "due").QueryContext(ctx) // want `SelectBuilder.QueryContext is restricted by tenant_id and environment_id only on some paths`
}

// Either lets everybody's open invoices in.
//
// case: squirrel/or
func (s *Store) Either(ctx context.Context) (*sql.Rows, error) {
	return s.build.Select("total").From("invoices").Where(sq.Or{own(ctx), sq.Eq{"status": "open"}}).QueryContext(ctx) // want `SelectBuilder.QueryContext is restricted by tenant_id and environment_id only on some paths`
}

// Others are everybody's but the caller's.
//
// case: squirrel/not-equal
func (s *Store) Others(ctx context.Context) (*sql.Rows, error) {
	return s.build.Select("total").From("invoices").Where(sq.NotEq{"tenant_id": auth.TenantID(ctx)}).Where(sq.Eq{"environment_id": auth.EnvironmentID(ctx)}).QueryContext(ctx) // want `SelectBuilder.QueryContext is not restricted by tenant_id`
}

// Filter leaves the environment out where there is none.
//
// case: squirrel/conditional
func (s *Store) Filter(ctx context.Context) (*sql.Rows, error) {
	q := s.build.Select("total").From("invoices AS i").Where("i.tenant_id = ?", auth.TenantID(ctx))
	if env := auth.EnvironmentID(ctx); env != "" {
		q = q.Where(sq.Eq{"i.environment_id": env})
	}
	return q.OrderBy("total").QueryContext(ctx) // want `SelectBuilder.QueryContext is restricted by environment_id only on some paths`
}

// Void believes the client.
//
// case: squirrel/misscoped
func (s *Store) Void(w http.ResponseWriter, r *http.Request) {
	where := own(r.Context())
	where["tenant_id"] = r.Header.Get("X-Tenant-ID")
	if _, err := sq.Update("invoices").Set("status", "void").Where(where).RunWith(s.db).ExecContext(r.Context()); err != nil { // want `UpdateBuilder.ExecContext takes tenant_id from the request`
		http.Error(w, "not found", http.StatusNotFound)
	}
}

// Drop has no condition.
//
// case: squirrel/delete
func (s *Store) Drop(ctx context.Context) error {
	_, err := sq.Delete("invoices").RunWith(s.db).ExecContext(ctx) // want `DeleteBuilder.ExecContext is not restricted by tenant_id and environment_id`
	return err
}

// Add leaves the environment out.
//
// case: squirrel/insert
func (s *Store) Add(ctx context.Context, id string) error {
	_, err := sq.Insert("invoices").Columns("id", "tenant_id").Values(id, auth.TenantID(ctx)).RunWith(s.db).ExecContext(ctx) // want `InsertBuilder.ExecContext leaves environment_id unset`
	return err
}
