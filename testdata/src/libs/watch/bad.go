// Package watch runs optimistic transactions.
package watch

import (
	"net/http"

	"github.com/redis/go-redis/v9"
)

// Balances keeps balances.
type Balances struct{ rdb *redis.Client }

// Add watches and changes a raw key.
//
// case: watch/raw
func (b *Balances) Add(w http.ResponseWriter, r *http.Request) {
	key := "balance:" + r.PathValue("account")
	err := b.rdb.Watch(r.Context(), func(tx *redis.Tx) error { // want `cache key has no tenant and no env`
		_, err := tx.TxPipelined(r.Context(), func(p redis.Pipeliner) error {
			return p.IncrBy(r.Context(), key, 10).Err()
		})
		return err
	}, key)
	if err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
	}
}
