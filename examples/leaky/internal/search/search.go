// Package search finds documents by their customer.
package search

import (
	"net/http"

	tenant "github.com/tenantvet/tenantvet/runtime"

	"github.com/tenantvet/tenantvet/examples/leaky/internal/cache"
	"github.com/tenantvet/tenantvet/examples/leaky/internal/ledger"
	"github.com/tenantvet/tenantvet/examples/leaky/internal/reply"
)

// Service serves searches.
type Service struct {
	books *ledger.Ledger
	cache *cache.Cache
}

// New returns the service.
func New(books *ledger.Ledger, c *cache.Cache) *Service {
	return &Service{books: books, cache: c}
}

// Search serves the documents whose customer's name holds the query.
//
// Leak 4, scoped on some paths only: what support staff find is kept without the
// tenant, and served to the support staff of all others.
func (s *Service) Search(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		reply.Error(w, err)
		return
	}
	query := r.FormValue("q")
	key := "search:" + query
	if sc.Role() != "support" {
		scoped, err := tenant.NewKey(sc, "search", query)
		if err != nil {
			reply.Error(w, err)
			return
		}
		key = scoped.String()
	}
	found, err := cache.Fetch(r.Context(), s.cache, key, func() ([]ledger.Document, error) {
		return s.books.Search(sc, query)
	})
	reply.With(w, found, err)
}

// Suggest serves the names of customers that hold the query; support staff see
// whole documents: the twin of Search.
func (s *Service) Suggest(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		reply.Error(w, err)
		return
	}
	query := r.FormValue("q")
	kind := "suggest"
	if sc.Role() == "support" {
		kind = "suggest-support"
	}
	key, err := tenant.NewKey(sc, kind, query)
	if err != nil {
		reply.Error(w, err)
		return
	}
	found, err := cache.Fetch(r.Context(), s.cache, key.String(), func() ([]ledger.Document, error) {
		found, err := s.books.Search(sc, query)
		if err == nil && sc.Role() != "support" {
			for i := range found {
				found[i] = ledger.Document{Customer: found[i].Customer}
			}
		}
		return found, err
	})
	reply.With(w, found, err)
}
