// Package lock takes locks and idempotency keys in redis.
package lock

import (
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
)

// Payments takes payments.
type Payments struct{ rdb *redis.Client }

// Pay remembers the client's idempotency key for everybody: who sends the same
// one is told that the payment was made.
//
// case: lock/idempotency-key
func (p *Payments) Pay(w http.ResponseWriter, r *http.Request) {
	key := "idempotency:" + r.Header.Get("Idempotency-Key")
	fresh, err := p.rdb.SetNX(r.Context(), key, "1", time.Hour).Result() // want `lock key has no tenant and no env`
	if err != nil || !fresh {
		http.Error(w, "already paid", http.StatusConflict)
	}
}
