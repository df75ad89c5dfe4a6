// Package collision has the scope in keys from which it cannot be told apart.
package collision

import (
	"fmt"
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Shelves serves shelves.
type Shelves struct{ rdb *redis.Client }

// NoSeparator lets tenant "a" with id "b1" meet tenant "ab" with id "1".
//
// case: collision/no-separator
func (s *Shelves) NoSeparator(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := sc.Env().String() + ":" + sc.Tenant() + r.PathValue("shelf")
	_, _ = w.Write([]byte(s.rdb.Get(r.Context(), key).Val())) // want `cache key is ambiguous`
}

// BothSides lets the client write a tenant of its choice into the first part.
//
// case: collision/free-on-both-sides
func (s *Shelves) BothSides(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := r.PathValue("room") + ":" + sc.Tenant() + ":" + sc.Env().String() + ":" + r.PathValue("shelf")
	_, _ = w.Write([]byte(s.rdb.Get(r.Context(), key).Val())) // want `cache key is ambiguous`
}

// Format does the same with a format.
//
// case: collision/format-no-separator
func (s *Shelves) Format(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := fmt.Sprintf("%s:%s%s", sc.Env(), sc.Tenant(), r.PathValue("shelf"))
	s.rdb.Del(r.Context(), key) // want `cache key is ambiguous`
}
