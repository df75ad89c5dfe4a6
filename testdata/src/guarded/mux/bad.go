// Package mux wires a shop on the standard library's router.
package mux

import (
	"net/http"

	"corpus/guarded/shop"
)

// One handler is not wrapped.
//
// case: guarded/mux-unwrapped
func Unwrapped(a *shop.API) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /invoices/{id}", a.Boundary.RequireTenantMembership(http.HandlerFunc(a.Get)))
	mux.HandleFunc("DELETE /invoices/{id}", a.Delete) // want `DELETE /invoices/\{id\} is behind no membership guard`
	return a.Boundary.Middleware(mux)
}

// The guards are around each other the wrong way.
//
// case: guarded/mux-order
func Order(a *shop.API) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /invoices/{id}", a.Boundary.RequireTenantMembership(a.Boundary.Middleware(http.HandlerFunc(a.Get)))) // want `\(\*runtime.Boundary\).RequireTenantMembership stands before what it builds on, so it proves nothing: GET /invoices/\{id\}`
	return mux
}

// A handler that is mounted twice, once without the guard.
//
// case: guarded/mux-twice
func Twice(a *shop.API) http.Handler {
	member := func(h http.HandlerFunc) http.Handler {
		return a.Boundary.Middleware(a.Boundary.RequireTenantMembership(h))
	}
	mux := http.NewServeMux()
	mux.Handle("GET /invoices/{id}", member(a.Get))
	mux.Handle("GET /internal/invoices/{id}", http.HandlerFunc(a.Get)) // want `GET /internal/invoices/\{id\} is behind no membership guard`
	return mux
}

// The server serves the router as it is.
//
// case: guarded/mux-served
func Served(a *shop.API) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /invoices/{id}", a.Get) // want `GET /invoices/\{id\} is behind no membership guard`
	mux.HandleFunc("GET /about", a.About)
	srv := &http.Server{Addr: ":8080", Handler: a.Boundary.Middleware(mux)}
	return srv.ListenAndServe()
}

// A handler that serves without a router.
//
// case: guarded/mux-bare
func Bare(a *shop.API) error {
	return http.ListenAndServe(":8081", a.Boundary.Middleware(http.HandlerFunc(a.Get))) // want `ANY /\* is behind no membership guard`
}
