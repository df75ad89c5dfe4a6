package narrow

import (
	"context"
	"net/http"

	"corpus/legacy/auth"
	"corpus/orm/ent"
	"corpus/orm/ent/order"
	"corpus/orm/narrow/each"
	"corpus/orm/narrow/mixin"
)

// Lax has an environment on some paths only.
//
// case: dispatch/conditional
func (r *Repo) Lax(ctx context.Context, limit int) ([]*ent.Order, error) {
	return narrow(ctx, r.client.Order.Query(), limit, lax{}).All(ctx) // want `OrderQuery.All is restricted by EnvironmentID only on some paths`
}

// Forgetful has no environment.
//
// case: dispatch/missing
func (r *Repo) Forgetful(ctx context.Context) ([]*ent.Order, error) {
	return base(ctx, r.client.Order.Query(), &forgetful{}).All(ctx) // want `OrderQuery.All is not restricted by EnvironmentID`
}

// CreateAnywhere takes the owner from the request, in another package.
//
// case: dispatch/setters-misscoped
func (r *Repo) CreateAnywhere(req *http.Request) error {
	ctx := req.Context()
	row, err := mixin.Create(r.client.Order.Create(), mixin.Owner{TenantID: req.FormValue("tenant"), EnvironmentID: auth.EnvironmentID(ctx)}, "new")
	if err != nil {
		return err
	}
	return row.Exec(ctx) // want `OrderCreate.Exec takes TenantID from the request`
}

// TouchAny has no owner before nor after.
//
// case: dispatch/setters-missing
func (r *Repo) TouchAny(ctx context.Context, id string) error {
	return mixin.Touch(r.client.Order.UpdateOneID(id), "seen").Exec(ctx) // want `OrderUpdateOne.Exec is not restricted by TenantID and EnvironmentID`
}

// Import makes rows of a list, in nobody's environment.
//
// case: dispatch/mapped-missing
func (r *Repo) Import(ctx context.Context, ids []string) error {
	rows := each.Map(ids, func(id string) *ent.OrderCreate {
		return r.client.Order.Create().SetID(id).SetTenantID(auth.TenantID(ctx))
	})
	return r.client.Order.CreateBulk(rows...).Exec(ctx) // want `OrderCreateBulk.Exec leaves EnvironmentID unset`
}

// ImportFor makes rows of a list for whom the request names.
//
// case: dispatch/mapped-misscoped
func (r *Repo) ImportFor(req *http.Request, ids []string) error {
	ctx := req.Context()
	rows, err := each.MapErr(ids, func(id string) (*ent.OrderCreate, error) {
		return r.client.Order.Create().SetID(id).SetTenantID(req.FormValue("tenant")).SetEnvironmentID(auth.EnvironmentID(ctx)), ctx.Err()
	})
	if err != nil {
		return err
	}
	return r.client.Order.CreateBulk(rows...).Exec(ctx) // want `OrderCreateBulk.Exec takes TenantID from the request`
}

// AnyOf finds any, by a predicate for each.
//
// case: dispatch/mapped-predicates
func (r *Repo) AnyOf(ctx context.Context, ids []string) ([]*ent.Order, error) {
	return r.client.Order.Query().Where(order.Or(each.Map(ids, order.ID)...)).All(ctx) // want `OrderQuery.All is not restricted by TenantID and EnvironmentID`
}

// ImportAsked makes rows of a list, each by a helper that may fail, for whom the
// request names.
//
// case: dispatch/mapped-built
func (r *Repo) ImportAsked(req *http.Request, ids []string) error {
	var rows []*ent.OrderCreate
	for _, id := range ids {
		row, err := mixin.Create(r.client.Order.Create().SetID(id), mixin.Owner{TenantID: req.FormValue("tenant"), EnvironmentID: auth.EnvironmentID(req.Context())}, "new")
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	return r.client.Order.CreateBulk(rows...).Exec(req.Context()) // want `OrderCreateBulk.Exec takes TenantID from the request`
}
