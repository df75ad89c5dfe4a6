// Package cache keeps values as JSON in the Redis that all tenants share. It
// puts nothing in front of keys: they must hold the tenant and the environment
// when they get here.
package cache

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// Cache is the shared cache.
type Cache struct {
	rdb *redis.Client
	ttl time.Duration
}

// New returns a cache whose entries live that long.
func New(rdb *redis.Client, ttl time.Duration) *Cache {
	return &Cache{rdb: rdb, ttl: ttl}
}

// Get reads the value under the key into value, and reports whether there was
// one.
func (c *Cache) Get(ctx context.Context, key string, value any) (bool, error) {
	text, err := c.rdb.Get(ctx, key).Bytes()
	if errors.Is(err, redis.Nil) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("cache: %w", err)
	}
	return true, json.Unmarshal(text, value)
}

// Set writes the value under the key.
func (c *Cache) Set(ctx context.Context, key string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return c.rdb.Set(ctx, key, text, c.ttl).Err()
}

// Lock takes the lock of that key for a minute, and reports whether it was
// free.
func (c *Cache) Lock(ctx context.Context, key string) (bool, error) {
	return c.rdb.SetNX(ctx, key, 1, time.Minute).Result()
}

// Fetch returns the value under the key, or what load returns, which it then
// keeps.
func Fetch[V any](ctx context.Context, c *Cache, key string, load func() (V, error)) (V, error) {
	var value V
	hit, err := c.Get(ctx, key, &value)
	if hit || err != nil {
		return value, err
	}
	if value, err = load(); err != nil {
		return value, err
	}
	return value, c.Set(ctx, key, value)
}
