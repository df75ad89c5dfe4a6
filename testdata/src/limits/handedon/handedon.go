// Package handedon makes a router that only a container of dependencies calls for.
package handedon

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"corpus/guarded/shop"
)

// Routes returns a router without a guard: who mounts it may put one in front.
//
// case: limits/handed-on limit
func Routes(a *shop.API) http.Handler {
	r := chi.NewRouter()
	r.Get("/invoices/{id}", a.Get)
	return r
}

// Constructors are called by reflection.
func Constructors() []any { return []any{Routes} }
