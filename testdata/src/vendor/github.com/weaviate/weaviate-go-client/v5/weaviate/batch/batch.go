// Package batch is a stand-in with the names and signatures that the corpus uses.
package batch

import (
	"context"

	"github.com/weaviate/weaviate-go-client/v5/weaviate/filters"
)

// API begins requests.
type API struct{}

// ObjectsBatchDeleter begins one.
func (batch *API) ObjectsBatchDeleter() *ObjectsBatchDeleter { return &ObjectsBatchDeleter{} }

// ObjectsBatchDeleter removes objects.
type ObjectsBatchDeleter struct {
	class, tenant string
	where         *filters.WhereBuilder
}

// WithClassName sets the class.
func (b *ObjectsBatchDeleter) WithClassName(className string) *ObjectsBatchDeleter {
	b.class = className
	return b
}

// WithWhere sets the filter.
func (b *ObjectsBatchDeleter) WithWhere(whereFilter *filters.WhereBuilder) *ObjectsBatchDeleter {
	b.where = whereFilter
	return b
}

// WithTenant sets the tenant.
func (b *ObjectsBatchDeleter) WithTenant(tenant string) *ObjectsBatchDeleter {
	b.tenant = tenant
	return b
}

// Response is what was removed.
type Response struct{}

// Do removes them.
func (ob *ObjectsBatchDeleter) Do(ctx context.Context) (*Response, error) { return nil, ctx.Err() }
