// Package unseen has a key from callers that nobody can see, and a cache behind
// an interface whose implementations are elsewhere.
package unseen

import (
	"context"
	"net/http"

	"github.com/redis/go-redis/v9"
)

// Lookup is exported; whoever calls it with a raw id does so in another module.
// It is not reported, only counted as not proven.
//
// case: limits/unseen-caller limit
func Lookup(ctx context.Context, rdb *redis.Client, id string) (string, error) {
	return rdb.Get(ctx, "row:"+id).Result()
}

// Backend is implemented elsewhere.
type Backend interface {
	Fetch(ctx context.Context, key string) (string, error)
}

// Rows serves rows.
type Rows struct{ backend Backend }

// Show passes a raw id to an implementation that nobody can see. It is not
// reported unless the policy says that Fetch is a sink.
//
// case: limits/unseen-implementation limit
func (s *Rows) Show(w http.ResponseWriter, r *http.Request) {
	body, _ := s.backend.Fetch(r.Context(), "row:"+r.PathValue("row"))
	_, _ = w.Write([]byte(body))
}
