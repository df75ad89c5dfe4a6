// Package branch registers routes on one branch or another.
package branch

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"corpus/guarded/shop"
)

// Where the routes are there, the guard need not be.
//
// case: guarded/branch-guard
func EitherGuard(a *shop.API, extra, strict bool) http.Handler {
	r := chi.NewRouter()
	r.Use(a.Boundary.Middleware)
	if extra {
		r.Group(func(r chi.Router) {
			if strict {
				r.Use(a.Boundary.RequireTenantMembership)
			}
			r.Get("/extra/{id}", a.Get) // want `\(\*runtime.Boundary\).RequireTenantMembership guards GET /extra/\{id\} on some paths only`
		})
	}
	return r
}
