// Package ratelimit counts calls in redis.
package ratelimit

import (
	"fmt"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
)

// Limiter limits calls.
type Limiter struct{ rdb *redis.Client }

// Wrap counts all tenants' calls of a route in one window.
//
// case: ratelimit/per-route
func (l *Limiter) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := fmt.Sprintf("rl:%s:%d", r.URL.Path, time.Now().Unix()/60)
		if n, err := l.rdb.Incr(r.Context(), key).Result(); err != nil || n > 100 { // want `cache key has no tenant and no env`
			http.Error(w, "slow down", http.StatusTooManyRequests)
			return
		}
		next.ServeHTTP(w, r)
	})
}
