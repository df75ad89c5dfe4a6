// Package memcache is a stub of the real package: the same names and signatures, no behaviour.
package memcache

import "errors"

// ErrCacheMiss is returned when there is no entry.
var ErrCacheMiss = errors.New("memcache: cache miss")

// Client is a memcache client.
type Client struct{ servers []string }

// New returns a client.
func New(server ...string) *Client { return &Client{servers: server} }

// Item is an entry.
type Item struct {
	Key        string
	Value      []byte
	Flags      uint32
	Expiration int32
	CasID      uint64
}

// Get reads an entry.
func (c *Client) Get(key string) (item *Item, err error) { return nil, ErrCacheMiss }

// GetMulti reads several entries.
func (c *Client) GetMulti(keys []string) (map[string]*Item, error) { return nil, nil }

// Set writes an entry.
func (c *Client) Set(item *Item) error { return nil }

// Add writes an entry if there is none.
func (c *Client) Add(item *Item) error { return nil }

// Delete removes an entry.
func (c *Client) Delete(key string) error { return nil }

// Increment adds to a counter.
func (c *Client) Increment(key string, delta uint64) (newValue uint64, err error) { return 0, nil }
