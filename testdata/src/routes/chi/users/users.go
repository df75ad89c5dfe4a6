// Package users registers its routes on routers of others.
package users

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

// Module is a part of the service.
type Module struct{}

// Routes registers the routes of users.
func (m *Module) Routes(r chi.Router) {
	r.Route("/users", func(r chi.Router) {
		r.Get("/", m.list)
		r.With(Owner).Delete("/{id}", m.remove())
	})
}

func (m *Module) list(http.ResponseWriter, *http.Request) {}

func (m *Module) remove() http.HandlerFunc {
	return func(http.ResponseWriter, *http.Request) {}
}

// Profiles is another part.
type Profiles struct{ Prefix string }

// Routes registers the routes of profiles.
func (p *Profiles) Routes(r chi.Router) {
	r.Handle(p.Prefix+"/{id}", p)
}

func (p *Profiles) ServeHTTP(http.ResponseWriter, *http.Request) {}

// A Row is a route as data.
type Row struct {
	Method, Path string
	Handle       http.HandlerFunc
	Guards       []func(http.Handler) http.Handler
}

// Table lists routes as data.
func Table() []Row {
	return []Row{
		{"GET", "/rows", row, nil},
		{"PUT", "/rows/{id}", row, []func(http.Handler) http.Handler{Owner}},
	}
}

func row(http.ResponseWriter, *http.Request) {}

// Owner is a middleware.
func Owner(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
}
