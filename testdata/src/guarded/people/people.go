// Package people serves those who have signed in, and have to be no members yet.
package people

import (
	"fmt"
	"net/http"

	"github.com/go-chi/chi/v5"
	tenant "github.com/tenantvet/tenantvet/runtime"

	"corpus/bound/db"
	"corpus/legacy/auth"
)

// API serves people and boards.
type API struct {
	boundary *tenant.Boundary
	q        *db.Queries
}

func (a *API) me(w http.ResponseWriter, r *http.Request) {
	p, err := a.q.GetPerson(r.Context(), auth.FromContext(r.Context()).UserID)
	if err != nil {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	fmt.Fprint(w, p.Name)
}

func (a *API) boards(w http.ResponseWriter, r *http.Request) {
	n, err := a.q.CountBoards(r.Context(), auth.TenantID(r.Context()))
	if err != nil {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	fmt.Fprint(w, n)
}

// Me is for who has signed in: a person is no tenant's.
//
// case: guarded/people-own clean
func Me(a *API) http.Handler {
	r := chi.NewRouter()
	r.Use(a.boundary.Middleware)
	r.Get("/me", a.me)
	r.Group(func(r chi.Router) {
		r.Use(a.boundary.RequireTenantMembership)
		r.Get("/boards", a.boards)
	})
	return r
}

// Boards are some tenant's.
//
// case: guarded/people-boards
func Boards(a *API) http.Handler {
	r := chi.NewRouter()
	r.Use(a.boundary.Middleware)
	r.Get("/boards", a.boards) // want `GET /boards is behind no membership guard`
	r.Group(func(r chi.Router) {
		r.Use(a.boundary.RequireTenantMembership)
		r.Get("/me", a.me)
	})
	return r
}
