// Package gql resolves the fields of a schema.
package gql

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	tenant "github.com/tenantvet/tenantvet/runtime"

	"corpus/guarded/gql/gen"
	"corpus/guarded/shop"
)

// Resolver holds what resolvers need.
type Resolver struct{ store *shop.Store }

func (r *Resolver) Invoice() gen.InvoiceResolver   { return &invoiceResolver{r} }
func (r *Resolver) Mutation() gen.MutationResolver { return &mutationResolver{r} }
func (r *Resolver) Query() gen.QueryResolver       { return &queryResolver{r} }
func (r *Resolver) Shop() gen.ShopResolver         { return &shopResolver{r} }

type invoiceResolver struct{ *Resolver }
type mutationResolver struct{ *Resolver }
type queryResolver struct{ *Resolver }
type shopResolver struct{ *Resolver }

// Total is of an invoice that a query has found.
func (r *invoiceResolver) Total(ctx context.Context, obj *gen.Invoice) (string, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return "", err
	}
	return r.store.Total(ctx, sc, obj.ID)
}

// Drop forgets a total.
func (r *mutationResolver) Drop(ctx context.Context, id string) (*bool, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	return nil, r.store.Drop(ctx, sc, id)
}

// Invoice names an invoice that there is.
func (r *queryResolver) Invoice(ctx context.Context, id string) (*gen.Invoice, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := r.store.Total(ctx, sc, id); err != nil {
		return nil, err
	}
	return &gen.Invoice{ID: id}, nil
}

// Shop is the same for everybody.
func (r *queryResolver) Shop(ctx context.Context) (*gen.Shop, error) {
	return &gen.Shop{Name: "shop"}, nil
}

// Version is, too.
func (r *queryResolver) Version(ctx context.Context) (string, error) { return "1", nil }

// Newest is the tenant's newest invoice, below what everybody may ask for.
func (r *shopResolver) Newest(ctx context.Context, obj *gen.Shop) (string, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return "", err
	}
	return r.store.Total(ctx, sc, "newest")
}

// Guards are directives and interceptors.
type Guards struct{ boundary *tenant.Boundary }

func (g *Guards) member(ctx context.Context, _ any, next graphql.Resolver) (any, error) {
	if _, err := g.boundary.CheckTenantMembership(ctx); err != nil {
		return nil, err
	}
	return next(ctx)
}

func hasRole(ctx context.Context, _ any, next graphql.Resolver, roles []string) (any, error) {
	return next(ctx)
}

func anybody(ctx context.Context, _ any, next graphql.Resolver) (any, error) { return next(ctx) }

// config has directives that ask for nothing.
func config(r *Resolver) gen.Config {
	return gen.Config{Resolvers: r, Directives: gen.DirectiveRoot{Member: anybody, HasRole: hasRole}}
}
