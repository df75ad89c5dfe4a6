// Package iface reaches the cache through an interface with one implementation
// in the package.
package iface

import (
	"context"
	"net/http"

	"github.com/redis/go-redis/v9"
)

type kv interface {
	Load(ctx context.Context, key string) (string, error)
	Evict(ctx context.Context, key string) error
}

type redisKV struct{ rdb *redis.Client }

func (k redisKV) Load(ctx context.Context, key string) (string, error) {
	return k.rdb.Get(ctx, "kv:"+key).Result()
}

func (k redisKV) Evict(ctx context.Context, key string) error {
	return k.rdb.Del(ctx, "kv:"+key).Err()
}

var _ kv = redisKV{}

// Docs serves documents.
type Docs struct{ cache kv }

// Show passes the raw id. Callers of Load that do scope their key are beside
// it, so that the finding is here.
//
// case: iface/raw-caller
func (d *Docs) Show(w http.ResponseWriter, r *http.Request) {
	body, err := d.cache.Load(r.Context(), r.PathValue("doc")) // want `cache key has no tenant and no env`
	if err != nil {
		http.NotFound(w, r)
		return
	}
	_, _ = w.Write([]byte(body))
}
