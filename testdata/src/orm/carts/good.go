package carts

import (
	"context"

	"corpus/legacy/auth"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

// own restricts a filter to the caller's.
func own(ctx context.Context, filter bson.M) bson.M {
	filter["org_id"] = auth.TenantID(ctx)
	return filter
}

// GetOwn has both.
//
// case: mongo/find clean
func (s *Store) GetOwn(ctx context.Context, id string) (*Cart, error) {
	var c Cart
	err := s.carts.FindOne(ctx, bson.M{"_id": id, "org_id": auth.TenantID(ctx)}).Decode(&c)
	return &c, err
}

// ListOwn has an $or beside the owner.
//
// case: mongo/and-or clean
func (s *Store) ListOwn(ctx context.Context) (list []Cart, err error) {
	either := bson.M{"$or": bson.A{bson.M{"state": "new"}, bson.M{"state": "open"}}}
	cur, err := s.carts.Find(ctx, bson.M{"$and": bson.A{bson.M{"org_id": auth.TenantID(ctx)}, either}})
	if err != nil {
		return nil, err
	}
	return list, cur.All(ctx, &list)
}

// AnyOwn has a list of one.
//
// case: mongo/in clean
func (s *Store) AnyOwn(ctx context.Context) (list []Cart, err error) {
	cur, err := s.carts.Find(ctx, bson.M{"org_id": bson.M{"$in": []string{auth.TenantID(ctx)}}})
	if err != nil {
		return nil, err
	}
	return list, cur.All(ctx, &list)
}

// StateOwn has a filter that a helper completes.
//
// case: mongo/helper clean
func (s *Store) StateOwn(ctx context.Context, state string) (list []Cart, err error) {
	cur, err := s.carts.Find(ctx, own(ctx, bson.M{"state": state}))
	if err != nil {
		return nil, err
	}
	return list, cur.All(ctx, &list)
}

// TotalsOwn has both in its pipeline.
//
// case: mongo/aggregate-scoped clean
func (s *Store) TotalsOwn(ctx context.Context) (*mongo.Cursor, error) {
	return s.invoices.Aggregate(ctx, mongo.Pipeline{
		{{Key: "$match", Value: bson.D{{Key: "tenant_id", Value: auth.TenantID(ctx)}, {Key: "environment_id", Value: auth.EnvironmentID(ctx)}}}},
		{{Key: "$group", Value: bson.D{{Key: "_id", Value: "$status"}}}},
	})
}

// TouchOwn goes by the id of a cart that was read for the caller.
//
// case: mongo/ids-of-read-rows clean
func (s *Store) TouchOwn(ctx context.Context, id string) error {
	var c Cart
	if err := s.carts.FindOne(ctx, bson.M{"_id": id, "org_id": auth.TenantID(ctx)}).Decode(&c); err != nil {
		return err
	}
	_, err := s.carts.UpdateOne(ctx, bson.D{{Key: "_id", Value: c.ID}}, bson.M{"$set": bson.M{"state": "new"}})
	return err
}

// DropOwn adds to a list of pairs.
//
// case: mongo/delete clean
func (s *Store) DropOwn(ctx context.Context, status string) error {
	filter := bson.D{{Key: "tenant_id", Value: auth.TenantID(ctx)}, {Key: "environment_id", Value: auth.EnvironmentID(ctx)}}
	if status != "" {
		filter = append(filter, bson.E{Key: "status", Value: status})
	}
	_, err := s.invoices.DeleteMany(ctx, filter)
	return err
}

// AddOwn sets the owner of all.
//
// case: mongo/insert clean
func (s *Store) AddOwn(ctx context.Context, id string) error {
	if _, err := s.carts.InsertOne(ctx, &Cart{ID: id, Org: auth.TenantID(ctx)}); err != nil {
		return err
	}
	_, err := s.invoices.InsertMany(ctx, []any{bson.M{"_id": id, "tenant_id": auth.TenantID(ctx), "environment_id": auth.EnvironmentID(ctx)}})
	return err
}
