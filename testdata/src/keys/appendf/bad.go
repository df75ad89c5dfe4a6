// Package appendf builds keys by appending to bytes.
package appendf

import (
	"fmt"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
)

// Carts keeps shopping carts.
type Carts struct{ rdb *redis.Client }

// Save formats into a slice of bytes.
//
// case: appendf/no-scope
func (c *Carts) Save(w http.ResponseWriter, r *http.Request) {
	key := fmt.Appendf(nil, "cart:%s", r.PathValue("cart"))
	c.rdb.Set(r.Context(), string(key), r.FormValue("items"), time.Hour) // want `cache key has no tenant and no env`
}
