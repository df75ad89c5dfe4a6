package handlermap

import (
	"net/http"
	"sync"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

var (
	namesMu sync.Mutex
	names   = map[string]string{}
)

// Scoped remembers names within the scope.
//
// case: handlermap/scoped clean
func Scoped(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	namesMu.Lock()
	defer namesMu.Unlock()
	names[sc.Tenant()+":"+sc.Env().String()+":"+r.PathValue("user")] = r.FormValue("name")
}

type nameKey struct{ tenant, env, user string }

var byKey = map[nameKey]string{}

// Struct has the scope in a struct key, for writing, reading and deleting.
//
// case: handlermap/struct-key clean
func Struct(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	k := nameKey{tenant: sc.Tenant(), env: sc.Env().String(), user: r.PathValue("user")}
	namesMu.Lock()
	defer namesMu.Unlock()
	if _, ok := byKey[k]; ok {
		delete(byKey, k)
		return
	}
	byKey[k] = r.FormValue("name")
}
