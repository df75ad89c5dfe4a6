// Package gocache uses an in-process cache.
package gocache

import (
	"net/http"

	"github.com/patrickmn/go-cache"
)

// Names caches names.
type Names struct{ cache *cache.Cache }

// Show caches under the bare id.
//
// case: gocache/get-and-set
func (n *Names) Show(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("user")
	if v, ok := n.cache.Get(id); ok { // want `cache key has no tenant and no env`
		_, _ = w.Write([]byte(v.(string)))
		return
	}
	n.cache.SetDefault(id, r.FormValue("name"))
}
