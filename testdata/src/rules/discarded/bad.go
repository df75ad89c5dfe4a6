// Package discarded has the scope in hand and does not use it.
package discarded

import (
	"context"
	"net/http"

	"corpus/legacy/auth"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Seats counts seats.
type Seats struct{ rdb *redis.Client }

// Param is given a scope and leaves it aside.
//
// case: discarded/parameter
func (s *Seats) Param(ctx context.Context, sc tenant.Scope, plan string) (string, error) {
	return s.rdb.Get(ctx, "seats:"+plan).Result() // want `is in hand but not in the cache key`
}

// Checked asks for the scope, and only for whether there is one.
//
// case: discarded/only-checked
func (s *Seats) Checked(ctx context.Context, plan string) (string, error) {
	if _, err := tenant.FromContext(ctx); err != nil {
		return "", err
	}
	return s.rdb.Get(ctx, "seats:"+plan).Result() // want `is in hand but not in the cache key`
}

// Logged reads the tenant for a header and forgets it for the key.
//
// case: discarded/used-elsewhere
func (s *Seats) Logged(w http.ResponseWriter, r *http.Request) {
	org := auth.TenantID(r.Context())
	w.Header().Set("X-Org", org)
	s.rdb.Incr(r.Context(), "seats:"+r.PathValue("plan")) // want `cache key has no tenant and no env`
}
