// Package scoped vouches for keys that cannot be followed.
package scoped

import (
	"net/http"

	"github.com/redis/go-redis/v9"
)

// Legacy has its keys from a system that scopes them.
type Legacy struct{ rdb *redis.Client }

// Show is vouched for.
//
// case: scoped/line clean
func (l *Legacy) Show(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("X-Gateway-Cache-Key")
	_, _ = w.Write([]byte(l.rdb.Get(r.Context(), key).Val())) //tenantvet:scoped the gateway signs this key and puts tenant and environment first
}
