// Package methodmap has a package-level map that methods write.
package methodmap

import (
	"net/http"
	"sync"
)

type registry struct {
	mu    sync.Mutex
	items map[string]string
}

func (g *registry) put(id, item string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.items[id] = item
}

var shared = &registry{items: map[string]string{}}

// Save writes through a method of what the variable points to.
//
// case: methodmap/pointer-to-struct
func Save(w http.ResponseWriter, r *http.Request) {
	shared.put(r.PathValue("item"), r.FormValue("text")) // want `package-level registry shared is written after initialisation and not keyed by tenant and env: its key is made of Request\.PathValue\("item"\) alone`
}

type table map[string]string

func (t table) set(id, v string) { t[id] = v }

var prices = table{}

// Price writes through a method of a map type.
//
// case: methodmap/map-type
func Price(w http.ResponseWriter, r *http.Request) {
	prices.set(r.PathValue("item"), r.FormValue("price")) // want `package-level map prices is written after initialisation and not keyed by tenant and env: its key is made of Request\.PathValue\("item"\) alone`
}
