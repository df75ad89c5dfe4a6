package iface

import (
	"net/http"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Wikis serves wikis.
type Wikis struct{ cache kv }

// Show passes a scoped key through the interface.
//
// case: iface/scoped-caller clean
func (k *Wikis) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	body, err := k.cache.Load(r.Context(), sc.Tenant()+":"+sc.Env().String()+":"+r.PathValue("wiki"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	_, _ = w.Write([]byte(body))
}

// Drop evicts through it.
//
// case: iface/scoped-evict clean
func (k *Wikis) Drop(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	if err := k.cache.Evict(r.Context(), sc.Tenant()+":"+sc.Env().String()+":"+r.PathValue("wiki")); err != nil {
		http.NotFound(w, r)
	}
}
