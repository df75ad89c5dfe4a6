// Package oapi serves a shop by what a generator writes, which takes middleware for
// its handlers in options.
package oapi

import (
	"context"
	"net/http"

	tenant "github.com/tenantvet/tenantvet/runtime"

	"corpus/guarded/oapi/gen"
	"corpus/guarded/shop"
)

// The options hold what establishes a scope, and no guard.
//
// case: guarded/oapi-options
func Options(a *shop.API) error {
	h := gen.HandlerWithOptions(a, gen.StdHTTPServerOptions{ // want `none of the 2 routes of this http router that get to data of tenants is behind a membership guard: DELETE /invoices/\{id\}, GET /invoices/\{id\}`
		Middlewares: []gen.MiddlewareFunc{a.Boundary.Middleware},
	})
	return http.ListenAndServe(":8080", h)
}

// The last of the list comes first, so that the guard is asked before there is a scope.
//
// case: guarded/oapi-turned
func Turned(a *shop.API) error {
	h := gen.HandlerWithOptions(a, gen.StdHTTPServerOptions{ // want `\(\*runtime.Boundary\).RequireTenantMembership stands before what it builds on, so it proves nothing: DELETE /invoices/\{id\}`
		Middlewares: []gen.MiddlewareFunc{a.Boundary.Middleware, a.Boundary.RequireTenantMembership},
	})
	return http.ListenAndServe(":8080", h)
}

// Two servers of the same operations, of which one has the guard.
//
// case: guarded/oapi-second
func Second(a *shop.API) http.Handler {
	m := http.NewServeMux()
	gen.HandlerWithOptions(a, gen.StdHTTPServerOptions{
		BaseURL: "/v1", BaseRouter: m, Middlewares: []gen.MiddlewareFunc{a.Boundary.RequireTenantMembership},
	})
	gen.HandlerFromMux(a, m) // want `2 routes are behind no membership guard, and get to data of tenants: DELETE /invoices/\{id\}, GET /invoices/\{id\}`
	return a.Boundary.Middleware(m)
}

// Strict looks at no membership.
type Strict struct{ store *shop.Store }

// Get returns a total.
func (s *Strict) Get(ctx context.Context, request gen.GetRequestObject) (any, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	return s.store.Total(ctx, sc, request.Id)
}

// Delete forgets a total.
func (s *Strict) Delete(ctx context.Context, request gen.DeleteRequestObject) (any, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	return nil, s.store.Drop(ctx, sc, request.Id)
}

// Guards are asked by strict middleware.
type Guards struct{ boundary *tenant.Boundary }

// case: guarded/oapi-strict-failopen
func (g *Guards) lax(f gen.StrictHandlerFunc, _ string) gen.StrictHandlerFunc {
	return func(ctx context.Context, w http.ResponseWriter, r *http.Request, request any) (any, error) {
		if _, err := g.boundary.CheckTenantMembership(ctx); err != nil {
			w.WriteHeader(http.StatusForbidden)
		}
		return f(ctx, w, r, request) // want `requests go on that Boundary.CheckTenantMembership refused, and nothing else guards DELETE /invoices/\{id\}, GET /invoices/\{id\}`
	}
}

// ServeLax lets everybody on.
func ServeLax(g *Guards, s *Strict) error {
	h := gen.NewStrictHandler(s, []gen.StrictMiddlewareFunc{g.lax})
	m := http.NewServeMux()
	gen.HandlerFromMux(h, m)
	return http.ListenAndServe(":8080", g.boundary.Middleware(m))
}

// Nothing guards the strict handlers.
//
// case: guarded/oapi-strict-none
func ServeStrict(g *Guards, s *Strict) error {
	m := http.NewServeMux()
	gen.HandlerFromMux(gen.NewStrictHandler(s, nil), m) // want `none of the 2 routes of this http router that get to data of tenants is behind a membership guard: DELETE /invoices/\{id\}, GET /invoices/\{id\}`
	return http.ListenAndServe(":8080", g.boundary.Middleware(m))
}
