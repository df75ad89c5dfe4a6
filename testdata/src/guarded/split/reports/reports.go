// Package reports serves its routes by itself, and lets others do so.
package reports

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"corpus/guarded/shop"
)

// Register registers the routes of reports.
func Register(r chi.Router, a *shop.API) {
	r.Get("/reports/{id}", a.Get) // want `GET /reports/\{id\} is behind no membership guard`
}

// Serve serves them, and forgets the guard.
//
// case: guarded/split-served
func Serve(a *shop.API) error {
	r := chi.NewRouter()
	r.Use(a.Boundary.Middleware)
	Register(r, a)
	return http.ListenAndServe(":8082", r)
}
