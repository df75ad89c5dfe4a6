package gql

import (
	"context"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"

	"corpus/guarded/gql/gen"
)

// One field below a public one leads to data of tenants; the others have the directive,
// or are below a field that has it.
//
// case: guarded/gql-below
func Below(g *Guards, r *Resolver) error {
	c := gen.Config{Resolvers: r}
	c.Directives.Member = g.member
	c.Directives.HasRole = hasRole
	srv := handler.New(gen.NewExecutableSchema(c)) // want `FIELD /query/Shop.newest is behind no membership guard, and its handler \(\*gql.shopResolver\).Newest reads cached data \(Client.Get\)`
	http.Handle("/query", g.boundary.Middleware(srv))
	return http.ListenAndServe(":8080", nil)
}

// The directive asks, and goes on all the same.
//
// case: guarded/gql-failopen
func lax(g *Guards) func(ctx context.Context, obj any, next graphql.Resolver) (any, error) {
	return func(ctx context.Context, _ any, next graphql.Resolver) (any, error) {
		if _, err := g.boundary.CheckTenantMembership(ctx); err != nil {
			ctx = context.WithValue(ctx, stranger{}, true)
		}
		return next(ctx) // want `requests go on that Boundary.CheckTenantMembership refused, and nothing else guards GRAPHQL Mutation.drop, GRAPHQL Query.invoice`
	}
}

type stranger struct{}

// Lax serves behind it.
func Lax(g *Guards, r *Resolver) error {
	srv := handler.New(gen.NewExecutableSchema(gen.Config{ // want `2 routes are behind no membership guard, and get to data of tenants: FIELD Invoice.total, FIELD Shop.newest`
		Resolvers: r, Directives: gen.DirectiveRoot{Member: lax(g), HasRole: hasRole},
	}))
	return http.ListenAndServe(":8080", g.boundary.Middleware(srv))
}

// Nobody asks for a membership.
//
// case: guarded/gql-none
func None(g *Guards, r *Resolver) error {
	srv := handler.New(gen.NewExecutableSchema(config(r))) // want `none of the 4 routes of this gqlgen router that get to data of tenants is behind a membership guard: FIELD Invoice.total, GRAPHQL Mutation.drop, GRAPHQL Query.invoice, FIELD Shop.newest`
	return http.ListenAndServe(":8080", g.boundary.Middleware(srv))
}
