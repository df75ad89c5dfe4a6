package inside

import (
	"context"
	"errors"
	"net/http"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

func (a *API) first(w http.ResponseWriter, r *http.Request) {
	m, err := a.boundary.CheckTenantMembership(r.Context())
	if err != nil {
		http.Error(w, "forbidden", http.StatusForbidden)
		return
	}
	total, _ := a.store.Total(r.Context(), m.Scope(), r.PathValue("id"))
	_, _ = w.Write([]byte(total))
}

func (a *API) byHelper(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil || !a.allowed(r.Context()) {
		return
	}
	total, _ := a.store.Total(r.Context(), sc, r.PathValue("id"))
	_, _ = w.Write([]byte(total))
}

var errForbidden = errors.New("forbidden")

// scope hands a scope out to members only.
func (a *API) scope(r *http.Request) (tenant.Scope, error) {
	m, err := a.boundary.CheckTenantMembership(r.Context())
	if err != nil {
		return tenant.Scope{}, errForbidden
	}
	return m.Scope(), nil
}

func (a *API) byScope(w http.ResponseWriter, r *http.Request) {
	sc, err := a.scope(r)
	if err != nil {
		return
	}
	func() {
		total, _ := a.store.Total(r.Context(), sc, r.PathValue("id"))
		_, _ = w.Write([]byte(total))
	}()
}

func (a *API) twoWays(w http.ResponseWriter, r *http.Request) {
	var sc tenant.Scope
	if r.Method == http.MethodGet {
		m, err := a.boundary.CheckTenantMembership(r.Context())
		if err != nil {
			return
		}
		sc = m.Scope()
	} else {
		m, err := a.boundary.CheckTenantMembership(r.Context())
		if err != nil {
			return
		}
		sc = m.Scope()
	}
	total, _ := a.store.Total(r.Context(), sc, r.PathValue("id"))
	_, _ = w.Write([]byte(total))
}

// guarded wraps handlers that are written as functions of a proof.
func (a *API) guarded(h func(http.ResponseWriter, *http.Request, tenant.Membership)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		m, err := a.boundary.CheckTenantMembership(r.Context())
		if err != nil {
			http.Error(w, "forbidden", http.StatusForbidden)
			return
		}
		h(w, r, m)
	}
}

func (a *API) proven(w http.ResponseWriter, r *http.Request, m tenant.Membership) {
	total, _ := a.store.Total(r.Context(), m.Scope(), r.PathValue("id"))
	_, _ = w.Write([]byte(total))
}

func (a *API) helpedMember(w http.ResponseWriter, r *http.Request) {
	total, _ := a.memberTotal(r.Context(), r.PathValue("id"))
	_, _ = w.Write([]byte(total))
}

func (a *API) memberTotal(ctx context.Context, id string) (string, error) {
	m, err := a.boundary.CheckTenantMembership(ctx)
	if err != nil {
		return "", err
	}
	return a.store.Total(ctx, m.Scope(), id)
}

// The handlers ask before they read anything, and heed what they are told.
//
// case: guarded/inside-first clean
// case: guarded/inside-helper clean
// case: guarded/inside-scope clean
// case: guarded/inside-two-ways clean
// case: guarded/inside-wrapper clean
// case: guarded/inside-helped-member clean
func Right(a *API) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /first/{id}", a.first)
	mux.HandleFunc("GET /helper/{id}", a.byHelper)
	mux.HandleFunc("GET /scope/{id}", a.byScope)
	mux.HandleFunc("GET /ways/{id}", a.twoWays)
	mux.HandleFunc("GET /proven/{id}", a.guarded(a.proven))
	mux.HandleFunc("GET /helped/{id}", a.helpedMember)
	return http.ListenAndServe(":8080", a.boundary.Middleware(mux))
}
