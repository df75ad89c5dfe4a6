// Package grpc wires a shop on gRPC.
package grpc

import (
	"context"

	"google.golang.org/grpc"
)

// What the generator of a service writes.
const (
	Invoices_Total_FullMethodName = "/shop.Invoices/Total"
	Invoices_Watch_FullMethodName = "/shop.Invoices/Watch"
)

// InvoicesServer is the service.
type InvoicesServer interface {
	Total(context.Context, *TotalRequest) (*TotalReply, error)
	Watch(*TotalRequest, grpc.ServerStream) error
}

// TotalRequest and TotalReply are its messages.
type (
	TotalRequest struct{ ID string }
	TotalReply   struct{ Total string }
)

// RegisterInvoicesServer registers the service.
func RegisterInvoicesServer(s grpc.ServiceRegistrar, srv InvoicesServer) {
	s.RegisterService(&grpc.ServiceDesc{ServiceName: "shop.Invoices"}, srv)
}
