// Package deep knows neither the packages of the routes nor that of the guard.
package deep

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"corpus/guarded/shop"
	"corpus/guarded/split/inner"
)

// case: guarded/split-deep
func Open(a *shop.API) error {
	r := chi.NewRouter()
	r.Use(a.Boundary.Middleware)
	inner.Attach(r, a) // want `2 routes are behind no membership guard, and get to data of tenants: DELETE /v3/orders, GET /v3/orders`
	return http.ListenAndServe(":8080", r)
}

// case: guarded/split-deep-guarded clean
func Guarded(a *shop.API) error {
	r := chi.NewRouter()
	r.Use(a.Boundary.Middleware, a.Boundary.RequireTenantMembership)
	inner.Attach(r, a)
	return http.ListenAndServe(":8080", r)
}
