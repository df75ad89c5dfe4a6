package api

import (
	"net/http"

	"corpus/legacy/auth"
)

// ShowOwn compares before it answers.
//
// case: bound/compared clean
func (h *Handler) ShowOwn(w http.ResponseWriter, r *http.Request) {
	card, err := h.q.GetCard(r.Context(), r.PathValue("id"))
	if err != nil {
		notFound(w)
		return
	}
	if card.TenantID != auth.TenantID(r.Context()) {
		notFound(w)
		return
	}
	writeJSON(w, card)
}

// ShowMember asks a helper that compares.
//
// case: bound/helper clean
func (h *Handler) ShowMember(w http.ResponseWriter, r *http.Request) {
	card, err := h.q.GetCard(r.Context(), r.PathValue("id"))
	if err != nil || !h.member(r, card.TenantID) {
		notFound(w)
		return
	}
	writeJSON(w, card)
}

// ShowByBoard compares what the card hangs on.
//
// case: bound/through-parent clean
func (h *Handler) ShowByBoard(w http.ResponseWriter, r *http.Request) {
	card, err := h.q.GetCard(r.Context(), r.PathValue("id"))
	if err != nil {
		notFound(w)
		return
	}
	board, err := h.q.GetBoard(r.Context(), card.BoardID)
	if err != nil || board.TenantID != auth.TenantID(r.Context()) {
		notFound(w)
		return
	}
	writeJSON(w, card)
}

// RemoveOwn deletes what was loaded in scope.
//
// case: bound/loaded clean
func (h *Handler) RemoveOwn(w http.ResponseWriter, r *http.Request) {
	card, ok := h.card(w, r, r.PathValue("id"))
	if !ok {
		return
	}
	_ = h.q.DeleteCard(r.Context(), card.ID)
}

// RemoveChecked deletes by the identifier that was checked.
//
// case: bound/same-object clean
func (h *Handler) RemoveChecked(w http.ResponseWriter, r *http.Request) {
	if _, ok := h.card(w, r, r.PathValue("id")); !ok {
		return
	}
	_ = h.q.DeleteCard(r.Context(), r.PathValue("id"))
}

// Branches looks in both.
//
// case: bound/both-branches clean
func (h *Handler) Branches(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if r.URL.Query().Has("strict") {
		if _, ok := h.card(w, r, id); !ok {
			return
		}
	} else {
		card, err := h.q.GetCard(r.Context(), id)
		if err != nil || card.TenantID != auth.TenantID(r.Context()) {
			notFound(w)
			return
		}
	}
	_ = h.q.DeleteCard(r.Context(), id)
}

// CardsOwn lists the cards of a board of the caller's.
//
// case: bound/own-parent clean
func (h *Handler) CardsOwn(w http.ResponseWriter, r *http.Request) {
	board, ok := h.board(w, r)
	if !ok {
		return
	}
	cards, err := h.q.ListCards(r.Context(), board.ID)
	if err != nil {
		notFound(w)
		return
	}
	writeJSON(w, cards)
}

// PairOwn checks the board, and that the card is on it.
//
// case: bound/own-pair clean
func (h *Handler) PairOwn(w http.ResponseWriter, r *http.Request) {
	board, ok := h.board(w, r)
	if !ok {
		return
	}
	card, err := h.q.GetCard(r.Context(), r.PathValue("id"))
	if err != nil || card.BoardID != board.ID {
		notFound(w)
		return
	}
	_ = h.q.DeleteCard(r.Context(), card.ID)
}

// Sweep deletes the cards of the caller's that a list of all has.
//
// case: bound/loop clean
func (h *Handler) Sweep(w http.ResponseWriter, r *http.Request) {
	for _, id := range r.URL.Query()["id"] {
		card, err := h.q.GetCard(r.Context(), id)
		if err != nil {
			continue
		}
		if !h.member(r, card.TenantID) {
			continue
		}
		_ = h.q.DeleteCard(r.Context(), id)
	}
}
