// Package structptr has a singleton with state.
package structptr

import (
	"net/http"
	"sync"
)

type manager struct {
	mu    sync.Mutex
	cache struct {
		entries map[string]string
	}
}

var (
	once     sync.Once
	instance *manager
)

func get() *manager {
	once.Do(func() {
		instance = &manager{}
		instance.cache.entries = map[string]string{}
	})
	return instance
}

// Save writes a map two fields into a singleton.
//
// case: structptr/singleton
func Save(w http.ResponseWriter, r *http.Request) {
	m := get()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.cache.entries[r.PathValue("id")] = r.FormValue("text") // want `package-level manager instance is written after initialisation and not keyed by tenant and env: its key is made of Request\.PathValue\("id"\) alone`
}
