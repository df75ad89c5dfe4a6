package gateway

import (
	"context"
	"net/http"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"

	"corpus/guarded/gateway/pb"
)

// The gateway's own middleware asks.
//
// case: guarded/gateway-middleware clean
func Middleware(ctx context.Context, g *Guards, s *Service) error {
	mux := runtime.NewServeMux(runtime.WithMiddlewares(g.member))
	if err := pb.RegisterInvoicesHandlerServer(ctx, mux, s); err != nil {
		return err
	}
	return http.ListenAndServe(":8080", g.boundary.Middleware(mux))
}

type connection interface {
	Invoke(ctx context.Context, method string, args, reply any) error
}

// The gateway calls the service over a connection, so that the interceptor asks.
//
// case: guarded/gateway-connection clean
func Connection(ctx context.Context, g *Guards, s *Service, cc connection) error {
	srv := grpc.NewServer(grpc.ChainUnaryInterceptor(g.unary))
	pb.RegisterInvoicesServer(srv, s)
	mux := runtime.NewServeMux()
	if err := pb.RegisterInvoicesHandler(ctx, mux, cc); err != nil {
		return err
	}
	return http.ListenAndServe(":8080", mux)
}
