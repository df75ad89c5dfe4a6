package script

import (
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Credit counts credit.
type Credit struct {
	rdb  *redis.Client
	take *redis.Script
}

// Take runs a script on scoped keys.
//
// case: script/run-scoped clean
func (c *Credit) Take(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	prefix := sc.Tenant() + ":" + sc.Env().String() + ":"
	keys := []string{prefix + r.PathValue("account"), prefix + "total"}
	if err := c.take.Run(r.Context(), c.rdb, keys, 1).Err(); err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
	}
}
