// Package helperpkg builds keys in another package: what its functions keep of
// their arguments arrives as facts.
package helperpkg

import (
	"net/http"

	"corpus/keyenc"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Labels serves labels.
type Labels struct{ rdb *redis.Client }

// Show joins what it has, and that is no tenant.
//
// case: helperpkg/join-no-scope
func (l *Labels) Show(w http.ResponseWriter, r *http.Request) {
	body := l.rdb.Get(r.Context(), keyenc.Join("label", r.PathValue("label"))) // want `cache key has no tenant and no env`
	_, _ = w.Write([]byte(body.Val()))
}

// Save hands the scope to a function that drops it.
//
// case: helperpkg/helper-drops-scope
func (l *Labels) Save(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	l.rdb.Set(r.Context(), keyenc.Tail(sc, "label", r.PathValue("label")), "x", 0) // want `cache key has no tenant and no env`
}
