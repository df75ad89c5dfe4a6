// Package own has what the generator writes beside its own code.
package own

import (
	"net/http"

	"corpus/guarded/shop"
)

// The finding is where a person wrote something.
//
// case: guarded/oapi-own
func Bare(a *shop.API) error {
	m := http.NewServeMux()
	HandlerWithOptions(a, StdHTTPServerOptions{BaseRouter: m}) // want `GET /invoices/\{id\} is behind no membership guard, and its handler \(\*shop.API\).Get reads cached data \(Client.Get\)`
	return http.ListenAndServe(":8080", a.Boundary.Middleware(m))
}

// Generated with the setting by which the first of the list comes first.
//
// case: guarded/oapi-own-ordered clean
func Ordered(a *shop.API) error {
	m := http.NewServeMux()
	HandlerWithOptions(a, StdHTTPServerOptions{
		BaseRouter: m, Middlewares: []MiddlewareFunc{a.Boundary.Middleware, a.Boundary.RequireTenantMembership},
	})
	return http.ListenAndServe(":8080", m)
}
