// Package narrow narrows queries of several kinds in one way, by what each kind
// says of itself.
package narrow

import (
	"context"

	"corpus/legacy/auth"
	"corpus/orm/ent"
	"corpus/orm/ent/order"
	"corpus/orm/ent/predicate"
)

// Repo keeps orders.
type Repo struct{ client *ent.Client }

// Narrower says how queries of one kind are narrowed.
type Narrower[T any] interface {
	Tenant(ctx context.Context, q T) T
	Environment(ctx context.Context, q T) T
	Page(q T, limit int) T
}

// base narrows to the caller's rows.
func base[T any](ctx context.Context, q T, by Narrower[T]) T {
	q = by.Tenant(ctx, q)
	return by.Environment(ctx, q)
}

// narrow narrows to a page of the caller's rows.
func narrow[T any](ctx context.Context, q T, limit int, by Narrower[T]) T {
	q = base(ctx, q, by)
	if limit == 0 {
		return q
	}
	return by.Page(q, limit)
}

// whole narrows to both.
type whole struct{}

func (whole) Tenant(ctx context.Context, q *ent.OrderQuery) *ent.OrderQuery {
	return q.Where(order.TenantID(auth.TenantID(ctx)))
}

func (whole) Environment(ctx context.Context, q *ent.OrderQuery) *ent.OrderQuery {
	return q.Where(order.EnvironmentID(auth.EnvironmentID(ctx)))
}

func (whole) Page(q *ent.OrderQuery, limit int) *ent.OrderQuery { return q.Limit(limit) }

// lax narrows to an environment where there is one.
type lax struct{ whole }

func (lax) Environment(ctx context.Context, q *ent.OrderQuery) *ent.OrderQuery {
	if env := auth.EnvironmentID(ctx); env != "" {
		return q.Where(order.EnvironmentID(env))
	}
	return q
}

// forgetful narrows to nothing by environment.
type forgetful struct{ whole }

func (*forgetful) Environment(_ context.Context, q *ent.OrderQuery) *ent.OrderQuery { return q }

// asked narrows to the tenant that it was made for.
type asked struct {
	whole
	tenant string
}

func (a asked) Tenant(_ context.Context, q *ent.OrderQuery) *ent.OrderQuery {
	return q.Where(order.TenantID(a.tenant))
}

// own is the predicate of the caller's rows.
func own(ctx context.Context) predicate.Order {
	return order.And(order.TenantID(auth.TenantID(ctx)), order.EnvironmentID(auth.EnvironmentID(ctx)))
}

// ref names an order and its owner.
type ref struct{ ID, TenantID, EnvironmentID string }

// at is the predicate of one.
func at(r ref) predicate.Order {
	return order.And(order.ID(r.ID), order.TenantID(r.TenantID), order.EnvironmentID(r.EnvironmentID))
}

// refs are orders of the caller's.
func refs(ctx context.Context, ids []string) []ref {
	var out []ref
	for _, id := range ids {
		out = append(out, ref{ID: id, TenantID: auth.TenantID(ctx), EnvironmentID: auth.EnvironmentID(ctx)})
	}
	return out
}
