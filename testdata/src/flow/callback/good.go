package callback

import (
	"context"
	"net/http"

	"github.com/redis/go-redis/v9"
)

// Polls serves polls.
type Polls struct{ rdb *redis.Client }

// Show uses what it is given.
//
// case: callback/used clean
func (p *Polls) Show(w http.ResponseWriter, r *http.Request) {
	err := withTx(r.Context(), p.rdb, func(tx *tx, org, env string) error {
		return tx.rdb.Get(r.Context(), org+":"+env+":"+r.PathValue("poll")).Err()
	})
	if err != nil {
		http.NotFound(w, r)
	}
}

// Drop hands a named function in.
//
// case: callback/named-function clean
func (p *Polls) Drop(w http.ResponseWriter, r *http.Request) {
	if err := withTx(r.Context(), p.rdb, dropAll); err != nil {
		http.NotFound(w, r)
	}
}

func dropAll(tx *tx, org, env string) error {
	return tx.rdb.Del(context.Background(), org+":"+env+":polls").Err()
}
