package flight

import (
	"context"
	"net/http"

	tenant "github.com/tenantvet/tenantvet/runtime"
	"golang.org/x/sync/singleflight"
)

// Fetcher loads documents once per scope.
type Fetcher struct {
	group  singleflight.Group
	scoped tenant.Group[[]byte]
	load   func(ctx context.Context, id string) ([]byte, error)
}

// Show shares within the scope only.
//
// case: flight/scoped clean
func (f *Fetcher) Show(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	id := r.PathValue("doc")
	v, err, _ := f.group.Do(sc.Tenant()+":"+sc.Env().String()+":"+id, func() (any, error) {
		return f.load(r.Context(), id)
	})
	if err != nil {
		http.NotFound(w, r)
		return
	}
	_, _ = w.Write(v.([]byte))
}

// Group uses the runtime's own, which is keyed by scope.
//
// case: flight/runtime-group clean
func (f *Fetcher) Group(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	id := r.PathValue("doc")
	body, _, err := f.scoped.Do(r.Context(), sc, id, func() ([]byte, error) { return f.load(r.Context(), id) })
	if err != nil {
		http.NotFound(w, r)
		return
	}
	_, _ = w.Write(body)
}
