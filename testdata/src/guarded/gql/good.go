package gql

import (
	"context"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"

	"corpus/guarded/gql/gen"
)

// Every operation is asked for a membership, whatever its fields.
//
// case: guarded/gql-operations clean
func Operations(g *Guards, r *Resolver) error {
	srv := handler.New(gen.NewExecutableSchema(config(r)))
	srv.AroundOperations(g.operation)
	http.Handle("/operations", g.boundary.Middleware(srv))
	return http.ListenAndServe(":8080", nil)
}

func (g *Guards) operation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	if _, err := g.boundary.CheckTenantMembership(ctx); err != nil {
		return func(context.Context) *graphql.Response { return &graphql.Response{Errors: []string{"forbidden"}} }
	}
	return next(ctx)
}

// Every field is.
//
// case: guarded/gql-fields clean
func Fields(g *Guards, r *Resolver) error {
	srv := handler.New(gen.NewExecutableSchema(config(r)))
	srv.AroundFields(func(ctx context.Context, next graphql.Resolver) (any, error) { return g.member(ctx, nil, next) })
	return http.ListenAndServe(":8080", g.boundary.Middleware(srv))
}

// The guard stands in front of all that the server answers.
//
// case: guarded/gql-around clean
func Around(g *Guards, r *Resolver) error {
	srv := handler.New(gen.NewExecutableSchema(config(r)))
	return http.ListenAndServe(":8080", g.boundary.Middleware(g.boundary.RequireTenantMembership(srv)))
}
