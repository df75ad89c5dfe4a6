package orders

import (
	"context"
	"net/http"

	"entgo.io/ent/dialect/sql"

	"corpus/legacy/auth"
	"corpus/orm/ent"
	"corpus/orm/ent/order"
	"corpus/orm/ent/predicate"
	"corpus/orm/ent/region"
)

// Get takes an id and nothing else.
//
// case: ent/get-by-id
func (r *Repo) Get(ctx context.Context, id string) (*ent.Order, error) {
	return r.client.Order.Get(ctx, id) // want `OrderClient.Get cannot be restricted by TenantID and EnvironmentID`
}

// Close updates by id alone.
//
// case: ent/update-one-id
func (r *Repo) Close(ctx context.Context, id string) error {
	return r.writer(ctx).Order.UpdateOneID(id).SetStatus("closed").Exec(ctx) // want `OrderUpdateOne.Exec is not restricted by TenantID and EnvironmentID`
}

// Remove forgets the environment.
//
// case: ent/second-dimension
func (r *Repo) Remove(ctx context.Context, id string) error {
	_, err := r.client.Order.Delete().Where(order.ID(id), order.TenantID(auth.TenantID(ctx))).Exec(ctx) // want `OrderDelete.Exec is not restricted by EnvironmentID`
	return err
}

// List leaves the environment out if the caller has none.
//
// case: ent/conditional
func (r *Repo) List(ctx context.Context) ([]*ent.Order, error) {
	q := r.client.Order.Query().Where(order.TenantID(auth.TenantID(ctx)))
	if env := auth.EnvironmentID(ctx); env != "" {
		q = q.Where(order.EnvironmentID(env))
	}
	return q.All(ctx) // want `OrderQuery.All is restricted by EnvironmentID only on some paths`
}

// ListInPlace does the same without an assignment.
//
// case: ent/conditional-in-place
func (r *Repo) ListInPlace(ctx context.Context) ([]*ent.Order, error) {
	q := r.client.Order.Query().Where(order.TenantID(auth.TenantID(ctx)))
	if env := auth.EnvironmentID(ctx); env != "" {
		q.Where(order.EnvironmentID(env))
	}
	return q.All(ctx) // want `OrderQuery.All is restricted by EnvironmentID only on some paths`
}

// Search relies on a filter that knows nothing of tenants.
//
// case: ent/filter-helper
func (r *Repo) Search(ctx context.Context, f Filter) ([]*ent.Order, error) {
	q := narrow(r.client.Order.Query(), f)
	return q.All(ctx) // want `OrderQuery.All is not restricted by TenantID and EnvironmentID`
}

// ByFilter believes what the client asked for, where it did.
//
// case: ent/optional-filter
func (r *Repo) ByFilter(ctx context.Context, f Filter) (int, error) {
	q := r.client.Order.Query().Where(order.EnvironmentID(auth.EnvironmentID(ctx)))
	if f.TenantID != "" {
		q = q.Where(order.TenantID(f.TenantID))
	}
	return q.Count(ctx) // want `OrderQuery.Count is not restricted by TenantID`
}

// FromHeader takes the tenant from the client.
//
// case: ent/misscoped
func (r *Repo) FromHeader(w http.ResponseWriter, req *http.Request) {
	ctx := req.Context()
	_, err := r.client.Order.Query().Where( // want `OrderQuery.First takes TenantID from the request`
		order.TenantID(req.Header.Get("X-Tenant-ID")),
		order.EnvironmentID(auth.EnvironmentID(ctx)),
	).First(ctx)
	if err != nil {
		http.Error(w, "not found", http.StatusNotFound)
	}
}

// Default reads the shared tenant's orders, whoever asks.
//
// case: ent/constant
func (r *Repo) Default(ctx context.Context) ([]*ent.Order, error) {
	return r.client.Order.Query().Where(order.TenantID("default"), order.EnvironmentID(auth.EnvironmentID(ctx))).All(ctx) // want `OrderQuery.All takes TenantID from a constant`
}

// Either has a predicate that another one makes void.
//
// case: ent/or
func (r *Repo) Either(ctx context.Context, customer string) ([]*ent.Order, error) {
	return r.client.Order.Query().Where(order.Or(own(ctx), order.CustomerID(customer))).All(ctx) // want `OrderQuery.All is restricted by TenantID and EnvironmentID only on some paths`
}

// Others excludes its own tenant.
//
// case: ent/not
func (r *Repo) Others(ctx context.Context) (int, error) {
	return r.client.Order.Query().Where(order.TenantIDNEQ(auth.TenantID(ctx))).Count(ctx) // want `OrderQuery.Count is not restricted by TenantID and EnvironmentID`
}

// Add saves a row that belongs to nobody.
//
// case: ent/insert-unset
func (r *Repo) Add(ctx context.Context, customer string) error {
	return r.client.Order.Create().SetID("o").SetCustomerID(customer).SetTenantID(auth.TenantID(ctx)).Exec(ctx) // want `OrderCreate.Exec leaves EnvironmentID unset`
}

// Batch collects predicates and forgets one on a path.
//
// case: ent/predicate-list-conditional
func (r *Repo) Batch(ctx context.Context, ids []string, all bool) ([]*ent.Order, error) {
	preds := []predicate.Order{order.IDIn(ids...)}
	if !all {
		preds = append(preds, own(ctx))
	}
	return r.client.Order.Query().Where(preds...).All(ctx) // want `OrderQuery.All is restricted by TenantID and EnvironmentID only on some paths`
}

// find leaves it to its callers to say whose.
func (r *Repo) findBy(ctx context.Context, preds ...predicate.Order) (*ent.Order, error) {
	return r.client.Order.Query().Where(preds...).Only(ctx) // want `OrderQuery.Only is not restricted by TenantID and EnvironmentID`
}

// ByStatus has no predicate that does.
//
// case: ent/variadic-predicates
func (r *Repo) ByStatus(ctx context.Context, id, status string) (*ent.Order, error) {
	return r.findBy(ctx, order.ID(id), order.Status(status))
}

// filters collects predicates, none of which says whose the rows are.
func filters(f Filter) ([]predicate.Order, error) {
	preds := make([]predicate.Order, 0, 2)
	preds = append(preds, order.StatusNEQ("gone"))
	if f.CustomerID != "" {
		preds = append(preds, order.CustomerID(f.CustomerID))
	}
	return preds, nil
}

// Filtered relies on them.
//
// case: ent/predicates-of-function
func (r *Repo) Filtered(ctx context.Context, f Filter) (int, error) {
	preds, err := filters(f)
	if err != nil {
		return 0, err
	}
	return r.client.Order.Query().Where(preds...).Count(ctx) // want `OrderQuery.Count is not restricted by TenantID and EnvironmentID`
}

// Newest narrows by a function on the selector, which has the owner in an OR.
//
// case: ent/predicate-function
func (r *Repo) Newest(ctx context.Context) ([]*ent.Order, error) {
	return r.client.Order.Query().Where(order.EnvironmentID(auth.EnvironmentID(ctx)), func(s *sql.Selector) { // want `OrderQuery.All is restricted by TenantID only on some paths`
		s.Where(sql.Or(sql.EQ(s.C(order.FieldTenantID), auth.TenantID(ctx)), sql.EQ(order.FieldStatus, "open")))
	}).All(ctx)
}

// Regions are everybody's, and so are the orders that are read with them.
//
// case: ent/edge-with-of-nobody
func (r *Repo) Regions(ctx context.Context) ([]*ent.Region, error) {
	return r.client.Region.Query().WithOrders(func(q *ent.OrderQuery) { q.Limit(10) }).All(ctx) // want `RegionQuery.All with Orders is not restricted by TenantID and EnvironmentID: it reaches Order rows of everybody`
}

// In queries the edge of what nobody owns.
//
// case: ent/edge-query-of-nobody
func (r *Repo) In(ctx context.Context, name string) ([]*ent.Order, error) {
	return r.client.Region.Query().Where(region.Name(name)).QueryOrders().All(ctx) // want `OrderQuery.All is not restricted by TenantID and EnvironmentID`
}

// ItemsOf queries the edge of an order that the client names.
//
// case: ent/edge-of-id
func (r *Repo) ItemsOf(ctx context.Context, id string) ([]*ent.Item, error) {
	return r.client.Order.QueryItems(&ent.Order{ID: id}).All(ctx) // want `ItemQuery.All is not restricted by TenantID and EnvironmentID`
}

// Import makes rows for no environment.
//
// case: ent/bulk-unset
func (r *Repo) Import(ctx context.Context) error {
	tenant := auth.TenantID(ctx)
	return r.client.Order.CreateBulk( // want `OrderCreateBulk.Exec leaves EnvironmentID unset`
		r.client.Order.Create().SetID("a").SetTenantID(tenant),
		r.client.Order.Create().SetID("b").SetTenantID(tenant),
	).Exec(ctx)
}

// Map makes a row of each, for no environment.
//
// case: ent/map-bulk-unset
func (r *Repo) Map(ctx context.Context, ids []string) error {
	return r.client.Order.MapCreateBulk(ids, func(c *ent.OrderCreate, i int) { // want `OrderCreateBulk.Exec leaves EnvironmentID unset`
		c.SetID(ids[i]).SetTenantID(auth.TenantID(ctx))
	}).Exec(ctx)
}

// Put makes a row, or writes it, and leaves the environment out.
//
// case: ent/upsert-unset
func (r *Repo) Put(ctx context.Context, id string) error {
	return r.client.Order.Create().SetID(id).SetTenantID(auth.TenantID(ctx)).OnConflict(sql.ConflictColumns(order.FieldID)).UpdateNewValues().Exec(ctx) // want `OrderUpsertOne.Exec leaves EnvironmentID unset`
}

// Reopen updates a row that the client names.
//
// case: ent/update-row-of-id
func (r *Repo) Reopen(ctx context.Context, id string) error {
	return r.client.Order.UpdateOne(&ent.Order{ID: id}).SetStatus("open").Exec(ctx) // want `OrderUpdateOne.Exec is not restricted by TenantID and EnvironmentID`
}
