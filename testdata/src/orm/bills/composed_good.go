package bills

import (
	"context"
	"database/sql"

	"corpus/legacy/auth"

	sq "github.com/Masterminds/squirrel"
)

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

// RankedOwn has both beside it.
//
// case: squirrel/case-scoped clean
func (s *Store) RankedOwn(ctx context.Context) (*sql.Rows, error) {
	rank := sq.Case().When(sq.Eq{"status": "due"}, "1")
	return s.build.Select("total").Column(rank).From("invoices").Prefix("/* ranked */").Where(own(ctx)).QueryContext(ctx)
}

// VoidReturning has the scope.
//
// case: squirrel/suffix-scoped clean
func (s *Store) VoidReturning(ctx context.Context, id string) error {
	_, err := sq.Update("invoices").Set("status", "void").Where(own(ctx)).Where(sq.Eq{"id": id}).Suffix("RETURNING total").RunWith(s.db).ExecContext(ctx)
	return err
}

// ShippedOwn goes with shipments of the tenant's: whether those tell whose the invoices
// are is not known.
//
// case: squirrel/join-restricted clean
func (s *Store) ShippedOwn(ctx context.Context) (*sql.Rows, error) {
	q := s.build.Select("total").From("invoices i").Join("shipments s ON s.invoice_id = i.id AND s.tenant_id = ?", auth.TenantID(ctx))
	return q.Where("i.environment_id = ?", auth.EnvironmentID(ctx)).QueryContext(ctx)
}
