package api

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"net/http"

	"corpus/bound/db"
	"corpus/legacy/auth"
)

// failure is an error with a status.
type failure struct {
	status int
	cause  error
}

func (f *failure) Error() string { return fmt.Sprint(f.status, f.cause) }

// fail makes a failure, which is never nil.
func fail(status int, cause error) error { return &failure{status, cause} }

// found says that something is missing in its own words; a nil error stays one.
func found(err error) error {
	if err == nil {
		return nil
	}
	return fail(http.StatusNotFound, err)
}

// lenient forgives what is missing.
func lenient(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

// refs are what a card may refer to.
type refs struct {
	board, parent sql.NullString
}

// own fails where a reference that is there is not the tenant's.
func (h *Handler) own(ctx context.Context, tenant string, ids refs) error {
	if ids.board.Valid {
		_, err := h.q.GetBoardInTenant(ctx, db.GetBoardInTenantParams{ID: ids.board.String, TenantID: tenant})
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return fail(http.StatusNotFound, nil)
		case err != nil:
			return fmt.Errorf("board: %w", err)
		}
	}
	return nil
}

// ownBoard fails in other words.
func (h *Handler) ownBoard(ctx context.Context, tenant, id string) error {
	_, err := h.q.GetBoardInTenant(ctx, db.GetBoardInTenantParams{ID: id, TenantID: tenant})
	return found(err)
}

// anyBoard forgives what is not the tenant's.
func (h *Handler) anyBoard(ctx context.Context, tenant, id string) error {
	_, err := h.q.GetBoardInTenant(ctx, db.GetBoardInTenantParams{ID: id, TenantID: tenant})
	return lenient(err)
}

// Move puts a card onto a board, if that is the caller's.
//
// case: bound/optional-reference clean
func (h *Handler) Move(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	board := r.FormValue("board")
	ids := refs{board: sql.NullString{String: board, Valid: board != ""}}
	if err := h.own(ctx, auth.TenantID(ctx), ids); err != nil {
		notFound(w)
		return
	}
	_ = h.q.MoveCards(ctx, db.MoveCardsParams{BoardID: ids.board, TenantID: auth.TenantID(ctx)})
}

// MoveUnasked checks another reference.
//
// case: bound/other-reference
func (h *Handler) MoveUnasked(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	board, parent := r.FormValue("board"), r.FormValue("parent")
	ids := refs{
		board:  sql.NullString{String: board, Valid: board != ""},
		parent: sql.NullString{String: parent, Valid: parent != ""},
	}
	if err := h.own(ctx, auth.TenantID(ctx), ids); err != nil {
		notFound(w)
		return
	}
	_ = h.q.MoveCards(ctx, db.MoveCardsParams{BoardID: ids.parent, TenantID: auth.TenantID(ctx)}) // want `which nothing binds to the caller's tenant_id`
}

// Clean removes a board that a helper found, and failed where it did not.
//
// case: bound/failed-in-other-words clean
func (h *Handler) Clean(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	id := r.PathValue("board")
	if err := h.ownBoard(ctx, auth.TenantID(ctx), id); err != nil {
		notFound(w)
		return
	}
	_ = h.q.PurgeBoard(ctx, id)
}

// Forgiven removes a board of anybody's: that it was not found is forgiven.
//
// case: bound/forgiven
func (h *Handler) Forgiven(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	id := r.PathValue("board")
	if err := h.anyBoard(ctx, auth.TenantID(ctx), id); err != nil {
		notFound(w)
		return
	}
	_ = h.q.PurgeBoard(ctx, id) // want `which nothing binds to the caller's tenant_id`
}

// tenantOf returns the caller's tenant, and a logger whatever happens.
func (h *Handler) tenantOf(ctx context.Context) (string, *log.Logger, error) {
	logger := log.Default()
	tenant, _, ok := auth.Lookup(ctx)
	if !ok {
		return "", logger, errors.New("nobody has signed in")
	}
	if err := h.open(ctx); err != nil {
		return "", logger, err
	}
	return tenant, logger, nil
}

// open fails where the doors are closed.
func (h *Handler) open(ctx context.Context) error { return ctx.Err() }

// CountOwn counts the boards of the tenant that a helper found, which says nothing
// beside an error.
//
// case: bound/nothing-beside-an-error clean
func (h *Handler) CountOwn(w http.ResponseWriter, r *http.Request) {
	tenant, logger, err := h.tenantOf(r.Context())
	if err != nil {
		logger.Print(err)
		return
	}
	n, err := h.q.CountBoards(r.Context(), tenant)
	if err != nil {
		return
	}
	writeJSON(w, n)
}

// ShowDeferred compares the card, though a literal has the context that it was
// loaded with.
//
// case: bound/context-in-a-literal clean
func (h *Handler) ShowDeferred(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	defer func() { log.Print(ctx.Err()) }()
	card, err := h.q.GetCard(ctx, r.PathValue("id"))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		notFound(w)
		return
	case err != nil:
		log.Print(err)
		return
	}
	if card.TenantID != auth.TenantID(ctx) {
		notFound(w)
		return
	}
	writeJSON(w, card)
}
