// Package store keeps what belongs to tenants, tested and not.
package store

import (
	"context"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Drafts are kept under a key.
//
// case: untested/cache
type Drafts struct{ rdb *redis.Client } // want `no test of isolation is about Drafts, which keeps what belongs to tenants by Client.Get`

// Get returns a draft.
func (d *Drafts) Get(ctx context.Context, sc tenant.Scope, id string) (string, error) {
	key, err := tenant.NewKey(sc, "draft", id)
	if err != nil {
		return "", err
	}
	return d.rdb.Get(ctx, key.String()).Result()
}

// Merely is named in a test that is not about isolation.
//
// case: untested/other-test
type Merely struct{ rdb *redis.Client } // want `no test of isolation is about Merely, which keeps what belongs to tenants by Client.Get`

// Get returns one.
func (m *Merely) Get(ctx context.Context, sc tenant.Scope, id string) (string, error) {
	key, err := tenant.NewKey(sc, "merely", id)
	if err != nil {
		return "", err
	}
	return m.rdb.Get(ctx, key.String()).Result()
}

// Beside is named in a file with a test of isolation, which is about another type.
//
// case: untested/beside
type Beside struct{ rdb *redis.Client } // want `no test of isolation is about Beside, which keeps what belongs to tenants by Client.Get`

// Get returns one.
func (b *Beside) Get(ctx context.Context, sc tenant.Scope, id string) (string, error) {
	key, err := tenant.NewKey(sc, "beside", id)
	if err != nil {
		return "", err
	}
	return b.rdb.Get(ctx, key.String()).Result()
}
