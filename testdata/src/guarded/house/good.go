package house

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"corpus/guarded/house/auth"
)

// case: guarded/house-ordered clean
func Ordered(a *API) error {
	r := chi.NewRouter()
	r.Use(auth.Require, auth.Role("owner"))
	r.Get("/office/all/{id}", a.get)
	return http.ListenAndServe(":8080", r)
}

// Admin comes down to Role("admin").
//
// case: guarded/house-admin-held clean
func AdminHeld(a *API) error {
	r := chi.NewRouter()
	r.Use(auth.Require)
	r.With(auth.Role("admin")).Get("/office/totals/{id}", a.get)
	r.With(auth.Admin).Delete("/office/totals/{id}", a.get)
	return http.ListenAndServe(":8080", r)
}

// Webhooks are for everybody, as the policy says.
//
// case: guarded/house-public clean
func Public(a *API) http.Handler {
	r := chi.NewRouter()
	r.With(auth.Require).Get("/totals/{id}", a.get)
	r.With(auth.Require).Delete("/totals/{id}", a.get)
	r.Post("/webhooks/{id}", a.get)
	return r
}

func (a *API) inside(w http.ResponseWriter, r *http.Request) {
	if err := auth.Check(r.Context()); err != nil {
		http.Error(w, "forbidden", http.StatusForbidden)
		return
	}
	a.get(w, r)
}

// case: guarded/house-inside clean
func Inside(a *API) http.Handler {
	r := chi.NewRouter()
	r.With(auth.Require).Get("/totals/{id}", a.get)
	r.With(auth.Require).Delete("/totals/{id}", a.get)
	r.Get("/own/{id}", a.inside)
	return r
}
