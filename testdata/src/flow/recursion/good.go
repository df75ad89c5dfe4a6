package recursion

import (
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Trees serves trees.
type Trees struct{ rdb *redis.Client }

// Show puts the scope before what a recursive function makes.
//
// case: recursion/self-scoped clean
func (t *Trees) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := sc.Tenant() + ":" + sc.Env().String() + ":" + pathOf(r.URL.Query()["tree"])
	_, _ = w.Write([]byte(t.rdb.Get(r.Context(), key).Val()))
}

// List does so with functions that call each other.
//
// case: recursion/mutual-generics-scoped clean
func (t *Trees) List(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := sc.Tenant() + ":" + sc.Env().String() + ":" + even(r.URL.Query()["tree"], func(s string) string { return s })
	_, _ = w.Write([]byte(t.rdb.Get(r.Context(), key).Val()))
}

func nested(sc tenant.Scope, depth int, id string) string {
	if depth == 0 {
		return sc.Tenant() + ":" + sc.Env().String() + ":" + id
	}
	return nested(sc, depth-1, id) + "/child"
}

// Deep carries the scope through the recursion.
//
// case: recursion/scope-inside clean
func (t *Trees) Deep(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	t.rdb.Del(r.Context(), nested(sc, 3, r.PathValue("tree")))
}
