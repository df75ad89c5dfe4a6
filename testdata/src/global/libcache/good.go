package libcache

import (
	"net/http"

	lru "github.com/hashicorp/golang-lru/v2"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

var views, _ = lru.New[string, string](128)

// View adds within the scope.
//
// case: libcache/lru-scoped clean
func View(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := sc.Tenant() + ":" + sc.Env().String() + ":" + r.PathValue("view")
	if body, ok := views.Get(key); ok {
		_, _ = w.Write([]byte(body))
		return
	}
	views.Add(key, r.FormValue("body"))
}
