// Package gqlargs resolves a schema whose directives are on arguments.
package gqlargs

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	tenant "github.com/tenantvet/tenantvet/runtime"

	"corpus/guarded/gqlargs/gen"
	"corpus/guarded/shop"
)

// Resolver holds what resolvers need.
type Resolver struct{ store *shop.Store }

func (r *Resolver) Query() gen.QueryResolver               { return &queryResolver{r} }
func (r *Resolver) Subscription() gen.SubscriptionResolver { return &subscriptionResolver{r} }

type queryResolver struct{ *Resolver }
type subscriptionResolver struct{ *Resolver }

func (r *Resolver) total(ctx context.Context, id string) (string, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return "", err
	}
	return r.store.Total(ctx, sc, id)
}

// Invoice tells a total of a shop, which has to be named.
func (r *queryResolver) Invoice(ctx context.Context, shop string) (string, error) {
	return r.total(ctx, shop)
}

// Latest tells the last total, of a shop if one is named.
func (r *queryResolver) Latest(ctx context.Context, shop *string) (string, error) {
	return r.total(ctx, "latest")
}

// Search tells the total of a search.
func (r *queryResolver) Search(ctx context.Context, by gen.Search) (string, error) {
	return r.total(ctx, by.Shop)
}

// Page tells one of a search that may be left out.
func (r *queryResolver) Page(ctx context.Context, by *gen.Search) (string, error) {
	return r.total(ctx, "page")
}

// Totals tells them as they change.
func (r *subscriptionResolver) Totals(ctx context.Context) (<-chan string, error) {
	out := make(chan string, 1)
	total, err := r.total(ctx, "all")
	out <- total
	return out, err
}

// Guards are directives and what is around operations and fields.
type Guards struct{ boundary *tenant.Boundary }

func (g *Guards) member(ctx context.Context, _ any, next graphql.Resolver, kind string) (any, error) {
	if _, err := g.boundary.CheckTenantMembership(ctx); err != nil {
		return nil, err
	}
	return next(ctx)
}

func (g *Guards) root(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
	if _, err := g.boundary.CheckTenantMembership(ctx); err != nil {
		return nil
	}
	return next(ctx)
}

func (g *Guards) operation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	if _, err := g.boundary.CheckTenantMembership(ctx); err != nil {
		return func(context.Context) *graphql.Response { return &graphql.Response{Errors: []string{"forbidden"}} }
	}
	return next(ctx)
}

func anybody(ctx context.Context, _ any, next graphql.Resolver, kind string) (any, error) {
	return next(ctx)
}

func short(ctx context.Context, _ any, next graphql.Resolver) (any, error) { return next(ctx) }

func timed(ctx context.Context, next graphql.ResponseHandler) *graphql.Response { return next(ctx) }

func traced(ctx context.Context, next graphql.Resolver) (any, error) { return next(ctx) }
