// Package ratelimit bounds how much one user asks of the service.
package ratelimit

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"

	"github.com/tenantvet/tenantvet/examples/service/internal/web"
)

// Limiter counts requests in Redis, by minute and user of a tenant. It is safe
// for concurrent use.
type Limiter struct {
	rdb   *redis.Client
	limit int64
	now   func() time.Time
}

// New returns a limiter that lets limit requests pass a minute.
func New(rdb *redis.Client, limit int64, now func() time.Time) *Limiter {
	return &Limiter{rdb: rdb, limit: limit, now: now}
}

// Take counts a request of the caller's, and returns how many there were in this
// minute.
func (l *Limiter) Take(ctx context.Context) (int64, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return 0, err
	}
	// A key without the user would let one user of a tenant use up what all have.
	key, err := tenant.NewUserKey(sc, "rate", l.now().UTC().Format("15:04"))
	if err != nil {
		return 0, err
	}
	n, err := l.rdb.Incr(ctx, key.String()).Result()
	if err == nil && n == 1 {
		err = l.rdb.Expire(ctx, key.String(), 2*time.Minute).Err()
	}
	if err != nil {
		return 0, fmt.Errorf("rate limit: %w", err)
	}
	return n, nil
}

// Middleware refuses who has used up the limit. It stands behind the boundary,
// whose scope it needs.
func (l *Limiter) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := l.Take(r.Context())
		switch {
		case err != nil:
			web.Error(w, err)
		case n > l.limit:
			http.Error(w, "slow down", http.StatusTooManyRequests)
		default:
			next.ServeHTTP(w, r)
		}
	})
}
