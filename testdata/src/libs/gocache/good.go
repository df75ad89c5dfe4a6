package gocache

import (
	"net/http"

	"github.com/patrickmn/go-cache"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Titles caches titles.
type Titles struct{ cache *cache.Cache }

// Show caches within the scope.
//
// case: gocache/scoped clean
func (t *Titles) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := sc.Tenant() + ":" + sc.Env().String() + ":" + r.PathValue("user")
	if v, ok := t.cache.Get(key); ok {
		_, _ = w.Write([]byte(v.(string)))
		return
	}
	t.cache.Set(key, r.FormValue("title"), cache.DefaultExpiration)
}
