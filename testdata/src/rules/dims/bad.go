// Package dims has one dimension and lacks the other.
package dims

import (
	"fmt"
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Meters counts usage.
type Meters struct{ rdb *redis.Client }

// TenantOnly mixes a tenant's test data with its live data.
//
// case: dims/tenant-only
func (m *Meters) TenantOnly(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := fmt.Sprintf("meter:%s:%s", sc.Tenant(), r.PathValue("meter"))
	m.rdb.Incr(r.Context(), key) // want `cache key has no env`
}

// EnvOnly mixes the tenants of an environment.
//
// case: dims/env-only
func (m *Meters) EnvOnly(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := fmt.Sprintf("meter:%s:%s", sc.Env(), r.PathValue("meter"))
	m.rdb.Incr(r.Context(), key) // want `cache key has no tenant`
}

// Redacted prints the scope, whose text is the same for all tenants.
//
// case: dims/scope-printed
func (m *Meters) Redacted(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := fmt.Sprintf("meter:%v:%s", sc, r.PathValue("meter"))
	m.rdb.Incr(r.Context(), key) // want `cache key has no tenant and no env`
}

// UserOnly has the user, who may belong to several tenants.
//
// case: dims/user-only
func (m *Meters) UserOnly(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	m.rdb.Incr(r.Context(), "meter:"+sc.User()) // want `cache key has no tenant and no env`
}
