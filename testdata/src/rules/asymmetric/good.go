package asymmetric

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Memos caches memos. All its methods agree on one key.
type Memos struct{ rdb *redis.Client }

func memoKey(sc tenant.Scope, id string) string {
	return "memo:" + sc.Tenant() + ":" + sc.Env().String() + ":" + id
}

// Put writes within the scope.
//
// case: asymmetric/put clean
func (m *Memos) Put(ctx context.Context, sc tenant.Scope, id, body string) error {
	return m.rdb.Set(ctx, memoKey(sc, id), body, time.Hour).Err()
}

// Get reads within the scope.
//
// case: asymmetric/get clean
func (m *Memos) Get(ctx context.Context, sc tenant.Scope, id string) (string, error) {
	return m.rdb.Get(ctx, memoKey(sc, id)).Result()
}

// Forget deletes within the scope.
//
// case: asymmetric/forget clean
func (m *Memos) Forget(ctx context.Context, sc tenant.Scope, id string) error {
	return m.rdb.Del(ctx, memoKey(sc, id)).Err()
}
