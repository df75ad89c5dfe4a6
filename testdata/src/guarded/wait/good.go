package wait

import (
	"net/http"

	"golang.org/x/sync/errgroup"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// beside asks for the membership while it looks something else up.
func (a *API) beside(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		return
	}
	g, ctx := errgroup.WithContext(r.Context())
	g.Go(func() error {
		_, err := a.boundary.CheckTenantMembership(ctx)
		return err
	})
	g.Go(func() error { return a.ping(ctx) })
	if err := g.Wait(); err != nil {
		http.Error(w, "forbidden", http.StatusForbidden)
		return
	}
	total, _ := a.store.Total(r.Context(), sc, r.PathValue("id"))
	_, _ = w.Write([]byte(total))
}

// member comes out well for members only.
func (a *API) member(r *http.Request) error {
	var g errgroup.Group
	g.Go(func() error { return a.ping(r.Context()) })
	g.Go(func() error {
		_, err := a.boundary.CheckTenantMembership(r.Context())
		return err
	})
	return g.Wait()
}

func (a *API) byMember(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil || a.member(r) != nil {
		return
	}
	total, _ := a.store.Total(r.Context(), sc, r.PathValue("id"))
	_, _ = w.Write([]byte(total))
}

// The handlers wait for what the guard says, and heed it.
//
// case: guarded/wait-beside clean
// case: guarded/wait-helper clean
// case: guarded/wait-carried clean
func Right(a *API) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /beside/{id}", a.beside)
	mux.HandleFunc("GET /member/{id}", a.byMember)
	return http.ListenAndServe(":8080", a.boundary.Middleware(mux))
}
