// Package arraykey uses arrays as keys.
package arraykey

import (
	"net/http"

	lru "github.com/hashicorp/golang-lru/v2"
)

// Routes keeps routes.
type Routes struct{ cache *lru.Cache[[2]string, string] }

// Show has a key of two ids.
//
// case: arraykey/two-ids
func (v *Routes) Show(w http.ResponseWriter, r *http.Request) {
	body, _ := v.cache.Get([2]string{r.PathValue("from"), r.PathValue("to")}) // want `cache key has no tenant and no env`
	_, _ = w.Write([]byte(body))
}
