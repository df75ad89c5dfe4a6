// Package ristretto uses a generic in-process cache.
package ristretto

import (
	"net/http"
	"time"

	"github.com/dgraph-io/ristretto/v2"
)

// Prices caches prices.
type Prices struct {
	cache *ristretto.Cache[string, int64]
}

// Save caches under the bare id.
//
// case: ristretto/set
func (p *Prices) Save(w http.ResponseWriter, r *http.Request) {
	p.cache.SetWithTTL("price:"+r.PathValue("item"), r.ContentLength, 1, time.Minute) // want `cache key has no tenant and no env`
}
