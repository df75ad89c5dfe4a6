package orders

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"corpus/legacy/auth"
	"corpus/orm/ent"
	"corpus/orm/ent/order"
	"corpus/orm/ent/predicate"
	"corpus/orm/ent/region"
)

// GetOwn has both predicates.
//
// case: ent/get-scoped clean
func (r *Repo) GetOwn(ctx context.Context, id string) (*ent.Order, error) {
	return r.client.Order.Query().Where(order.ID(id), order.TenantID(auth.TenantID(ctx)), order.EnvironmentID(auth.EnvironmentID(ctx))).Only(ctx)
}

// Again reads by the id of what was just found in scope, and updates it.
//
// case: ent/id-of-own clean
func (r *Repo) Again(ctx context.Context, id string) (*ent.Order, error) {
	o, err := r.GetOwn(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := r.client.Order.UpdateOneID(o.ID).SetStatus("seen").Exec(ctx); err != nil {
		return nil, err
	}
	return r.client.Order.Get(ctx, o.ID)
}

// CloseOwn updates its own row only.
//
// case: ent/update-scoped clean
func (r *Repo) CloseOwn(ctx context.Context, id string) error {
	return r.writer(ctx).Order.UpdateOneID(id).Where(own(ctx)).SetStatus("closed").Exec(ctx)
}

// RemoveOwn has the predicate from a helper, in place.
//
// case: ent/delete-in-place clean
func (r *Repo) RemoveOwn(ctx context.Context, id string) error {
	del := r.client.Order.Delete()
	del.Where(order.ID(id))
	del.Where(own(ctx))
	_, err := del.Exec(ctx)
	return err
}

// ListOwn goes through two helpers.
//
// case: ent/helpers clean
func (r *Repo) ListOwn(ctx context.Context, f Filter) ([]*ent.Order, error) {
	return narrow(scoped(ctx, r.client.Order.Query()), f).All(ctx)
}

// CountOwn has the restriction on both branches.
//
// case: ent/branches clean
func (r *Repo) CountOwn(ctx context.Context, open bool) (int, error) {
	q := r.client.Order.Query()
	if open {
		q = q.Where(order.Status("open"), own(ctx))
	} else {
		q = q.Where(own(ctx))
	}
	return q.Count(ctx)
}

// EitherOwn keeps the tenant outside of the OR.
//
// case: ent/or-inside clean
func (r *Repo) EitherOwn(ctx context.Context, a, b string) ([]*ent.Order, error) {
	return r.client.Order.Query().Where(own(ctx), order.Or(order.CustomerID(a), order.CustomerID(b))).All(ctx)
}

// AddOwn sets the scope from the caller.
//
// case: ent/insert clean
func (r *Repo) AddOwn(ctx context.Context, customer string) error {
	return r.client.Order.Create().
		SetID("o").
		SetTenantID(auth.TenantID(ctx)).
		SetEnvironmentID(auth.EnvironmentID(ctx)).
		SetCustomerID(customer).
		Exec(ctx)
}

// Save saves what its caller made, in a transaction.
//
// case: ent/insert-from-parameter clean
func (r *Repo) Save(ctx context.Context, o *Order) error {
	if o.EnvironmentID == "" {
		o.EnvironmentID = auth.EnvironmentID(ctx)
	}
	return r.withTx(ctx, func(ctx context.Context) error {
		row, err := r.writer(ctx).Order.Create().
			SetID(o.ID).
			SetTenantID(o.TenantID).
			SetEnvironmentID(o.EnvironmentID).
			Save(ctx)
		if err != nil {
			return err
		}
		*o = Order{ID: row.ID, TenantID: row.TenantID, EnvironmentID: row.EnvironmentID}
		return nil
	})
}

// BatchOwn has the predicate in every list.
//
// case: ent/predicate-list clean
func (r *Repo) BatchOwn(ctx context.Context, ids []string, status string) ([]*ent.Order, error) {
	preds := []predicate.Order{order.IDIn(ids...), own(ctx)}
	if status != "" {
		preds = append(preds, order.Status(status))
	}
	return r.client.Order.Query().Where(preds...).All(ctx)
}

// Region reads a table that all tenants share.
//
// case: ent/shared-table clean
func (r *Repo) Region(ctx context.Context, name string) (*ent.Region, error) {
	return r.client.Region.Query().Where(region.Name(name)).Only(ctx)
}

// Touch updates a row that was loaded for the caller.
//
// case: ent/loaded-row clean
func (r *Repo) Touch(ctx context.Context, id string) error {
	row, err := r.GetOwn(ctx, id)
	if err != nil {
		return err
	}
	return row.Update().SetStatus("touched").Exec(ctx)
}

// find leaves the tenant to its callers, who have it.
func (r *Repo) find(ctx context.Context, tenant, env, id string) (*ent.Order, error) {
	return r.client.Order.Query().Where(order.ID(id), order.TenantID(tenant), order.EnvironmentID(env)).Only(ctx)
}

// Find hands the caller's scope down.
//
// case: ent/parameters clean
func (r *Repo) Find(ctx context.Context, id string) (*ent.Order, error) {
	return r.find(ctx, auth.TenantID(ctx), auth.EnvironmentID(ctx), id)
}

// findOwn leaves it to its callers to say whose.
func (r *Repo) findOwn(ctx context.Context, preds ...predicate.Order) (*ent.Order, error) {
	return r.client.Order.Query().Where(preds...).Only(ctx)
}

// ByStatusOwn has the owner among others.
//
// case: ent/variadic-predicates-own clean
func (r *Repo) ByStatusOwn(ctx context.Context, id, status string) (*ent.Order, error) {
	return r.findOwn(ctx, order.ID(id), own(ctx), order.Status(status))
}

// filtersOwn collects predicates, the first of which says whose the rows are.
func filtersOwn(ctx context.Context, f Filter, ids []string) ([]predicate.Order, error) {
	preds := make([]predicate.Order, 0, 4)
	preds = append(preds, own(ctx), order.StatusNEQ("gone"))
	if f.CustomerID != "" {
		preds = append(preds, order.CustomerID(f.CustomerID))
	}
	for _, id := range ids {
		preds = append(preds, order.IDNEQ(id))
	}
	return preds, nil
}

// FilteredOwn relies on them.
//
// case: ent/predicates-of-function-own clean
func (r *Repo) FilteredOwn(ctx context.Context, f Filter, ids []string) (int, error) {
	preds, err := filtersOwn(ctx, f, ids)
	if err != nil {
		return 0, err
	}
	return r.client.Order.Query().Where(preds...).Count(ctx)
}

// NewestOwn narrows by a function on the selector.
//
// case: ent/predicate-function-own clean
func (r *Repo) NewestOwn(ctx context.Context) ([]*ent.Order, error) {
	ours := predicate.Order(func(s *sql.Selector) { s.Where(sql.EQ(order.FieldTenantID, auth.TenantID(ctx))) })
	return r.client.Order.Query().Where(ours, func(s *sql.Selector) {
		s.Where(sql.And(sql.EQ(s.C(order.FieldEnvironmentID), auth.EnvironmentID(ctx)), sql.NEQ(order.FieldStatus, "gone")))
	}).All(ctx)
}

// RegionsOwn narrows the orders.
//
// case: ent/edge-with-narrowed clean
func (r *Repo) RegionsOwn(ctx context.Context) ([]*ent.Region, error) {
	return r.client.Region.Query().WithOrders(func(q *ent.OrderQuery) { q.Where(own(ctx)).WithItems() }).All(ctx)
}

// Full reads the items of the caller's orders.
//
// case: ent/edge-with clean
func (r *Repo) Full(ctx context.Context) ([]*ent.Order, error) {
	return scoped(ctx, r.client.Order.Query()).WithItems().All(ctx)
}

// InOwn queries the edge, and narrows that.
//
// case: ent/edge-query-narrowed clean
func (r *Repo) InOwn(ctx context.Context, name string) ([]*ent.Order, error) {
	return scoped(ctx, r.client.Region.Query().Where(region.Name(name)).QueryOrders()).All(ctx)
}

// ItemsOfOwn queries the edge of the caller's orders, and of one of them.
//
// case: ent/edge-query clean
func (r *Repo) ItemsOfOwn(ctx context.Context, id string) ([]*ent.Item, error) {
	if id == "" {
		return r.client.Order.Query().Where(own(ctx)).QueryItems().All(ctx)
	}
	o, err := r.GetOwn(ctx, id)
	if err != nil {
		return nil, err
	}
	return o.QueryItems().All(ctx)
}

// ImportOwn makes rows of the caller's.
//
// case: ent/bulk clean
func (r *Repo) ImportOwn(ctx context.Context, ids []string) error {
	builders := make([]*ent.OrderCreate, 0, len(ids))
	for _, id := range ids {
		builders = append(builders, r.client.Order.Create().SetID(id).SetTenantID(auth.TenantID(ctx)).SetEnvironmentID(auth.EnvironmentID(ctx)))
	}
	return r.client.Order.CreateBulk(builders...).Exec(ctx)
}

// MapOwn makes a row of the caller's of each.
//
// case: ent/map-bulk clean
func (r *Repo) MapOwn(ctx context.Context, ids []string) error {
	return r.client.Order.MapCreateBulk(ids, func(c *ent.OrderCreate, i int) {
		c.SetID(ids[i]).SetTenantID(auth.TenantID(ctx)).SetEnvironmentID(auth.EnvironmentID(ctx))
	}).Exec(ctx)
}

// PutOwn makes a row of the caller's, or writes it.
//
// case: ent/upsert clean
func (r *Repo) PutOwn(ctx context.Context, id string) error {
	return r.client.Order.Create().SetID(id).SetTenantID(auth.TenantID(ctx)).SetEnvironmentID(auth.EnvironmentID(ctx)).
		OnConflict(sql.ConflictColumns(order.FieldID)).UpdateNewValues().Exec(ctx)
}

// ReopenOwn updates a row that was read for the caller.
//
// case: ent/update-row clean
func (r *Repo) ReopenOwn(ctx context.Context, id string) error {
	o, err := r.GetOwn(ctx, id)
	if err != nil {
		return err
	}
	return r.client.Order.UpdateOne(o).SetStatus("open").Exec(ctx)
}
