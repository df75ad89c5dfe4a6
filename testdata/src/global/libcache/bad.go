// Package libcache has caches of libraries at package level.
package libcache

import (
	"net/http"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	gocache "github.com/patrickmn/go-cache"
)

var pages, _ = lru.New[string, string](128)

// Page adds by bare id.
//
// case: libcache/lru
func Page(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("page")
	if body, ok := pages.Get(id); ok {
		_, _ = w.Write([]byte(body))
		return
	}
	pages.Add(id, r.FormValue("body")) // want `package-level Cache pages is written after initialisation and not keyed by tenant and env: its key is made of Request\.PathValue\("page"\) alone`
}

var rates = gocache.New(time.Minute, time.Minute)

// Rate sets by bare id.
//
// case: libcache/go-cache
func Rate(w http.ResponseWriter, r *http.Request) {
	rates.SetDefault("rate:"+r.PathValue("plan"), r.FormValue("rate")) // want `package-level Cache rates is written after initialisation and not keyed by tenant and env: its key is made of Request\.PathValue\("plan"\) and "rate:" alone`
}
