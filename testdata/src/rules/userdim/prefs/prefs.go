// Package prefs keeps preferences of users. The policy says that its keys need
// the user as well as tenant and environment.
package prefs

import (
	"context"
	"os"
	"path/filepath"
)

// Store keeps preferences in files.
type Store struct{ dir string }

// New returns a store.
func New(dir string) *Store { return &Store{dir: dir} }

// Load reads preferences.
func (s *Store) Load(ctx context.Context, key string) ([]byte, error) {
	return os.ReadFile(filepath.Join(s.dir, key))
}

// Save writes preferences.
func (s *Store) Save(ctx context.Context, key string, value []byte) error {
	return os.WriteFile(filepath.Join(s.dir, key), value, 0o600)
}
