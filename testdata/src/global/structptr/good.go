package structptr

import (
	"net/http"
	"sync"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

type scopedManager struct {
	mu      sync.Mutex
	entries map[tenant.Scope]map[string]string
}

var scopedInstance = &scopedManager{entries: map[tenant.Scope]map[string]string{}}

// SaveScoped writes below the scope.
//
// case: structptr/scoped clean
func SaveScoped(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	m := scopedInstance
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.entries[sc] == nil {
		m.entries[sc] = map[string]string{}
	}
	m.entries[sc][r.PathValue("id")] = r.FormValue("text")
}
