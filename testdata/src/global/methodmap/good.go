package methodmap

import (
	"net/http"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

var scoped = &registry{items: map[string]string{}}

// SaveScoped writes within the scope through the same method.
//
// case: methodmap/scoped clean
func SaveScoped(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	scoped.put(sc.Tenant()+":"+sc.Env().String()+":"+r.PathValue("item"), r.FormValue("text"))
}

var costs = table{}

// Cost writes within the scope through a method of a map type.
//
// case: methodmap/map-type-scoped clean
func Cost(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	costs.set(sc.Tenant()+":"+sc.Env().String()+":"+r.PathValue("item"), r.FormValue("cost"))
}
