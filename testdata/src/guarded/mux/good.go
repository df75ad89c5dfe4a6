package mux

import (
	"net/http"

	"corpus/guarded/shop"
)

// case: guarded/mux-wrapped clean
func Wrapped(a *shop.API) http.Handler {
	mux := http.NewServeMux()
	member := func(h http.HandlerFunc) http.Handler {
		return a.Boundary.Middleware(a.Boundary.RequireTenantMembership(h))
	}
	mux.Handle("GET /invoices/{id}", member(a.Get))
	mux.Handle("DELETE /invoices/{id}", member(a.Delete))
	mux.HandleFunc("GET /about", a.About)
	return mux
}

// Everything is wrapped at once, where it is served.
//
// case: guarded/mux-around clean
func Around(a *shop.API) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /invoices/{id}", a.Get)
	mux.HandleFunc("DELETE /invoices/{id}", a.Delete)
	return http.ListenAndServe(":8080", a.Boundary.Middleware(a.Boundary.RequireTenantMembership(mux)))
}

// A router that is handed on: what is around it, whoever gets it says.
//
// case: guarded/mux-handed-on clean
func HandedOn(a *shop.API) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /invoices/{id}", a.Get)
	mux.HandleFunc("DELETE /invoices/{id}", a.Delete)
	return mux
}

// case: guarded/mux-bare-wrapped clean
func BareWrapped(a *shop.API) error {
	return http.ListenAndServe(":8081", a.Boundary.Middleware(a.Boundary.RequireTenantMembership(http.HandlerFunc(a.Get))))
}
