// Package join builds keys with strings.Join.
package join

import (
	"net/http"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Drafts keeps drafts.
type Drafts struct{ rdb *redis.Client }

// Save joins the parts of the path.
//
// case: join/literal
func (d *Drafts) Save(w http.ResponseWriter, r *http.Request) {
	key := strings.Join([]string{"draft", r.PathValue("board"), r.PathValue("card")}, ":")
	d.rdb.Set(r.Context(), key, r.FormValue("text"), time.Hour) // want `cache key has no tenant and no env`
}

// Load appends the parts first.
//
// case: join/appended
func (d *Drafts) Load(w http.ResponseWriter, r *http.Request) {
	parts := []string{"draft"}
	for _, name := range []string{"board", "card"} {
		parts = append(parts, r.PathValue(name))
	}
	text := d.rdb.Get(r.Context(), strings.Join(parts, "/")) // want `cache key has no tenant and no env`
	_, _ = w.Write([]byte(text.Val()))
}
