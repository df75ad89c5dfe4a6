// Package embedded reaches fields and caches through embedded structs.
package embedded

import (
	"net/http"

	"github.com/redis/go-redis/v9"
)

type base struct{ *redis.Client }

type page struct {
	Board string
	Name  string
}

type request struct {
	page
	limit int
}

// Cards serves cards.
type Cards struct{ base }

// Show calls a method promoted twice with a field promoted once.
//
// case: embedded/promoted
func (c *Cards) Show(w http.ResponseWriter, r *http.Request) {
	q := request{page: page{Board: r.PathValue("board"), Name: r.PathValue("card")}}
	_, _ = w.Write([]byte(c.Get(r.Context(), q.Board+":"+q.Name).Val())) // want `cache key has no tenant and no env`
}
