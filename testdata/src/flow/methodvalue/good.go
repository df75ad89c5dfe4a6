package methodvalue

import (
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Signals serves signals.
type Signals struct{ rdb *redis.Client }

// Show calls the cache through a method value, scoped.
//
// case: methodvalue/sink-scoped clean
func (s *Signals) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	get := s.rdb.Get
	body := get(r.Context(), sc.Tenant()+":"+sc.Env().String()+":"+r.PathValue("signal"))
	_, _ = w.Write([]byte(body.Val()))
}

// Drop takes the tenant through a method value of the scope.
//
// case: methodvalue/source clean
func (s *Signals) Drop(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	who := sc.Tenant
	s.rdb.Del(r.Context(), who()+":"+sc.Env().String()+":"+r.PathValue("signal"))
}
