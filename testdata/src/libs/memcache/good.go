package memcache

import (
	"net/http"

	"github.com/bradfitz/gomemcache/memcache"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Sites caches sites.
type Sites struct{ mc *memcache.Client }

// Save puts a scoped key into the item.
//
// case: memcache/item-scoped clean
func (s *Sites) Save(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	item := &memcache.Item{Value: []byte(r.FormValue("html"))}
	item.Key = sc.Tenant() + ":" + sc.Env().String() + ":" + r.PathValue("page")
	if err := s.mc.Set(item); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// Load reads several scoped keys.
//
// case: memcache/multi-scoped clean
func (s *Sites) Load(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	prefix := sc.Tenant() + ":" + sc.Env().String() + ":"
	items, _ := s.mc.GetMulti([]string{prefix + "head", prefix + r.PathValue("page")})
	for _, it := range items {
		_, _ = w.Write(it.Value)
	}
}
