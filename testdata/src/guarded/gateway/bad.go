package gateway

import (
	"context"
	"net/http"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"

	"corpus/guarded/gateway/pb"
)

// The gateway calls the service itself: what is around the calls of gRPC is not around
// its own.
//
// case: guarded/gateway-local
func Local(ctx context.Context, g *Guards, s *Service) (*grpc.Server, error) {
	srv := grpc.NewServer(grpc.ChainUnaryInterceptor(g.unary))
	pb.RegisterInvoicesServer(srv, s)
	mux := runtime.NewServeMux()
	if err := pb.RegisterInvoicesHandlerServer(ctx, mux, s); err != nil { // want `none of the 2 routes of this runtime router that get to data of tenants is behind a membership guard: GET /v1/invoices/\{id\}, POST /v1/shops/\{name\}/invoices/\{name_2\}:drop`
		return nil, err
	}
	return srv, http.ListenAndServe(":8080", g.boundary.Middleware(mux))
}
