// Package gen is what a generator makes of a service.
package gen

import "context"

// ServiceName is what the service is called.
const ServiceName = "totals"

// Service is the service.
type Service interface {
	Get(ctx context.Context, id string) (string, error)
	Drop(ctx context.Context, id string) error
}

// Endpoints are the methods of the service, ready to be served.
type Endpoints struct{ n int }

// NewEndpoints returns the methods of a service, ready to be served.
func NewEndpoints(s Service) *Endpoints { return &Endpoints{} }

// Mount serves the methods.
func Mount(e *Endpoints) {}
