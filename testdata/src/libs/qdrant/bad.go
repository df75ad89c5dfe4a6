package qdrant

import (
	"context"

	"github.com/qdrant/go-client/qdrant"

	"corpus/legacy/auth"
)

// Should ranks the caller's first.
//
// case: qdrant/should
func (s *Store) Should(ctx context.Context) ([]*qdrant.ScoredPoint, error) {
	return s.client.Query(ctx, &qdrant.QueryPoints{CollectionName: "docs", Filter: &qdrant.Filter{Should: []*qdrant.Condition{ // want `Client.Query is not narrowed by tenant and env`
		qdrant.NewMatch("tenant_id", auth.TenantID(ctx)),
		qdrant.NewMatch("env", auth.EnvironmentID(ctx)),
	}}})
}

// Everybody looks among everybody's.
//
// case: qdrant/no-filter
func (s *Store) Everybody(ctx context.Context) ([]*qdrant.ScoredPoint, error) {
	return s.client.Query(ctx, &qdrant.QueryPoints{CollectionName: "docs"}) // want `Client.Query is not narrowed by tenant and env`
}

// Tenant forgets the environment.
//
// case: qdrant/second-dimension
func (s *Store) Tenant(ctx context.Context) ([]*qdrant.ScoredPoint, error) {
	filter := &qdrant.Filter{}
	filter.Must = append(filter.Must, qdrant.NewMatch("tenant_id", auth.TenantID(ctx)))
	return s.client.Query(ctx, &qdrant.QueryPoints{CollectionName: "docs", Filter: filter}) // want `is not narrowed by env`
}
