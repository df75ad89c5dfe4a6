package weaviate

import (
	"context"
	"net/http"

	"github.com/weaviate/weaviate-go-client/v5/weaviate/batch"
	"github.com/weaviate/weaviate-go-client/v5/weaviate/filters"
	"github.com/weaviate/weaviate-go-client/v5/weaviate/graphql"

	"corpus/legacy/auth"
)

// Either finds what one of the conditions fits.
//
// case: weaviate/or
func (s *Store) Either(ctx context.Context) (*graphql.Response, error) {
	where := filters.Where().WithOperator(filters.Or).WithOperands([]*filters.WhereBuilder{
		equal("tenant_id", auth.TenantID(ctx)),
		equal("env", auth.EnvironmentID(ctx)),
	})
	return s.query.Get().WithClassName("Doc").WithWhere(where).Do(ctx) // want `GetBuilder.Do is not narrowed by tenant and env`
}

// Others finds everybody else's.
//
// case: weaviate/not-equal
func (s *Store) Others(ctx context.Context) (*graphql.Response, error) {
	where := filters.Where().WithPath([]string{"tenant_id"}).WithOperator(filters.NotEqual).WithValueText(auth.TenantID(ctx), auth.EnvironmentID(ctx))
	return s.query.Get().WithClassName("Doc").WithWhere(where).Do(ctx) // want `is not narrowed by tenant and env`
}

// Shard forgets the environment.
//
// case: weaviate/second-dimension
func (s *Store) Shard(ctx context.Context) (*graphql.Response, error) {
	return s.query.Get().WithClassName("Doc").WithTenant(auth.TenantID(ctx)).Do(ctx) // want `is not narrowed by env`
}

// Remove goes by the id alone.
//
// case: weaviate/delete-by-id
func (s *Store) Remove(r *http.Request) error {
	return s.data.Deleter().WithClassName("Doc").WithID(r.PathValue("id")).Do(r.Context()) // want `has no tenant and no env`
}

// Drop removes everybody's of one document.
//
// case: weaviate/batch-delete-unscoped
func (s *Store) Drop(r *http.Request) (*batch.Response, error) {
	return s.batch.ObjectsBatchDeleter().WithClassName("Doc").WithWhere(equal("doc", r.PathValue("doc"))).Do(r.Context()) // want `has no tenant and no env`
}
