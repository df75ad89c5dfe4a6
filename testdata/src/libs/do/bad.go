// Package do sends commands by name.
package do

import (
	"net/http"

	"github.com/redis/go-redis/v9"
)

// Flags serves flags.
type Flags struct{ rdb *redis.Client }

// Show sends GET by name.
//
// case: do/get
func (f *Flags) Show(w http.ResponseWriter, r *http.Request) {
	text, _ := f.rdb.Do(r.Context(), "GET", "flag:"+r.PathValue("flag")).Text() // want `cache key has no tenant and no env`
	_, _ = w.Write([]byte(text))
}
