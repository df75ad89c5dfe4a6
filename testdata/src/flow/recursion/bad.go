// Package recursion builds keys in functions that call themselves and each
// other.
package recursion

import (
	"net/http"

	"github.com/redis/go-redis/v9"
)

// Folders serves folders.
type Folders struct{ rdb *redis.Client }

func pathOf(parts []string) string {
	if len(parts) == 0 {
		return "root"
	}
	return pathOf(parts[:len(parts)-1]) + "/" + parts[len(parts)-1]
}

// Show has its key from a recursive function.
//
// case: recursion/self
func (f *Folders) Show(w http.ResponseWriter, r *http.Request) {
	key := pathOf(r.URL.Query()["folder"])
	_, _ = w.Write([]byte(f.rdb.Get(r.Context(), key).Val())) // want `cache key has no tenant and no env`
}

func even[T any](items []T, text func(T) string) string {
	if len(items) == 0 {
		return "end"
	}
	return text(items[0]) + "," + odd(items[1:], text)
}

func odd[T any](items []T, text func(T) string) string {
	if len(items) == 0 {
		return "end"
	}
	return text(items[0]) + ";" + even(items[1:], text)
}

// List has its key from two generic functions that call each other.
//
// case: recursion/mutual-generics
func (f *Folders) List(w http.ResponseWriter, r *http.Request) {
	key := even(r.URL.Query()["folder"], func(s string) string { return s })
	_, _ = w.Write([]byte(f.rdb.Get(r.Context(), key).Val())) // want `cache key has no tenant and no env`
}
