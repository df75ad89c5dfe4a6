package pipeline

import (
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Ranks counts ranks.
type Ranks struct{ rdb *redis.Client }

// Add queues scoped commands.
//
// case: pipeline/queued-scoped clean
func (s *Ranks) Add(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := sc.Tenant() + ":" + sc.Env().String() + ":" + r.PathValue("player")
	pipe := s.rdb.Pipeline()
	pipe.Incr(r.Context(), key)
	pipe.Expire(r.Context(), key, time.Hour)
	if _, err := pipe.Exec(r.Context()); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// Clear queues them in a callback.
//
// case: pipeline/callback-scoped clean
func (s *Ranks) Clear(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	_, err = s.rdb.TxPipelined(r.Context(), func(p redis.Pipeliner) error {
		p.Del(r.Context(), sc.Tenant()+":"+sc.Env().String()+":"+r.PathValue("player"))
		return nil
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
