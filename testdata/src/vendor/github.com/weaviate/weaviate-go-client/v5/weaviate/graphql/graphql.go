// Package graphql is a stand-in with the names and signatures that the corpus uses.
package graphql

import (
	"context"

	"github.com/weaviate/weaviate-go-client/v5/weaviate/filters"
)

// API begins queries.
type API struct{}

// Get begins one.
func (api *API) Get() *GetBuilder { return &GetBuilder{} }

// GetBuilder builds a query.
type GetBuilder struct {
	class, tenant string
	where         *filters.WhereBuilder
	limit         int
}

// WithClassName sets the class.
func (gb *GetBuilder) WithClassName(name string) *GetBuilder {
	gb.class = name
	return gb
}

// WithTenant sets the tenant.
func (gb *GetBuilder) WithTenant(tenant string) *GetBuilder {
	gb.tenant = tenant
	return gb
}

// WithWhere sets the filter.
func (gb *GetBuilder) WithWhere(where *filters.WhereBuilder) *GetBuilder {
	gb.where = where
	return gb
}

// WithLimit sets the limit.
func (gb *GetBuilder) WithLimit(limit int) *GetBuilder {
	gb.limit = limit
	return gb
}

// Response is what is found.
type Response struct{}

// Do asks.
func (gb *GetBuilder) Do(ctx context.Context) (*Response, error) { return nil, ctx.Err() }
