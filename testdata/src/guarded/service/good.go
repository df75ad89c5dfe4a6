package service

import (
	"context"

	tenant "github.com/tenantvet/tenantvet/runtime"

	"corpus/guarded/service/gen"
	"corpus/guarded/shop"
)

// Strict asks for the membership in every method.
type Strict struct {
	boundary *tenant.Boundary
	store    *shop.Store
}

// Get returns a total.
func (s *Strict) Get(ctx context.Context, id string) (string, error) {
	m, err := s.boundary.CheckTenantMembership(ctx)
	if err != nil {
		return "", err
	}
	return s.store.Total(ctx, m.Scope(), id)
}

// Drop forgets a total.
func (s *Strict) Drop(ctx context.Context, id string) error {
	m, err := s.boundary.CheckTenantMembership(ctx)
	if err != nil {
		return err
	}
	defer recover()
	return s.store.Drop(ctx, m.Scope(), id)
}

// case: guarded/service-strict clean
func Guarded(s *Strict) {
	gen.Mount(gen.NewEndpoints(s))
}
