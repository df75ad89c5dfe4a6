// Package zerowidth prints the tenant with a precision of nothing.
package zerowidth

import (
	"fmt"
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Slots serves slots.
type Slots struct{ rdb *redis.Client }

// Show is given the tenant, prints none of it, and is not reported.
//
// case: limits/zero-width limit
func (s *Slots) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := fmt.Sprintf("%.*s:%s:%s", len(r.FormValue("cut")), sc.Tenant(), sc.Env(), r.PathValue("slot"))
	_, _ = w.Write([]byte(s.rdb.Get(r.Context(), key).Val()))
}
