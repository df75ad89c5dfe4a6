// Package hasher writes keys into a hash.
package hasher

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
)

// Pages keeps pages.
type Pages struct{ rdb *redis.Client }

// Save hashes the path and the query.
//
// case: hasher/no-scope
func (p *Pages) Save(w http.ResponseWriter, r *http.Request) {
	h := sha256.New()
	h.Write([]byte(r.URL.Path))
	h.Write([]byte(r.URL.RawQuery))
	p.rdb.Set(r.Context(), hex.EncodeToString(h.Sum(nil)), r.FormValue("html"), time.Minute) // want `cache key has no tenant and no env`
}
