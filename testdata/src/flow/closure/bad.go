// Package closure captures scopes and keys.
package closure

import (
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
)

// Boards serves boards.
type Boards struct{ rdb *redis.Client }

// Handler captures the raw id.
//
// case: closure/captured-id
func (b *Boards) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("board")
		save := func(body string) {
			b.rdb.Set(r.Context(), "board:"+id, body, time.Minute) // want `cache key has no tenant and no env`
		}
		save(r.FormValue("body"))
		next.ServeHTTP(w, r)
	})
}
