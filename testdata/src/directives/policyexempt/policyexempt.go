// Package policyexempt has a function that the policy exempts.
package policyexempt

import (
	"context"
	"net/http"

	"github.com/redis/go-redis/v9"
)

// Sweeper clears what has expired, for all tenants at once.
type Sweeper struct {
	rdb     *redis.Client
	expired func() *http.Request
}

// Sweep is exempt.
//
// case: policyexempt/function clean
func (s *Sweeper) Sweep(ctx context.Context) {
	s.rdb.Del(ctx, "sweep:"+s.expired().FormValue("id"))
}

// Single is not.
//
// case: policyexempt/not-exempt
func (s *Sweeper) Single(w http.ResponseWriter, r *http.Request) {
	s.rdb.Del(r.Context(), "sweep:"+r.PathValue("id")) // want `cache key has no tenant and no env`
}
