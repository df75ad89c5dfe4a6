// Package chiapp wires a chi router in every way that services do.
package chiapp

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/tenantvet/tenantvet/e2e/routers/chiapp/orders"
)

// Server keeps its router in a field.
type Server struct {
	router chi.Router
	auth   func(http.Handler) http.Handler
	debug  bool
}

// New returns the router of the service.
func New(debug bool) chi.Router {
	s := &Server{router: chi.NewRouter(), auth: Auth, debug: debug}
	s.router.Use(RequestID, Log("access"))
	s.public()
	s.private()
	return s.router
}

func (s *Server) public() {
	s.router.Get("/health", health)
	s.router.Method(http.MethodGet, "/version", http.HandlerFunc(health))
}

func (s *Server) private() {
	s.router.Group(func(r chi.Router) {
		r.Use(s.auth)
		r.Get("/me", health)
		r.With(Role("admin")).Delete("/tenants/{id}", health)
		r.Route("/orders", orders.Register)
		r.Route("/invoices", func(r chi.Router) {
			r.Use(Tenant)
			(&orders.Invoices{}).Register(r)
		})
		for _, rt := range table {
			r.MethodFunc(rt.method, "/table"+rt.path, rt.handle)
		}
	})
	s.router.Mount("/admin", admin())
	if s.debug {
		s.router.Get("/debug", health)
	}
}

type row struct {
	method, path string
	handle       http.HandlerFunc
}

var table = []row{
	{"GET", "/a", health},
	{"PUT", "/b/{id}", health},
}

func admin() http.Handler {
	r := chi.NewRouter()
	mws := []func(http.Handler) http.Handler{Auth}
	mws = append(mws, Role("owner"))
	r.Use(mws...)
	r.Post("/reset", health)
	r.With(Tenant).Route("/deep", func(r chi.Router) {
		r.Get("/{x}/y", health)
	})
	return r
}

func health(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }

// RequestID is a middleware.
func RequestID(next http.Handler) http.Handler { return http.HandlerFunc(next.ServeHTTP) }

// Auth is a middleware.
func Auth(next http.Handler) http.Handler { return http.HandlerFunc(next.ServeHTTP) }

// Tenant is a middleware.
func Tenant(next http.Handler) http.Handler { return http.HandlerFunc(next.ServeHTTP) }

// Log makes a middleware.
func Log(string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler { return http.HandlerFunc(next.ServeHTTP) }
}

// Role makes a middleware.
func Role(string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler { return http.HandlerFunc(next.ServeHTTP) }
}
