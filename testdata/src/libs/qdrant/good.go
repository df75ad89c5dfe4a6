// Package qdrant keeps vectors in Qdrant.
package qdrant

import (
	"context"

	"github.com/qdrant/go-client/qdrant"

	"corpus/legacy/auth"
)

// Store keeps vectors.
type Store struct{ client *qdrant.Client }

// own is a filter for what the caller may see.
func own(ctx context.Context) *qdrant.Filter {
	return &qdrant.Filter{Must: []*qdrant.Condition{
		qdrant.NewMatch("tenant_id", auth.TenantID(ctx)),
		qdrant.NewMatch("env", auth.EnvironmentID(ctx)),
	}}
}

// Near must match the scope.
//
// case: qdrant/must clean
func (s *Store) Near(ctx context.Context) ([]*qdrant.ScoredPoint, error) {
	return s.client.Query(ctx, &qdrant.QueryPoints{CollectionName: "docs", Filter: &qdrant.Filter{Must: []*qdrant.Condition{
		qdrant.NewMatch("tenant_id", auth.TenantID(ctx)),
		qdrant.NewMatch("env", auth.EnvironmentID(ctx)),
		qdrant.NewMatch("kind", "page"),
	}}})
}

// Forget is handed its filter.
//
// case: qdrant/helper clean
func (s *Store) Forget(ctx context.Context) (*qdrant.UpdateResult, error) {
	return s.client.Delete(ctx, &qdrant.DeletePoints{CollectionName: "docs", Points: qdrant.NewPointsSelectorFilter(own(ctx))})
}

// Collection has one for each scope.
//
// case: qdrant/collection clean
func (s *Store) Collection(ctx context.Context) ([]*qdrant.ScoredPoint, error) {
	return s.client.Query(ctx, &qdrant.QueryPoints{CollectionName: "docs_" + auth.TenantID(ctx) + "_" + auth.EnvironmentID(ctx)})
}
