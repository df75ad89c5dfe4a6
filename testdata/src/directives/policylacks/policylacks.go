// Package policylacks keeps orders of all environments in one list, which the policy
// exempts for that dimension.
package policylacks

import (
	"context"

	"corpus/legacy/auth"
	"corpus/orm/ent"
	"corpus/orm/ent/order"
)

// Repo keeps orders.
type Repo struct{ client *ent.Client }

// All lacks the environment only.
//
// case: policylacks/environment clean
func (r *Repo) All(ctx context.Context) ([]*ent.Order, error) {
	return r.client.Order.Query().Where(order.TenantID(auth.TenantID(ctx))).All(ctx)
}

// Everybodys lacks the tenant as well.
//
// case: policylacks/both
func (r *Repo) Everybodys(ctx context.Context) ([]*ent.Order, error) {
	return r.client.Order.Query().All(ctx) // want `OrderQuery.All is not restricted by TenantID and EnvironmentID`
}

// Others lacks the tenant only.
//
// case: policylacks/tenant
func (r *Repo) Others(ctx context.Context) ([]*ent.Order, error) {
	return r.client.Order.Query().Where(order.EnvironmentID(auth.EnvironmentID(ctx))).All(ctx) // want `OrderQuery.All is not restricted by TenantID`
}
