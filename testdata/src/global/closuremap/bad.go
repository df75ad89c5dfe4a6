// Package closuremap has state that closures write.
package closuremap

import "net/http"

var hits = map[string]int{}

// Counter writes in the handler that it returns.
//
// case: closuremap/returned-handler
func Counter(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hits[r.URL.Path]++ // want `package-level map hits is written after initialisation and not keyed by tenant and env: its key is made of r\.URL\.Path alone`
		next.ServeHTTP(w, r)
	})
}
