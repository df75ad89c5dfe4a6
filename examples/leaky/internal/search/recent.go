package search

import (
	"net/http"
	"sync"

	"github.com/tenantvet/tenantvet/examples/leaky/internal/reply"
)

var (
	recentMu sync.Mutex
	recent   []string
)

// Recent serves what was searched for, and keeps what is.
//
// Leak 24, a list that grows with every request: the next one reads what all others
// looked for.
func Recent(w http.ResponseWriter, r *http.Request) {
	recentMu.Lock()
	defer recentMu.Unlock()
	recent = append(recent, r.FormValue("q"))
	reply.With(w, recent, nil)
}
