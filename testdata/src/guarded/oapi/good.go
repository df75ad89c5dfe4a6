package oapi

import (
	"context"
	"net/http"

	"corpus/guarded/oapi/gen"
	"corpus/guarded/shop"
)

// The guard comes first in the list, and so after the scope.
//
// case: guarded/oapi-ordered clean
func Ordered(a *shop.API) error {
	h := gen.HandlerWithOptions(a, gen.StdHTTPServerOptions{
		Middlewares: []gen.MiddlewareFunc{a.Boundary.RequireTenantMembership, a.Boundary.Middleware},
	})
	return http.ListenAndServe(":8080", h)
}

// The scope is established in front of the router.
//
// case: guarded/oapi-options-guarded clean
func Around(a *shop.API) error {
	h := gen.HandlerWithOptions(a, gen.StdHTTPServerOptions{
		BaseURL: "/around", Middlewares: []gen.MiddlewareFunc{a.Boundary.RequireTenantMembership},
	})
	return http.ListenAndServe(":8080", a.Boundary.Middleware(h))
}

// Both servers of the operations have the guard.
//
// case: guarded/oapi-both clean
func Both(a *shop.API) http.Handler {
	m := http.NewServeMux()
	guarded := []gen.MiddlewareFunc{a.Boundary.RequireTenantMembership}
	gen.HandlerWithOptions(a, gen.StdHTTPServerOptions{BaseURL: "/v1", BaseRouter: m, Middlewares: guarded})
	gen.HandlerWithOptions(a, gen.StdHTTPServerOptions{BaseRouter: m, Middlewares: guarded})
	return a.Boundary.Middleware(m)
}

// case: guarded/oapi-strict-heeded clean
func (g *Guards) member(f gen.StrictHandlerFunc, _ string) gen.StrictHandlerFunc {
	return func(ctx context.Context, w http.ResponseWriter, r *http.Request, request any) (any, error) {
		if _, err := g.boundary.CheckTenantMembership(ctx); err != nil {
			return nil, err
		}
		return f(ctx, w, r, request)
	}
}

// ServeMember lets members on.
func ServeMember(g *Guards, s *Strict) error {
	m := http.NewServeMux()
	h := gen.NewStrictHandler(s, []gen.StrictMiddlewareFunc{g.member})
	gen.HandlerWithOptions(h, gen.StdHTTPServerOptions{BaseURL: "/member", BaseRouter: m})
	return http.ListenAndServe(":8080", g.boundary.Middleware(m))
}

// The strict handlers stand behind what is in front of the router.
//
// case: guarded/oapi-strict-around clean
func ServeStrictAround(g *Guards, s *Strict) error {
	m := http.NewServeMux()
	gen.HandlerFromMux(gen.NewStrictHandler(s, nil), m)
	return http.ListenAndServe(":8080", g.boundary.Middleware(g.boundary.RequireTenantMembership(m)))
}
