// Package bytesconv takes keys through []byte, encodings and folding.
package bytesconv

import (
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Tokens keeps tokens.
type Tokens struct{ rdb *redis.Client }

// Save encodes the id.
//
// case: bytesconv/hex
func (t *Tokens) Save(w http.ResponseWriter, r *http.Request) {
	raw := []byte(strings.ToLower(r.PathValue("device")))
	t.rdb.Set(r.Context(), hex.EncodeToString(raw), r.FormValue("token"), time.Hour) // want `cache key has no tenant and no env`
}
