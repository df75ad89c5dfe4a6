package callers

import (
	"net/http"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Head passes a scoped key.
//
// case: callers/head clean
func (f *Files) Head(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	_ = f.cached(r.Context(), sc.Tenant()+":"+sc.Env().String()+":"+r.PathValue("file"))
}

// Thumb passes another scoped key.
//
// case: callers/thumb clean
func (f *Files) Thumb(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	_ = f.cached(r.Context(), sc.Tenant()+":"+sc.Env().String()+":thumb:"+r.PathValue("file"))
}
