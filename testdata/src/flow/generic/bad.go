// Package generic has keys and caches behind type parameters.
package generic

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/redis/go-redis/v9"
)

type invoice struct{ Total int }

func keyOf[ID ~string | ~int64](kind string, id ID) string { return fmt.Sprintf("%s:%v", kind, id) }

func load[T any](ctx context.Context, rdb *redis.Client, key string) (T, error) {
	var v T
	b, err := rdb.Get(ctx, key).Bytes() // want `cache key has no tenant and no env`
	if err != nil {
		return v, err
	}
	return v, json.Unmarshal(b, &v)
}

// Invoices serves invoices.
type Invoices struct{ rdb *redis.Client }

// Show loads by a generic key through a generic function.
//
// case: generic/function
func (h *Invoices) Show(w http.ResponseWriter, r *http.Request) {
	v, err := load[invoice](r.Context(), h.rdb, keyOf("invoice", r.PathValue("invoice")))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	fmt.Fprintln(w, v.Total)
}

// Repo is a generic repository.
type Repo[T any] struct {
	rdb  *redis.Client
	kind string
}

func (p *Repo[T]) drop(ctx context.Context, id string) error {
	return p.rdb.Del(ctx, p.kind+":"+id).Err() // want `cache key has no tenant and no env`
}

// Drop goes through a method of a generic type.
//
// case: generic/method
func Drop(p *Repo[invoice], w http.ResponseWriter, r *http.Request) {
	if err := p.drop(r.Context(), r.PathValue("invoice")); err != nil {
		http.NotFound(w, r)
	}
}
