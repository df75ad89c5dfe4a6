package collision

import (
	"fmt"
	"net/http"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Racks serves racks.
type Racks struct{ rdb *redis.Client }

// Separated has a separator behind the tenant.
//
// case: collision/separated clean
func (k *Racks) Separated(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := sc.Env().String() + ":" + sc.Tenant() + ":" + r.PathValue("rack")
	_, _ = w.Write([]byte(k.rdb.Get(r.Context(), key).Val()))
}

// Quoted has the free part quoted.
//
// case: collision/quoted clean
func (k *Racks) Quoted(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := fmt.Sprintf("%q:%s:%s:%q", r.PathValue("room"), sc.Tenant(), sc.Env(), r.PathValue("rack"))
	_, _ = w.Write([]byte(k.rdb.Get(r.Context(), key).Val()))
}

// Fixed has a part of fixed shape before the tenant.
//
// case: collision/fixed-shape clean
func (k *Racks) Fixed(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	room, err := uuid.Parse(r.PathValue("room"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	key := room.String() + ":" + sc.Tenant() + ":" + sc.Env().String() + ":" + r.PathValue("rack")
	_, _ = w.Write([]byte(k.rdb.Get(r.Context(), key).Val()))
}

// Injective uses the runtime's key, which no part can break out of.
//
// case: collision/runtime-key clean
func (k *Racks) Injective(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key, err := tenant.NewKey(sc, r.PathValue("room"), r.PathValue("rack"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	k.rdb.Del(r.Context(), key.String())
}
