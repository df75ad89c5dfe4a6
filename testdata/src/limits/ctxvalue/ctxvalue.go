// Package ctxvalue reads a context value that no policy vouches for: it may be
// the tenant or anything else.
package ctxvalue

import (
	"net/http"

	"github.com/redis/go-redis/v9"
)

type userKey struct{}

// Profiles serves profiles.
type Profiles struct{ rdb *redis.Client }

// Own reads by the user alone and is not reported.
//
// case: limits/context-value limit
func (p *Profiles) Own(w http.ResponseWriter, r *http.Request) {
	user, _ := r.Context().Value(userKey{}).(string)
	_, _ = w.Write([]byte(p.rdb.Get(r.Context(), "profile:"+user).Val()))
}
