// Package house wires an older service, whose guards the policy declares.
package house

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/redis/go-redis/v9"

	"corpus/guarded/house/auth"
	legacy "corpus/legacy/auth"
)

// API serves totals.
type API struct{ rdb *redis.Client }

func (a *API) get(w http.ResponseWriter, r *http.Request) {
	key := legacy.TenantID(r.Context()) + ":" + legacy.EnvironmentID(r.Context()) + ":" + r.PathValue("id")
	_, _ = w.Write([]byte(a.rdb.Get(r.Context(), key).Val()))
}

// The role stands before the membership that it builds on.
//
// case: guarded/house-order
func Order(a *API) http.Handler {
	r := chi.NewRouter()
	r.Use(auth.Role("editor"), auth.Require) // want `auth.Role\("editor"\) stands before what it builds on, so it proves nothing: GET /totals/\{id\}`
	r.Get("/totals/{id}", a.get)
	return r
}

// case: guarded/house-unguarded
func Unguarded(a *API) http.Handler {
	r := chi.NewRouter()
	r.With(auth.Require).Get("/totals/{id}", a.get)
	r.Get("/open/{id}", a.get) // want `GET /open/\{id\} is behind no membership guard, and its handler \(\*house.API\).get reads cached data \(Client.Get\)`
	return r
}

// case: guarded/house-admin
func Admin(a *API) http.Handler {
	r := chi.NewRouter()
	r.Use(auth.Require)
	r.With(auth.Role("editor")).Get("/office/totals/{id}", a.get) // want `GET /office/totals/\{id\} is for role admin or owner, and its guards ask for editor`
	return r
}
