package ledgers

import (
	"context"

	"corpus/legacy/auth"

	"github.com/doug-martin/goqu/v9"
	"github.com/huandu/go-sqlbuilder"
)

// Like has no scope beside its pattern.
//
// case: goqu/like
func Like(ctx context.Context, word string) (string, []any, error) {
	return goqu.From("invoices").Where(goqu.C("title").Like(word)).ToSQL() // want `SelectDataset.ToSQL is not restricted by tenant_id and environment_id`
}

// AnyOf is satisfied by the environment alone.
//
// case: goqu/ex-or
func AnyOf(ctx context.Context) (string, []any, error) {
	return goqu.From("invoices").Where(goqu.ExOr{"tenant_id": auth.TenantID(ctx), "environment_id": auth.EnvironmentID(ctx)}).ToSQL() // want `SelectDataset.ToSQL is not restricted by tenant_id and environment_id`
}

// Both adds everybody's to the caller's.
//
// case: goqu/union
func Both(ctx context.Context) (string, []any, error) {
	own := goqu.From("invoices").Where(goqu.Ex{"tenant_id": auth.TenantID(ctx), "environment_id": auth.EnvironmentID(ctx)})
	return own.Union(goqu.From("invoices").Where(goqu.Ex{"status": "open"})).ToSQL() // want `SelectDataset.Union is not restricted by tenant_id and environment_id`
}

// Named names a query on everybody's.
//
// case: goqu/with
func Named(ctx context.Context) (string, []any, error) {
	return goqu.From("due").With("due", goqu.From("invoices").Where(goqu.C("status").Eq("due"))).ToSQL() // want `SelectDataset.With is not restricted by tenant_id and environment_id`
}

// BuildStruct selects by id.
//
// case: sqlbuilder/struct
func BuildStruct(ctx context.Context, id string) (string, []any) {
	sb := sqlbuilder.NewStruct(new(row)).SelectFrom("invoices")
	sb.Where(sb.Equal("id", id))
	return sb.Build() // want `SelectBuilder.Build is not restricted by tenant_id and environment_id`
}

// BuildShared shares conditions without the environment.
//
// case: sqlbuilder/where-clause-lacks
func BuildShared(ctx context.Context) (string, []any) {
	cond := sqlbuilder.NewCond()
	own := sqlbuilder.NewWhereClause().AddWhereExpr(&sqlbuilder.Args{}, cond.Equal("tenant_id", auth.TenantID(ctx)))
	sb := sqlbuilder.NewSelectBuilder().Select("total").From("invoices").AddWhereClause(own)
	return sb.Build() // want `SelectBuilder.Build is not restricted by environment_id`
}

// BuildRow leaves the environment out.
//
// case: sqlbuilder/struct-insert
func BuildRow(ctx context.Context, id string) (string, []any) {
	return sqlbuilder.NewStruct(new(row)).InsertInto("invoices", row{ID: id, Tenant: auth.TenantID(ctx)}).Build() // want `InsertBuilder.Build leaves environment_id unset`
}

// BuildExists asks whether there is one of anybody's.
//
// case: sqlbuilder/exists
func BuildExists(ctx context.Context) (string, []any) {
	sb := sqlbuilder.NewSelectBuilder()
	sb.Select("1").From("invoices").Where(sb.Exists("SELECT 1"), sb.Equal("tenant_id", auth.TenantID(ctx)))
	return sb.Build() // want `SelectBuilder.Build is not restricted by environment_id`
}
