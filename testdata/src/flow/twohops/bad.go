// Package twohops builds keys two calls away.
package twohops

import (
	"context"
	"net/http"

	"github.com/redis/go-redis/v9"
)

// Feeds serves feeds.
type Feeds struct{ rdb *redis.Client }

func withVersion(version, id string) string { return "v" + version + ":" + id }

func feedKey(id string) string { return "feed:" + withVersion("2", id) }

// Show has its key from two helpers.
//
// case: twohops/key-two-up
func (f *Feeds) Show(w http.ResponseWriter, r *http.Request) {
	body := f.rdb.Get(r.Context(), feedKey(r.PathValue("feed"))) // want `cache key has no tenant and no env`
	_, _ = w.Write([]byte(body.Val()))
}

// Drop reaches the cache two calls down: the finding is where the key is used.
//
// case: twohops/sink-two-down
func (f *Feeds) Drop(w http.ResponseWriter, r *http.Request) {
	f.evict(r.Context(), r.PathValue("feed"))
}

func (f *Feeds) evict(ctx context.Context, id string) { f.del(ctx, "evict:"+id) }

func (f *Feeds) del(ctx context.Context, key string) {
	f.rdb.Del(ctx, key) // want `cache key has no tenant and no env`
}
