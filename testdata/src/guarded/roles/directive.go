package roles

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"corpus/guarded/shop"
)

// case: guarded/roles-directive-held clean
func Held(a *shop.API) http.Handler {
	r := chi.NewRouter()
	r.Use(a.Boundary.Middleware, a.Boundary.RequireTenantMembership)
	//tenantvet:role editor,owner
	r.With(a.Boundary.RequireTenantRole("editor")).Delete("/invoices/{id}", a.Delete)
	return r
}
