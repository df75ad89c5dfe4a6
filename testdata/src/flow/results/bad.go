// Package results picks among several results.
package results

import (
	"net/http"

	"corpus/legacy/auth"

	"github.com/redis/go-redis/v9"
)

// Hooks serves webhooks.
type Hooks struct{ rdb *redis.Client }

func split(r *http.Request) (kind, id string) { return r.PathValue("kind"), r.PathValue("id") }

// Show uses two results, neither a tenant.
//
// case: results/no-scope
func (h *Hooks) Show(w http.ResponseWriter, r *http.Request) {
	kind, id := split(r)
	_, _ = w.Write([]byte(h.rdb.Get(r.Context(), kind+":"+id).Val())) // want `cache key has no tenant and no env`
}

func whoAndWhat(r *http.Request) (org, env, id string) {
	return auth.TenantID(r.Context()), auth.EnvironmentID(r.Context()), r.PathValue("id")
}

// Drop takes the wrong results of a function that has the right ones.
//
// case: results/wrong-ones
func (h *Hooks) Drop(w http.ResponseWriter, r *http.Request) {
	_, env, id := whoAndWhat(r)
	h.rdb.Del(r.Context(), env+":"+id) // want `cache key has no tenant`
}
