// Package http is a stub of the real package: the same names and signatures, less behaviour.
package http

import "net/http"

type (
	Muxer interface {
		Handle(method, pattern string, handler http.HandlerFunc)
		ServeHTTP(http.ResponseWriter, *http.Request)
		Vars(*http.Request) map[string]string
	}

	MiddlewareMuxer interface {
		Muxer
		Use(func(http.Handler) http.Handler)
	}

	ResolverMuxer interface {
		MiddlewareMuxer
		ResolvePattern(*http.Request) string
	}
)

type mux struct{ *http.ServeMux }

func NewMuxer() ResolverMuxer { return mux{http.NewServeMux()} }

func (m mux) Handle(method, pattern string, handler http.HandlerFunc) {
	m.HandleFunc(method+" "+pattern, handler)
}

func (m mux) Vars(*http.Request) map[string]string { return nil }

func (m mux) Use(func(http.Handler) http.Handler) {}

func (m mux) ResolvePattern(*http.Request) string { return "" }
