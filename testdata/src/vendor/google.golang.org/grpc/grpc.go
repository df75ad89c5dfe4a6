// Package grpc is a stub of the library: what it declares is declared like this
// by the real one.
package grpc

import "context"

type ServiceRegistrar interface {
	RegisterService(desc *ServiceDesc, impl any)
}

type ServiceDesc struct{ ServiceName string }

type Server struct{ n int }

func (s *Server) RegisterService(sd *ServiceDesc, ss any) {}

type ServerOption interface{ apply() }

func NewServer(opt ...ServerOption) *Server { return &Server{} }

type (
	UnaryHandler           func(ctx context.Context, req any) (any, error)
	UnaryServerInfo        struct{ FullMethod string }
	UnaryServerInterceptor func(ctx context.Context, req any, info *UnaryServerInfo, handler UnaryHandler) (resp any, err error)

	StreamHandler           func(srv any, stream ServerStream) error
	StreamServerInfo        struct{ FullMethod string }
	StreamServerInterceptor func(srv any, ss ServerStream, info *StreamServerInfo, handler StreamHandler) error
)

type ServerStream interface{ Context() context.Context }

func ChainUnaryInterceptor(interceptors ...UnaryServerInterceptor) ServerOption   { return nil }
func ChainStreamInterceptor(interceptors ...StreamServerInterceptor) ServerOption { return nil }
