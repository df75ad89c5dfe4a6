package narrow

import (
	"context"
	"net/http"

	"corpus/legacy/auth"
	"corpus/orm/ent"
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
	return row.Exec(ctx) // want `OrderCreate.Exec sets TenantID from Request.FormValue`
}

// TouchAny has no owner before nor after.
//
// case: dispatch/setters-missing
func (r *Repo) TouchAny(ctx context.Context, id string) error {
	return mixin.Touch(r.client.Order.UpdateOneID(id), "seen").Exec(ctx) // want `OrderUpdateOne.Exec is not restricted by TenantID and EnvironmentID`
}
