package appendf

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Orders keeps orders.
type Orders struct{ rdb *redis.Client }

// Save formats the scope into a slice of bytes.
//
// case: appendf/scoped clean
func (o *Orders) Save(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := make([]byte, 0, 64)
	key = fmt.Appendf(key, "%s:%s:", sc.Tenant(), sc.Env())
	key = append(key, r.PathValue("order")...)
	o.rdb.Set(r.Context(), string(key), r.FormValue("items"), time.Hour)
}

// Load appends strings and a number.
//
// case: appendf/append-strings clean
func (o *Orders) Load(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := append([]byte(nil), sc.Tenant()...)
	key = append(key, ':')
	key = append(key, sc.Env().String()...)
	key = append(key, ':')
	key = strconv.AppendInt(key, r.ContentLength, 10)
	items := o.rdb.Get(r.Context(), string(key))
	_, _ = w.Write([]byte(items.Val()))
}
