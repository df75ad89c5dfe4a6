// Package fromconstant has the same tenant for everybody.
package fromconstant

import (
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

const defaultTenant = "acme"

// Offices serves offices.
type Offices struct{ rdb *redis.Client }

// Show has the tenant of the first customer, from when there was one.
//
// case: fromconstant/constant-tenant
func (o *Offices) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := defaultTenant + ":" + sc.Env().String() + ":" + r.PathValue("office")
	_, _ = w.Write([]byte(o.rdb.Get(r.Context(), key).Val())) // want `cache key has no tenant`
}
