// Package variadic passes key parts as variadic arguments.
package variadic

import (
	"context"
	"net/http"
	"strings"

	"github.com/redis/go-redis/v9"
)

// Facts serves facts.
type Facts struct{ rdb *redis.Client }

func (f *Facts) read(ctx context.Context, parts ...string) string {
	return f.rdb.Get(ctx, strings.Join(parts, ":")).Val() // want `cache key has no tenant and no env`
}

// Show passes parts without a scope.
//
// case: variadic/parts
func (f *Facts) Show(w http.ResponseWriter, r *http.Request) {
	_, _ = w.Write([]byte(f.read(r.Context(), "fact", r.PathValue("fact"))))
}

// Drop removes several keys, none of them scoped.
//
// case: variadic/several-keys
func (f *Facts) Drop(w http.ResponseWriter, r *http.Request) {
	f.rdb.Del(r.Context(), "fact:"+r.PathValue("a"), "fact:"+r.PathValue("b")) // want `cache key has no tenant and no env`
}
