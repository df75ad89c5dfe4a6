package watch

import (
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Wallets keeps wallets.
type Wallets struct{ rdb *redis.Client }

// Add watches and changes a scoped key.
//
// case: watch/scoped clean
func (b *Wallets) Add(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := sc.Tenant() + ":" + sc.Env().String() + ":" + r.PathValue("wallet")
	err = b.rdb.Watch(r.Context(), func(tx *redis.Tx) error {
		_, err := tx.TxPipelined(r.Context(), func(p redis.Pipeliner) error {
			return p.IncrBy(r.Context(), key, 10).Err()
		})
		return err
	}, key)
	if err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
	}
}
