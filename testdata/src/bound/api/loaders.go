package api

import (
	"context"
	"net/http"

	"corpus/bound/db"
	"corpus/legacy/auth"
)

// shelf keeps what loaders load, out of sight.
type shelf[V any] interface {
	Load(ctx context.Context, id string, from func(context.Context) (V, error)) (V, bool, error)
}

// Shelves has a shelf for cards.
type Shelves struct {
	*Handler
	cards shelf[db.Card]
}

// ShowKept compares what the shelf hands on, wherever it had that from.
//
// case: bound/loader clean
func (s *Shelves) ShowKept(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	card, known, err := s.cards.Load(r.Context(), auth.TenantID(r.Context())+"/"+id, func(ctx context.Context) (db.Card, error) {
		return s.q.GetCard(ctx, id)
	})
	if err != nil || !known {
		notFound(w)
		return
	}
	if card.TenantID != auth.TenantID(r.Context()) {
		notFound(w)
		return
	}
	writeJSON(w, card)
}

// ShowAny hands on what the shelf does.
//
// case: bound/loader-uncompared
func (s *Shelves) ShowAny(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	card, _, err := s.cards.Load(r.Context(), auth.TenantID(r.Context())+"/"+id, func(ctx context.Context) (db.Card, error) {
		return s.q.GetCard(ctx, id) // want `which nothing binds to the caller's tenant_id`
	})
	if err != nil {
		notFound(w)
		return
	}
	writeJSON(w, card)
}

// ShowEarly hands the card on before it is compared.
//
// case: bound/loader-early
func (s *Shelves) ShowEarly(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	card, _, err := s.cards.Load(r.Context(), auth.TenantID(r.Context())+"/"+id, func(ctx context.Context) (db.Card, error) {
		card, err := s.q.GetCard(ctx, id) // want `which nothing binds to the caller's tenant_id`
		if err == nil {
			writeJSON(w, card)
		}
		return card, err
	})
	if err != nil || card.TenantID != auth.TenantID(r.Context()) {
		notFound(w)
		return
	}
	writeJSON(w, card)
}

// ShowData compares what the row was made into.
//
// case: bound/row-made-into clean
func (h *Handler) ShowData(w http.ResponseWriter, r *http.Request) {
	row, err := h.q.GetLedger(r.Context(), r.PathValue("id"))
	if err != nil {
		notFound(w)
		return
	}
	data := db.ToLedgerData(row)
	if data.Ledger.TenantID != auth.TenantID(r.Context()) {
		notFound(w)
		return
	}
	writeJSON(w, data)
}

// ShowDataFirst hands the data on first.
//
// case: bound/row-made-into-early
func (h *Handler) ShowDataFirst(w http.ResponseWriter, r *http.Request) {
	row, err := h.q.GetLedger(r.Context(), r.PathValue("id")) // want `which nothing binds to the caller's tenant_id`
	if err != nil {
		notFound(w)
		return
	}
	data := db.ToLedgerData(row)
	writeJSON(w, data)
	if data.Ledger.TenantID != auth.TenantID(r.Context()) {
		notFound(w)
	}
}
