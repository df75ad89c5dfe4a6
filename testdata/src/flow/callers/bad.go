// Package callers has a helper with several callers. The finding is where the
// mistake is: at the one call that passes a raw key.
package callers

import (
	"context"
	"net/http"

	"github.com/redis/go-redis/v9"
)

// Files serves files.
type Files struct{ rdb *redis.Client }

func (f *Files) cached(ctx context.Context, key string) string {
	return f.rdb.Get(ctx, "file:"+key).Val()
}

// Show passes the raw id where the other callers pass a scoped key.
//
// case: callers/odd-one-out
func (f *Files) Show(w http.ResponseWriter, r *http.Request) {
	_, _ = w.Write([]byte(f.cached(r.Context(), r.PathValue("file")))) // want `cache key has no tenant and no env`
}
