// Package service registers the methods of a service, by rows of the policy.
package service

import (
	"context"

	tenant "github.com/tenantvet/tenantvet/runtime"

	"corpus/guarded/service/gen"
	"corpus/guarded/shop"
)

// Lax looks at no membership.
type Lax struct{ store *shop.Store }

// Get returns a total.
func (l *Lax) Get(ctx context.Context, id string) (string, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return "", err
	}
	return l.store.Total(ctx, sc, id)
}

// Drop forgets a total.
func (l *Lax) Drop(ctx context.Context, id string) error {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return err
	}
	return l.store.Drop(ctx, sc, id)
}

// The methods of a service that asks for nothing.
//
// case: guarded/service-lax
func Open(l *Lax) {
	gen.Mount(gen.NewEndpoints(l)) // want `none of the 2 routes of this gen router that get to data of tenants is behind a membership guard: RPC /totals/Drop, RPC /totals/Get`
}
