// Package inner hands a router on to the packages that register routes.
package inner

import (
	"github.com/go-chi/chi/v5"

	"corpus/guarded/house/auth"
	"corpus/guarded/shop"
	"corpus/guarded/split/orders"
)

// Attach registers the routes of all of them.
func Attach(r chi.Router, a *shop.API) {
	r.Route("/v3", func(r chi.Router) {
		orders.Register(r, a.Store)
	})
	r.With(auth.Require).Get("/v3/invoices/{id}", a.Get)
}
