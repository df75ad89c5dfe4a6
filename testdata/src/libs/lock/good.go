package lock

import (
	"context"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Refunds makes refunds.
type Refunds struct{ rdb *redis.Client }

// Refund remembers the idempotency key within the scope.
//
// case: lock/idempotency-key-scoped clean
func (p *Refunds) Refund(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := "idempotency:" + sc.Tenant() + ":" + sc.Env().String() + ":" + r.Header.Get("Idempotency-Key")
	fresh, err := p.rdb.SetNX(r.Context(), key, "1", time.Hour).Result()
	if err != nil || !fresh {
		http.Error(w, "already done", http.StatusConflict)
	}
}

// withLock runs fn under a lock and gives it back; the key is its caller's.
func (p *Refunds) withLock(ctx context.Context, key string, fn func() error) error {
	if ok, err := p.rdb.SetNX(ctx, "lock:"+key, "1", time.Minute).Result(); err != nil || !ok {
		return err
	}
	defer p.rdb.Del(ctx, "lock:"+key)
	return fn()
}

// Settle locks an account within the scope.
//
// case: lock/with-lock clean
func (p *Refunds) Settle(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := sc.Tenant() + ":" + sc.Env().String() + ":" + r.PathValue("account")
	if err := p.withLock(r.Context(), key, func() error { return nil }); err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
	}
}
