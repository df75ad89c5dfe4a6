// Package lru uses an in-process cache of fixed size.
package lru

import (
	"net/http"

	lru "github.com/hashicorp/golang-lru/v2"
)

// Sessions caches sessions.
type Sessions struct{ cache *lru.Cache[string, string] }

// Drop removes by the bare id.
//
// case: lru/remove
func (s *Sessions) Drop(w http.ResponseWriter, r *http.Request) {
	s.cache.Remove(r.PathValue("session")) // want `cache key has no tenant and no env`
}

// middleware is the shape of a leak that was real: whether an API key is valid
// is remembered by the key alone, while the tenant comes with the request.
//
// case: lru/api-key-middleware
func middleware(cache *lru.Cache[string, bool], check func(r *http.Request, key string) bool) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			key := r.Header.Get("X-Api-Key")
			valid, ok := cache.Get(key) // want `cache key has no tenant and no env`
			if !ok {
				valid = check(r, key)
				cache.Add(key, valid)
			}
			if !valid {
				http.Error(w, "no", http.StatusUnauthorized)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

var _ = middleware
