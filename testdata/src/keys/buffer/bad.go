// Package buffer builds keys with a bytes.Buffer.
package buffer

import (
	"bytes"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
)

// Avatars keeps pictures.
type Avatars struct{ rdb *redis.Client }

// Save writes the id only.
//
// case: buffer/no-scope
func (a *Avatars) Save(w http.ResponseWriter, r *http.Request) {
	var buf bytes.Buffer
	buf.WriteString("avatar/")
	buf.WriteString(r.PathValue("user"))
	a.rdb.Set(r.Context(), buf.String(), r.FormValue("picture"), time.Hour) // want `cache key has no tenant and no env`
}
