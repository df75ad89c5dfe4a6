package fromconstant

import (
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

const service = "directory"

// Rooms serves rooms.
type Rooms struct{ rdb *redis.Client }

// Show has a constant before the tenant, not in its place.
//
// case: fromconstant/prefix-only clean
func (o *Rooms) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := service + ":" + sc.Tenant() + ":" + sc.Env().String() + ":" + r.PathValue("room")
	_, _ = w.Write([]byte(o.rdb.Get(r.Context(), key).Val()))
}
