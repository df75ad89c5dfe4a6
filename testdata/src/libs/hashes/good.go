package hashes

import (
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Guests lists guests.
type Guests struct{ rdb redis.Cmdable }

// Add puts a guest into a scoped set.
//
// case: hashes/set-scoped clean
func (g *Guests) Add(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	g.rdb.SAdd(r.Context(), sc.Tenant()+":"+sc.Env().String()+":"+r.PathValue("group"), r.FormValue("guest"))
}

// Rename writes a field of a scoped hash.
//
// case: hashes/hash-scoped clean
func (g *Guests) Rename(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	g.rdb.HSet(r.Context(), sc.Tenant()+":"+sc.Env().String()+":"+r.PathValue("group"), "name", r.FormValue("name"))
}
