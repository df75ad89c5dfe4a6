package api

import (
	"net/http"

	"corpus/bound/db"
	"corpus/bound/svc"
	"corpus/legacy/auth"
)

// Rows that belong to the caller by one row or another.

// Files lists what hangs on a card of the caller's, in one way or another.
//
// case: bound/either-link clean
func (h *Handler) Files(w http.ResponseWriter, r *http.Request) {
	card, ok := h.card(w, r, r.PathValue("id"))
	if !ok {
		return
	}
	urls, err := h.q.ListFileURLs(r.Context(), card.ID)
	if err != nil {
		notFound(w)
		return
	}
	writeJSON(w, urls)
}

// RemoveOnBoard deletes a card that is the caller's by one row or the other.
//
// case: bound/either-row clean
func (h *Handler) RemoveOnBoard(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if _, err := h.q.GetCardOnBoard(r.Context(), db.GetCardOnBoardParams{ID: id, TenantID: auth.TenantID(r.Context())}); err != nil {
		notFound(w)
		return
	}
	if err := h.q.DeleteCard(r.Context(), id); err != nil {
		notFound(w)
	}
}

// OwnLedger compares a row with very many columns.
//
// case: bound/wide clean
func (h *Handler) OwnLedger(w http.ResponseWriter, r *http.Request) {
	ledger, err := h.q.GetLedger(r.Context(), r.PathValue("id"))
	if err != nil || ledger.TenantID != auth.TenantID(r.Context()) {
		notFound(w)
		return
	}
	writeJSON(w, ledger)
}

// AnyFiles lists what hangs on anybody's card.
//
// case: bound/either-link-anybody
func (h *Handler) AnyFiles(w http.ResponseWriter, r *http.Request) {
	urls, err := h.q.ListFileURLs(r.Context(), r.PathValue("id")) // want `which nothing binds to the caller's tenant_id`
	if err != nil {
		notFound(w)
		return
	}
	writeJSON(w, urls)
}

// RemoveSample deletes a card that is on a board of the caller's or is called
// like a sample.
//
// case: bound/either-row-or-name
func (h *Handler) RemoveSample(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if _, err := h.q.GetCardOrSample(r.Context(), db.GetCardOnBoardParams{ID: id, TenantID: auth.TenantID(r.Context())}); err != nil {
		notFound(w)
		return
	}
	if err := h.q.DeleteCard(r.Context(), id); err != nil { // want `which nothing binds to the caller's tenant_id`
		notFound(w)
	}
}

// AnyLedger shows a row with very many columns, whosever it is.
//
// case: bound/wide-row
func (h *Handler) AnyLedger(w http.ResponseWriter, r *http.Request) {
	ledger, err := h.q.GetLedger(r.Context(), r.PathValue("id")) // want `which nothing binds to the caller's tenant_id`
	if err != nil {
		notFound(w)
		return
	}
	writeJSON(w, ledger)
}

// OwnTheme sets the caller's theme, by way of a board.
//
// case: bound/upsert-from-row clean
func (h *Handler) OwnTheme(w http.ResponseWriter, r *http.Request) {
	board, ok := h.board(w, r)
	if !ok {
		return
	}
	if err := h.q.SetTheme(r.Context(), db.SetThemeParams{BoardID: board.ID, Name: r.FormValue("name")}); err != nil {
		notFound(w)
	}
}

// AnyTheme sets the theme of whose board that is.
//
// case: bound/upsert-from-anybody
func (h *Handler) AnyTheme(w http.ResponseWriter, r *http.Request) {
	if err := h.q.SetTheme(r.Context(), db.SetThemeParams{BoardID: r.PathValue("board"), Name: r.FormValue("name")}); err != nil { // want `which nothing binds to the caller's tenant_id`
		notFound(w)
	}
}

// RemoveTask deletes what was found on a card of the caller's.
//
// case: bound/found-within clean
func (h *Handler) RemoveTask(w http.ResponseWriter, r *http.Request) {
	card, ok := h.card(w, r, r.PathValue("id"))
	if !ok {
		return
	}
	task := r.PathValue("task")
	if _, err := h.q.GetTaskOnCard(r.Context(), db.GetTaskOnCardParams{ID: task, CardID: card.ID}); err != nil {
		notFound(w)
		return
	}
	if err := h.q.DeleteTask(r.Context(), task); err != nil {
		notFound(w)
	}
}

// RemoveAnyTask deletes what may not have been on the card that was found.
//
// case: bound/found-beside
func (h *Handler) RemoveAnyTask(w http.ResponseWriter, r *http.Request) {
	card, ok := h.card(w, r, r.PathValue("id"))
	if !ok {
		return
	}
	task := r.PathValue("task")
	if _, err := h.q.GetCardWithTask(r.Context(), db.GetTaskOnCardParams{ID: task, CardID: card.ID}); err != nil {
		notFound(w)
		return
	}
	if err := h.q.DeleteTask(r.Context(), task); err != nil { // want `which nothing binds to the caller's tenant_id`
		notFound(w)
	}
}

// FinishOwn finishes a card of a board of the caller's: the service looks whether it
// is on that board.
//
// case: bound/child-of-parent clean
func (h *Handler) FinishOwn(w http.ResponseWriter, r *http.Request, s *svc.Service) {
	board, ok := h.board(w, r)
	if !ok {
		return
	}
	title, err := s.Finish(r.Context(), board.ID, r.FormValue("card"))
	if err != nil {
		notFound(w)
		return
	}
	writeJSON(w, title)
}

// FinishNamed takes the board from the client, too.
//
// case: bound/child-of-any-parent
func (h *Handler) FinishNamed(w http.ResponseWriter, r *http.Request, s *svc.Service) {
	title, err := s.Finish(r.Context(), r.PathValue("board"), r.FormValue("card")) // want `by Request.PathValue\("board"\) \(from the request\), which nothing binds to the caller's tenant_id`
	if err != nil {
		notFound(w)
		return
	}
	writeJSON(w, title)
}

// FinishOther finishes any card of the same title as a board of the caller's.
//
// case: bound/child-compared-by-title
func (h *Handler) FinishOther(w http.ResponseWriter, r *http.Request, s *svc.Service) {
	board, ok := h.board(w, r)
	if !ok {
		return
	}
	title, err := s.FinishTitled(r.Context(), board.Name, r.FormValue("card")) // want `by Request.FormValue\("card"\) \(from the request\), which nothing binds to the caller's tenant_id`
	if err != nil {
		notFound(w)
		return
	}
	writeJSON(w, title)
}
