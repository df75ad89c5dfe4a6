package sqlstore

import (
	"context"
	"database/sql"
	"strings"

	"corpus/legacy/auth"
	"corpus/sqlstore/build"
)

// Page is a part of a list.
type Page struct{ Limit, Offset int }

// cut leaves statements as they are where everything is asked for.
func (p *Page) cut(q *build.Query) {
	if p.Limit == 0 {
		return
	}
	q.B("LIMIT ? OFFSET ?", p.Limit, p.Offset)
}

// widen lets more in, now and then.
func (p *Page) widen(q *build.Query) {
	if p.Limit > 0 {
		q.B("OR amount > ?", p.Limit)
	}
}

func shown() []string { return []string{"id", "status", "amount"} }

// Widened is widened by a helper, on some paths only.
//
// case: sql/own-builder-widened
func (s *Store) Widened(ctx context.Context, page *Page) (*sql.Rows, error) {
	q := build.New("SELECT")
	q.B(strings.Join(shown(), ", "))
	q.B("FROM invoices WHERE tenant_id = ? AND environment_id = ?", auth.TenantID(ctx), auth.EnvironmentID(ctx))
	page.widen(q)
	return s.db.QueryContext(ctx, q.String(), q.Args...) // want `SELECT of invoices is restricted by tenant_id and environment_id only on some paths`
}

// Paged is cut by a helper, on some paths only, behind columns whose list another
// function says, and a clause without arguments that comes and goes.
//
// case: sql/own-builder-paged clean
func (s *Store) Paged(ctx context.Context, page *Page, count bool) (*sql.Rows, error) {
	q := build.New("SELECT")
	q.B(strings.Join(shown(), ", "))
	if count {
		q.B(", count(*) OVER()")
	}
	q.B("FROM invoices WHERE tenant_id = ? AND environment_id = ?", auth.TenantID(ctx), auth.EnvironmentID(ctx))
	q.B("ORDER BY id")
	if page != nil {
		page.cut(q)
	}
	return s.db.QueryContext(ctx, q.String(), q.Args...)
}

// PagedCrossed has what the client says in the place of the tenant.
//
// case: sql/own-builder-paged-crossed
func (s *Store) PagedCrossed(ctx context.Context, page *Page) (*sql.Rows, error) {
	q := build.New("SELECT")
	q.B(strings.Join(shown(), ", "))
	q.B("FROM invoices WHERE tenant_id = ? AND environment_id = ?", "open", auth.EnvironmentID(ctx))
	page.cut(q)
	return s.db.QueryContext(ctx, q.String(), q.Args...) // want `SELECT of invoices takes tenant_id from a constant`
}
