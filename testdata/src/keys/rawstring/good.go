package rawstring

import (
	"context"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Receipts serves receipts.
type Receipts struct {
	rdb  *redis.Client
	load func(ctx context.Context, id string) (string, error)
}

// Show reads through a cache within the caller's scope.
//
// case: rawstring/scoped clean
func (h *Receipts) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	id := r.PathValue("receipt")
	key := sc.Tenant() + ":" + sc.Env().String() + ":" + id
	body, err := h.rdb.Get(r.Context(), key).Result()
	if err != nil {
		if body, err = h.load(r.Context(), id); err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		}
		h.rdb.Set(r.Context(), key, body, time.Minute)
	}
	_, _ = w.Write([]byte(body))
}

// Peek has its key from whoever calls it, and nobody here does.
//
// case: rawstring/key-is-a-parameter clean
func (h *Receipts) Peek(ctx context.Context, key string) (string, error) {
	return h.rdb.Get(ctx, key).Result()
}
