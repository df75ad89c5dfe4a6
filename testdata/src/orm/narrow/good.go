package narrow

import (
	"context"
	"net/http"

	"corpus/legacy/auth"
	"corpus/orm/ent"
	"corpus/orm/narrow/mixin"
)

// Whole has both.
//
// case: dispatch/conditional clean
func (r *Repo) Whole(ctx context.Context, limit int) ([]*ent.Order, error) {
	return narrow(ctx, r.client.Order.Query(), limit, whole{}).All(ctx)
}

// Kept has both, by a narrower that it keeps.
//
// case: dispatch/missing clean
func (r *Repo) Kept(ctx context.Context) ([]*ent.Order, error) {
	by := asked{tenant: auth.TenantID(ctx)}
	return base(ctx, r.client.Order.Query(), by).All(ctx)
}

// CreateOwn takes the owner from the caller, in another package.
//
// case: dispatch/setters-misscoped clean
func (r *Repo) CreateOwn(req *http.Request) error {
	ctx := req.Context()
	row, err := mixin.Create(r.client.Order.Create(), mixin.Owner{TenantID: auth.TenantID(ctx), EnvironmentID: auth.EnvironmentID(ctx)}, req.FormValue("status"))
	if err != nil {
		return err
	}
	return row.Exec(ctx)
}

// TouchOwn has an owner before.
//
// case: dispatch/setters-missing clean
func (r *Repo) TouchOwn(ctx context.Context, id string) error {
	q := r.client.Order.UpdateOneID(id).Where(own(ctx))
	return mixin.Touch(q, "seen").Exec(ctx)
}
