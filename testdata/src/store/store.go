// Package store wraps a cache for the packages of several cases, as nearly
// every service does. The duty to scope a key is its callers'.
package store

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
)

// Cache is a thin wrapper.
type Cache struct {
	rdb *redis.Client
	ttl time.Duration
}

// New returns a cache on rdb.
func New(rdb *redis.Client, ttl time.Duration) *Cache { return &Cache{rdb: rdb, ttl: ttl} }

// Load reads the entry of key.
func (c *Cache) Load(ctx context.Context, key string) ([]byte, error) {
	return c.rdb.Get(ctx, "app:"+key).Bytes()
}

// Save writes the entry of key.
func (c *Cache) Save(ctx context.Context, key string, value []byte) error {
	return c.rdb.Set(ctx, "app:"+key, value, c.ttl).Err()
}

// Drop removes the entry of key.
func (c *Cache) Drop(ctx context.Context, key string) error {
	return c.rdb.Del(ctx, "app:"+key).Err()
}

// Params are the arguments of Find, as a generated client would have them.
type Params struct {
	TenantID string
	EnvID    string
	ID       string
}

// Find reads the entry of p.
func (c *Cache) Find(ctx context.Context, p Params) ([]byte, error) {
	return c.Load(ctx, p.TenantID+":"+p.EnvID+":"+p.ID)
}
