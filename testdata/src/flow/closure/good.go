package closure

import (
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Lanes serves lanes.
type Lanes struct{ rdb *redis.Client }

// Handler captures the scope.
//
// case: closure/captured-scope clean
func (l *Lanes) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sc, err := tenant.FromContext(r.Context())
		if err != nil {
			http.Error(w, "sign in first", http.StatusUnauthorized)
			return
		}
		save := func(id, body string) {
			l.rdb.Set(r.Context(), sc.Tenant()+":"+sc.Env().String()+":"+id, body, time.Minute)
		}
		save(r.PathValue("lane"), r.FormValue("body"))
		next.ServeHTTP(w, r)
	})
}

// Show captures the whole key.
//
// case: closure/captured-key clean
func (l *Lanes) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := sc.Tenant() + ":" + sc.Env().String() + ":" + r.PathValue("lane")
	read := func() string { return l.rdb.Get(r.Context(), key).Val() }
	_, _ = w.Write([]byte(read()))
}

// Each hands back a function that prefixes keys.
//
// case: closure/prefixer clean
func (l *Lanes) Each(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	key := prefixer(sc)
	for _, id := range r.URL.Query()["lane"] {
		l.rdb.Incr(r.Context(), key(id))
	}
}

func prefixer(sc tenant.Scope) func(string) string {
	prefix := sc.Tenant() + ":" + sc.Env().String() + ":"
	return func(id string) string { return prefix + id }
}
