package grpc

import "google.golang.org/grpc"

// case: guarded/grpc-both clean
func Both(g *Guards, s *Service) *grpc.Server {
	srv := grpc.NewServer(grpc.ChainUnaryInterceptor(g.unary), grpc.ChainStreamInterceptor(g.stream))
	RegisterInvoicesServer(srv, s)
	return srv
}
