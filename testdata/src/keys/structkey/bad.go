// Package structkey uses structs as keys.
package structkey

import (
	"net/http"

	lru "github.com/hashicorp/golang-lru/v2"
)

type viewKey struct {
	board, view string
}

// Views keeps rendered views.
type Views struct{ cache *lru.Cache[viewKey, string] }

// Show has a key of two ids.
//
// case: structkey/two-ids
func (v *Views) Show(w http.ResponseWriter, r *http.Request) {
	k := viewKey{board: r.PathValue("board"), view: r.FormValue("view")}
	if body, ok := v.cache.Get(k); ok { // want `cache key has no tenant and no env`
		_, _ = w.Write([]byte(body))
	}
}
