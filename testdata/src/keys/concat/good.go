package concat

import (
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Settings serves settings.
type Settings struct{ rdb *redis.Client }

// Show has both dimensions before the name.
//
// case: concat/tenant-env-prefix clean
func (h *Settings) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	val := h.rdb.Get(r.Context(), "settings:"+sc.Tenant()+":"+sc.Env().String()+":"+r.PathValue("name"))
	_, _ = w.Write([]byte(val.Val()))
}

// Save grows its key with +=.
//
// case: concat/plus-assign-scoped clean
func (h *Settings) Save(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := "settings:" + sc.Tenant()
	key += ":" + sc.Env().String()
	key += ":" + r.PathValue("name")
	h.rdb.Set(r.Context(), key, r.FormValue("value"), time.Hour)
}
