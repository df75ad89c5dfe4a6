// Package params passes tenant and id in a params struct to another package.
package params

import (
	"net/http"

	"corpus/store"
)

// Assets serves assets.
type Assets struct{ cache *store.Cache }

// Show fills the id only: the finding is at the call, for the use is elsewhere.
//
// case: params/fields-left-out
func (a *Assets) Show(w http.ResponseWriter, r *http.Request) {
	b, _ := a.cache.Find(r.Context(), store.Params{ID: r.PathValue("asset")}) // want `cache key has no tenant and no env`
	_, _ = w.Write(b)
}

// Head takes the tenant from the header.
//
// case: params/from-header
func (a *Assets) Head(w http.ResponseWriter, r *http.Request) {
	p := store.Params{
		TenantID: r.Header.Get("X-Tenant-ID"),
		EnvID:    r.Header.Get("X-Environment"),
		ID:       r.PathValue("asset"),
	}
	if _, err := a.cache.Find(r.Context(), p); err != nil { // want `cache key takes its tenant and env from the request, not from the caller's scope`
		http.NotFound(w, r)
	}
}
