// Package unknown holds what cannot be told: it is in the table, and said to be
// so. Nothing is invented.
package unknown

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

// Config comes from a file.
type Config struct {
	Base    string
	Extra   []func(http.Handler) http.Handler
	Handler http.Handler
}

// A Plugin is compiled in, or not.
type Plugin interface{ Attach(r chi.Router) }

// New wires the service.
func New(cfg Config, plugins map[string]Plugin, paths []string) http.Handler {
	r := chi.NewRouter()
	r.Use(cfg.Extra...)
	r.Get(cfg.Base+"/status", ok)
	r.Handle("/given", cfg.Handler)
	for _, p := range paths {
		r.Get(p, ok)
	}
	for _, p := range plugins {
		p.Attach(r)
	}
	r.Post("/known", ok)
	return r
}

func ok(http.ResponseWriter, *http.Request) {}
