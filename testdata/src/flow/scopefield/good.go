package scopefield

import (
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

func (s *session) read(id string) string {
	return s.rdb.Get(s.ctx, s.sc.Tenant()+":"+s.sc.Env().String()+":"+id).Val()
}

// Read calls a method that takes the scope from a field which the constructor
// sets.
//
// case: scopefield/set-by-constructor clean
func Read(rdb *redis.Client) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s, err := newSession(r, rdb)
		if err != nil {
			http.Error(w, "sign in first", http.StatusUnauthorized)
			return
		}
		_, _ = w.Write([]byte(s.read(r.PathValue("row"))))
	}
}

// tenantCache is made per request and remembers its prefix as text.
type tenantCache struct {
	rdb    *redis.Client
	prefix string
}

func cacheFor(sc tenant.Scope, rdb *redis.Client) tenantCache {
	return tenantCache{rdb: rdb, prefix: sc.Tenant() + ":" + sc.Env().String() + ":"}
}

// Prefixed reads under a prefix that the constructor made of the scope.
//
// case: scopefield/prefix-field clean
func Prefixed(rdb *redis.Client) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		sc, err := tenant.FromContext(r.Context())
		if err != nil {
			http.Error(w, "sign in first", http.StatusUnauthorized)
			return
		}
		c := cacheFor(sc, rdb)
		_, _ = w.Write([]byte(c.rdb.Get(r.Context(), c.prefix+r.PathValue("row")).Val()))
	}
}
