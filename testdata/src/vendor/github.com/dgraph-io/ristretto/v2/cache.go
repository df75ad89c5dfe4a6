// Package ristretto is a stub of the real package: the same names and signatures, no behaviour.
package ristretto

import (
	"time"

	"github.com/dgraph-io/ristretto/v2/z"
)

// Key is the constraint of keys.
type Key = z.Key

// Cache is the cache.
type Cache[K Key, V any] struct{ cost int64 }

// Config configures a Cache.
type Config[K Key, V any] struct {
	NumCounters int64
	MaxCost     int64
	BufferItems int64
	Metrics     bool
	KeyToHash   func(key K) (uint64, uint64)
	Cost        func(value V) int64
}

// NewCache returns a cache.
func NewCache[K Key, V any](config *Config[K, V]) (*Cache[K, V], error) {
	return &Cache[K, V]{cost: config.MaxCost}, nil
}

// Get reads an entry.
func (c *Cache[K, V]) Get(key K) (V, bool) {
	var zero V
	return zero, false
}

// Set writes an entry.
func (c *Cache[K, V]) Set(key K, value V, cost int64) bool { return true }

// SetWithTTL writes an entry that expires.
func (c *Cache[K, V]) SetWithTTL(key K, value V, cost int64, ttl time.Duration) bool { return true }

// Del removes an entry.
func (c *Cache[K, V]) Del(key K) {}

// Clear removes all entries.
func (c *Cache[K, V]) Clear() {}
