// Package chi registers routes on a chi router.
package chi

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"corpus/routes/chi/users"
)

// A Module registers its routes.
type Module interface {
	Routes(r chi.Router)
}

// Server keeps its router, and the middleware that it was made with.
type Server struct {
	router  chi.Router
	member  func(http.Handler) http.Handler
	modules []Module
}

// New wires the service.
func New(member func(http.Handler) http.Handler) *Server {
	s := &Server{router: chi.NewRouter(), member: member, modules: []Module{&users.Module{}, &users.Profiles{Prefix: "/profiles"}}}
	s.router.Use(requestID)
	s.router.Get("/health", ok)
	s.router.Group(func(r chi.Router) {
		r.Use(s.member)
		r.Get("/me", ok)
		r.With(role("owner", "admin")).Delete("/", ok)
		for _, m := range s.modules {
			m.Routes(r)
		}
		r.Route("/invoices", invoices)
	})
	// What a group uses is the group's: this is not behind member.
	s.router.Get("/open", ok)
	table := users.Table()
	for _, row := range table {
		s.router.With(row.Guards...).MethodFunc(row.Method, row.Path, row.Handle)
	}
	s.router.Mount("/v2", v2(false))
	return s
}

func invoices(r chi.Router) {
	r.Get("/", ok)
	r.With(chi.Chain(role("billing"), requestID)...).Post("/{id}/send", ok)
}

func v2(strict bool) http.Handler {
	r := chi.NewRouter()
	if strict {
		r.Use(requestID)
	}
	r.Get("/status", ok)
	return r
}

// Forgotten is called by nobody: its routes are not mounted.
func Forgotten(r chi.Router) {
	r.Get("/forgotten", ok)
}

func ok(http.ResponseWriter, *http.Request) {}

func requestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
}

func role(names ...string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if len(names) > 0 {
				next.ServeHTTP(w, r)
			}
		})
	}
}
