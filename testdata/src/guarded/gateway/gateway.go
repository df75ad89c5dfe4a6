// Package gateway serves a service of gRPC over HTTP, too.
package gateway

import (
	"context"
	"net/http"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	tenant "github.com/tenantvet/tenantvet/runtime"
	"google.golang.org/grpc"

	"corpus/guarded/gateway/pb"
	"corpus/guarded/shop"
)

// Service serves invoices.
type Service struct{ store *shop.Store }

// Total returns a total.
func (s *Service) Total(ctx context.Context, req *pb.Request) (*pb.Reply, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	total, err := s.store.Total(ctx, sc, req.ID)
	return &pb.Reply{Text: total}, err
}

// Drop forgets a total.
func (s *Service) Drop(ctx context.Context, req *pb.Request) (*pb.Reply, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	return &pb.Reply{}, s.store.Drop(ctx, sc, req.ID)
}

// Ping answers anybody.
func (s *Service) Ping(context.Context, *pb.Request) (*pb.Reply, error) {
	return &pb.Reply{Text: "pong"}, nil
}

// Guards lets members on.
type Guards struct{ boundary *tenant.Boundary }

func (g *Guards) unary(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	ctx, err := g.boundary.Admit(ctx, http.Header{})
	if err != nil {
		return nil, err
	}
	if ctx, err = g.boundary.AdmitTenantMembership(ctx); err != nil {
		return nil, err
	}
	return handler(ctx, req)
}

func (g *Guards) member(next runtime.HandlerFunc) runtime.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request, pathParams map[string]string) {
		if _, err := g.boundary.CheckTenantMembership(r.Context()); err != nil {
			http.Error(w, "forbidden", http.StatusForbidden)
			return
		}
		next(w, r, pathParams)
	}
}
