package work

import (
	"context"
	"errors"

	"corpus/absent/store"
	"corpus/legacy/auth"
	"corpus/lost/tenantctx"
)

// Refused works for nobody in particular.
//
// case: failopen/no-default clean
func (w *Work) Refused(ctx context.Context) (string, error) {
	tenant := auth.TenantID(ctx)
	if tenant == "" {
		return "", errors.New("no tenant")
	}
	return "exports/" + tenant, nil
}

// Named gives a name to what has none.
//
// case: failopen/fallback-no-dimension clean
func (w *Work) Named(ctx context.Context, title string) context.Context {
	if title == "" {
		title = "untitled"
	}
	return tenantctx.WithTenant(ctx, title)
}

// Own looks in the tenant only.
//
// case: failopen/no-retry clean
func (w *Work) Own(ctx context.Context, id string) (*store.Doc, error) {
	doc, err := w.docs.InTenant(ctx, id, auth.TenantID(ctx))
	if err != nil {
		return nil, err
	}
	return doc, nil
}

// Either has two ways, and takes one.
//
// case: failopen/retry-exclusive clean
func (w *Work) OneOf(ctx context.Context, slug string) (*store.Doc, error) {
	var doc store.Doc
	var err error
	if tenant := auth.TenantID(ctx); tenant != "" {
		doc, err = w.docs.InPlace(ctx, store.ByPlace{Slug: slug, TenantID: tenant})
	} else {
		doc, err = w.docs.BySlug(ctx, slug)
	}
	if err != nil {
		return nil, err
	}
	return &doc, nil
}

// Anyone's is the tenant's still.
//
// case: failopen/retry-in-tenant clean
func (w *Work) Anyones(ctx context.Context, id, userID string) (*store.Doc, error) {
	doc, err := w.docs.OfUser(ctx, id, auth.TenantID(ctx), userID)
	if err != nil {
		doc, err = w.docs.InTenant(ctx, id, auth.TenantID(ctx))
	}
	return doc, err
}

// Ensure gets what another request has created in the meantime.
//
// case: failopen/retry-created clean
func (w *Work) Ensure(ctx context.Context, id, title string) (*store.Doc, error) {
	doc, err := w.docs.Create(ctx, id, title, auth.TenantID(ctx))
	if err != nil {
		doc, err = w.docs.Get(ctx, id)
	}
	return doc, err
}

// Other finds something else.
//
// case: failopen/retry-other clean
func (w *Work) Other(ctx context.Context, slug, title string) (store.Doc, error) {
	doc, err := w.docs.InPlace(ctx, store.ByPlace{Slug: slug, TenantID: auth.TenantID(ctx)})
	if err != nil {
		doc, err = w.docs.ByTitle(ctx, title)
	}
	return doc, err
}

// Left looks whether there is an owner.
//
// case: failopen/filled clean
func (w *Work) Left(ctx context.Context, ownerID, reason string) error {
	if ownerID == "" || reason == "" {
		return errors.New("no owner, or no reason")
	}
	return w.owners.Revoke(ctx, ownerID, reason)
}

func (w *Work) revoke(ctx context.Context, ownerID string) error {
	return w.owners.Revoke(ctx, ownerID, "left")
}

// Sure leaves the looking to its only caller.
//
// case: failopen/filled-by-caller clean
func (w *Work) Sure(ctx context.Context, ownerID string) error {
	if ownerID != "" {
		return w.revoke(ctx, ownerID)
	}
	return nil
}

// Always compares always.
//
// case: failopen/compared clean
func (w *Work) Always(ctx context.Context, ownerTenant string) error {
	if tenant := auth.TenantID(ctx); tenant == "" || ownerTenant != tenant {
		return errors.New("not found")
	}
	return nil
}

// Global lets in what is nobody's.
//
// case: failopen/global-rows clean
func (w *Work) Global(ctx context.Context, ownerTenant string) error {
	if ownerTenant != "" && ownerTenant != auth.TenantID(ctx) {
		return errors.New("not found")
	}
	return nil
}

// Guarded needs somebody to ask.
//
// case: failopen/guarded clean
func (w *Work) Guarded(ctx context.Context, tenant string) error {
	if w.gate == nil {
		return errors.New("nobody to ask")
	}
	return w.gate.Admit(ctx, tenant)
}
