// Package runtimekey builds keys with the runtime.
package runtimekey

import (
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Plans keeps plans.
type Plans struct{ rdb *redis.Client }

// Show makes the right key and uses the raw id.
//
// case: runtimekey/made-but-not-used
func (p *Plans) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	id := r.PathValue("plan")
	key, err := tenant.NewKey(sc, "plan", id)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("X-Cache-Key", key.String())
	p.rdb.Get(r.Context(), "plan:"+id) // want `cache key has no tenant and no env`
}
