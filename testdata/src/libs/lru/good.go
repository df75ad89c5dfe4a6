package lru

import (
	"net/http"

	lru "github.com/hashicorp/golang-lru/v2"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Visits caches visits.
type Visits struct{ cache *lru.Cache[string, string] }

// Drop removes within the scope.
//
// case: lru/remove-scoped clean
func (v *Visits) Drop(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	v.cache.Remove(sc.Tenant() + ":" + sc.Env().String() + ":" + r.PathValue("visit"))
}

// local makes a cache that lives as long as the call.
//
// case: lru/request-local clean
func local(w http.ResponseWriter, r *http.Request) {
	seen, err := lru.New[string, bool](16)
	if err != nil {
		return
	}
	for _, id := range r.URL.Query()["id"] {
		if _, dup := seen.Get(id); !dup {
			seen.Add(id, true)
			_, _ = w.Write([]byte(id))
		}
	}
}

var _ = local
