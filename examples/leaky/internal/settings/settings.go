// Package settings serves what a tenant has chosen for itself.
package settings

import (
	"context"
	"net/http"

	lru "github.com/hashicorp/golang-lru/v2"
	tenant "github.com/tenantvet/tenantvet/runtime"

	"github.com/tenantvet/tenantvet/examples/leaky/internal/ledger"
	"github.com/tenantvet/tenantvet/examples/leaky/internal/reply"
)

// place is where settings are kept.
type place struct {
	tenant string
	env    tenant.Env
}

// Service serves settings.
type Service struct {
	books  *ledger.Ledger
	logos  *lru.Cache[place, string]
	quotas *lru.Cache[place, int]
}

// New returns the service.
func New(books *ledger.Ledger) (*Service, error) {
	logos, err := lru.New[place, string](128)
	if err != nil {
		return nil, err
	}
	quotas, err := lru.New[place, int](128)
	if err != nil {
		return nil, err
	}
	return &Service{books: books, logos: logos, quotas: quotas}, nil
}

// Branding serves the tenant's logo.
//
// Leak 3, the tenant from a header: the front end sends the right one, but
// nothing keeps a caller from sending another's.
func (s *Service) Branding(w http.ResponseWriter, r *http.Request) {
	logo, err := s.logo(r.Context(), r.Header.Get("X-Tenant-ID"))
	reply.With(w, logo, err)
}

func (s *Service) logo(ctx context.Context, tenantID string) (string, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return "", err
	}
	at := place{tenant: tenantID, env: sc.Env()}
	if logo, ok := s.logos.Get(at); ok {
		return logo, nil
	}
	set, err := s.books.Settings(sc)
	if err != nil {
		return "", err
	}
	s.logos.Add(at, set.Logo)
	return set.Logo, nil
}

// Quota serves the tenant's quota: the twin of Branding.
func (s *Service) Quota(w http.ResponseWriter, r *http.Request) {
	quota, err := s.quota(r.Context())
	reply.With(w, quota, err)
}

func (s *Service) quota(ctx context.Context) (int, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return 0, err
	}
	at := place{tenant: sc.Tenant(), env: sc.Env()}
	if quota, ok := s.quotas.Get(at); ok {
		return quota, nil
	}
	set, err := s.books.Settings(sc)
	if err != nil {
		return 0, err
	}
	s.quotas.Add(at, set.Quota)
	return set.Quota, nil
}
