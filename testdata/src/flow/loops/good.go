package loops

import (
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Marks serves marks.
type Marks struct{ rdb *redis.Client }

// Show reads a scoped key per id.
//
// case: loops/range-scoped clean
func (m *Marks) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	for _, id := range r.URL.Query()["mark"] {
		key := sc.Tenant() + ":" + sc.Env().String() + ":" + id
		_, _ = w.Write([]byte(m.rdb.Get(r.Context(), key).Val()))
	}
}

// Batch collects the keys and reads them at once.
//
// case: loops/collected clean
func (m *Marks) Batch(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	ids := r.URL.Query()["mark"]
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = sc.Tenant() + ":" + sc.Env().String() + ":" + id
	}
	m.rdb.MGet(r.Context(), keys...)
}

// Grow lengthens a scoped key round by round.
//
// case: loops/grown clean
func (m *Marks) Grow(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := sc.Tenant() + ":" + sc.Env().String()
	for _, part := range r.URL.Query()["mark"] {
		key += ":" + part
	}
	m.rdb.Incr(r.Context(), key)
}
