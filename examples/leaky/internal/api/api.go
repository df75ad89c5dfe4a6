// Package api is the second version of the interface, of which each route is
// guarded in a way of its own.
package api

import (
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"

	"github.com/tenantvet/tenantvet/examples/leaky/internal/reply"
)

// API serves it.
type API struct {
	guard  *tenant.Boundary
	rdb    *redis.Client
	strict bool
}

// New returns the interface, guarded by that boundary.
func New(guard *tenant.Boundary, rdb *redis.Client, strict bool) *API {
	return &API{guard: guard, rdb: rdb, strict: strict}
}

// Handler returns all routes.
func (a *API) Handler() http.Handler {
	mux := http.NewServeMux()
	// Leak 15, no guard: whoever is signed in somewhere reads any tenant's notes.
	mux.HandleFunc("GET /v2/open/{id}", a.note)
	// Leak 16, a guard that asks for less than it takes: any member is an owner here.
	mux.Handle("GET /v2/admin/{id}", a.guard.RequireTenantMembership(http.HandlerFunc(a.note)))
	mux.Handle("GET /v2/member/{id}", a.member(http.HandlerFunc(a.note)))
	mux.HandleFunc("GET /v2/asked/{id}", a.asked)
	mux.HandleFunc("GET /v2/first/{id}", a.first)
	// Leak 22, a guard that a switch can take away.
	h := http.Handler(http.HandlerFunc(a.note))
	if a.strict {
		h = a.guard.RequireTenantMembership(h)
	}
	mux.Handle("GET /v2/strict/{id}", h)

	all := http.NewServeMux()
	all.Handle("/v2/", a.guard.Middleware(mux))
	all.Handle("/v2/early/", a.early())
	all.Handle("/v2/late/", a.guard.Middleware(a.late()))
	return all
}

// note serves a note, out of a cache that keeps the tenants of whoever is let
// through apart.
func (a *API) note(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		reply.Error(w, err)
		return
	}
	key, err := tenant.NewKey(sc, "note", r.PathValue("id"))
	if err != nil {
		reply.Error(w, err)
		return
	}
	text, err := a.rdb.Get(r.Context(), key.String()).Result()
	reply.With(w, text, err)
}

// member refuses who is no member.
//
// Leak 17, a return that is missing: the refusal is written, and the note behind it.
func (a *API) member(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := a.guard.CheckTenantMembership(r.Context()); err != nil {
			reply.Error(w, err)
		}
		next.ServeHTTP(w, r)
	})
}

// asked serves a note.
//
// Leak 18, a guard that is asked and not listened to.
func (a *API) asked(w http.ResponseWriter, r *http.Request) {
	_, _ = a.guard.CheckTenantMembership(r.Context())
	a.note(w, r)
}

// first serves a note.
//
// Leak 19, the note first, and then the guard.
func (a *API) first(w http.ResponseWriter, r *http.Request) {
	a.note(w, r)
	if _, err := a.guard.CheckTenantMembership(r.Context()); err != nil {
		reply.Error(w, err)
	}
}

// early returns routes.
//
// Leak 20, the guard outside of the boundary: there is nobody yet to ask about.
func (a *API) early() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v2/early/{id}", a.note)
	return a.guard.RequireTenantMembership(a.guard.Middleware(mux))
}
