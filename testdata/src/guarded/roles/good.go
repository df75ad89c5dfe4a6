package roles

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"corpus/guarded/shop"
)

// case: guarded/roles-path-held clean
// case: guarded/roles-narrower clean
// case: guarded/roles-operation-held clean
func Right(a *shop.API) http.Handler {
	r := chi.NewRouter()
	r.Use(a.Boundary.Middleware, a.Boundary.RequireTenantMembership)
	r.Get("/invoices/{id}", a.Get)
	r.Route("/office", func(r chi.Router) {
		r.Use(a.Boundary.RequireTenantRole("admin", "owner"))
		r.Get("/invoices/{id}", a.Get)
	})
	r.With(a.Boundary.RequireTenantRole("owner")).Delete("/office/all", a.Delete)
	r.With(a.Boundary.RequireTenantRole("owner")).Delete("/everything", purge(a))
	return r
}
