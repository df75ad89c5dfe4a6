// Package branches has the scope in the key on some paths.
package branches

import (
	"net/http"

	"corpus/legacy/auth"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Forms serves forms.
type Forms struct{ rdb *redis.Client }

// Env leaves the environment out where it is empty.
//
// case: branches/env-if-set
func (f *Forms) Env(w http.ResponseWriter, r *http.Request) {
	org := auth.TenantID(r.Context())
	key := "form:" + org
	if env := auth.EnvironmentID(r.Context()); env != "" {
		key += ":" + env
	}
	key += ":" + r.PathValue("form")
	_, _ = w.Write([]byte(f.rdb.Get(r.Context(), key).Val())) // want `cache key has env only on some paths`
}

// Shared leaves the tenant out for shared forms, by a flag of the request.
//
// case: branches/flag
func (f *Forms) Shared(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := sc.Tenant() + ":" + sc.Env().String() + ":" + r.PathValue("form")
	if r.FormValue("shared") == "true" {
		key = sc.Env().String() + ":" + r.PathValue("form")
	}
	_, _ = w.Write([]byte(f.rdb.Get(r.Context(), key).Val())) // want `cache key has tenant only on some paths`
}

// Fallback uses a default tenant where there is none.
//
// case: branches/fallback-tenant
func (f *Forms) Fallback(w http.ResponseWriter, r *http.Request) {
	org := auth.TenantID(r.Context())
	if org == "" {
		org = "default"
	}
	key := org + ":" + auth.EnvironmentID(r.Context()) + ":" + r.PathValue("form")
	_, _ = w.Write([]byte(f.rdb.Get(r.Context(), key).Val())) // want `cache key has tenant only on some paths`
}

func (f *Forms) keyFor(r *http.Request, sc tenant.Scope) string {
	if r.FormValue("scope") == "all" {
		return "form:all"
	}
	return sc.Tenant() + ":" + sc.Env().String() + ":" + r.PathValue("form")
}

// Helper has its key from a helper that leaves the scope out on one path.
//
// case: branches/helper
func (f *Forms) Helper(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	f.rdb.Set(r.Context(), f.keyFor(r, sc)+":"+r.FormValue("page"), "x", 0) // want `cache key has tenant and env only on some paths`
}
