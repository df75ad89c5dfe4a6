package gqlargs

import (
	"net/http"

	"github.com/99designs/gqlgen/graphql/handler"

	"corpus/guarded/gqlargs/gen"
)

// Whatever the order in which they are added: operations, answers, fields.
//
// case: guarded/gql-around-operations clean
func Around(g *Guards, r *Resolver) error {
	srv := handler.New(gen.NewExecutableSchema(gen.Config{
		Resolvers: r, Directives: gen.DirectiveRoot{Member: anybody, Short: short},
	}))
	srv.AroundFields(traced)
	srv.AroundResponses(timed)
	srv.AroundOperations(g.operation)
	return http.ListenAndServe(":8080", g.boundary.Middleware(srv))
}

// Every argument that has to be there is asked about, and where none has to be the
// operation is.
//
// case: guarded/gql-required clean
func Required(g *Guards, r *Resolver) error {
	srv := handler.New(gen.NewExecutableSchema(gen.Config{
		Resolvers: r, Directives: gen.DirectiveRoot{Member: g.member, Short: short},
	}))
	srv.AroundOperations(g.operation)
	return http.ListenAndServe(":8080", g.boundary.Middleware(srv))
}
