// Package chi wires a shop on chi.
package chi

import (
	"log"
	"net/http"

	"github.com/go-chi/chi/v5"

	"corpus/guarded/shop"
)

// One route stands outside of the group with the guard.
//
// case: guarded/chi-outside
func Outside(a *shop.API) http.Handler {
	r := chi.NewRouter()
	r.Use(a.Boundary.Middleware)
	r.Group(func(r chi.Router) {
		r.Use(a.Boundary.RequireTenantMembership)
		r.Get("/invoices/{id}", a.Get)
	})
	r.Delete("/invoices/{id}", a.Delete) // want `DELETE /invoices/\{id\} is behind no membership guard, and its handler \(\*shop.API\).Delete deletes cached data \(Client.Del\)`
	r.Get("/about", a.About)
	return r
}

// Nothing is guarded: one finding for all of the router.
//
// case: guarded/chi-nothing
func Nothing(a *shop.API) error {
	r := chi.NewRouter()
	r.Use(a.Boundary.Middleware)
	r.Get("/invoices/{id}", a.Get) // want `none of the 3 routes of this chi router that get to data of tenants is behind a membership guard: GET /invoices/\{id\}, DELETE /invoices/\{id\}, GET /totals/\{id\}`
	r.Delete("/invoices/{id}", a.Delete)
	r.Route("/totals", func(r chi.Router) {
		r.Get("/{id}", a.Get)
	})
	r.Get("/health", a.Health)
	return http.ListenAndServe(":8080", r)
}

// One group of several was forgotten: one finding for it.
//
// case: guarded/chi-group
func Group(a *shop.API) http.Handler {
	r := chi.NewRouter()
	r.Use(a.Boundary.Middleware)
	r.Route("/v1", func(r chi.Router) {
		r.Use(a.Boundary.RequireTenantMembership)
		r.Get("/invoices/{id}", a.Get)
	})
	r.Route("/v2", func(r chi.Router) {
		r.Get("/invoices/{id}", a.Get) // want `2 routes are behind no membership guard, and get to data of tenants: GET /v2/invoices/\{id\}, DELETE /v2/invoices/\{id\}`
		r.Delete("/invoices/{id}", a.Delete)
	})
	return r
}

// The guard needs a scope, and nothing establishes one before it.
//
// case: guarded/chi-order
func Order(a *shop.API) http.Handler {
	r := chi.NewRouter()
	r.Use(a.Boundary.RequireTenantMembership) // want `\(\*runtime.Boundary\).RequireTenantMembership stands before what it builds on, so it proves nothing: GET /invoices/\{id\}`
	r.Use(a.Boundary.Middleware)
	r.Get("/invoices/{id}", a.Get)
	return r
}

// The guard is there on some paths only.
//
// case: guarded/chi-conditional
func Conditional(a *shop.API, strict bool) http.Handler {
	r := chi.NewRouter()
	r.Use(a.Boundary.Middleware)
	if strict {
		r.Use(a.Boundary.RequireTenantMembership)
	}
	r.Get("/invoices/{id}", a.Get) // want `\(\*runtime.Boundary\).RequireTenantMembership guards GET /invoices/\{id\} on some paths only`
	return http.HandlerFunc(r.ServeHTTP)
}

// checked asks, and goes on whatever the answer.
func checked(a *shop.API) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, err := a.Boundary.CheckTenantMembership(r.Context()); err != nil {
				log.Print("not a member")
			}
			next.ServeHTTP(w, r) // want `requests go on that Boundary.CheckTenantMembership refused, and nothing else guards GET /invoices/\{id\}, DELETE /invoices/\{id\}`
		})
	}
}

// The middleware goes on after the check has failed.
//
// case: guarded/chi-failopen
func FailOpen(a *shop.API) error {
	r := chi.NewRouter()
	r.Use(a.Boundary.Middleware, checked(a))
	r.Get("/invoices/{id}", a.Get)
	r.Delete("/invoices/{id}", a.Delete)
	return http.ListenAndServe(":8080", r)
}

// inverted lets on those who were refused.
func inverted(a *shop.API, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := a.Boundary.CheckTenantMembership(r.Context()); err == nil {
			http.Error(w, "forbidden", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r) // want `requests go on that Boundary.CheckTenantMembership refused, and nothing else guards GET `
	})
}

// The check is the wrong way round.
//
// case: guarded/chi-inverted
func Inverted(a *shop.API) error {
	r := chi.NewRouter()
	r.Use(a.Boundary.Middleware)
	r.Use(func(next http.Handler) http.Handler { return inverted(a, next) })
	r.Get("/invoices/{id}", a.Get)
	return http.ListenAndServe(":8080", r)
}

// careless drops what the check says.
func careless(a *shop.API) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = a.Boundary.CheckTenantMembership(r.Context()) // want `nobody looks at what Boundary.CheckTenantMembership says: whom it refuses gets on`
			next.ServeHTTP(w, r)
		})
	}
}

// Nobody looks at what the check says.
//
// case: guarded/chi-ignored
func Ignored(a *shop.API) error {
	r := chi.NewRouter()
	r.Use(a.Boundary.Middleware, careless(a))
	r.Get("/invoices/{id}", a.Get)
	return http.ListenAndServe(":8080", r)
}

// One of two, and the other is none.
//
// case: guarded/chi-either-none
func EitherNone(a *shop.API, strict bool) error {
	guard := func(next http.Handler) http.Handler { return next }
	if strict {
		guard = a.Boundary.RequireTenantMembership
	}
	r := chi.NewRouter()
	r.Use(a.Boundary.Middleware)
	r.Use(guard)
	r.Get("/invoices/{id}", a.Get) // want `GET /invoices/\{id\} is behind no membership guard`
	return http.ListenAndServe(":8080", r)
}
