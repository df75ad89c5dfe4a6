// Package fresh uses ids as keys.
package fresh

import (
	"net/http"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
)

// Exports keeps exports.
type Exports struct{ rdb *redis.Client }

// Show parses an id that the client sent: that it is a UUID makes it well
// formed, not the caller's.
//
// case: fresh/parsed
func (e *Exports) Show(w http.ResponseWriter, r *http.Request) {
	id, err := uuid.Parse(r.PathValue("export"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	_, _ = w.Write([]byte(e.rdb.Get(r.Context(), "export:"+id.String()).Val())) // want `cache key has no tenant and no env`
}
