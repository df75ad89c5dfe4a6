package gqlargs

import (
	"net/http"

	"github.com/99designs/gqlgen/graphql/handler"

	"corpus/guarded/gqlargs/gen"
)

// The directive asks where an argument is there, and where it need not be, nobody asks.
//
// case: guarded/gql-optional
func Optional(g *Guards, r *Resolver) error {
	srv := handler.New(gen.NewExecutableSchema(gen.Config{ // want `\(\*gqlargs.Guards\).member\("shop"\) guards GRAPHQL Query.latest on some paths only`
		Resolvers: r, Directives: gen.DirectiveRoot{Member: g.member, Short: short},
	}))
	return http.ListenAndServe(":8080", g.boundary.Middleware(srv))
}

// What is around the outermost fields is not around a subscription's.
//
// case: guarded/gql-stream
func Stream(g *Guards, r *Resolver) error {
	srv := handler.New(gen.NewExecutableSchema(gen.Config{ // want `\(\*gqlargs.Guards\).root is for calls of the other kind, and nothing else guards GRAPHQL Subscription.totals`
		Resolvers: r, Directives: gen.DirectiveRoot{Member: anybody, Short: short},
	}))
	srv.AroundRootFields(g.root)
	return http.ListenAndServe(":8080", g.boundary.Middleware(srv))
}
