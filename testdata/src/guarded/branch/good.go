package branch

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"corpus/guarded/shop"
)

// Wherever the routes are, the guard is before them.
//
// case: guarded/branch-place clean
func EitherPlace(a *shop.API, prefix string) http.Handler {
	r := chi.NewRouter()
	r.Use(a.Boundary.Middleware)
	mount := func(r chi.Router) {
		r.Use(a.Boundary.RequireTenantMembership)
		r.Get("/invoices/{id}", a.Get)
	}
	if prefix != "" {
		r.Route(prefix, mount)
	} else {
		r.Group(mount)
	}
	return r
}
