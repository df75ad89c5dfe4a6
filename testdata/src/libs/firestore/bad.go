package firestore

import (
	"context"
	"net/http"

	"cloud.google.com/go/firestore"

	"corpus/legacy/auth"
)

// ByID reads whatever the client names.
//
// case: firestore/path-unscoped
func (s *Store) ByID(w http.ResponseWriter, r *http.Request) {
	if _, err := s.db.Collection("orders").Doc(r.PathValue("id")).Get(r.Context()); err != nil { // want `store key has no tenant and no env`
		http.Error(w, "not found", http.StatusNotFound)
	}
}

// All reads everybody's.
//
// case: firestore/all
func (s *Store) All(ctx context.Context) *firestore.DocumentIterator {
	return s.db.Collection("orders").Where("status", "==", "open").Documents(ctx) // want `Query.Documents is not narrowed by tenant and env`
}

// Tenant forgets the environment.
//
// case: firestore/second-dimension
func (s *Store) Tenant(ctx context.Context) *firestore.DocumentIterator {
	return s.db.Collection("orders").Where("tenant_id", "==", auth.TenantID(ctx)).Documents(ctx) // want `is not narrowed by env`
}
