// Package scopefield keeps a scope in a field.
package scopefield

import (
	"context"
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

type session struct {
	rdb *redis.Client
	sc  tenant.Scope
	ctx context.Context
}

func newSession(r *http.Request, rdb *redis.Client) (*session, error) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		return nil, err
	}
	return &session{rdb: rdb, sc: sc, ctx: r.Context()}, nil
}

func (s *session) raw(id string) string {
	return s.rdb.Get(s.ctx, "row:"+id).Val() // want `cache key has no tenant and no env`
}

// Raw calls a method that does not look at the scope beside it.
//
// case: scopefield/not-used
func Raw(rdb *redis.Client) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s, err := newSession(r, rdb)
		if err != nil {
			http.Error(w, "sign in first", http.StatusUnauthorized)
			return
		}
		_, _ = w.Write([]byte(s.raw(r.PathValue("row"))))
	}
}
