// Package loops builds keys in loops.
package loops

import (
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Tags serves tags.
type Tags struct{ rdb *redis.Client }

// Show reads a key per id.
//
// case: loops/range
func (t *Tags) Show(w http.ResponseWriter, r *http.Request) {
	for _, id := range r.URL.Query()["tag"] {
		_, _ = w.Write([]byte(t.rdb.Get(r.Context(), "tag:"+id).Val())) // want `cache key has no tenant and no env`
	}
}

// First has the scope in the first round only.
//
// case: loops/first-round-only
func (t *Tags) First(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	prefix := sc.Tenant() + ":" + sc.Env().String() + ":"
	for _, id := range r.URL.Query()["tag"] {
		t.rdb.Incr(r.Context(), prefix+id) // want `cache key has tenant and env only on some paths`
		prefix = "tag:"
	}
}
