// Package asymmetric writes within the scope and reads or deletes without.
package asymmetric

import (
	"context"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Docs caches documents.
type Docs struct{ rdb *redis.Client }

// Put writes within the scope.
func (d *Docs) Put(ctx context.Context, sc tenant.Scope, id, body string) error {
	return d.rdb.Set(ctx, "doc:"+sc.Tenant()+":"+sc.Env().String()+":"+id, body, time.Hour).Err()
}

// Get reads without: what was written is never found, and what somebody else
// writes under the bare id is.
//
// case: asymmetric/read
func (d *Docs) Get(ctx context.Context, id string) (string, error) {
	return d.rdb.Get(ctx, "doc:"+id).Result() // want `cache entry is written with tenant and env but read without`
}

// Links caches links.
type Links struct{ rdb *redis.Client }

// Put writes within the scope.
func (l *Links) Put(ctx context.Context, sc tenant.Scope, id, to string) error {
	return l.rdb.Set(ctx, "link:"+sc.Tenant()+":"+sc.Env().String()+":"+id, to, time.Hour).Err()
}

// Forget deletes without: the stale entry stays.
//
// case: asymmetric/delete
func (l *Links) Forget(ctx context.Context, id string) error {
	return l.rdb.Del(ctx, "link:"+id).Err() // want `cache entry is written with tenant and env but deleted without`
}

// Pins caches pins.
type Pins struct{ rdb *redis.Client }

// Put writes within the scope.
func (p *Pins) Put(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	p.rdb.Set(r.Context(), "pin:"+sc.Tenant()+":"+sc.Env().String()+":"+r.PathValue("pin"), "on", time.Hour)
}

// Show reads by the id from the path.
//
// case: asymmetric/handler-read
func (p *Pins) Show(w http.ResponseWriter, r *http.Request) {
	_, _ = w.Write([]byte(p.rdb.Get(r.Context(), "pin:"+r.PathValue("pin")).Val())) // want `cache entry is written with tenant and env but read without`
}
