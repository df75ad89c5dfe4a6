// Package orders registers its routes on routers that it is handed.
package orders

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

// Register registers the routes of orders.
func Register(r chi.Router) {
	r.Get("/", list)
	r.Post("/", list)
	r.Route("/{id}", func(r chi.Router) {
		r.Use(Load)
		r.Get("/", list)
		r.Patch("/", Wrap(list))
	})
}

// Invoices is a handler with methods.
type Invoices struct{}

// Register registers the routes of invoices.
func (i *Invoices) Register(r chi.Router) {
	r.Get("/", i.list)
	r.Get("/{id}/pdf", i.pdf())
	r.Handle("/files/*", http.StripPrefix("/files", i))
}

func (i *Invoices) list(http.ResponseWriter, *http.Request) {}

func (i *Invoices) pdf() http.HandlerFunc {
	return func(http.ResponseWriter, *http.Request) {}
}

// ServeHTTP serves files.
func (i *Invoices) ServeHTTP(http.ResponseWriter, *http.Request) {}

func list(http.ResponseWriter, *http.Request) {}

// Load is a middleware.
func Load(next http.Handler) http.Handler { return http.HandlerFunc(next.ServeHTTP) }

// Wrap is a middleware around one handler.
func Wrap(next http.HandlerFunc) http.HandlerFunc {
	return http.HandlerFunc(http.HandlerFunc(next).ServeHTTP)
}
