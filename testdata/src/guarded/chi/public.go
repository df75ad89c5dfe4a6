package chi

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"corpus/guarded/shop"
)

// What is for everybody is said to be.
//
// case: guarded/chi-public clean
func Public(a *shop.API) http.Handler {
	r := chi.NewRouter()
	r.Use(a.Boundary.Middleware)
	r.Group(func(r chi.Router) {
		r.Use(a.Boundary.RequireTenantMembership)
		r.Delete("/invoices/{id}", a.Delete)
	})
	//tenantvet:public totals are shown on the tenant's own site
	r.Get("/totals/{id}", a.Get)
	//tenantvet:public the site of a tenant
	r.Route("/site", func(r chi.Router) {
		r.Get("/{id}", a.Get)
	})
	return r
}
