// Package callback is handed its scope by a function that calls it back.
package callback

import (
	"context"
	"errors"
	"net/http"

	"corpus/legacy/auth"

	"github.com/redis/go-redis/v9"
)

type tx struct{ rdb *redis.Client }

var errNobody = errors.New("nobody is signed in")

func withTx(ctx context.Context, rdb *redis.Client, fn func(tx *tx, org, env string) error) error {
	org, env := auth.TenantID(ctx), auth.EnvironmentID(ctx)
	if org == "" || env == "" {
		return errNobody
	}
	return fn(&tx{rdb: rdb}, org, env)
}

// Votes serves votes.
type Votes struct{ rdb *redis.Client }

// Show is given the tenant and does not use it.
//
// case: callback/ignored
func (v *Votes) Show(w http.ResponseWriter, r *http.Request) {
	err := withTx(r.Context(), v.rdb, func(tx *tx, _, _ string) error {
		return tx.rdb.Get(r.Context(), "vote:"+r.PathValue("vote")).Err() // want `cache key has no tenant and no env`
	})
	if err != nil {
		http.NotFound(w, r)
	}
}
