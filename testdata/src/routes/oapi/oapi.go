// Package oapi serves what a generator has wired: on its own router, or on one
// that the generator makes.
package oapi

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"corpus/routes/oapi/gen"
)

type server struct{}

func (server) Get(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }
func (server) Delete(w http.ResponseWriter, _ *http.Request) {
	w.WriteHeader(http.StatusNoContent)
}

// Serve hands over a router, with and without a prefix.
func Serve() error {
	r := chi.NewRouter()
	r.Use(member)
	gen.HandlerFromMux(server{}, r)
	gen.HandlerWithOptions(server{}, gen.ChiServerOptions{BaseURL: "/based", BaseRouter: r})
	gen.HandlerFromMuxWithBaseURL(server{}, r, "/second")
	return http.ListenAndServe(":8080", r)
}

// Bare hands over none.
func Bare() error {
	h := gen.HandlerWithOptions(server{}, gen.ChiServerOptions{BaseURL: "/bare"})
	return http.ListenAndServe(":8081", h)
}

func member(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
}
