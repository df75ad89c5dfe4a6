// Package handlermap has package-level maps that handlers write.
package handlermap

import (
	"net/http"
	"sync"
)

var (
	mu    sync.RWMutex
	users = map[string]string{}
)

// Show remembers names by bare id, for all tenants.
//
// case: handlermap/raw-id
func Show(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("user")
	mu.RLock()
	name, ok := users[id]
	mu.RUnlock()
	if !ok {
		name = r.FormValue("name")
		mu.Lock()
		users[id] = name // want `package-level map users is written after initialisation and not keyed by tenant and env: its key is made of Request\.PathValue\("user"\) alone`
		mu.Unlock()
	}
	_, _ = w.Write([]byte(name))
}

var seen map[string]int

// Count makes its map on first use.
//
// case: handlermap/lazy
func Count(w http.ResponseWriter, r *http.Request) {
	mu.Lock()
	defer mu.Unlock()
	if seen == nil {
		seen = make(map[string]int)
	}
	seen[r.PathValue("page")]++ // want `package-level map seen is written after initialisation and not keyed by tenant and env: its key is made of Request\.PathValue\("page"\) alone`
}
