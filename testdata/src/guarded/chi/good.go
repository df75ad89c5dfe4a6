package chi

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"corpus/guarded/shop"
)

// All that reads data of tenants is in the group with the guard.
//
// case: guarded/chi-group-guarded clean
func Inside(a *shop.API) http.Handler {
	r := chi.NewRouter()
	r.Use(a.Boundary.Middleware)
	r.Get("/about", a.About)
	r.Group(func(r chi.Router) {
		r.Use(a.Boundary.RequireTenantMembership)
		r.Get("/invoices/{id}", a.Get)
		r.Delete("/invoices/{id}", a.Delete)
	})
	return r
}

// Guards that are put in front of one route each.
//
// case: guarded/chi-with clean
func With(a *shop.API) http.Handler {
	r := chi.NewRouter()
	r.With(a.Boundary.Middleware, a.Boundary.RequireTenantMembership).Get("/invoices/{id}", a.Get)
	r.With(a.Boundary.Middleware, a.Boundary.RequireTenantRole("admin")).Delete("/office/invoices/{id}", a.Delete)
	return r
}

// A router that is mounted behind a guard.
//
// case: guarded/chi-mount clean
func Mount(a *shop.API) http.Handler {
	v1 := chi.NewRouter()
	v1.Get("/invoices/{id}", a.Get)
	r := chi.NewRouter()
	r.Use(a.Boundary.Middleware, a.Boundary.RequireTenantMembership)
	r.Mount("/v1", v1)
	return r
}

// member is a guard of one's own: what it does makes it one.
func member(a *shop.API) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx, err := a.Boundary.AdmitTenantMembership(r.Context())
			if err != nil {
				http.Error(w, "forbidden", http.StatusForbidden)
				return
			}
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}

// case: guarded/chi-inferred clean
func Inferred(a *shop.API) http.Handler {
	r := chi.NewRouter()
	r.Use(a.Boundary.Middleware, member(a))
	r.Get("/invoices/{id}", a.Get)
	return r
}

// admitted is a guard by way of a helper that says whether.
func admitted(a *shop.API, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isMember(a, w, r) {
			return
		}
		next.ServeHTTP(w, r)
	})
}

func isMember(a *shop.API, w http.ResponseWriter, r *http.Request) bool {
	if _, err := a.Boundary.CheckTenantMembership(r.Context()); err != nil {
		http.Error(w, "forbidden", http.StatusForbidden)
		return false
	}
	return true
}

// case: guarded/chi-helper clean
func Helper(a *shop.API) http.Handler {
	r := chi.NewRouter()
	r.Use(a.Boundary.Middleware)
	r.Use(func(next http.Handler) http.Handler { return admitted(a, next) })
	r.Get("/invoices/{id}", a.Get)
	return r
}

// chain is two guards as one.
func chain(a *shop.API) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return a.Boundary.Middleware(a.Boundary.RequireTenantMembership(next))
	}
}

// case: guarded/chi-chain clean
func Chain(a *shop.API) error {
	r := chi.NewRouter()
	r.Use(chain(a))
	r.Get("/invoices/{id}", a.Get)
	return http.ListenAndServe(":8080", r)
}

// One of two guards, whichever is decided.
//
// case: guarded/chi-either clean
func Either(a *shop.API, own bool) error {
	guard := a.Boundary.RequireTenantMembership
	if own {
		guard = member(a)
	}
	r := chi.NewRouter()
	r.Use(a.Boundary.Middleware)
	r.Use(guard)
	r.Get("/invoices/{id}", a.Get)
	return http.ListenAndServe(":8080", r)
}
