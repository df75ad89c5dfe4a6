// Package work does something where the scope is, or is not, there.
package work

import (
	"context"
	"database/sql"
	"errors"

	"corpus/absent/store"
	"corpus/legacy/auth"
	"corpus/lost/tenantctx"
)

// Work looks after documents.
type Work struct {
	docs   store.Docs
	owners store.Owners
	gate   store.Gate
}

// Default works for a tenant that is called so.
//
// case: failopen/fallback-constant
func (w *Work) Default(ctx context.Context) string {
	tenant := auth.TenantID(ctx)
	if tenant == "" { // want `"default" takes the place of an empty tenant: who has none acts in it`
		tenant = "default"
	}
	return "exports/" + tenant
}

// Field does the same with a field.
//
// case: failopen/fallback-env
func (w *Work) Field(ctx context.Context) context.Context {
	env := auth.EnvironmentID(ctx)
	if len(env) == 0 { // want `"development" takes the place of an empty env`
		env = "development"
	}
	return tenantctx.WithTenant(ctx, env)
}

// Again looks everywhere.
//
// case: failopen/retry
func (w *Work) Again(ctx context.Context, id string) (*store.Doc, error) {
	doc, err := w.docs.InTenant(ctx, id, auth.TenantID(ctx))
	if err != nil {
		return w.docs.Get(ctx, id) // want `Docs.Get is made where Docs.InTenant failed, and is not restricted by tenant`
	}
	return doc, nil
}

// Either looks everywhere for two reasons.
//
// case: failopen/retry-or
func (w *Work) Either(ctx context.Context, slug string) (*store.Doc, error) {
	var doc store.Doc
	var err error
	tenant := auth.TenantID(ctx)
	if tenant != "" {
		doc, err = w.docs.InPlace(ctx, store.ByPlace{Slug: slug, TenantID: tenant})
	}
	if tenant == "" || err != nil {
		doc, err = w.docs.BySlug(ctx, slug) // want `Docs.BySlug is made where Docs.InPlace failed, and is not restricted by tenant`
	}
	if err != nil {
		return nil, err
	}
	return &doc, nil
}

// NotFound looks everywhere if there is none.
//
// case: failopen/retry-not-found
func (w *Work) NotFound(ctx context.Context, id string) (*store.Doc, error) {
	doc, err := w.docs.InTenant(ctx, id, auth.TenantID(ctx))
	if errors.Is(err, sql.ErrNoRows) {
		doc, err = w.docs.Get(ctx, id) // want `Docs.Get is made where Docs.InTenant failed`
	}
	return doc, err
}

// Offboard does not look whether there is an owner.
//
// case: failopen/empty
func (w *Work) Offboard(ctx context.Context, ownerID string) error {
	reason := "left"
	return w.owners.Revoke(ctx, ownerID, reason) // want `Owners.Revoke may be called with an empty ownerID: every row without one fits`
}

// Late looks too late.
//
// case: failopen/empty-late
func (w *Work) Late(ctx context.Context, ownerID string) error {
	err := w.owners.Revoke(ctx, ownerID, "left") // want `Owners.Revoke may be called with an empty ownerID`
	if ownerID == "" {
		return errors.New("no owner")
	}
	return err
}

// Compared compares where there is something to compare with.
//
// case: failopen/skipped-comparison
func (w *Work) Compared(ctx context.Context, ownerTenant string) error {
	if tenant := auth.TenantID(ctx); tenant != "" && ownerTenant != tenant { // want `the comparison with the tenant is skipped where there is no auth.TenantID: everybody passes then`
		return errors.New("not found")
	}
	return nil
}

// Twice asks the source twice.
//
// case: failopen/skipped-twice
func (w *Work) Twice(ctx context.Context, ownerTenant string) bool {
	if auth.TenantID(ctx) != "" { // want `the comparison with the tenant is skipped where there is no auth.TenantID`
		if ownerTenant != auth.TenantID(ctx) {
			return false
		}
	}
	return true
}

// Unguarded asks where there is somebody to ask.
//
// case: failopen/skipped-guard
func (w *Work) Unguarded(ctx context.Context, tenant string) error {
	if w.gate != nil { // want `Gate.Admit is skipped where there is no w.gate: everybody passes then`
		if err := w.gate.Admit(ctx, tenant); err != nil {
			return err
		}
	}
	return nil
}
