package orders

import (
	"context"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"corpus/lost/tenantctx"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Uncanceled outlives the request and keeps its scope.
//
// case: lost/without-cancel clean
func (o *Orders) Uncanceled(ctx context.Context, id string) error {
	go o.repo.Archive(context.WithoutCancel(ctx), id)
	return o.repo.Add(ctx, id)
}

// Caller hands its own context on.
//
// case: lost/same-context clean
func (o *Orders) Caller(w http.ResponseWriter, r *http.Request) {
	if err := o.repo.Archive(r.Context(), r.PathValue("id")); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// Limited gives the work a time limit of its own.
//
// case: lost/timeout-of-detached clean
func (o *Orders) Limited(ctx context.Context, id string) {
	go func() {
		bg, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		o.note(o.repo.Archive(bg, id))
	}()
}

// Stored stores the tenant again.
//
// case: lost/stored-again clean
func (o *Orders) Stored(ctx context.Context, id string) error {
	t, err := tenantctx.Tenant(ctx)
	if err != nil {
		return err
	}
	bg := tenantctx.WithTenant(context.Background(), t)
	o.later <- func() { o.note(o.repo.Archive(bg, id)) }
	return nil
}

// Detached does the same by way of a function.
//
// case: lost/detached clean
func (o *Orders) Detached(ctx context.Context, id string) error {
	bg, err := tenantctx.Detached(ctx)
	if err != nil {
		return err
	}
	g, bg := errgroup.WithContext(bg)
	g.Go(func() error { return o.repo.Archive(bg, id) })
	return g.Wait()
}

// Defaults works for callers that have no context.
//
// case: lost/stand-in clean
func (o *Orders) Defaults(ctx context.Context, id string) error {
	if ctx == nil {
		ctx = context.Background()
	}
	return o.archiver.File(ctx, id)
}

// Total needs no scope.
//
// case: lost/no-scope-needed clean
func (o *Orders) Total(r *http.Request) int { return o.repo.Count(context.Background()) }

// Traced prints only.
//
// case: lost/printed clean
func (o *Orders) Traced(ctx context.Context) {
	go o.repo.Trace(context.Background(), "orders were listed")
}

// Kept has a context of its own, which may hold anything.
//
// case: lost/kept clean
func (o *Orders) Kept(r *http.Request) error { return o.repo.Archive(o.base, r.PathValue("id")) }

// Again stores the runtime's scope again.
//
// case: lost/runtime-stored-again clean
func (o *Orders) Again(r *http.Request) (tenant.Key, error) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		return tenant.Key{}, err
	}
	bg, err := tenant.NewContext(context.Background(), sc)
	if err != nil {
		return tenant.Key{}, err
	}
	return key(bg, r.PathValue("id"))
}

// Sweep is no request code.
//
// case: lost/no-request clean
func (o *Orders) Sweep() {
	for f := range o.later {
		f()
	}
	o.note(o.repo.Archive(context.Background(), "all"))
}

// Logged prints only, too.
//
// case: lost/logged clean
func (o *Orders) Logged(ctx context.Context, id string) {
	go o.repo.Log(context.Background(), id)
}

// Kind stores it where there is any.
//
// case: lost/stored-if-any clean
func (o *Orders) Kind(ctx context.Context, id string) error {
	bg := context.Background()
	if t, err := tenantctx.Tenant(ctx); err == nil {
		bg = tenantctx.WithTenant(bg, t)
	}
	return o.repo.Archive(bg, id)
}
