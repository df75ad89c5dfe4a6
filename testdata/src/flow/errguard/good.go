package errguard

import (
	"errors"
	"fmt"
	"log"
	"net/http"

	"corpus/legacy/auth"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Seats serves seats.
type Seats struct{ rdb *redis.Client }

// Nested uses the scope only where there is one.
//
// case: errguard/nested clean
func (s *Seats) Nested(w http.ResponseWriter, r *http.Request) {
	if sc, err := tenant.FromContext(r.Context()); err == nil {
		key := sc.Tenant() + ":" + sc.Env().String() + ":" + r.PathValue("seat")
		_, _ = w.Write([]byte(s.rdb.Get(r.Context(), key).Val()))
	}
}

// Switched asks in a switch.
//
// case: errguard/switch clean
func (s *Seats) Switched(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	switch {
	case errors.Is(err, tenant.ErrNoScope):
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	case err != nil:
		http.Error(w, "try later", http.StatusInternalServerError)
		return
	}
	s.rdb.Del(r.Context(), sc.Tenant()+":"+sc.Env().String()+":"+r.PathValue("seat"))
}

// Asked looks at the bool of a source.
//
// case: errguard/bool-asked clean
func (s *Seats) Asked(w http.ResponseWriter, r *http.Request) {
	org, env, ok := auth.Lookup(r.Context())
	if !ok {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	s.rdb.Del(r.Context(), org+":"+env+":"+r.PathValue("seat"))
}

// Fatal never goes on.
//
// case: errguard/no-return clean
func (s *Seats) Fatal(r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		log.Fatal(err)
	}
	s.rdb.Del(r.Context(), sc.Tenant()+":"+sc.Env().String()+":"+r.PathValue("seat"))
}

func mustScope(r *http.Request) tenant.Scope {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		panic(fmt.Errorf("seats: behind the sign-in only: %w", err))
	}
	return sc
}

// Must has its scope from a function that panics without one.
//
// case: errguard/must clean
func (s *Seats) Must(w http.ResponseWriter, r *http.Request) {
	sc := mustScope(r)
	s.rdb.Del(r.Context(), sc.Tenant()+":"+sc.Env().String()+":"+r.PathValue("seat"))
}

func scopeOf(r *http.Request) (tenant.Scope, error) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		return tenant.Scope{}, fmt.Errorf("seats: %w", err)
	}
	return sc, nil
}

// Wrapped has scope and error from a function that passes both on.
//
// case: errguard/wrapped clean
func (s *Seats) Wrapped(w http.ResponseWriter, r *http.Request) {
	sc, err := scopeOf(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	s.rdb.Del(r.Context(), sc.Tenant()+":"+sc.Env().String()+":"+r.PathValue("seat"))
}
