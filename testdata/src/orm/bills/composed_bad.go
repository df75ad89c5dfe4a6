package bills

import (
	"context"
	"database/sql"

	"corpus/legacy/auth"

	sq "github.com/Masterminds/squirrel"
)

// Summed reads from a query on everybody's.
//
// case: squirrel/from-select
func (s *Store) Summed(ctx context.Context) (*sql.Rows, error) {
	open := sq.Select("total").From("invoices").Where(sq.Eq{"status": "open"})
	return s.build.Select("sum(total)").FromSelect(open, "o").QueryContext(ctx) // want `SelectBuilder.QueryContext is not restricted by tenant_id and environment_id`
}

// Listed collects its alternatives, one of which is everybody's.
//
// case: squirrel/or-collected
func (s *Store) Listed(ctx context.Context, public bool) (*sql.Rows, error) {
	any := sq.Or{own(ctx)}
	if public {
		any = append(any, sq.Eq{"status": "public"})
	}
	return s.build.Select("total").From("invoices").Where(any).QueryContext(ctx) // want `SelectBuilder.QueryContext is restricted by tenant_id and environment_id only on some paths`
}

// Ranked has a CASE that names the tenant, which narrows nothing.
//
// case: squirrel/case
func (s *Store) Ranked(ctx context.Context) (*sql.Rows, error) {
	rank := sq.Case().When(sq.Eq{"tenant_id": auth.TenantID(ctx)}, "1")
	return s.build.Select("total").Column(rank).From("invoices").Where(sq.Eq{"environment_id": auth.EnvironmentID(ctx)}).QueryContext(ctx) // want `SelectBuilder.QueryContext is not restricted by tenant_id`
}

// VoidAny gives back what it has changed, whosever it was.
//
// case: squirrel/suffix
func (s *Store) VoidAny(ctx context.Context, id string) error {
	_, err := sq.Update("invoices").Set("status", "void").Where(sq.Eq{"id": id}).Suffix("RETURNING total").RunWith(s.db).ExecContext(ctx) // want `UpdateBuilder.ExecContext is not restricted by tenant_id and environment_id`
	return err
}

// Shipped joins on the tenant in a join that leaves no row out.
//
// case: squirrel/left-join
func (s *Store) Shipped(ctx context.Context) (*sql.Rows, error) {
	q := s.build.Select("total").From("invoices i").LeftJoin("shipments s ON s.invoice_id = i.id AND s.tenant_id = ?", auth.TenantID(ctx))
	return q.Where("i.environment_id = ?", auth.EnvironmentID(ctx)).QueryContext(ctx) // want `SelectBuilder.QueryContext is not restricted by tenant_id`
}
