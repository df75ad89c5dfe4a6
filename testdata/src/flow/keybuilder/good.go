package keybuilder

import (
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Teams serves teams.
type Teams struct{ rdb *redis.Client }

// Show makes the whole chain.
//
// case: keybuilder/chain clean
func (t *Teams) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := newKey("team").scope(sc).add(r.PathValue("team")).String()
	_, _ = w.Write([]byte(t.rdb.Get(r.Context(), key).Val()))
}

// Drop calls the builder statement by statement.
//
// case: keybuilder/statements clean
func (t *Teams) Drop(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	k := newKey("team")
	k.scope(sc)
	k.add(r.PathValue("team"))
	t.rdb.Del(r.Context(), k.String())
}
