// Package syncmap has concurrent maps at package level and in services.
package syncmap

import (
	"net/http"
	"sync"
)

var sessions sync.Map

// Keep stores by bare id.
//
// case: syncmap/store
func Keep(w http.ResponseWriter, r *http.Request) {
	sessions.Store(r.PathValue("session"), r.FormValue("user")) // want `package-level Map sessions is written after initialisation and not keyed by tenant and env: its key is made of Request\.PathValue\("session"\) alone`
}

var locks sync.Map

// Lock keeps a lock per document, for all tenants: whose document has the same
// id waits.
//
// case: syncmap/lock-per-id
func Lock(w http.ResponseWriter, r *http.Request) {
	mu, _ := locks.LoadOrStore(r.PathValue("doc"), new(sync.Mutex)) // want `package-level Map locks is written after initialisation and not keyed by tenant and env: its key is made of Request\.PathValue\("doc"\) alone`
	mu.(*sync.Mutex).Lock()
	defer mu.(*sync.Mutex).Unlock()
	_, _ = w.Write([]byte("locked"))
}
