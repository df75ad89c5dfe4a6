package api

import (
	"context"
	"errors"
	"log"
	"net/http"

	"github.com/google/uuid"

	"corpus/bound/db"
	"corpus/bound/svc"
	"corpus/legacy/auth"
)

// signedIn returns the caller, and whether anybody has signed in.
func signedIn(ctx context.Context) (*auth.Principal, bool) {
	p := auth.FromContext(ctx)
	return p, p != nil
}

// CountKept keeps the caller in a variable that a literal sees, too.
//
// case: bound/source-in-a-literal clean
func (h *Handler) CountKept(w http.ResponseWriter, r *http.Request) {
	p, _ := signedIn(r.Context())
	if p == nil || p.OrgID == "" {
		notFound(w)
		return
	}
	defer func() {
		if p != nil {
			log.Print(p.UserID)
		}
	}()
	n, err := h.q.CountBoards(r.Context(), p.OrgID)
	if err != nil {
		notFound(w)
		return
	}
	writeJSON(w, n)
}

// CountUnchecked looks at the error of another call, which a literal sees, too.
//
// case: bound/error-set-again
func (h *Handler) CountUnchecked(w http.ResponseWriter, r *http.Request) {
	tenant, err := scopeOf(r.Context())
	defer func() { log.Print(err) }()
	err = r.ParseForm()
	if err != nil {
		notFound(w)
		return
	}
	n, err := h.q.CountBoards(r.Context(), tenant) // want `the error of api.scopeOf is not checked`
	if err != nil {
		notFound(w)
		return
	}
	writeJSON(w, n)
}

// scopeOf refuses whoever has not signed in.
func scopeOf(ctx context.Context) (string, error) {
	p, ok := signedIn(ctx)
	if !ok || p.OrgID == "" {
		return "", errors.New("nobody has signed in")
	}
	return p.OrgID, nil
}

// CountAgain asks who the caller is once more, after a helper has refused whoever
// it does not know.
//
// case: bound/source-asked-again clean
func (h *Handler) CountAgain(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	tenant, err := scopeOf(ctx)
	if err != nil {
		notFound(w)
		return
	}
	log.Print(tenant)
	p, _ := signedIn(ctx)
	n, err := h.q.CountBoards(ctx, p.OrgID)
	if err != nil {
		notFound(w)
		return
	}
	writeJSON(w, n)
}

// CountElsewhere asks about another context than the helper did.
//
// case: bound/source-of-another-context
func (h *Handler) CountElsewhere(w http.ResponseWriter, r *http.Request) {
	if _, err := scopeOf(r.Context()); err != nil {
		notFound(w)
		return
	}
	ctx := context.WithoutCancel(context.Background())
	p, _ := signedIn(ctx)
	n, err := h.q.CountBoards(ctx, p.OrgID) // want `the error of api.signedIn is not checked`
	if err != nil {
		notFound(w)
		return
	}
	writeJSON(w, n)
}

// named is an identifier that may not be there.
type named struct {
	id    string
	given bool
}

// RemoveGiven checks the card where one is named.
//
// case: bound/set-in-a-branch clean
func (h *Handler) RemoveGiven(w http.ResponseWriter, r *http.Request) {
	var card named
	if s := r.FormValue("card"); s != "" {
		card = named{id: s, given: true}
	}
	if card.given {
		row, err := h.q.GetCard(r.Context(), card.id)
		if err != nil || row.TenantID != auth.TenantID(r.Context()) {
			notFound(w)
			return
		}
		_ = h.q.DeleteCard(r.Context(), card.id)
	}
}

// RemoveRenamed sets the variable again once it was checked.
//
// case: bound/set-again-after-the-check
func (h *Handler) RemoveRenamed(w http.ResponseWriter, r *http.Request) {
	var card named
	if s := r.FormValue("card"); s != "" {
		card = named{id: s, given: true}
	}
	if card.given {
		row, err := h.q.GetCard(r.Context(), card.id)
		if err != nil || row.TenantID != auth.TenantID(r.Context()) {
			notFound(w)
			return
		}
		card = named{id: r.FormValue("other"), given: true}
		_ = h.q.DeleteCard(r.Context(), card.id) // want `which nothing binds to the caller's tenant_id`
	}
}

// parsed reads an identifier that may not be there.
func parsed(raw string) (uuid.NullUUID, error) {
	if raw == "" {
		return uuid.NullUUID{UUID: uuid.Nil, Valid: false}, nil
	}
	id, err := uuid.Parse(raw)
	if err != nil {
		return uuid.NullUUID{}, err
	}
	return uuid.NullUUID{UUID: id, Valid: true}, nil
}

// MoveParsed checks the board where one is named.
//
// case: bound/nil-identifier clean
func (h *Handler) MoveParsed(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	id, err := parsed(r.FormValue("board"))
	if err != nil {
		notFound(w)
		return
	}
	if id.Valid {
		if _, err := h.q.GetBoardInTenant(ctx, db.GetBoardInTenantParams{ID: id.UUID.String(), TenantID: auth.TenantID(ctx)}); err != nil {
			notFound(w)
			return
		}
	}
	_ = h.q.PinBoard(ctx, db.PinBoardParams{BoardID: id, TenantID: auth.TenantID(ctx)})
}

// MoveUnparsed checks none.
//
// case: bound/nil-identifier-unchecked
func (h *Handler) MoveUnparsed(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	id, err := parsed(r.FormValue("board"))
	if err != nil {
		notFound(w)
		return
	}
	_ = h.q.PinBoard(ctx, db.PinBoardParams{BoardID: id, TenantID: auth.TenantID(ctx)}) // want `which nothing binds to the caller's tenant_id`
}

// MoveNamed checks the board unless it is none.
//
// case: bound/nil-identifier-compared clean
func (h *Handler) MoveNamed(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	var id uuid.UUID
	if raw := r.FormValue("board"); raw != "" {
		var err error
		if id, err = uuid.Parse(raw); err != nil {
			notFound(w)
			return
		}
	}
	if id != uuid.Nil {
		if _, err := h.q.GetBoardInTenant(ctx, db.GetBoardInTenantParams{ID: id.String(), TenantID: auth.TenantID(ctx)}); err != nil {
			notFound(w)
			return
		}
	}
	_ = h.q.PinBoard(ctx, db.PinBoardParams{BoardID: uuid.NullUUID{UUID: id, Valid: id != uuid.Nil}, TenantID: auth.TenantID(ctx)})
}

// CountFilled works for whom a card acts.
//
// case: bound/source-filled clean
func (h *Handler) CountFilled(w http.ResponseWriter, r *http.Request, s *svc.Service) {
	p, err := s.Caller(r.Context(), r.PathValue("card"))
	if err != nil {
		notFound(w)
		return
	}
	card, err := h.q.GetCard(r.Context(), r.PathValue("other"))
	if err != nil || card.TenantID != p.OrgID {
		notFound(w)
		return
	}
	writeJSON(w, card)
}

// CountUnasked does not look at the error.
//
// case: bound/source-filled-unasked
func (h *Handler) CountUnasked(w http.ResponseWriter, r *http.Request, s *svc.Service) {
	p, _ := s.Caller(r.Context(), r.PathValue("card")) // want `which nothing binds to the caller's tenant_id`
	n, err := h.q.CountBoards(r.Context(), p.OrgID)    // want `the error of Service.Caller is not checked`
	if err != nil {
		notFound(w)
		return
	}
	writeJSON(w, n)
}

// principal returns the caller, and fails where nobody has signed in.
func (h *Handler) principal(ctx context.Context) (*auth.Principal, error) {
	p, ok := signedIn(ctx)
	if !ok {
		return nil, errors.New("nobody has signed in")
	}
	return p, nil
}

// tenant returns the caller's tenant, by way of who that is.
func (h *Handler) tenant(ctx context.Context) (string, error) {
	p, err := h.principal(ctx)
	if err != nil {
		return "", err
	}
	return p.OrgID, nil
}

// CountTwice asks a method who the caller is, which another has asked already.
//
// case: bound/source-asked-again-by-method clean
func (h *Handler) CountTwice(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	if _, err := h.tenant(ctx); err != nil {
		notFound(w)
		return
	}
	p, _ := h.principal(ctx)
	n, err := h.q.CountBoards(ctx, p.OrgID)
	if err != nil {
		notFound(w)
		return
	}
	writeJSON(w, n)
}

// CountOfOther asks another handler than the one that was asked.
//
// case: bound/source-of-another-receiver
func (h *Handler) CountOfOther(w http.ResponseWriter, r *http.Request, other *Handler) {
	ctx := r.Context()
	if _, err := h.tenant(ctx); err != nil {
		notFound(w)
		return
	}
	p, _ := other.principal(ctx)
	n, err := h.q.CountBoards(ctx, p.OrgID) // want `the error of Handler.principal is not checked`
	if err != nil {
		notFound(w)
		return
	}
	writeJSON(w, n)
}

// RemoveNone deletes by an id that is not there, which is nobody's: the text of the
// statement holds whatever it is.
//
// case: bound/no-identifier clean
func (h *Handler) RemoveNone(w http.ResponseWriter, r *http.Request) {
	var id string
	_ = h.q.DeleteCard(r.Context(), id)
}
