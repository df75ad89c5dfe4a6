package generic

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

type credit struct{ Total int }

func scopedKeyOf[ID ~string | ~int64](sc tenant.Scope, kind string, id ID) string {
	return fmt.Sprintf("%s:%s:%s:%v", sc.Tenant(), sc.Env(), kind, id)
}

func fetch[T any](ctx context.Context, rdb *redis.Client, key string) (T, error) {
	var v T
	b, err := rdb.Get(ctx, key).Bytes()
	if err != nil {
		return v, err
	}
	return v, json.Unmarshal(b, &v)
}

// Credits serves credits.
type Credits struct{ rdb *redis.Client }

// Show loads by a generic key that holds the scope.
//
// case: generic/function-scoped clean
func (h *Credits) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	v, err := fetch[credit](r.Context(), h.rdb, scopedKeyOf(sc, "credit", r.PathValue("credit")))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	fmt.Fprintln(w, v.Total)
}

// Shelf is a generic repository that reads the scope itself.
type Shelf[T any] struct {
	rdb  *redis.Client
	kind string
}

// Drop removes an entry.
//
// case: generic/method-scoped clean
func (s *Shelf[T]) Drop(ctx context.Context, id string) error {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return err
	}
	return s.rdb.Del(ctx, scopedKeyOf(sc, s.kind, id)).Err()
}

// DropCredit instantiates it.
//
// case: generic/instance clean
func DropCredit(s *Shelf[credit], w http.ResponseWriter, r *http.Request) {
	if err := s.Drop(r.Context(), r.PathValue("credit")); err != nil {
		http.NotFound(w, r)
	}
}
