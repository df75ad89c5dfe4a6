package ratelimit

import (
	"fmt"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Throttle limits calls per tenant.
type Throttle struct{ rdb *redis.Client }

// Wrap counts each tenant's calls by themselves.
//
// case: ratelimit/per-tenant clean
func (t *Throttle) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sc, err := tenant.FromContext(r.Context())
		if err != nil {
			http.Error(w, "sign in first", http.StatusUnauthorized)
			return
		}
		key := fmt.Sprintf("rl:%s:%s:%s:%d", sc.Tenant(), sc.Env(), r.URL.Path, time.Now().Unix()/60)
		if n, err := t.rdb.Incr(r.Context(), key).Result(); err != nil || n > 100 {
			http.Error(w, "slow down", http.StatusTooManyRequests)
			return
		}
		next.ServeHTTP(w, r)
	})
}
