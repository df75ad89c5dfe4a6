// Package wrapper calls a cache that another package wraps: the duty to scope
// the key arrives as a fact, and the finding is at the call.
package wrapper

import (
	"net/http"

	"corpus/store"
)

// Sites serves sites.
type Sites struct{ cache *store.Cache }

// Show passes the raw id to the wrapper.
//
// case: wrapper/raw-load
func (s *Sites) Show(w http.ResponseWriter, r *http.Request) {
	b, _ := s.cache.Load(r.Context(), "site:"+r.PathValue("site")) // want `cache key has no tenant and no env`
	_, _ = w.Write(b)
}

// Drop passes the raw id to another of its methods.
//
// case: wrapper/raw-drop
func (s *Sites) Drop(w http.ResponseWriter, r *http.Request) {
	if err := s.cache.Drop(r.Context(), "site:"+r.PathValue("site")); err != nil { // want `cache key has no tenant and no env`
		http.NotFound(w, r)
	}
}
