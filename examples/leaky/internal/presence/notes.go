package presence

import (
	"io"
	"net/http"
	"sync"

	"github.com/tenantvet/tenantvet/examples/leaky/internal/reply"
)

// Notes keeps what people say of themselves, for as long as the process lives.
type Notes struct {
	mu   sync.Mutex
	text map[string]string
}

// NewNotes returns notes.
func NewNotes() *Notes { return &Notes{text: make(map[string]string)} }

// Note serves a note, and keeps the one that is sent.
//
// Leak 23, a map of the service in place of one of the package: one service serves
// all tenants, so it is the same.
func (n *Notes) Note(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(io.LimitReader(r.Body, 1<<10))
	if err != nil {
		reply.Error(w, err)
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	user := r.PathValue("user")
	if len(text) > 0 {
		n.text[user] = string(text)
	}
	reply.With(w, n.text[user], nil)
}
