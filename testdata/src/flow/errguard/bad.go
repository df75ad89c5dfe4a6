// Package errguard believes a scope without asking whether there is one.
package errguard

import (
	"log/slog"
	"net/http"

	"corpus/legacy/auth"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Desks serves desks.
type Desks struct{ rdb *redis.Client }

// Ignored drops the error: without a scope all tenants share the empty one.
//
// case: errguard/ignored
func (d *Desks) Ignored(w http.ResponseWriter, r *http.Request) {
	sc, _ := tenant.FromContext(r.Context())
	key := sc.Tenant() + ":" + sc.Env().String() + ":" + r.PathValue("desk")
	_, _ = w.Write([]byte(d.rdb.Get(r.Context(), key).Val())) // want `cache key has no tenant and no env that holds: the error of runtime\.FromContext is not checked`
}

// Logged notices the error and goes on.
//
// case: errguard/logged-only
func (d *Desks) Logged(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		slog.Warn("no scope", "err", err)
	}
	key := sc.Tenant() + ":" + sc.Env().String() + ":" + r.PathValue("desk")
	_, _ = w.Write([]byte(d.rdb.Get(r.Context(), key).Val())) // want `cache key has no tenant and no env that holds: the error of runtime\.FromContext is not checked`
}

// Inverted returns where all is well and goes on where it is not.
//
// case: errguard/inverted
func (d *Desks) Inverted(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err == nil {
		return
	}
	key := sc.Tenant() + ":" + sc.Env().String() + ":" + r.PathValue("desk")
	d.rdb.Del(r.Context(), key) // want `cache key has no tenant and no env that holds: the error of runtime\.FromContext is not checked`
}

// Unasked ignores the bool of a source.
//
// case: errguard/bool-ignored
func (d *Desks) Unasked(w http.ResponseWriter, r *http.Request) {
	org, env, _ := auth.Lookup(r.Context())
	d.rdb.Del(r.Context(), org+":"+env+":"+r.PathValue("desk")) // want `cache key has no tenant and no env that holds: the error of auth\.Lookup is not checked`
}
