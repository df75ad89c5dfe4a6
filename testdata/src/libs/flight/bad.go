// Package flight shares calls between callers with the same key.
package flight

import (
	"net/http"

	"golang.org/x/sync/singleflight"
)

// Loader loads documents once for all who ask at the same time.
type Loader struct {
	group singleflight.Group
	load  func(r *http.Request, id string) (any, error)
}

// Show hands one tenant's document to another who asks for the same id.
//
// case: flight/raw-id
func (l *Loader) Show(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("doc")
	v, err, _ := l.group.Do(id, func() (any, error) { // want `lock key has no tenant and no env`
		return l.load(r, id)
	})
	if err != nil {
		http.NotFound(w, r)
		return
	}
	_, _ = w.Write(v.([]byte))
}
