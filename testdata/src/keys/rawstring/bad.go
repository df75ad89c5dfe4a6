// Package rawstring caches under the id from the path, as it came.
package rawstring

import (
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
)

// Invoices serves invoices.
type Invoices struct {
	rdb  *redis.Client
	load func(id string) (string, error)
}

// Show reads through a cache that every tenant shares.
//
// case: rawstring/read-through
func (h *Invoices) Show(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("invoice")
	body, err := h.rdb.Get(r.Context(), id).Result() // want `cache key has no tenant and no env`
	if err != nil {
		if body, err = h.load(id); err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		}
		h.rdb.Set(r.Context(), id, body, time.Minute)
	}
	_, _ = w.Write([]byte(body))
}

// Forget drops an entry by its bare id.
//
// case: rawstring/delete
func (h *Invoices) Forget(w http.ResponseWriter, r *http.Request) {
	if err := h.rdb.Del(r.Context(), r.PathValue("invoice")).Err(); err != nil { // want `cache key has no tenant and no env`
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
