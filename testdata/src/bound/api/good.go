package api

import (
	"database/sql"
	"net/http"

	"corpus/bound/db"
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

// TasksOwn lists the tasks of a card of the caller's.
//
// case: bound/own-child clean
func (h *Handler) TasksOwn(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if _, ok := h.card(w, r, id); !ok {
		return
	}
	tasks, err := h.q.ListTasks(r.Context(), id)
	if err != nil {
		notFound(w)
		return
	}
	writeJSON(w, tasks)
}

// AddOwn checks the card where one is named.
//
// case: bound/own-reference clean
func (h *Handler) AddOwn(w http.ResponseWriter, r *http.Request) {
	arg := db.AddTaskParams{Title: r.FormValue("title")}
	if id := r.FormValue("card"); id != "" {
		if _, ok := h.card(w, r, id); !ok {
			return
		}
		arg.CardID = sql.NullString{String: id, Valid: true}
	}
	run := func() error { return h.q.AddTask(r.Context(), arg) }
	_ = run()
}

// cardID returns the card that a request names, if it is the caller's.
func (h *Handler) cardID(r *http.Request, raw string) (sql.NullString, bool) {
	if raw == "" {
		return sql.NullString{}, true
	}
	card, err := h.q.GetCard(r.Context(), raw)
	if err != nil || card.TenantID != auth.TenantID(r.Context()) {
		return sql.NullString{}, false
	}
	return sql.NullString{String: raw, Valid: true}, true
}

// AddParsed takes what a helper parsed and checked.
//
// case: bound/checked-and-returned clean
func (h *Handler) AddParsed(w http.ResponseWriter, r *http.Request) {
	id, ok := h.cardID(r, r.FormValue("card"))
	if !ok {
		notFound(w)
		return
	}
	_ = h.q.AddTask(r.Context(), db.AddTaskParams{CardID: id, Title: r.FormValue("title")})
}

// CountMember looks the caller's own membership up first.
//
// case: bound/member clean
func (h *Handler) CountMember(w http.ResponseWriter, r *http.Request) {
	tenant := r.Header.Get("X-Tenant-ID")
	if _, err := h.q.GetMember(r.Context(), db.GetMemberParams{TenantID: tenant, UserID: caller(r)}); err != nil {
		notFound(w)
		return
	}
	n, err := h.q.CountBoards(r.Context(), tenant)
	if err != nil {
		notFound(w)
		return
	}
	writeJSON(w, n)
}

// CountAdmitted passes the guard that the policy names.
//
// case: bound/guard clean
func (h *Handler) CountAdmitted(w http.ResponseWriter, r *http.Request) {
	tenant := r.Header.Get("X-Tenant-ID")
	if !admitted(r, tenant) {
		notFound(w)
		return
	}
	n, err := h.q.CountBoards(r.Context(), tenant)
	if err != nil {
		notFound(w)
		return
	}
	writeJSON(w, n)
}

// Parent loads a card where one is named, checks it, and uses it afterwards.
//
// case: bound/where-there-is-one clean
func (h *Handler) Parent(w http.ResponseWriter, r *http.Request) {
	var parent *db.Card
	if id := r.FormValue("parent"); id != "" {
		card, err := h.q.GetCard(r.Context(), id)
		if err != nil || card.TenantID != auth.TenantID(r.Context()) {
			notFound(w)
			return
		}
		parent = &card
	}
	writeJSON(w, parent)
}

// PurgeOwn finds the board in the tenant first.
//
// case: bound/out-of-sight-own clean
func (h *Handler) PurgeOwn(w http.ResponseWriter, r *http.Request) {
	board, ok := h.board(w, r)
	if !ok {
		return
	}
	if err := h.q.PurgeBoard(r.Context(), board.ID); err != nil {
		notFound(w)
	}
}

// all reports whether each of the cards is the caller's.
func (h *Handler) all(w http.ResponseWriter, r *http.Request, ids []string) bool {
	seen := map[string]struct{}{}
	for _, id := range ids {
		if _, ok := seen[id]; ok {
			continue
		}
		seen[id] = struct{}{}
		if _, ok := h.card(w, r, id); !ok {
			return false
		}
	}
	return true
}

// Clear checks all cards, in a helper, before it removes them.
//
// case: bound/list-checked clean
func (h *Handler) Clear(w http.ResponseWriter, r *http.Request) {
	ids := r.URL.Query()["id"]
	if !h.all(w, r, ids) {
		return
	}
	for _, id := range ids {
		_ = h.q.DeleteCard(r.Context(), id)
	}
}

// Collect removes those that it found to be the caller's.
//
// case: bound/list-collected clean
func (h *Handler) Collect(w http.ResponseWriter, r *http.Request) {
	var own []string
	for _, id := range r.URL.Query()["id"] {
		if _, ok := h.card(w, r, id); !ok {
			continue
		}
		own = append(own, id)
	}
	for _, id := range own {
		_ = h.q.DeleteCard(r.Context(), id)
	}
}

// Inline checks all cards in sight.
//
// case: bound/list-inline clean
func (h *Handler) Inline(w http.ResponseWriter, r *http.Request) {
	ids := r.URL.Query()["id"]
	for i := 0; i < len(ids); i++ {
		if _, ok := h.card(w, r, ids[i]); !ok {
			return
		}
	}
	for _, id := range ids {
		_ = h.q.DeleteCard(r.Context(), id)
	}
}

// Reload works on one card after the other, and reads each again in the end,
// which a literal sees: the next turn has a card of its own.
//
// case: bound/set-again-in-a-loop clean
func (h *Handler) Reload(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	for _, id := range r.URL.Query()["board"] {
		board, err := h.q.GetBoardInTenant(ctx, db.GetBoardInTenantParams{ID: id, TenantID: auth.TenantID(ctx)})
		if err != nil {
			continue
		}
		other := r.FormValue("other")
		if _, err := h.q.GetBoardInTenant(ctx, db.GetBoardInTenantParams{ID: other, TenantID: board.TenantID}); err != nil {
			continue
		}
		defer func() { writeJSON(w, board.Name) }()
		_ = h.q.PurgeBoard(ctx, other)
		board, _ = h.q.GetBoard(ctx, id)
	}
}
