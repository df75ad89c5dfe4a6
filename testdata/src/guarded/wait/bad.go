// Package wait asks for the membership beside other things.
package wait

import (
	"context"
	"net/http"

	"golang.org/x/sync/errgroup"

	tenant "github.com/tenantvet/tenantvet/runtime"

	"corpus/guarded/shop"
)

// API serves invoices.
type API struct {
	store    *shop.Store
	boundary *tenant.Boundary
}

func (a *API) ping(ctx context.Context) error { return ctx.Err() }

func (a *API) unheeded(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		return
	}
	g, ctx := errgroup.WithContext(r.Context())
	g.Go(func() error {
		_, err := a.boundary.CheckTenantMembership(ctx)
		return err
	})
	_ = g.Wait() // want `nobody looks at what Group.Wait says: whom it refuses gets on`
	total, _ := a.store.Total(r.Context(), sc, r.PathValue("id"))
	_, _ = w.Write([]byte(total))
}

func (a *API) race(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		return
	}
	var total string
	g, ctx := errgroup.WithContext(r.Context())
	g.Go(func() error {
		_, err := a.boundary.CheckTenantMembership(ctx)
		return err
	})
	g.Go(func() error {
		total, err = a.store.Total(ctx, sc, r.PathValue("id"))
		_, _ = w.Write([]byte(total))
		return err
	})
	if err := g.Wait(); err != nil {
		http.Error(w, "forbidden", http.StatusForbidden)
	}
}

func (a *API) odd(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		return
	}
	g, ctx := errgroup.WithContext(r.Context())
	g.Go(func() error { return a.ping(ctx) })
	if r.URL.Query().Get("preview") == "" {
		g.Go(func() error {
			_, err := a.boundary.CheckTenantMembership(ctx)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return
	}
	total, _ := a.store.Total(r.Context(), sc, r.PathValue("id"))
	_, _ = w.Write([]byte(total))
}

// The handlers do not heed what the guard says, or do not wait for it.
//
// case: guarded/wait-unheeded
// case: guarded/wait-race
func Wrong(a *API) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /unheeded/{id}", a.unheeded)
	mux.HandleFunc("GET /race/{id}", a.race) // want `GET /race/\{id\} is behind no membership guard, and its handler \(\*wait.API\).race reads cached data \(Client.Get\)`
	return http.ListenAndServe(":8080", a.boundary.Middleware(mux))
}

// Odd asks now and then.
//
// case: guarded/wait-sometimes
func Odd(a *API) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /odd/{id}", a.odd) // want `GET /odd/\{id\} is behind no membership guard`
	return http.ListenAndServe(":8080", a.boundary.Middleware(mux))
}
