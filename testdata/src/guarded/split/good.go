package split

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"corpus/guarded/shop"
	"corpus/guarded/split/orders"
)

// case: guarded/split-inside clean
func Inside(a *shop.API) http.Handler {
	r := chi.NewRouter()
	r.Use(a.Boundary.Middleware)
	r.Group(func(r chi.Router) {
		r.Use(a.Boundary.RequireTenantMembership)
		orders.Register(r, a.Store)
	})
	return r
}

// case: guarded/split-wrapped clean
func Wrapped(a *shop.API) http.Handler {
	r := chi.NewRouter()
	r.Use(a.Boundary.Middleware)
	r.Mount("/v2", a.Boundary.RequireTenantMembership(orders.Routes(a.Store)))
	return r
}

// case: guarded/split-handed-guard clean
func HandedGuard(a *shop.API) http.Handler {
	return orders.Behind(a, a.Boundary.RequireTenantMembership)
}
