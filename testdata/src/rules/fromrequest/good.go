package fromrequest

import (
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Deals serves deals.
type Deals struct{ rdb *redis.Client }

// Show takes the tenant from the scope, the rest from the request.
//
// case: fromrequest/rest-only clean
func (d *Deals) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := sc.Tenant() + ":" + sc.Env().String() + ":" + r.Header.Get("Accept-Language") + ":" + r.PathValue("deal")
	_, _ = w.Write([]byte(d.rdb.Get(r.Context(), key).Val()))
}

// Checked lets the client name the tenant, and refuses any but the caller's.
//
// case: fromrequest/compared clean
func (d *Deals) Checked(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	if r.PathValue("tenant_id") != sc.Tenant() {
		http.NotFound(w, r)
		return
	}
	_, _ = w.Write([]byte(d.rdb.Get(r.Context(), sc.Tenant()+":"+sc.Env().String()+":"+r.PathValue("deal")).Val()))
}
