package deferred

import (
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Exports runs exports.
type Exports struct{ rdb *redis.Client }

// Run clears its own marker when it is done.
//
// case: deferred/delete-scoped clean
func (e *Exports) Run(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := sc.Tenant() + ":" + sc.Env().String() + ":" + r.PathValue("export")
	defer e.rdb.Del(r.Context(), key)
	defer func() {
		e.rdb.Del(r.Context(), key+":parts")
	}()
	_, _ = w.Write([]byte("running"))
}
