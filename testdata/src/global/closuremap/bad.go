// Package closuremap has state that closures write.
package closuremap

import "net/http"

var hits = map[string]int{}

// Counter writes in the handler that it returns.
//
// case: closuremap/returned-handler
func Counter(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hits[r.URL.Path]++ // want `package-level .*hits is written after initialisation`
		next.ServeHTTP(w, r)
	})
}
