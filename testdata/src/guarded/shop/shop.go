// Package shop keeps invoices apart by tenant and serves them over HTTP. Its
// handlers take the scope that they are handed and look at no membership.
package shop

import (
	"context"
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Store holds invoices.
type Store struct{ rdb *redis.Client }

// Total returns the total of an invoice.
func (s *Store) Total(ctx context.Context, sc tenant.Scope, id string) (string, error) {
	return s.rdb.Get(ctx, sc.Tenant()+":"+sc.Env().String()+":"+id).Result()
}

// Drop forgets an invoice.
func (s *Store) Drop(ctx context.Context, sc tenant.Scope, id string) error {
	return s.rdb.Del(ctx, sc.Tenant()+":"+sc.Env().String()+":"+id).Err()
}

// API serves invoices.
type API struct {
	Store    *Store
	Boundary *tenant.Boundary
}

// Get answers with a total.
func (a *API) Get(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "no scope", http.StatusUnauthorized)
		return
	}
	total, err := a.Store.Total(r.Context(), sc, r.PathValue("id"))
	if err != nil {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	_, _ = w.Write([]byte(total))
}

// Delete forgets an invoice.
func (a *API) Delete(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "no scope", http.StatusUnauthorized)
		return
	}
	if err := a.Store.Drop(r.Context(), sc, r.PathValue("id")); err != nil {
		http.Error(w, "not found", http.StatusNotFound)
	}
}

// Health says that the service is there.
func (a *API) Health(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusOK) }

// About says what the service is.
func (a *API) About(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte("invoices")) }
