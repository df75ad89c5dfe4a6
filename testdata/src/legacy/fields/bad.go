// Package fields has its scope from fields that the policy declares.
package fields

import (
	"net/http"

	"corpus/legacy/auth"

	"github.com/redis/go-redis/v9"
)

// Stores serves stores.
type Stores struct{ rdb *redis.Client }

// Show uses a field of the principal that is no dimension.
//
// case: fields/other-field
func (s *Stores) Show(w http.ResponseWriter, r *http.Request) {
	p := auth.FromContext(r.Context())
	if p == nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	_, _ = w.Write([]byte(s.rdb.Get(r.Context(), "store:"+p.Email).Val())) // want `cache key has no tenant and no env`
}
