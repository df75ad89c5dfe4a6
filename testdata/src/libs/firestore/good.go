// Package firestore keeps orders in Firestore.
package firestore

import (
	"context"

	"cloud.google.com/go/firestore"

	"corpus/legacy/auth"
)

// Store keeps orders.
type Store struct{ db *firestore.Client }

// orders are the caller's.
func (s *Store) orders(ctx context.Context) *firestore.CollectionRef {
	return s.db.Collection("tenants").Doc(auth.TenantID(ctx)).Collection("envs").Doc(auth.EnvironmentID(ctx)).Collection("orders")
}

// Get reads below the tenant's own document.
//
// case: firestore/path clean
func (s *Store) Get(ctx context.Context, id string) (*firestore.DocumentSnapshot, error) {
	return s.orders(ctx).Doc(id).Get(ctx)
}

// List asks for the caller's.
//
// case: firestore/where clean
func (s *Store) List(ctx context.Context, status string) *firestore.DocumentIterator {
	return s.db.Collection("orders").Where("status", "==", status).Where("tenant_id", "==", auth.TenantID(ctx)).Where("env", "==", auth.EnvironmentID(ctx)).Limit(10).Documents(ctx)
}

// Document names it by its whole path.
//
// case: firestore/document clean
func (s *Store) Document(ctx context.Context, id string) (*firestore.DocumentSnapshot, error) {
	return s.db.Doc("tenants/" + auth.TenantID(ctx) + "/envs/" + auth.EnvironmentID(ctx) + "/orders/" + id).Get(ctx)
}
