// Package roles has routes for holders of a role.
package roles

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"corpus/guarded/roles/ops"
	"corpus/guarded/shop"
)

func purge(a *shop.API) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { ops.Purge(a, w, r) }
}

// Routes below /office are for admins, as the policy says.
//
// case: guarded/roles-path
// case: guarded/roles-other
// case: guarded/roles-directive
// case: guarded/roles-operation
func Wrong(a *shop.API) http.Handler {
	r := chi.NewRouter()
	r.Use(a.Boundary.Middleware, a.Boundary.RequireTenantMembership)
	r.Get("/office/invoices/{id}", a.Get)                                               // want `GET /office/invoices/\{id\} is for role admin or owner, and no guard asks for it`
	r.With(a.Boundary.RequireTenantRole("viewer")).Delete("/office/invoices", a.Delete) // want `DELETE /office/invoices is for role admin or owner, and its guards ask for viewer`
	//tenantvet:role editor
	r.Delete("/invoices/{id}", a.Delete) // want `DELETE /invoices/\{id\} is for role editor, and no guard asks for it`
	r.Delete("/everything", purge(a))    // want `DELETE /everything is for role owner, and no guard asks for it`
	return r
}
