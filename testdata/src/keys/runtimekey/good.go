package runtimekey

import (
	"net/http"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Offers keeps offers.
type Offers struct {
	rdb    *redis.Client
	local  *lru.Cache[tenant.Key, string]
	hasher *tenant.Hasher
	memory *tenant.Map[string]
}

// Show uses the readable form.
//
// case: runtimekey/readable clean
func (o *Offers) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key, err := tenant.NewKey(sc, "offer", r.PathValue("offer"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	o.rdb.Get(r.Context(), key.String())
}

// Local uses the key as it is.
//
// case: runtimekey/typed clean
func (o *Offers) Local(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key, err := tenant.NewKey(sc, "offer", r.PathValue("offer"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	o.local.Add(key, r.FormValue("text"))
}

// Hidden uses the form that hides ids.
//
// case: runtimekey/hidden clean
func (o *Offers) Hidden(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key, err := tenant.NewUserKey(sc, "offer", r.PathValue("offer"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	hidden, err := o.hasher.Hash(key)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	o.rdb.Set(r.Context(), hidden, r.FormValue("text"), time.Minute)
}

// Memory uses the runtime's own map, which is keyed by scope.
//
// case: runtimekey/map clean
func (o *Offers) Memory(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	if err := o.memory.Store(sc, r.PathValue("offer"), r.FormValue("text")); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
