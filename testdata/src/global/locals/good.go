// Package locals has state that ends with the request.
package locals

import (
	"net/http"
	"sync"
)

// Dedupe has a map of its own.
//
// case: locals/function-map clean
func Dedupe(w http.ResponseWriter, r *http.Request) {
	seen := map[string]bool{}
	for _, id := range r.URL.Query()["id"] {
		if !seen[id] {
			seen[id] = true
			_, _ = w.Write([]byte(id))
		}
	}
}

// batch lives as long as a request.
type batch struct {
	mu      sync.Mutex
	results map[string]string
}

func (b *batch) set(id, v string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.results[id] = v
}

// Batch collects results in a struct with a mutex and a map, made for this
// request.
//
// case: locals/request-struct clean
func Batch(w http.ResponseWriter, r *http.Request) {
	b := &batch{results: map[string]string{}}
	var wg sync.WaitGroup
	for _, id := range r.URL.Query()["id"] {
		wg.Go(func() { b.set(id, id+"!") })
	}
	wg.Wait()
	for _, v := range b.results {
		_, _ = w.Write([]byte(v))
	}
}

// Once has a concurrent map of its own.
//
// case: locals/sync-map clean
func Once(w http.ResponseWriter, r *http.Request) {
	var seen sync.Map
	for _, id := range r.URL.Query()["id"] {
		if _, dup := seen.LoadOrStore(id, true); !dup {
			_, _ = w.Write([]byte(id))
		}
	}
}
