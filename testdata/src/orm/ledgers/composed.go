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

// LikeOwn has both.
//
// case: goqu/like-scoped clean
func LikeOwn(ctx context.Context, word string) (string, []any, error) {
	own := goqu.And(goqu.C("tenant_id").In(auth.TenantID(ctx)), goqu.C("environment_id").Eq(auth.EnvironmentID(ctx)))
	return goqu.From("invoices").Where(own, goqu.C("title").Like(word)).ToSQL()
}

// AnyOf is satisfied by the environment alone.
//
// case: goqu/ex-or
func AnyOf(ctx context.Context) (string, []any, error) {
	return goqu.From("invoices").Where(goqu.ExOr{"tenant_id": auth.TenantID(ctx), "environment_id": auth.EnvironmentID(ctx)}).ToSQL() // want `SelectDataset.ToSQL is not restricted by tenant_id and environment_id`
}

// AnyOfOwn has its alternatives beside the scope.
//
// case: goqu/ex-or-scoped clean
func AnyOfOwn(ctx context.Context) (string, []any, error) {
	own := goqu.Ex{"tenant_id": auth.TenantID(ctx), "environment_id": auth.EnvironmentID(ctx), "total": goqu.Op{"gt": 0}}
	return goqu.From("invoices").Where(own, goqu.ExOr{"status": "open", "title": "x"}).ToSQL()
}

// Both adds everybody's to the caller's.
//
// case: goqu/union
func Both(ctx context.Context) (string, []any, error) {
	own := goqu.From("invoices").Where(goqu.Ex{"tenant_id": auth.TenantID(ctx), "environment_id": auth.EnvironmentID(ctx)})
	return own.Union(goqu.From("invoices").Where(goqu.Ex{"status": "open"})).ToSQL() // want `SelectDataset.Union is not restricted by tenant_id and environment_id`
}

// BothOwn has the scope in both.
//
// case: goqu/union-scoped clean
func BothOwn(ctx context.Context) (string, []any, error) {
	own := goqu.From("invoices").Where(goqu.Ex{"tenant_id": auth.TenantID(ctx), "environment_id": auth.EnvironmentID(ctx)})
	return own.Where(goqu.C("status").Eq("new")).Union(own.Where(goqu.C("status").Eq("open"))).ToSQL()
}

// Named names a query on everybody's.
//
// case: goqu/with
func Named(ctx context.Context) (string, []any, error) {
	return goqu.From("due").With("due", goqu.From("invoices").Where(goqu.C("status").Eq("due"))).ToSQL() // want `SelectDataset.With is not restricted by tenant_id and environment_id`
}

// NamedOwn names one on the caller's.
//
// case: goqu/with-scoped clean
func NamedOwn(ctx context.Context) (string, []any, error) {
	own := goqu.Ex{"tenant_id": auth.TenantID(ctx), "environment_id": auth.EnvironmentID(ctx)}
	return goqu.From("due").With("due", goqu.From("invoices").Where(own, goqu.C("status").Eq("due"))).ToSQL()
}

// row is an invoice.
type row struct {
	ID     string `db:"id"`
	Tenant string `db:"tenant_id"`
	Env    string `db:"environment_id"`
}

// BuildStruct selects by id.
//
// case: sqlbuilder/struct
func BuildStruct(ctx context.Context, id string) (string, []any) {
	sb := sqlbuilder.NewStruct(new(row)).SelectFrom("invoices")
	sb.Where(sb.Equal("id", id))
	return sb.Build() // want `SelectBuilder.Build is not restricted by tenant_id and environment_id`
}

// BuildStructOwn has conditions of several statements.
//
// case: sqlbuilder/where-clause clean
func BuildStructOwn(ctx context.Context, id string) (string, []any) {
	args, cond := &sqlbuilder.Args{}, sqlbuilder.NewCond()
	own := sqlbuilder.NewWhereClause().AddWhereExpr(args, cond.Equal("tenant_id", auth.TenantID(ctx)))
	own.AddWhereExpr(args, cond.Equal("environment_id", auth.EnvironmentID(ctx)))
	sb := sqlbuilder.NewStruct(new(row)).SelectFrom("invoices")
	sb.Where(sb.Equal("id", id)).AddWhereClause(own)
	return sb.Build()
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

// BuildRowOwn has both.
//
// case: sqlbuilder/struct-insert-scoped clean
func BuildRowOwn(ctx context.Context, id string) (string, []any) {
	return sqlbuilder.NewStruct(new(row)).InsertInto("invoices", &row{id, auth.TenantID(ctx), auth.EnvironmentID(ctx)}).Build()
}

// BuildExists asks whether there is one of anybody's.
//
// case: sqlbuilder/exists
func BuildExists(ctx context.Context) (string, []any) {
	sb := sqlbuilder.NewSelectBuilder()
	sb.Select("1").From("invoices").Where(sb.Exists("SELECT 1"), sb.Equal("tenant_id", auth.TenantID(ctx)))
	return sb.Build() // want `SelectBuilder.Build is not restricted by environment_id`
}

// BuildExistsOwn has both beside it.
//
// case: sqlbuilder/exists-scoped clean
func BuildExistsOwn(ctx context.Context) (string, []any) {
	sb := sqlbuilder.NewSelectBuilder()
	sb.Select("1").From("invoices").Where(sb.Exists("SELECT 1"), sb.Equal("tenant_id", auth.TenantID(ctx)), sb.Equal("environment_id", auth.EnvironmentID(ctx)))
	return sb.Build()
}
