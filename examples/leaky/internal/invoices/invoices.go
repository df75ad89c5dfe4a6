// Package invoices serves documents and what people write about them.
package invoices

import (
	"io"
	"net/http"

	tenant "github.com/tenantvet/tenantvet/runtime"

	"github.com/tenantvet/tenantvet/examples/leaky/internal/cache"
	"github.com/tenantvet/tenantvet/examples/leaky/internal/ledger"
	"github.com/tenantvet/tenantvet/examples/leaky/internal/reply"
)

// Service serves invoices, credit notes, drafts and memos.
type Service struct {
	books *ledger.Ledger
	cache *cache.Cache
}

// New returns the service.
func New(books *ledger.Ledger, c *cache.Cache) *Service {
	return &Service{books: books, cache: c}
}

// Invoice serves an invoice.
//
// Leak 1, no tenant in the key: invoice 42 of whoever asked first is served to
// all.
func (s *Service) Invoice(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		reply.Error(w, err)
		return
	}
	id := r.PathValue("id")
	doc, err := cache.Fetch(r.Context(), s.cache, "invoice:"+id, func() (ledger.Document, error) {
		return s.books.Find(sc, "invoice", id)
	})
	reply.With(w, doc, err)
}

// CreditNote serves a credit note: the twin of Invoice.
func (s *Service) CreditNote(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		reply.Error(w, err)
		return
	}
	id := r.PathValue("id")
	key, err := tenant.NewKey(sc, "credit-note", id)
	if err != nil {
		reply.Error(w, err)
		return
	}
	doc, err := cache.Fetch(r.Context(), s.cache, key.String(), func() (ledger.Document, error) {
		return s.books.Find(sc, "credit note", id)
	})
	reply.With(w, doc, err)
}

// SaveDraft keeps the request's body as a draft.
func (s *Service) SaveDraft(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		reply.Error(w, err)
		return
	}
	key, err := tenant.NewKey(sc, "draft", r.PathValue("id"))
	if err != nil {
		reply.Error(w, err)
		return
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<16))
	if err != nil {
		reply.Error(w, err)
		return
	}
	reply.With(w, "saved", s.cache.Set(r.Context(), key.String(), string(text)))
}

// OpenDraft serves a draft.
//
// Leak 5, written under a scoped key but read under another: it never finds what
// SaveDraft keeps, but it does find what an older release, which wrote without
// the tenant, left there: anybody's.
func (s *Service) OpenDraft(w http.ResponseWriter, r *http.Request) {
	var text string
	hit, err := s.cache.Get(r.Context(), "draft:"+r.PathValue("id"), &text)
	if err == nil && !hit {
		err = ledger.ErrNotFound
	}
	reply.With(w, text, err)
}

// memoKey is the one place that knows where a memo is kept.
func memoKey(r *http.Request) (string, error) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		return "", err
	}
	key, err := tenant.NewUserKey(sc, "memo", r.PathValue("id"))
	if err != nil {
		return "", err
	}
	return key.String(), nil
}

// SaveMemo keeps the request's body as a memo of the caller's: the twin of
// SaveDraft.
func (s *Service) SaveMemo(w http.ResponseWriter, r *http.Request) {
	key, err := memoKey(r)
	if err != nil {
		reply.Error(w, err)
		return
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<16))
	if err != nil {
		reply.Error(w, err)
		return
	}
	reply.With(w, "saved", s.cache.Set(r.Context(), key, string(text)))
}

// OpenMemo serves a memo of the caller's: the twin of OpenDraft.
func (s *Service) OpenMemo(w http.ResponseWriter, r *http.Request) {
	key, err := memoKey(r)
	if err != nil {
		reply.Error(w, err)
		return
	}
	var text string
	hit, err := s.cache.Get(r.Context(), key, &text)
	if err == nil && !hit {
		err = ledger.ErrNotFound
	}
	reply.With(w, text, err)
}
