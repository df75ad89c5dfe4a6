// Package memcache uses memcached, where the key is a field of the item.
package memcache

import (
	"net/http"

	"github.com/bradfitz/gomemcache/memcache"
)

// Pages caches pages.
type Pages struct{ mc *memcache.Client }

// Save puts the bare id into the item.
//
// case: memcache/item
func (p *Pages) Save(w http.ResponseWriter, r *http.Request) {
	item := &memcache.Item{Key: "page:" + r.PathValue("page"), Value: []byte(r.FormValue("html"))}
	if err := p.mc.Set(item); err != nil { // want `cache key has no tenant and no env`
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
