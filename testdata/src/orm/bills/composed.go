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

// SummedOwn reads from a query on the caller's.
//
// case: squirrel/from-select-scoped clean
func (s *Store) SummedOwn(ctx context.Context) (*sql.Rows, error) {
	open := sq.Select("total").From("invoices").Where(own(ctx))
	return s.build.Select("sum(total)").FromSelect(open, "o").QueryContext(ctx)
}

// SummedAround narrows what the query finds around it.
//
// case: squirrel/from-select-around clean
func (s *Store) SummedAround(ctx context.Context) (*sql.Rows, error) {
	open := sq.Select("*").From("invoices").Where(sq.Eq{"status": "open"})
	return s.build.Select("sum(total)").FromSelect(open, "o").Where(sq.Eq{"o.tenant_id": auth.TenantID(ctx), "o.environment_id": auth.EnvironmentID(ctx)}).QueryContext(ctx)
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

// ListedOwn collects what all have to fit.
//
// case: squirrel/and-collected clean
func (s *Store) ListedOwn(ctx context.Context, status string) (*sql.Rows, error) {
	all := sq.And{own(ctx)}
	if status != "" {
		all = append(all, sq.Or{sq.Eq{"status": status}, sq.Eq{"status": "open"}})
	}
	return s.build.Select("total").From("invoices").Where(all).QueryContext(ctx)
}

// Ranked has a CASE that names the tenant, which narrows nothing.
//
// case: squirrel/case
func (s *Store) Ranked(ctx context.Context) (*sql.Rows, error) {
	rank := sq.Case().When(sq.Eq{"tenant_id": auth.TenantID(ctx)}, "1")
	return s.build.Select("total").Column(rank).From("invoices").Where(sq.Eq{"environment_id": auth.EnvironmentID(ctx)}).QueryContext(ctx) // want `SelectBuilder.QueryContext is not restricted by tenant_id`
}

// RankedOwn has both beside it.
//
// case: squirrel/case-scoped clean
func (s *Store) RankedOwn(ctx context.Context) (*sql.Rows, error) {
	rank := sq.Case().When(sq.Eq{"status": "due"}, "1")
	return s.build.Select("total").Column(rank).From("invoices").Prefix("/* ranked */").Where(own(ctx)).QueryContext(ctx)
}

// VoidAny gives back what it has changed, whosever it was.
//
// case: squirrel/suffix
func (s *Store) VoidAny(ctx context.Context, id string) error {
	_, err := sq.Update("invoices").Set("status", "void").Where(sq.Eq{"id": id}).Suffix("RETURNING total").RunWith(s.db).ExecContext(ctx) // want `UpdateBuilder.ExecContext is not restricted by tenant_id and environment_id`
	return err
}

// VoidReturning has the scope.
//
// case: squirrel/suffix-scoped clean
func (s *Store) VoidReturning(ctx context.Context, id string) error {
	_, err := sq.Update("invoices").Set("status", "void").Where(own(ctx)).Where(sq.Eq{"id": id}).Suffix("RETURNING total").RunWith(s.db).ExecContext(ctx)
	return err
}

// Shipped joins on the tenant in a join that leaves no row out.
//
// case: squirrel/left-join
func (s *Store) Shipped(ctx context.Context) (*sql.Rows, error) {
	q := s.build.Select("total").From("invoices i").LeftJoin("shipments s ON s.invoice_id = i.id AND s.tenant_id = ?", auth.TenantID(ctx))
	return q.Where("i.environment_id = ?", auth.EnvironmentID(ctx)).QueryContext(ctx) // want `SelectBuilder.QueryContext is not restricted by tenant_id`
}

// ShippedOwn goes with shipments of the tenant's: whether those tell whose the invoices
// are is not known.
//
// case: squirrel/join-restricted clean
func (s *Store) ShippedOwn(ctx context.Context) (*sql.Rows, error) {
	q := s.build.Select("total").From("invoices i").Join("shipments s ON s.invoice_id = i.id AND s.tenant_id = ?", auth.TenantID(ctx))
	return q.Where("i.environment_id = ?", auth.EnvironmentID(ctx)).QueryContext(ctx)
}
