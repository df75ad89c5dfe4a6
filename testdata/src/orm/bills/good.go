package bills

import (
	"context"
	"database/sql"

	"corpus/legacy/auth"

	sq "github.com/Masterminds/squirrel"
)

// GetOwn has the scope beside the id.
//
// case: squirrel/select clean
func (s *Store) GetOwn(ctx context.Context, id string) (*sql.Rows, error) {
	return s.build.Select("total").From("invoices").Where(sq.Eq{"id": id}).Where(own(ctx)).QueryContext(ctx)
}

// TextOwn is written out and run elsewhere.
//
// case: squirrel/tosql-scoped clean
func (s *Store) TextOwn(ctx context.Context, id string) (*sql.Rows, error) {
	query, args, err := sq.Select("total").From("invoices").Where("id = ? AND tenant_id = ? AND environment_id = ?", id, auth.TenantID(ctx), auth.EnvironmentID(ctx)).ToSql()
	if err != nil {
		return nil, err
	}
	return s.db.QueryContext(ctx, query, args...)
}

// DueOwn has its OR in parentheses.
//
// case: squirrel/or-parentheses clean
func (s *Store) DueOwn(ctx context.Context) (*sql.Rows, error) {
	return s.build.Select("total").From("invoices").Where(own(ctx)).Where("(status = ? OR status = ?)", "open", "due").QueryContext(ctx)
}

// EitherOwn has an OR beside the scope.
//
// case: squirrel/and-or clean
func (s *Store) EitherOwn(ctx context.Context) (*sql.Rows, error) {
	either := sq.Or{sq.Eq{"status": "due"}, sq.Eq{"status": "open"}}
	return s.build.Select("total").From("invoices").Where(sq.And{own(ctx), either}).QueryContext(ctx)
}

// OpenOwn leaves paid ones out.
//
// case: squirrel/not-equal-scoped clean
func (s *Store) OpenOwn(ctx context.Context) (*sql.Rows, error) {
	scope := sq.Expr("tenant_id = ? AND environment_id = ?", auth.TenantID(ctx), auth.EnvironmentID(ctx))
	return s.build.Select("total").From("invoices").Where(sq.NotEq{"status": "paid"}).Where(scope).QueryContext(ctx)
}

// FilterOwn narrows further on some paths.
//
// case: squirrel/conditional-tail clean
func (s *Store) FilterOwn(ctx context.Context, status string) (*sql.Rows, error) {
	q := s.build.Select("total").From("invoices").Where(own(ctx))
	if status != "" {
		q = q.Where(sq.Eq{"status": status})
	}
	return q.OrderBy("total").QueryContext(ctx)
}

// VoidOwn adds to the map.
//
// case: squirrel/update clean
func (s *Store) VoidOwn(ctx context.Context, id string) error {
	where := own(ctx)
	where["id"] = id
	_, err := sq.Update("invoices").Set("status", "void").Where(where).RunWith(s.db).ExecContext(ctx)
	return err
}

// DropOwn removes the caller's.
//
// case: squirrel/delete-scoped clean
func (s *Store) DropOwn(ctx context.Context) error {
	_, err := sq.Delete("invoices").Where(own(ctx)).RunWith(s.db).ExecContext(ctx)
	return err
}

// AddOwn has the scope among its values.
//
// case: squirrel/insert-scoped clean
func (s *Store) AddOwn(ctx context.Context, id string) error {
	_, err := sq.Insert("invoices").Columns("id", "tenant_id", "environment_id").Values(id, auth.TenantID(ctx), auth.EnvironmentID(ctx)).RunWith(s.db).ExecContext(ctx)
	return err
}

// PutOwn has it in a map.
//
// case: squirrel/insert-map clean
func (s *Store) PutOwn(ctx context.Context, id string) error {
	_, err := sq.Insert("invoices").SetMap(map[string]any{"id": id, "tenant_id": auth.TenantID(ctx), "environment_id": auth.EnvironmentID(ctx)}).RunWith(s.db).ExecContext(ctx)
	return err
}
