// Package startup uses keys that are the same for everyone because they are
// about the service itself.
package startup

import (
	"context"

	"github.com/redis/go-redis/v9"
)

const schemaKey = "schema-version"

var boot = redis.NewClient(&redis.Options{Addr: "localhost:6379"})

// init also calls a helper that nobody else calls.
//
// case: startup/constant-key-in-init clean
func init() {
	boot.Set(context.Background(), schemaKey, 7, 0)
	migrate(boot)
}

func migrate(rdb *redis.Client) {
	if rdb.Get(context.Background(), schemaKey).Val() != "7" {
		rdb.Del(context.Background(), schemaKey)
	}
}
