package api

import (
	"net/http"

	"corpus/bound/db"
	"corpus/legacy/auth"
)

// Lookups that are narrowed on some paths only say nothing of what was looked up.

// PurgeUnless looks the board up in the tenant, unless the client would rather not.
//
// case: bound/lookup-unless
func (h *Handler) PurgeUnless(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	id := r.PathValue("id")
	if _, err := h.q.GetBoardUnless(ctx, id, auth.TenantID(ctx), r.FormValue("all") != ""); err != nil {
		notFound(w)
		return
	}
	_ = h.q.PurgeBoard(ctx, id) // want `which nothing binds to the caller's tenant_id`
}

// PurgeWithin looks it up in the tenant of another board, if that was found.
//
// case: bound/lookup-within-nothing
func (h *Handler) PurgeWithin(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	id, tenant := r.PathValue("id"), ""
	if other, err := h.q.GetBoardInTenant(ctx, db.GetBoardInTenantParams{ID: r.FormValue("other"), TenantID: auth.TenantID(ctx)}); err == nil {
		tenant = other.TenantID
	}
	if _, err := h.q.GetBoardWithin(ctx, id, tenant); err != nil {
		notFound(w)
		return
	}
	_ = h.q.PurgeBoard(ctx, id) // want `which nothing binds to the caller's tenant_id`
}

// PurgeSome looks some board of the tenant up.
//
// case: bound/lookup-of-some
func (h *Handler) PurgeSome(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	id := r.PathValue("id")
	if _, err := h.q.GetSomeBoard(ctx, id, auth.TenantID(ctx), r.FormValue("all") != ""); err != nil {
		notFound(w)
		return
	}
	_ = h.q.PurgeBoard(ctx, id) // want `which nothing binds to the caller's tenant_id`
}

// PurgeFound looks it up in the tenant of another board, found or not: where that
// is nobody's, so is what is found.
//
// case: bound/lookup-within-a-row clean
func (h *Handler) PurgeFound(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	id, tenant := r.PathValue("id"), ""
	if other, err := h.q.GetBoardInTenant(ctx, db.GetBoardInTenantParams{ID: r.FormValue("other"), TenantID: auth.TenantID(ctx)}); err == nil {
		tenant = other.TenantID
	}
	if _, err := h.q.GetBoardInTenant(ctx, db.GetBoardInTenantParams{ID: id, TenantID: tenant}); err != nil {
		notFound(w)
		return
	}
	_ = h.q.PurgeBoard(ctx, id)
}

// CountAnywhere counts the boards of a tenant that the client names, if the caller is a
// member of that, or of any.
//
// case: bound/member-anywhere
func (h *Handler) CountAnywhere(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	tenant := r.FormValue("tenant_id")
	if _, err := h.q.GetSomeMember(ctx, db.GetMemberParams{TenantID: tenant, UserID: caller(r)}, r.FormValue("all") != ""); err != nil {
		notFound(w)
		return
	}
	n, err := h.q.CountBoards(ctx, tenant) // want `takes tenant_id from the request, not from the caller's scope`
	if err != nil {
		return
	}
	writeJSON(w, n)
}

// CountThere counts those of a tenant that the caller is a member of.
//
// case: bound/member-there clean
func (h *Handler) CountThere(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	tenant := r.FormValue("tenant_id")
	if _, err := h.q.GetMember(ctx, db.GetMemberParams{TenantID: tenant, UserID: caller(r)}); err != nil {
		notFound(w)
		return
	}
	n, err := h.q.CountBoards(ctx, tenant)
	if err != nil {
		return
	}
	writeJSON(w, n)
}
