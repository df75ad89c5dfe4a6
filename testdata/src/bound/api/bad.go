package api

import (
	"database/sql"
	"encoding/json"
	"log"
	"net/http"

	"corpus/bound/db"
	"corpus/legacy/auth"
)

// Show shows anybody's card.
//
// case: bound/read
func (h *Handler) Show(w http.ResponseWriter, r *http.Request) {
	card, err := h.q.GetCard(r.Context(), r.PathValue("id")) // want `which nothing binds to the caller's tenant_id`
	if err != nil {
		notFound(w)
		return
	}
	writeJSON(w, card)
}

// Late answers before it looks.
//
// case: bound/late
func (h *Handler) Late(w http.ResponseWriter, r *http.Request) {
	card, err := h.q.GetCard(r.Context(), r.PathValue("id")) // want `which nothing binds to the caller's tenant_id`
	if err != nil {
		notFound(w)
		return
	}
	writeJSON(w, card)
	if card.TenantID != auth.TenantID(r.Context()) {
		log.Print("a card of somebody else's was shown")
	}
}

// Inverted refuses the owner.
//
// case: bound/inverted
func (h *Handler) Inverted(w http.ResponseWriter, r *http.Request) {
	card, err := h.q.GetCard(r.Context(), r.PathValue("id")) // want `which nothing binds to the caller's tenant_id`
	if err != nil {
		notFound(w)
		return
	}
	if card.TenantID == auth.TenantID(r.Context()) {
		notFound(w)
		return
	}
	writeJSON(w, card)
}

// Remove deletes anybody's card.
//
// case: bound/write
func (h *Handler) Remove(w http.ResponseWriter, r *http.Request) {
	if err := h.q.DeleteCard(r.Context(), r.PathValue("id")); err != nil { // want `which nothing binds to the caller's tenant_id`
		notFound(w)
	}
}

// Other checks one card and deletes another.
//
// case: bound/other-object
func (h *Handler) Other(w http.ResponseWriter, r *http.Request) {
	if _, ok := h.card(w, r, r.PathValue("id")); !ok {
		return
	}
	_ = h.q.DeleteCard(r.Context(), r.PathValue("other")) // want `which nothing binds to the caller's tenant_id`
}

// Branch looks only at one kind of card.
//
// case: bound/branch
func (h *Handler) Branch(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if r.URL.Query().Has("strict") {
		if _, ok := h.card(w, r, id); !ok {
			return
		}
	}
	_ = h.q.DeleteCard(r.Context(), id) // want `which nothing binds to the caller's tenant_id`
}

// Ignored drops what the check says.
//
// case: bound/ignored
func (h *Handler) Ignored(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	_, _ = h.card(w, r, id)
	_ = h.q.DeleteCard(r.Context(), id) // want `which nothing binds to the caller's tenant_id`
}

// Cards lists the cards of any board.
//
// case: bound/parent
func (h *Handler) Cards(w http.ResponseWriter, r *http.Request) {
	cards, err := h.q.ListCards(r.Context(), r.PathValue("board")) // want `which nothing binds to the caller's tenant_id`
	if err != nil {
		notFound(w)
		return
	}
	writeJSON(w, cards)
}

// Pair checks the board but not that the card is on it.
//
// case: bound/pair
func (h *Handler) Pair(w http.ResponseWriter, r *http.Request) {
	board, ok := h.board(w, r)
	if !ok {
		return
	}
	log.Print(board.Name)
	_ = h.q.DeleteCard(r.Context(), r.PathValue("id")) // want `which nothing binds to the caller's tenant_id`
}

// Tasks lists the tasks of any card.
//
// case: bound/child
func (h *Handler) Tasks(w http.ResponseWriter, r *http.Request) {
	tasks, err := h.q.ListTasks(r.Context(), r.PathValue("id")) // want `SELECT of tasks by .* which nothing binds to the caller's tenant_id`
	if err != nil {
		notFound(w)
		return
	}
	writeJSON(w, tasks)
}

// Add hangs a task on any card.
//
// case: bound/reference
func (h *Handler) Add(w http.ResponseWriter, r *http.Request) {
	arg := db.AddTaskParams{Title: r.FormValue("title")}
	if id := r.FormValue("card"); id != "" {
		arg.CardID = sql.NullString{String: id, Valid: true}
	}
	_ = h.q.AddTask(r.Context(), arg) // want `INSERT into tasks sets card_id to .* which nothing binds to the caller's tenant_id`
}

// Count believes the header.
//
// case: bound/no-member
func (h *Handler) Count(w http.ResponseWriter, r *http.Request) {
	n, err := h.q.CountBoards(r.Context(), r.Header.Get("X-Tenant-ID")) // want `SELECT of boards takes tenant_id from the request`
	if err != nil {
		notFound(w)
		return
	}
	writeJSON(w, n)
}

// CountOther passes a guard for one tenant and counts for another.
//
// case: bound/guard-of-another
func (h *Handler) CountOther(w http.ResponseWriter, r *http.Request) {
	if !admitted(r, r.Header.Get("X-Tenant-ID")) {
		notFound(w)
		return
	}
	n, err := h.q.CountBoards(r.Context(), r.FormValue("tenant_id")) // want `SELECT of boards takes tenant_id from the request`
	if err != nil {
		notFound(w)
		return
	}
	writeJSON(w, n)
}

// Purge has the database remove anybody's board.
//
// case: bound/out-of-sight
func (h *Handler) Purge(w http.ResponseWriter, r *http.Request) {
	if err := h.q.PurgeBoard(r.Context(), r.PathValue("board")); err != nil { // want `which nothing binds to the caller's tenant_id`
		notFound(w)
	}
}

// Some checks each card but goes on without those that fail, and then takes all.
//
// case: bound/list-skipped
func (h *Handler) Some(w http.ResponseWriter, r *http.Request) {
	ids := r.URL.Query()["id"]
	for _, id := range ids {
		if _, ok := h.card(w, r, id); !ok {
			continue
		}
		log.Print("one of the caller's")
	}
	for _, id := range ids {
		_ = h.q.DeleteCard(r.Context(), id) // want `which nothing binds to the caller's tenant_id`
	}
}

// First checks the first card only.
//
// case: bound/list-first
func (h *Handler) First(w http.ResponseWriter, r *http.Request) {
	ids := r.URL.Query()["id"]
	for _, id := range ids {
		if _, ok := h.card(w, r, id); !ok {
			return
		}
		break
	}
	for _, id := range ids {
		_ = h.q.DeleteCard(r.Context(), id) // want `which nothing binds to the caller's tenant_id`
	}
}

// RemoveNamed reads what the client sent through a limit.
//
// case: bound/limited-body
func (h *Handler) RemoveNamed(w http.ResponseWriter, r *http.Request) {
	var req struct{ CardID string }
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&req); err != nil {
		notFound(w)
		return
	}
	_ = h.q.DeleteCard(r.Context(), req.CardID) // want `which nothing binds to the caller's tenant_id`
}
