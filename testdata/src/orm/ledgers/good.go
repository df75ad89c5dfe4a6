// Package ledgers reads and writes invoices by way of goqu, go-sqlbuilder and
// scany, which hand statements out as text.
package ledgers

import (
	"context"

	"corpus/legacy/auth"

	"github.com/doug-martin/goqu/v9"
	"github.com/georgysavva/scany/v2/pgxscan"
	"github.com/huandu/go-sqlbuilder"
)

// Get has the scope beside the id.
//
// case: goqu/select clean
func Get(ctx context.Context, id string) (string, []any, error) {
	return goqu.From("invoices").Where(goqu.C("id").Eq(id), goqu.Ex{"tenant_id": auth.TenantID(ctx), "environment_id": auth.EnvironmentID(ctx)}).ToSQL()
}

// Open has an OR beside the scope.
//
// case: goqu/and-or clean
func Open(ctx context.Context) (string, []any, error) {
	i := goqu.T("invoices")
	q := goqu.From(i).Where(i.Col("tenant_id").Eq(auth.TenantID(ctx)), i.Col("environment_id").Eq(auth.EnvironmentID(ctx)))
	return q.Where(goqu.Or(goqu.C("status").Eq("new"), goqu.C("status").Eq("open"))).ToSQL()
}

// Drop removes the caller's.
//
// case: goqu/delete clean
func Drop(ctx context.Context) (string, []any, error) {
	return goqu.Delete("invoices").Where(goqu.C("tenant_id").Eq(auth.TenantID(ctx))).Where(goqu.C("environment_id").Eq(auth.EnvironmentID(ctx))).ToSQL()
}

// Put sets both.
//
// case: goqu/insert clean
func Put(ctx context.Context, id string) (string, []any, error) {
	return goqu.Insert("invoices").Rows(goqu.Record{"id": id, "tenant_id": auth.TenantID(ctx), "environment_id": auth.EnvironmentID(ctx)}).ToSQL()
}

// BuildOwn has both, one of them as text.
//
// case: sqlbuilder/select-scoped clean
func BuildOwn(ctx context.Context, id string) (string, []any) {
	sb := sqlbuilder.NewSelectBuilder()
	sb.Select("total").From("invoices")
	sb.Where(sb.Equal("id", id), sb.Equal("tenant_id", auth.TenantID(ctx)))
	sb.Where("environment_id = " + sb.Var(auth.EnvironmentID(ctx)))
	return sb.Build()
}

// BuildOpen has an OR beside both.
//
// case: sqlbuilder/and-or clean
func BuildOpen(ctx context.Context, status string) (string, []any) {
	sb := sqlbuilder.NewSelectBuilder()
	sb.Select("total").From("invoices").Where(sb.Equal("environment_id", auth.EnvironmentID(ctx)), sb.Equal("tenant_id", auth.TenantID(ctx)))
	if status != "" {
		sb.Where(sb.Or(sb.Equal("status", status), "status = 'open'"))
	}
	return sb.Build()
}

// BuildPut sets both.
//
// case: sqlbuilder/insert-scoped clean
func BuildPut(ctx context.Context, id string) (string, []any) {
	ib := sqlbuilder.NewInsertBuilder()
	ib.InsertInto("invoices").Cols("id", "tenant_id", "environment_id")
	ib.Values(id, auth.TenantID(ctx), auth.EnvironmentID(ctx))
	return ib.Build()
}

// ScanOwn has both.
//
// case: scany/select-scoped clean
func ScanOwn(ctx context.Context, db pgxscan.Querier) (list []string, err error) {
	return list, pgxscan.Select(ctx, db, &list, "SELECT id FROM invoices WHERE tenant_id = $1 AND environment_id = $2", auth.TenantID(ctx), auth.EnvironmentID(ctx))
}
