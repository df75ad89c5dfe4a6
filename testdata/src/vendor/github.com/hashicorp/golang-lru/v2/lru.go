// Package lru is a stub of the real package: the same names and signatures, no behaviour.
package lru

// Cache is a fixed-size cache.
type Cache[K comparable, V any] struct{ size int }

// New returns a cache.
func New[K comparable, V any](size int) (*Cache[K, V], error) {
	return &Cache[K, V]{size: size}, nil
}

// Add writes an entry.
func (c *Cache[K, V]) Add(key K, value V) (evicted bool) { return false }

// Get reads an entry.
func (c *Cache[K, V]) Get(key K) (value V, ok bool) { return value, false }

// Contains reports whether there is an entry.
func (c *Cache[K, V]) Contains(key K) bool { return false }

// Peek reads an entry without touching it.
func (c *Cache[K, V]) Peek(key K) (value V, ok bool) { return value, false }

// Remove removes an entry.
func (c *Cache[K, V]) Remove(key K) (present bool) { return false }

// Purge removes all entries.
func (c *Cache[K, V]) Purge() {}

// Len returns the number of entries.
func (c *Cache[K, V]) Len() int { return 0 }
