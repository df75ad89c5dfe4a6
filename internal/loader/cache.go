package loader

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"fmt"
	"os"

	"github.com/rogpeppe/go-internal/cache"
)

// store keeps records between runs. It is the go command's own cache, in a
// directory of ours: entries are written atomically, checked when read, and
// removed when they have not been used for some days, all of which would have
// to be written again otherwise. A nil store keeps nothing.
//
// The cache may lose entries, never make any up: failing to write is no error.
type store struct {
	c *cache.Cache
}

func openStore(dir string) (*store, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("making the cache directory: %w: set TENANTVET_CACHE to another one, or to off", err)
	}
	c, err := cache.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the cache: %w: set TENANTVET_CACHE to another directory, or to off", err)
	}
	return &store{c}, nil
}

func actionID(key string) cache.ActionID {
	return cache.ActionID(sha256.Sum256([]byte(key)))
}

func (s *store) get(key string) *record {
	if s == nil {
		return nil
	}
	data, _, err := s.c.GetBytes(actionID(key))
	if err != nil {
		return nil
	}
	rec := new(record)
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(rec); err != nil {
		return nil
	}
	return rec
}

func (s *store) put(key string, rec *record) {
	if s == nil {
		return
	}
	var buf bytes.Buffer
	if err := gob.NewEncoder(&buf).Encode(rec); err != nil {
		return
	}
	_ = s.c.PutBytes(actionID(key), buf.Bytes())
}

// trim removes what was not used for long. It looks at most once a day.
func (s *store) trim() {
	if s != nil {
		s.c.Trim()
	}
}
