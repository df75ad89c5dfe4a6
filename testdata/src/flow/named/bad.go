// Package named has strings with types of their own.
package named

import (
	"net/http"

	"github.com/redis/go-redis/v9"
)

type cacheKey string

func (k cacheKey) String() string { return string(k) }

// Words serves words.
type Words struct{ rdb *redis.Client }

// Show converts the id to a key, which makes it no better.
//
// case: named/converted
func (h *Words) Show(w http.ResponseWriter, r *http.Request) {
	key := cacheKey("word:" + r.PathValue("word"))
	_, _ = w.Write([]byte(h.rdb.Get(r.Context(), key.String()).Val())) // want `cache key has no tenant and no env`
}
