package carts

import (
	"context"
	"net/http"

	"corpus/legacy/auth"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

// Get has the id alone.
//
// case: mongo/find-by-id
func (s *Store) Get(ctx context.Context, id string) (*Cart, error) {
	var c Cart
	err := s.carts.FindOne(ctx, bson.M{"_id": id}).Decode(&c) // want `Collection.FindOne is not restricted by Org: it reaches Cart rows of everybody`
	return &c, err
}

// List has an $or with everybody's open carts in it.
//
// case: mongo/or
func (s *Store) List(ctx context.Context) (list []Cart, err error) {
	filter := bson.M{"$or": bson.A{bson.M{"org_id": auth.TenantID(ctx)}, bson.M{"state": "open"}}}
	cur, err := s.carts.Find(ctx, filter) // want `Collection.Find is restricted by Org only on some paths`
	if err != nil {
		return nil, err
	}
	return list, cur.All(ctx, &list)
}

// Others has the caller's left out.
//
// case: mongo/operator
func (s *Store) Others(ctx context.Context) (list []Cart, err error) {
	cur, err := s.carts.Find(ctx, bson.M{"org_id": bson.M{"$ne": auth.TenantID(ctx)}}) // want `Collection.Find is not restricted by Org`
	if err != nil {
		return nil, err
	}
	return list, cur.All(ctx, &list)
}

// Totals forgets the environment in its pipeline.
//
// case: mongo/aggregate
func (s *Store) Totals(ctx context.Context) (*mongo.Cursor, error) {
	return s.invoices.Aggregate(ctx, mongo.Pipeline{ // want `Collection.Aggregate is not restricted by environment_id: it reaches invoices rows of everybody`
		{{Key: "$match", Value: bson.D{{Key: "tenant_id", Value: auth.TenantID(ctx)}}}},
		{{Key: "$group", Value: bson.D{{Key: "_id", Value: "$status"}}}},
	})
}

// Void believes the client.
//
// case: mongo/misscoped
func (s *Store) Void(w http.ResponseWriter, r *http.Request) {
	filter := bson.D{{Key: "tenant_id", Value: r.Header.Get("X-Tenant-ID")}}
	filter = append(filter, bson.E{Key: "environment_id", Value: auth.EnvironmentID(r.Context())})
	if _, err := s.invoices.UpdateOne(r.Context(), filter, bson.M{"$set": bson.M{"status": "void"}}); err != nil { // want `Collection.UpdateOne takes tenant_id from the request`
		http.Error(w, "not found", http.StatusNotFound)
	}
}

// Touch takes an id and nothing else.
//
// case: mongo/update-by-id
func (s *Store) Touch(ctx context.Context, id string) error {
	_, err := s.invoices.UpdateByID(ctx, id, bson.M{"$set": bson.M{"status": "new"}}) // want `Collection.UpdateByID cannot be restricted by tenant_id and environment_id`
	return err
}

// Add leaves the owner out.
//
// case: mongo/insert-unset
func (s *Store) Add(ctx context.Context, id string) error {
	_, err := s.carts.InsertOne(ctx, Cart{ID: id, State: "open"}) // want `Collection.InsertOne leaves Org unset`
	return err
}
