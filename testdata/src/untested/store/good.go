package store

import (
	"context"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Inside is tested beside it.
//
// case: untested/tested-inside clean
type Inside struct{ rdb *redis.Client }

// Get returns one.
func (i *Inside) Get(ctx context.Context, sc tenant.Scope, id string) (string, error) {
	key, err := tenant.NewKey(sc, "inside", id)
	if err != nil {
		return "", err
	}
	return i.rdb.Get(ctx, key.String()).Result()
}

// Made is tested elsewhere, by what makes one.
//
// case: untested/tested-elsewhere clean
type Made struct{ rdb *redis.Client }

// NewMade returns one.
func NewMade(rdb *redis.Client) *Made { return &Made{rdb} }

// Get returns one.
func (m *Made) Get(ctx context.Context, sc tenant.Scope, id string) (string, error) {
	key, err := tenant.NewKey(sc, "made", id)
	if err != nil {
		return "", err
	}
	return m.rdb.Get(ctx, key.String()).Result()
}

// Plain keeps nothing.
//
// case: untested/keeps-nothing clean
type Plain struct{ names []string }

// First returns the first.
func (p *Plain) First() string { return p.names[0] }

// Through is made by a helper of its test.
//
// case: untested/tested-through-helper clean
type Through struct{ rdb *redis.Client }

// Get returns one.
func (t *Through) Get(ctx context.Context, sc tenant.Scope, id string) (string, error) {
	key, err := tenant.NewKey(sc, "through", id)
	if err != nil {
		return "", err
	}
	return t.rdb.Get(ctx, key.String()).Result()
}
