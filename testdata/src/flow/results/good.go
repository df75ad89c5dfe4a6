package results

import (
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Events serves events.
type Events struct{ rdb *redis.Client }

// Show takes the right results.
//
// case: results/right-ones clean
func (h *Events) Show(w http.ResponseWriter, r *http.Request) {
	org, env, id := whoAndWhat(r)
	_, _ = w.Write([]byte(h.rdb.Get(r.Context(), org+":"+env+":"+id).Val()))
}

type caller struct{ tenant, env, user string }

func callerOf(r *http.Request) (c caller, ok bool) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		return caller{}, false
	}
	return caller{tenant: sc.Tenant(), env: sc.Env().String(), user: sc.User()}, true
}

// Drop has a struct as one of two results.
//
// case: results/struct-and-ok clean
func (h *Events) Drop(w http.ResponseWriter, r *http.Request) {
	c, ok := callerOf(r)
	if !ok {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	h.rdb.Del(r.Context(), c.tenant+":"+c.env+":"+r.PathValue("id"))
}
