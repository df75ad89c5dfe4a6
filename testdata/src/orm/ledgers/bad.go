package ledgers

import (
	"context"

	"corpus/legacy/auth"

	"github.com/doug-martin/goqu/v9"
	"github.com/georgysavva/scany/v2/pgxscan"
	"github.com/huandu/go-sqlbuilder"
)

// Any has the id alone.
//
// case: goqu/select-by-id
func Any(ctx context.Context, id string) (string, []any, error) {
	return goqu.From("invoices").Where(goqu.C("id").Eq(id)).ToSQL() // want `SelectDataset.ToSQL is not restricted by tenant_id and environment_id: it reaches invoices rows of everybody`
}

// Either lets everybody's open invoices in.
//
// case: goqu/or
func Either(ctx context.Context) (string, []any, error) {
	own := goqu.Ex{"tenant_id": auth.TenantID(ctx), "environment_id": auth.EnvironmentID(ctx)}
	return goqu.From(goqu.T("invoices")).Where(goqu.Or(own, goqu.C("status").Eq("open"))).ToSQL() // want `SelectDataset.ToSQL is restricted by tenant_id and environment_id only on some paths`
}

// Others removes everybody's but the caller's.
//
// case: goqu/not-equal
func Others(ctx context.Context) (string, []any, error) {
	return goqu.Delete("invoices").Where(goqu.C("tenant_id").Neq(auth.TenantID(ctx)), goqu.C("environment_id").Eq(auth.EnvironmentID(ctx))).ToSQL() // want `DeleteDataset.ToSQL is not restricted by tenant_id`
}

// Add leaves the environment out.
//
// case: goqu/insert-unset
func Add(ctx context.Context, id string) (string, []any, error) {
	return goqu.Insert("invoices").Rows(goqu.Record{"id": id, "tenant_id": auth.TenantID(ctx)}).ToSQL() // want `InsertDataset.ToSQL leaves environment_id unset`
}

// BuildAny forgets the environment.
//
// case: sqlbuilder/select
func BuildAny(ctx context.Context, id string) (string, []any) {
	sb := sqlbuilder.NewSelectBuilder()
	sb.Select("total").From("invoices")
	sb.Where(sb.Equal("id", id), sb.Equal("tenant_id", auth.TenantID(ctx)))
	return sb.Build() // want `SelectBuilder.Build is not restricted by environment_id`
}

// BuildEither lets everybody's open invoices in.
//
// case: sqlbuilder/or
func BuildEither(ctx context.Context) (string, []any) {
	sb := sqlbuilder.NewSelectBuilder()
	sb.Select("total").From("invoices").Where(sb.Equal("environment_id", auth.EnvironmentID(ctx)), sb.Or(sb.Equal("tenant_id", auth.TenantID(ctx)), "status = 'open'"))
	return sb.Build() // want `SelectBuilder.Build is restricted by tenant_id only on some paths`
}

// BuildInsert leaves the environment out.
//
// case: sqlbuilder/insert
func BuildInsert(ctx context.Context, id string) (string, []any) {
	ib := sqlbuilder.NewInsertBuilder()
	ib.InsertInto("invoices").Cols("id", "tenant_id")
	ib.Values(id, auth.TenantID(ctx))
	return ib.Build() // want `InsertBuilder.Build leaves environment_id unset`
}

// Scan forgets the environment.
//
// case: scany/select
func Scan(ctx context.Context, db pgxscan.Querier) (list []string, err error) {
	return list, pgxscan.Select(ctx, db, &list, "SELECT id FROM invoices WHERE tenant_id = $1", auth.TenantID(ctx)) // want `SELECT of invoices is not restricted by environment_id`
}
