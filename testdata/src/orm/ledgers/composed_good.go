package ledgers

import (
	"context"

	"corpus/legacy/auth"

	"github.com/doug-martin/goqu/v9"
	"github.com/huandu/go-sqlbuilder"
)

// LikeOwn has both.
//
// case: goqu/like-scoped clean
func LikeOwn(ctx context.Context, word string) (string, []any, error) {
	own := goqu.And(goqu.C("tenant_id").In(auth.TenantID(ctx)), goqu.C("environment_id").Eq(auth.EnvironmentID(ctx)))
	return goqu.From("invoices").Where(own, goqu.C("title").Like(word)).ToSQL()
}

// AnyOfOwn has its alternatives beside the scope.
//
// case: goqu/ex-or-scoped clean
func AnyOfOwn(ctx context.Context) (string, []any, error) {
	own := goqu.Ex{"tenant_id": auth.TenantID(ctx), "environment_id": auth.EnvironmentID(ctx), "total": goqu.Op{"gt": 0}}
	return goqu.From("invoices").Where(own, goqu.ExOr{"status": "open", "title": "x"}).ToSQL()
}

// BothOwn has the scope in both.
//
// case: goqu/union-scoped clean
func BothOwn(ctx context.Context) (string, []any, error) {
	own := goqu.From("invoices").Where(goqu.Ex{"tenant_id": auth.TenantID(ctx), "environment_id": auth.EnvironmentID(ctx)})
	return own.Where(goqu.C("status").Eq("new")).Union(own.Where(goqu.C("status").Eq("open"))).ToSQL()
}

// NamedOwn names one on the caller's.
//
// case: goqu/with-scoped clean
func NamedOwn(ctx context.Context) (string, []any, error) {
	own := goqu.Ex{"tenant_id": auth.TenantID(ctx), "environment_id": auth.EnvironmentID(ctx)}
	return goqu.From("due").With("due", goqu.From("invoices").Where(own, goqu.C("status").Eq("due"))).ToSQL()
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

// BuildRowOwn has both.
//
// case: sqlbuilder/struct-insert-scoped clean
func BuildRowOwn(ctx context.Context, id string) (string, []any) {
	return sqlbuilder.NewStruct(new(row)).InsertInto("invoices", &row{id, auth.TenantID(ctx), auth.EnvironmentID(ctx)}).Build()
}

// BuildExistsOwn has both beside it.
//
// case: sqlbuilder/exists-scoped clean
func BuildExistsOwn(ctx context.Context) (string, []any) {
	sb := sqlbuilder.NewSelectBuilder()
	sb.Select("1").From("invoices").Where(sb.Exists("SELECT 1"), sb.Equal("tenant_id", auth.TenantID(ctx)), sb.Equal("environment_id", auth.EnvironmentID(ctx)))
	return sb.Build()
}
