// Package weaviate keeps objects in Weaviate.
package weaviate

import (
	"context"

	"github.com/weaviate/weaviate-go-client/v5/weaviate/batch"
	"github.com/weaviate/weaviate-go-client/v5/weaviate/data"
	"github.com/weaviate/weaviate-go-client/v5/weaviate/filters"
	"github.com/weaviate/weaviate-go-client/v5/weaviate/graphql"

	"corpus/legacy/auth"
)

// Store keeps objects.
type Store struct {
	query *graphql.API
	data  *data.API
	batch *batch.API
}

// equal is a filter for a property that is equal.
func equal(property, value string) *filters.WhereBuilder {
	return filters.Where().WithPath([]string{property}).WithOperator(filters.Equal).WithValueText(value)
}

// Near finds what the caller may see.
//
// case: weaviate/and clean
func (s *Store) Near(ctx context.Context) (*graphql.Response, error) {
	where := filters.Where().WithOperator(filters.And).WithOperands([]*filters.WhereBuilder{
		equal("tenant_id", auth.TenantID(ctx)),
		equal("env", auth.EnvironmentID(ctx)),
		filters.Where().WithPath([]string{"kind"}).WithOperator(filters.NotEqual).WithValueText("draft"),
	})
	return s.query.Get().WithClassName("Doc").WithWhere(where).WithLimit(9).Do(ctx)
}

// Behind says the operator last.
//
// case: weaviate/operator-last clean
func (s *Store) Behind(ctx context.Context) (*graphql.Response, error) {
	env := filters.Where().WithPath([]string{"env"}).WithValueText(auth.EnvironmentID(ctx)).WithOperator(filters.Equal)
	return s.query.Get().WithClassName("Doc").WithTenant(auth.TenantID(ctx)).WithWhere(env).Do(ctx)
}

// Own asks the tenant's shard, step by step.
//
// case: weaviate/tenant clean
func (s *Store) Own(ctx context.Context) (*graphql.Response, error) {
	q := s.query.Get()
	q.WithClassName("Doc" + auth.EnvironmentID(ctx))
	q.WithTenant(auth.TenantID(ctx))
	return q.Do(ctx)
}

// Forget removes one of the caller's.
//
// case: weaviate/delete clean
func (s *Store) Forget(ctx context.Context, id string) error {
	return s.data.Deleter().WithClassName("Doc" + auth.EnvironmentID(ctx)).WithTenant(auth.TenantID(ctx)).WithID(id).Do(ctx)
}

// Sweep removes the caller's of one document.
//
// case: weaviate/batch-delete clean
func (s *Store) Sweep(ctx context.Context, doc string) (*batch.Response, error) {
	operands := []*filters.WhereBuilder{equal("tenant_id", auth.TenantID(ctx)), equal("env", auth.EnvironmentID(ctx))}
	if doc != "" {
		operands = append(operands, equal("doc", doc))
	}
	return s.batch.ObjectsBatchDeleter().WithClassName("Doc").WithWhere(filters.Where().WithOperator(filters.And).WithOperands(operands)).Do(ctx)
}
