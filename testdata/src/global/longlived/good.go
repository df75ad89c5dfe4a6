package longlived

import (
	"context"
	"net/http"
	"sync"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// ScopedStore keeps entries by scope.
type ScopedStore struct {
	mu      sync.RWMutex
	entries map[string]string
}

// Serve keeps within the scope.
//
// case: longlived/scoped-key clean
func (s *ScopedStore) Serve(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries[sc.Tenant()+":"+sc.Env().String()+":"+r.PathValue("id")] = r.FormValue("text")
}

// tenantTraces is the state of one tenant's environment.
type tenantTraces struct {
	mu    sync.Mutex
	spans map[string][]Span
}

// Hub chooses the state by the scope; what is below it needs no more.
type Hub struct {
	mu        sync.Mutex
	perTenant map[tenant.Scope]*tenantTraces
}

func (h *Hub) of(sc tenant.Scope) *tenantTraces {
	h.mu.Lock()
	defer h.mu.Unlock()
	t, ok := h.perTenant[sc]
	if !ok {
		t = &tenantTraces{spans: map[string][]Span{}}
		h.perTenant[sc] = t
	}
	return t
}

// Write keeps a span in the state of its own tenant.
//
// case: longlived/per-tenant-object clean
func (h *Hub) Write(ctx context.Context, s Span) error {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return err
	}
	t := h.of(sc)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.spans[s.TraceID] = append(t.spans[s.TraceID], s)
	return nil
}

// Routes is filled while the service is put together and read from then on.
type Routes struct{ byName map[string]http.Handler }

// NewRoutes fills the map.
//
// case: longlived/filled-by-constructor clean
func NewRoutes(names ...string) *Routes {
	rt := &Routes{byName: map[string]http.Handler{}}
	for _, n := range names {
		rt.byName[n] = http.NotFoundHandler()
	}
	return rt
}

// ServeHTTP reads it.
func (rt *Routes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h, ok := rt.byName[r.PathValue("name")]; ok {
		h.ServeHTTP(w, r)
	}
}
