// Package presence knows who is there.
package presence

import (
	"net/http"
	"sync"
	"time"

	tenant "github.com/tenantvet/tenantvet/runtime"

	"github.com/tenantvet/tenantvet/examples/leaky/internal/ledger"
	"github.com/tenantvet/tenantvet/examples/leaky/internal/reply"
)

// Leak 6, a package-level map keyed by a raw id: every tenant has an ann, and
// all of them see when any of them was there.
var (
	mu       sync.Mutex
	lastSeen = make(map[string]time.Time)
)

// Service serves who is there.
type Service struct {
	typing tenant.Map[time.Time]
}

// New returns the service.
func New() *Service { return new(Service) }

// LastSeen notes that the caller is there, and serves when a user was last.
func (s *Service) LastSeen(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		reply.Error(w, err)
		return
	}
	mu.Lock()
	lastSeen[sc.User()] = time.Now()
	at, ok := lastSeen[r.PathValue("user")]
	mu.Unlock()
	if !ok {
		reply.Error(w, ledger.ErrNotFound)
		return
	}
	reply.With(w, at, nil)
}

// Typing notes that the caller is typing, and serves when a user last was: the
// twin of LastSeen.
func (s *Service) Typing(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		reply.Error(w, err)
		return
	}
	if err := s.typing.Store(sc, sc.User(), time.Now()); err != nil {
		reply.Error(w, err)
		return
	}
	at, ok, err := s.typing.Load(sc, r.PathValue("user"))
	if err == nil && !ok {
		err = ledger.ErrNotFound
	}
	reply.With(w, at, err)
}
