package typeswitch

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Edges serves edges.
type Edges struct{ rdb *redis.Client }

// Show has the scope in every case.
//
// case: typeswitch/every-case clean
func (e *Edges) Show(w http.ResponseWriter, r *http.Request, id any) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	var key string
	switch id := id.(type) {
	case int:
		key = sc.Tenant() + ":" + sc.Env().String() + ":" + strconv.Itoa(id)
	case fmt.Stringer:
		key = sc.Tenant() + ":" + sc.Env().String() + ":" + id.String()
	default:
		http.NotFound(w, r)
		return
	}
	_, _ = w.Write([]byte(e.rdb.Get(r.Context(), key).Val()))
}

// Any has the scope pass through an interface and back.
//
// case: typeswitch/boxed-scope clean
func (e *Edges) Any(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	var boxed any = sc
	back, ok := boxed.(tenant.Scope)
	if !ok {
		return
	}
	e.rdb.Del(r.Context(), back.Tenant()+":"+back.Env().String()+":"+r.PathValue("edge"))
}
