// Package orders keeps orders by way of ent.
package orders

import (
	"context"

	"corpus/legacy/auth"
	"corpus/orm/ent"
	"corpus/orm/ent/order"
	"corpus/orm/ent/predicate"
)

// Repo is the repository of orders.
type Repo struct{ client *ent.Client }

// Order is an order as the service knows it.
type Order struct {
	ID, TenantID, EnvironmentID, CustomerID, Status string
}

// Filter narrows a listing.
type Filter struct {
	CustomerID string
	TenantID   string
	Limit      int
}

// writer returns the client to write with.
func (r *Repo) writer(context.Context) *ent.Client { return r.client }

// withTx runs fn in a transaction.
func (r *Repo) withTx(ctx context.Context, fn func(context.Context) error) error { return fn(ctx) }

// own is the predicate that every statement must have.
func own(ctx context.Context) predicate.Order {
	return order.And(order.TenantID(auth.TenantID(ctx)), order.EnvironmentIDEQ(auth.EnvironmentID(ctx)))
}

// scoped adds it to a query.
func scoped(ctx context.Context, q *ent.OrderQuery) *ent.OrderQuery {
	return q.Where(own(ctx))
}

// narrow applies a filter, which knows nothing of tenants.
func narrow(q *ent.OrderQuery, f Filter) *ent.OrderQuery {
	if f.CustomerID != "" {
		q = q.Where(order.CustomerID(f.CustomerID))
	}
	if f.Limit > 0 {
		q = q.Limit(f.Limit)
	}
	return q
}
