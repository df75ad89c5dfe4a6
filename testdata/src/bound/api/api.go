// Package api serves boards and cards.
package api

import (
	"encoding/json"
	"net/http"

	"corpus/bound/db"
	"corpus/legacy/auth"
)

// Handler serves requests.
type Handler struct{ q *db.Queries }

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func notFound(w http.ResponseWriter) { http.Error(w, "not found", http.StatusNotFound) }

// card loads a card of the caller's tenant.
func (h *Handler) card(w http.ResponseWriter, r *http.Request, id string) (db.Card, bool) {
	card, err := h.q.GetCard(r.Context(), id)
	if err != nil || card.TenantID != auth.TenantID(r.Context()) {
		notFound(w)
		return db.Card{}, false
	}
	return card, true
}

// board loads a board of the caller's tenant.
func (h *Handler) board(w http.ResponseWriter, r *http.Request) (db.Board, bool) {
	board, err := h.q.GetBoardInTenant(r.Context(), db.GetBoardInTenantParams{ID: r.PathValue("board"), TenantID: auth.TenantID(r.Context())})
	if err != nil {
		notFound(w)
		return db.Board{}, false
	}
	return board, true
}

// member reports whether the caller may act in a tenant.
func (h *Handler) member(r *http.Request, tenant string) bool {
	return tenant != "" && tenant == auth.TenantID(r.Context())
}

// authority decides out of sight who belongs where.
type authority interface {
	Allows(r *http.Request, tenant string) bool
}

var decides authority

// admitted reports whether the caller belongs to a tenant; the policy calls it
// a guard.
func admitted(r *http.Request, tenant string) bool { return decides.Allows(r, tenant) }

// caller is who has signed in.
func caller(r *http.Request) string { return auth.FromContext(r.Context()).UserID }
