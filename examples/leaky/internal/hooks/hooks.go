// Package hooks keeps the addresses at which tenants want to be told what happens.
package hooks

import (
	"context"
	"net/http"

	"github.com/tenantvet/tenantvet/examples/leaky/internal/reply"
	"github.com/tenantvet/tenantvet/examples/leaky/internal/tables"
)

// Service serves hooks.
type Service struct{ queries *tables.Queries }

// New returns the service.
func New(queries *tables.Queries) *Service { return &Service{queries: queries} }

// Remove removes a hook.
//
// Leak 13, an id that the client sent and nobody has looked at: any hook will do.
func (s *Service) Remove(w http.ResponseWriter, r *http.Request) {
	err := s.queries.DeleteHook(r.Context(), r.PathValue("hook"))
	reply.With(w, nil, err)
}

// Name returns what a hook is called.
//
// Leak 14, the query that does not ask, although one that does stands beside it:
// that is up to every caller of Name then, and the next one may not know.
func (s *Service) Name(ctx context.Context, id string) (string, error) {
	hook, err := s.queries.GetHook(ctx, id)
	return hook.Name, err
}
