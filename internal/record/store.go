package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"fmt"
	"os"

	"github.com/rogpeppe/go-internal/cache"
)

// A Store keeps records between runs. It is the go command's own cache, in a
// directory of ours: entries are written atomically, checked when read, and
// removed when they have not been used for some days, all of which would have
// to be written again otherwise. A nil store keeps nothing. It is safe for
// concurrent use, by several processes too.
//
// The cache may lose entries, never make any up: failing to write is no error.
type Store struct {
	c *cache.Cache
}

// Open opens the store in dir, which it makes if need be; "" is no store.
func Open(dir string) (*Store, error) {
	if dir == "" {
		return nil, nil
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("making the cache directory: %w: set %s to another one, or to off", err, EnvVar)
	}
	c, err := cache.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the cache: %w: set %s to another directory, or to off", err, EnvVar)
	}
	return &Store{c}, nil
}

func actionID(key string) cache.ActionID {
	return cache.ActionID(sha256.Sum256([]byte(key)))
}

// Get returns the record that was kept under key, or nil.
func (s *Store) Get(key string) *Record {
	if s == nil {
		return nil
	}
	data, _, err := s.c.GetBytes(actionID(key))
	if err != nil {
		return nil
	}
	rec := new(Record)
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(rec); err != nil {
		return nil
	}
	return rec
}

// Put keeps a record under key, which stands for everything it depends on.
func (s *Store) Put(key string, rec *Record) {
	if s == nil {
		return
	}
	var buf bytes.Buffer
	if err := gob.NewEncoder(&buf).Encode(rec); err != nil {
		return
	}
	_ = s.c.PutBytes(actionID(key), buf.Bytes())
}

// Trim removes what was not used for long. It looks at most once a day.
func (s *Store) Trim() {
	if s != nil {
		s.c.Trim()
	}
}
