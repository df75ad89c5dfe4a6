// Package wrongscope has a scope that is true, but not the caller's.
package wrongscope

import (
	"context"
	"net/http"
	"sync"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

type pending struct {
	ctx context.Context
	id  string
}

// Batcher answers several callers at once.
type Batcher struct {
	mu   sync.Mutex
	rdb  *redis.Client
	todo []pending
}

// Flush reads everybody's rows within the scope of whoever came first, and is
// not reported: the key does hold a caller's scope.
//
// case: limits/wrong-scope limit
func (b *Batcher) Flush(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.todo) == 0 {
		return
	}
	sc, err := tenant.FromContext(b.todo[0].ctx)
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	for _, p := range b.todo {
		b.rdb.Get(p.ctx, sc.Tenant()+":"+sc.Env().String()+":"+p.id)
	}
}
