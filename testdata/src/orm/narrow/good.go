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

// Whole has both.
//
// case: dispatch/always clean
func (r *Repo) Whole(ctx context.Context, limit int) ([]*ent.Order, error) {
	return narrow(ctx, r.client.Order.Query(), limit, whole{}).All(ctx)
}

// Kept has both, by a narrower that it keeps.
//
// case: dispatch/kept clean
func (r *Repo) Kept(ctx context.Context) ([]*ent.Order, error) {
	by := asked{tenant: auth.TenantID(ctx)}
	return base(ctx, r.client.Order.Query(), by).All(ctx)
}

// CreateOwn takes the owner from the caller, in another package.
//
// case: dispatch/setters clean
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
// case: dispatch/setters-own clean
func (r *Repo) TouchOwn(ctx context.Context, id string) error {
	q := r.client.Order.UpdateOneID(id).Where(own(ctx))
	return mixin.Touch(q, "seen").Exec(ctx)
}

// ImportOwn makes rows of a list in the caller's environment.
//
// case: dispatch/mapped clean
func (r *Repo) ImportOwn(ctx context.Context, ids []string) error {
	rows := each.Map(ids, func(id string) *ent.OrderCreate {
		return r.client.Order.Create().SetID(id).SetTenantID(auth.TenantID(ctx)).SetEnvironmentID(auth.EnvironmentID(ctx))
	})
	return r.client.Order.CreateBulk(rows...).Exec(ctx)
}

// ImportOwnErr makes rows of a list for the caller.
//
// case: dispatch/mapped-err clean
func (r *Repo) ImportOwnErr(ctx context.Context, ids []string) error {
	rows, err := each.MapErr(ids, func(id string) (*ent.OrderCreate, error) {
		return r.client.Order.Create().SetID(id).SetTenantID(auth.TenantID(ctx)).SetEnvironmentID(auth.EnvironmentID(ctx)), ctx.Err()
	})
	if err != nil {
		return err
	}
	return r.client.Order.CreateBulk(rows...).Exec(ctx)
}

// AnyOwn finds any of the caller's, by a predicate for each.
//
// case: dispatch/mapped-predicates-own clean
func (r *Repo) AnyOwn(ctx context.Context, ids []string) ([]*ent.Order, error) {
	return r.client.Order.Query().Where(order.Or(each.Map(refs(ctx, ids), at)...)).All(ctx)
}

// ImportBuilt makes rows of a list, each by a helper that may fail.
//
// case: dispatch/mapped-built-own clean
func (r *Repo) ImportBuilt(ctx context.Context, ids []string) error {
	var rows []*ent.OrderCreate
	for _, id := range ids {
		row, err := mixin.Create(r.client.Order.Create().SetID(id), mixin.Owner{TenantID: auth.TenantID(ctx), EnvironmentID: auth.EnvironmentID(ctx)}, "new")
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	return r.client.Order.CreateBulk(rows...).Exec(ctx)
}
