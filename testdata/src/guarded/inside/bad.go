// Package inside asks for the membership in its handlers.
package inside

import (
	"context"
	"log"
	"net/http"

	tenant "github.com/tenantvet/tenantvet/runtime"

	"corpus/guarded/shop"
)

// API serves invoices.
type API struct {
	store    *shop.Store
	boundary *tenant.Boundary
}

func (a *API) late(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		return
	}
	total, err := a.store.Total(r.Context(), sc, r.PathValue("id"))
	if err != nil {
		return
	}
	if _, err := a.boundary.CheckTenantMembership(r.Context()); err != nil {
		return
	}
	_, _ = w.Write([]byte(total))
}

func (a *API) branch(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		return
	}
	if r.URL.Query().Get("preview") == "" {
		if _, err := a.boundary.CheckTenantMembership(r.Context()); err != nil {
			return
		}
	}
	total, _ := a.store.Total(r.Context(), sc, r.PathValue("id"))
	_, _ = w.Write([]byte(total))
}

func (a *API) lenient(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		return
	}
	if _, err := a.boundary.CheckTenantMembership(r.Context()); err != nil {
		log.Print("not a member")
	}
	total, _ := a.store.Total(r.Context(), sc, r.PathValue("id"))
	_, _ = w.Write([]byte(total))
}

func (a *API) careless(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		return
	}
	a.allowed(r.Context()) // want `nobody looks at what API.allowed says: whom it refuses gets on`
	total, _ := a.store.Total(r.Context(), sc, r.PathValue("id"))
	_, _ = w.Write([]byte(total))
}

func (a *API) allowed(ctx context.Context) bool {
	_, err := a.boundary.CheckTenantMembership(ctx)
	return err == nil
}

func (a *API) either(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		return
	}
	if r.Header.Get("X-Internal") == "" && !a.allowed(r.Context()) {
		return
	}
	total, _ := a.store.Total(r.Context(), sc, r.PathValue("id"))
	_, _ = w.Write([]byte(total))
}

// The helper takes the scope, and gets to the data by it: that it comes out well says no
// more than that there is a scope.
func (a *API) helped(w http.ResponseWriter, r *http.Request) {
	total, err := a.total(r.Context(), r.PathValue("id"))
	if err != nil {
		return
	}
	_, _ = w.Write([]byte(total))
}

func (a *API) total(ctx context.Context, id string) (string, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return "", err
	}
	return a.store.Total(ctx, sc, id)
}

// The handlers ask too late, on one branch only, or do not heed what they are told.
//
// case: guarded/inside-late
// case: guarded/inside-branch
// case: guarded/inside-failopen
// case: guarded/inside-ignored
// case: guarded/inside-either
// case: guarded/inside-helped
func Wrong(a *API) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /late/{id}", a.late)       // want `the guard of GET /late/\{id\} comes too late: its handler \(\*inside.API\).late reads cached data \(Client.Get\) first`
	mux.HandleFunc("GET /branch/{id}", a.branch)   // want `GET /branch/\{id\} is guarded on some paths only: its handler \(\*inside.API\).branch also reads cached data \(Client.Get\) without a check`
	mux.HandleFunc("GET /lenient/{id}", a.lenient) // want `GET /lenient/\{id\} fails open: its handler \(\*inside.API\).lenient reads cached data \(Client.Get\) though a check refused`
	mux.HandleFunc("GET /careless/{id}", a.careless)
	mux.HandleFunc("GET /either/{id}", a.either) // want `GET /either/\{id\} is guarded on some paths only`
	mux.HandleFunc("GET /helped/{id}", a.helped) // want `GET /helped/\{id\} is behind no membership guard, and its handler \(\*inside.API\).helped reads cached data \(Client.Get\)`
	return http.ListenAndServe(":8080", a.boundary.Middleware(mux))
}
