package twohops

import (
	"context"
	"net/http"

	"corpus/keyenc"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Streams serves streams.
type Streams struct{ rdb *redis.Client }

// Show has its key from a helper of a helper in another package.
//
// case: twohops/key-two-up-scoped clean
func (s *Streams) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	body := s.rdb.Get(r.Context(), keyenc.Versioned(sc, "2", r.PathValue("stream")))
	_, _ = w.Write([]byte(body.Val()))
}

// Drop reaches the cache two calls down with a scoped key.
//
// case: twohops/sink-two-down-scoped clean
func (s *Streams) Drop(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	s.evict(r.Context(), sc.Tenant()+":"+sc.Env().String()+":"+r.PathValue("stream"))
}

func (s *Streams) evict(ctx context.Context, id string) { s.del(ctx, "evict:"+id) }

func (s *Streams) del(ctx context.Context, key string) { s.rdb.Del(ctx, key) }
