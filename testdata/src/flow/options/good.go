package options

import (
	"context"
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Rules serves rules.
type Rules struct{ rdb *redis.Client }

type query struct {
	scope tenant.Scope
	id    string
	limit int
}

func (q query) key() string {
	return q.scope.Tenant() + ":" + q.scope.Env().String() + ":" + q.id
}

// Show puts the scope into a struct and reads it back in a method.
//
// case: options/struct-read-back clean
func (h *Rules) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	q := query{scope: sc, id: r.PathValue("rule"), limit: 1}
	_, _ = w.Write([]byte(h.find(r.Context(), q)))
}

func (h *Rules) find(ctx context.Context, q query) string {
	return h.rdb.Get(ctx, q.key()).Val()
}

// Drop carries plain strings in a struct by pointer.
//
// case: options/pointer-read-back clean
func (h *Rules) Drop(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	l := &lookup{id: r.PathValue("rule")}
	l.org = sc.Tenant()
	l.env = sc.Env().String()
	h.rdb.Del(r.Context(), l.org+":"+l.env+":"+l.id)
}
