// Package std registers routes on the multiplexers of net/http.
package std

import (
	"errors"
	"net/http"
	"os"
)

// The default multiplexer is everybody's; this is on it from the start.
func init() {
	http.HandleFunc("/debug", ok)
}

// Serve makes the multiplexer and serves it; what is around it there is before
// all of its routes.
func Serve() error {
	mux := http.NewServeMux()
	api(mux)
	mux.Handle("/admin/", http.StripPrefix("/admin", member(admin())))
	return http.ListenAndServe(":8080", logged(mux))
}

func api(mux *http.ServeMux) {
	mux.HandleFunc("GET /orders/{id}", ok)
	mux.Handle("POST /orders", protected(http.HandlerFunc(ok)))
	mux.Handle("api.example.com/hosted", wrap(http.HandlerFunc(ok), member, logged))
	traced, err := tracing(os.Getenv("TRACE"))
	if err != nil {
		panic(err)
	}
	mux.Handle("GET /traced", traced(http.HandlerFunc(ok)))
	if os.Getenv("EXPORT") != "" {
		mux.Handle("GET /export", member(http.HandlerFunc(ok)))
	}
}

// admin's routes hang below a path that they do not see.
func admin() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("DELETE /users/{id}", ok)
	h := http.Handler(http.HandlerFunc(ok))
	if os.Getenv("STRICT") != "" {
		h = member(h)
	}
	mux.Handle("/reset", h)
	return mux
}

// protected is two middlewares: they are what counts.
func protected(h http.Handler) http.Handler { return logged(member(h)) }

func wrap(h http.Handler, mws ...func(http.Handler) http.Handler) http.Handler {
	for i := len(mws) - 1; i >= 0; i-- {
		h = mws[i](h)
	}
	return h
}

func ok(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

func member(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
}

func logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
}

// tracing collects what is wrong, if anything, before it says so.
func tracing(to string) (func(http.Handler) http.Handler, error) {
	var faults []error
	if to == "" {
		faults = append(faults, errors.New("TRACE is missing"))
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return logged, nil
}
