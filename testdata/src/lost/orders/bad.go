// Package orders serves orders and does some of the work later.
package orders

import (
	"context"
	"log"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"corpus/lost/repo"
	"corpus/lost/tenantctx"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Orders serves orders.
type Orders struct {
	repo     *repo.Repo
	archiver repo.Archiver
	later    chan func()
	base     context.Context
}

// Goroutine archives in the background.
//
// case: lost/goroutine
func (o *Orders) Goroutine(ctx context.Context, id string) error {
	go o.repo.Archive(context.Background(), id) // want `Repo.Archive needs the caller's tenant, which the context of context.Background does not hold: it runs without scope`
	return o.repo.Add(ctx, id)
}

// Same archives before it answers.
//
// case: lost/same-goroutine
func (o *Orders) Same(w http.ResponseWriter, r *http.Request) {
	if err := o.repo.Archive(context.TODO(), r.PathValue("id")); err != nil { // want `Repo.Archive needs the caller's tenant, which the context of context.TODO does not hold: it runs without scope`
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// Timeout gives the work a time limit of its own.
//
// case: lost/timeout
func (o *Orders) Timeout(ctx context.Context, id string) {
	go func() {
		bg, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		o.note(o.repo.Archive(bg, id)) // want `Repo.Archive needs the caller's tenant`
	}()
}

// Queue hands the work over.
//
// case: lost/queued-literal
func (o *Orders) Queue(ctx context.Context, id string) {
	o.later <- func() {
		o.note(o.repo.Archive(context.Background(), id)) // want `Repo.Archive needs the caller's tenant`
	}
}

// Group does two things at once.
//
// case: lost/errgroup
func (o *Orders) Group(ctx context.Context, id string) error {
	g, bg := errgroup.WithContext(context.Background())
	g.Go(func() error { return o.repo.Archive(bg, id) }) // want `Repo.Archive needs the caller's tenant`
	g.Go(func() error { return o.repo.Add(ctx, id) })
	return g.Wait()
}

// Branch does it only sometimes.
//
// case: lost/branch
func (o *Orders) Branch(ctx context.Context, id string, async bool) error {
	if async {
		ctx = context.Background()
	}
	return o.repo.Archive(ctx, id) // want `Repo.Archive needs the caller's tenant`
}

// Interface files by way of an interface.
//
// case: lost/interface
func (o *Orders) Interface(ctx context.Context, id string) error {
	return o.archiver.File(context.Background(), id) // want `Archiver.File needs the caller's tenant`
}

// Direct asks the source itself.
//
// case: lost/source
func (o *Orders) Direct(r *http.Request) (string, error) {
	return tenantctx.Tenant(context.Background()) // want `tenantctx.Tenant needs the caller's tenant`
}

func background(ctx context.Context) context.Context { return context.Background() }

// Helper makes the context elsewhere.
//
// case: lost/made-by-helper
func (o *Orders) Helper(ctx context.Context, id string) error {
	return o.repo.Archive(background(ctx), id) // want `Repo.Archive needs the caller's tenant, which the context of orders.background does not hold`
}

func key(ctx context.Context, id string) (tenant.Key, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return tenant.Key{}, err
	}
	return tenant.NewKey(sc, "order", id)
}

// Runtime loses the runtime's scope.
//
// case: lost/runtime
func (o *Orders) Runtime(r *http.Request) (tenant.Key, error) {
	return key(context.Background(), r.PathValue("id")) // want `orders.key needs the caller's tenant, env and user`
}

func (o *Orders) finish(id string) {
	o.note(o.repo.Archive(context.Background(), id)) // want `Repo.Archive needs the caller's tenant`
}

// Callee is called without a context by who has one.
//
// case: lost/callee
func (o *Orders) Callee(r *http.Request) { o.finish(r.PathValue("id")) }

// note prints what went wrong in the background.
func (o *Orders) note(err error) {
	if err != nil {
		log.Print(err)
	}
}
