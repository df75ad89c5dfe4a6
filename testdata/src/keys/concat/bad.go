// Package concat builds keys with +.
package concat

import (
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
)

const prefix = "profile:"

// Profiles serves profiles.
type Profiles struct{ rdb *redis.Client }

// Show has a prefix, which is no tenant.
//
// case: concat/constant-prefix
func (h *Profiles) Show(w http.ResponseWriter, r *http.Request) {
	name := h.rdb.Get(r.Context(), prefix+r.PathValue("user")) // want `cache key has no tenant and no env`
	_, _ = w.Write([]byte(name.Val()))
}

// Save grows its key with +=.
//
// case: concat/plus-assign
func (h *Profiles) Save(w http.ResponseWriter, r *http.Request) {
	key := prefix
	key += r.PathValue("user")
	key += ":v2"
	h.rdb.Set(r.Context(), key, r.FormValue("name"), time.Hour) // want `cache key has no tenant and no env`
}
