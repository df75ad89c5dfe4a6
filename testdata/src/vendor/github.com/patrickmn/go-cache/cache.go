// Package cache is a stub of the real package: the same names and signatures, no behaviour.
package cache

import "time"

// Expirations.
const (
	NoExpiration      time.Duration = -1
	DefaultExpiration time.Duration = 0
)

// Item is an entry.
type Item struct {
	Object     interface{}
	Expiration int64
}

// Cache is the cache.
type Cache struct {
	*cache
}

type cache struct{ ttl time.Duration }

// New returns a cache.
func New(defaultExpiration, cleanupInterval time.Duration) *Cache {
	return &Cache{&cache{ttl: defaultExpiration}}
}

// Set writes an entry.
func (c *cache) Set(k string, x interface{}, d time.Duration) {}

// SetDefault writes an entry with the default expiration.
func (c *cache) SetDefault(k string, x interface{}) {}

// Add writes an entry if there is none.
func (c *cache) Add(k string, x interface{}, d time.Duration) error { return nil }

// Get reads an entry.
func (c *cache) Get(k string) (interface{}, bool) { return nil, false }

// Increment adds to a counter.
func (c *cache) Increment(k string, n int64) error { return nil }

// Delete removes an entry.
func (c *cache) Delete(k string) {}

// Items returns all entries.
func (c *cache) Items() map[string]Item { return nil }

// Flush removes all entries.
func (c *cache) Flush() {}
