// Package sprintf builds keys with fmt.
package sprintf

import (
	"fmt"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
)

// Quotas counts calls.
type Quotas struct{ rdb *redis.Client }

// Show formats a key of two ids, neither of which is the caller's tenant.
//
// case: sprintf/two-ids
func (q *Quotas) Show(w http.ResponseWriter, r *http.Request) {
	key := fmt.Sprintf("quota:%s:%s", r.PathValue("project"), r.PathValue("metric"))
	n, _ := q.rdb.Get(r.Context(), key).Result() // want `cache key has no tenant and no env`
	fmt.Fprintln(w, n)
}

// Reset prints its key.
//
// case: sprintf/sprint
func (q *Quotas) Reset(w http.ResponseWriter, r *http.Request) {
	key := fmt.Sprint("quota:", r.PathValue("project"), ":", time.Now().Year())
	q.rdb.Set(r.Context(), key, 0, time.Hour) // want `cache key has no tenant and no env`
}
