package ristretto

import (
	"net/http"
	"time"

	"github.com/dgraph-io/ristretto/v2"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Costs caches costs.
type Costs struct {
	cache *ristretto.Cache[string, int64]
}

// Save caches within the scope.
//
// case: ristretto/set-scoped clean
func (c *Costs) Save(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := sc.Tenant() + ":" + sc.Env().String() + ":" + r.PathValue("item")
	c.cache.SetWithTTL(key, r.ContentLength, 1, time.Minute)
}
