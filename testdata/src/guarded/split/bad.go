// Package split mounts what other packages register.
package split

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"corpus/guarded/shop"
	"corpus/guarded/split/orders"
)

// The routes that another package registers are outside of the group: one finding,
// where that is called.
//
// case: guarded/split-outside
func Outside(a *shop.API) http.Handler {
	r := chi.NewRouter()
	r.Use(a.Boundary.Middleware)
	r.Group(func(r chi.Router) {
		r.Use(a.Boundary.RequireTenantMembership)
		r.Get("/invoices/{id}", a.Get)
	})
	orders.Register(r, a.Store) // want `2 routes are behind no membership guard, and get to data of tenants: DELETE /orders, GET /orders`
	return r
}

// case: guarded/split-mounted
func Mounted(a *shop.API) http.Handler {
	r := chi.NewRouter()
	r.Use(a.Boundary.Middleware)
	r.Group(func(r chi.Router) {
		r.Use(a.Boundary.RequireTenantMembership)
		r.Get("/invoices/{id}", a.Get)
	})
	r.Mount("/v2", orders.Routes(a.Store)) // want `2 routes are behind no membership guard, and get to data of tenants: DELETE /v2/orders, GET /v2/orders`
	return r
}

// Whether there is a guard, only the caller can tell.
//
// case: guarded/split-handed
func Handed(a *shop.API) http.Handler {
	return orders.Behind(a, func(next http.Handler) http.Handler { return next }) // want `GET /orders/\{id\} is behind no membership guard`
}
