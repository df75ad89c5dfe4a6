// Package startup uses keys that are the same for everyone because they are
// about the service itself.
package startup

import (
	"context"

	"github.com/redis/go-redis/v9"
)

const schemaKey = "schema-version"

var boot = redis.NewClient(&redis.Options{Addr: "localhost:6379"})

// case: startup/constant-key-in-init clean
func init() {
	boot.Set(context.Background(), schemaKey, 7, 0)
}

// Migrate reads how far the schema is.
//
// case: startup/constant-key clean
func Migrate(ctx context.Context, rdb *redis.Client) (string, error) {
	return rdb.Get(ctx, "{service}:"+schemaKey).Result()
}
