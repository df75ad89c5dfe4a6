// Package typeswitch decides on the key by the type of a value.
package typeswitch

import (
	"net/http"
	"strconv"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Nodes serves nodes.
type Nodes struct{ rdb *redis.Client }

// Show forgets the scope in one of its cases.
//
// case: typeswitch/one-case
func (n *Nodes) Show(w http.ResponseWriter, r *http.Request, id any) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	var key string
	switch id := id.(type) {
	case int:
		key = sc.Tenant() + ":" + sc.Env().String() + ":" + strconv.Itoa(id)
	case string:
		key = sc.Env().String() + ":" + id
	default:
		http.NotFound(w, r)
		return
	}
	_, _ = w.Write([]byte(n.rdb.Get(r.Context(), key).Val())) // want `cache key has tenant only on some paths`
}
