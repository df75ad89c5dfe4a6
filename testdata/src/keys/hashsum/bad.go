// Package hashsum uses digests as keys.
package hashsum

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
)

// APIKeys keeps who an API key belongs to.
type APIKeys struct{ rdb *redis.Client }

// Check hides the key but does not bind it: the tenant comes from the client's
// header, and the cached answer serves every tenant.
//
// case: hashsum/api-key
func (a *APIKeys) Check(w http.ResponseWriter, r *http.Request) {
	sum := sha256.Sum256([]byte(r.Header.Get("X-Api-Key")))
	key := "apikey:" + hex.EncodeToString(sum[:])
	if a.rdb.Get(r.Context(), key).Err() == nil { // want `cache key has no tenant and no env`
		return
	}
	a.rdb.Set(r.Context(), key, "valid", time.Minute)
}
