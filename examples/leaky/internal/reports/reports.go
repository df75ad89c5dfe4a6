// Package reports serves figures, and starts the jobs that make files of them.
package reports

import (
	"context"
	"net/http"
	"time"

	tenant "github.com/tenantvet/tenantvet/runtime"

	"github.com/tenantvet/tenantvet/examples/leaky/internal/cache"
	"github.com/tenantvet/tenantvet/examples/leaky/internal/ledger"
	"github.com/tenantvet/tenantvet/examples/leaky/internal/reply"
)

// Service serves reports.
type Service struct {
	books *ledger.Ledger
	cache *cache.Cache
}

// New returns the service.
func New(books *ledger.Ledger, c *cache.Cache) *Service {
	return &Service{books: books, cache: c}
}

// Month serves this month's total.
//
// Leak 2, the tenant but not the environment in the key: staging and production
// share a Redis, and the figures of one show up in the other.
func (s *Service) Month(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		reply.Error(w, err)
		return
	}
	key := "report:" + time.Now().UTC().Format("2006-01") + ":" + sc.Tenant()
	total, err := cache.Fetch(r.Context(), s.cache, key, func() (int, error) {
		return s.books.Total(sc)
	})
	reply.With(w, total, err)
}

// Year serves this year's total: the twin of Month.
func (s *Service) Year(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		reply.Error(w, err)
		return
	}
	key, err := tenant.NewKey(sc, "report", time.Now().UTC().Format("2006"))
	if err != nil {
		reply.Error(w, err)
		return
	}
	total, err := cache.Fetch(r.Context(), s.cache, key.String(), func() (int, error) {
		return s.books.Total(sc)
	})
	reply.With(w, total, err)
}

// Export starts an export, unless one of that name is under way.
func (s *Service) Export(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		reply.Error(w, err)
		return
	}
	free, err := s.lockExport(r.Context(), sc, r.PathValue("name"))
	reply.With(w, map[string]bool{"started": free}, err)
}

// lockExport takes the lock of an export.
//
// Leak 7, the scope in hand and not used: one tenant's export keeps all others
// from theirs, and tells them that it runs.
func (s *Service) lockExport(ctx context.Context, sc tenant.Scope, name string) (bool, error) {
	return s.cache.Lock(ctx, "export:"+name)
}

// Import starts an import, unless one of that name is under way: the twin of
// Export.
func (s *Service) Import(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		reply.Error(w, err)
		return
	}
	free, err := s.lockImport(r.Context(), sc, r.PathValue("name"))
	reply.With(w, map[string]bool{"started": free}, err)
}

// lockImport takes the lock of an import: the twin of lockExport.
func (s *Service) lockImport(ctx context.Context, sc tenant.Scope, name string) (bool, error) {
	key, err := tenant.NewKey(sc, "import", name)
	if err != nil {
		return false, err
	}
	return s.cache.Lock(ctx, key.String())
}
