// Package longlived has services that live as long as the process and keep
// state in fields.
package longlived

import (
	"context"
	"net/http"
	"sync"
)

// Store is made once, in main.
type Store struct {
	mu      sync.RWMutex
	entries map[string]string
}

// NewStore returns a store.
func NewStore() *Store { return &Store{entries: map[string]string{}} }

// Serve keeps by bare id.
//
// case: longlived/handler
func (s *Store) Serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries[r.PathValue("id")] = r.FormValue("text") // want `field entries of long-lived Store`
}

// Span is a record.
type Span struct {
	TraceID string
	Service string
}

// Traces keeps spans by what they say of themselves.
type Traces struct {
	mu    sync.Mutex
	spans map[string][]Span
}

// Write keeps by a field of the record, whichever tenant sent it.
//
// case: longlived/record-field
func (t *Traces) Write(ctx context.Context, s Span) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.spans == nil {
		t.spans = map[string][]Span{}
	}
	t.spans[s.TraceID] = append(t.spans[s.TraceID], s) // want `field spans of long-lived Traces`
	return nil
}
