// Package goroutine calls the cache from goroutines.
package goroutine

import (
	"context"
	"net/http"

	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"
)

// Feeds warms feeds.
type Feeds struct{ rdb *redis.Client }

// Warm writes in the background.
//
// case: goroutine/go-statement
func (f *Feeds) Warm(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("feed")
	ctx := context.WithoutCancel(r.Context())
	go func() {
		f.rdb.Set(ctx, "feed:"+id, "warm", 0) // want `cache key has no tenant and no env`
	}()
	w.WriteHeader(http.StatusAccepted)
}

// All writes in a group of goroutines.
//
// case: goroutine/errgroup
func (f *Feeds) All(w http.ResponseWriter, r *http.Request) {
	g, ctx := errgroup.WithContext(r.Context())
	for _, id := range r.URL.Query()["feed"] {
		g.Go(func() error {
			return f.rdb.Set(ctx, "feed:"+id, "warm", 0).Err() // want `cache key has no tenant and no env`
		})
	}
	if err := g.Wait(); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
