package tenantgrpc_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	tenantgrpc "github.com/tenantvet/tenantvet/contrib/grpc"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// newBoundary is a boundary with outside parts that know one user.
func newBoundary() (*tenant.Boundary, error) {
	prod, err := tenant.ParseEnv("prod")
	if err != nil {
		return nil, err
	}
	return tenant.New(tenant.Config{
		Env:         prod,
		AllowedEnvs: []tenant.Env{prod},
		Claims:      tenant.Names{Tenant: "org", User: "sub", Env: tenant.Unused, Role: tenant.Unused},
		Headers:     tenant.Names{Tenant: tenant.Unused, User: tenant.Unused, Env: tenant.Unused, Role: tenant.Unused},
		Authenticator: tenant.AuthenticatorFunc(func(_ context.Context, h tenant.Header) (tenant.Claims, error) {
			if h == nil || strings.Join(h.Values("Authorization"), ",") != "Bearer ann's token" {
				return nil, errors.New("no valid token")
			}
			return tenant.MapClaims{"sub": "ann", "org": "acme"}, nil
		}),
		Directory: tenant.DirectoryFunc(func(context.Context, string, tenant.Env) ([]tenant.Binding, error) {
			return []tenant.Binding{{Tenant: "acme", Policy: "standard"}}, nil
		}),
		Authority: tenant.AuthorityFunc(func(_ context.Context, sc tenant.Scope) (tenant.Standing, error) {
			return tenant.Standing{Member: sc.User() == "ann"}, nil
		}),
		KeySecret: []byte("32 random bytes from the secrets"),
		Timeout:   2 * time.Second,
	})
}

// health is a service that tells each tenant how it is.
type health struct {
	grpc_health_v1.UnimplementedHealthServer
}

func (health) Check(ctx context.Context, _ *grpc_health_v1.HealthCheckRequest) (*grpc_health_v1.HealthCheckResponse, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return nil, tenantgrpc.Error(ctx, err)
	}
	fmt.Println("asked by", sc.Tenant())
	return &grpc_health_v1.HealthCheckResponse{Status: grpc_health_v1.HealthCheckResponse_SERVING}, nil
}

func Example() {
	boundary, err := newBoundary()
	if err != nil {
		log.Fatal(err)
	}
	guard, err := tenantgrpc.New(tenantgrpc.Config{
		Boundary: boundary,
		Rules: map[string]tenantgrpc.Rule{
			"/grpc.health.v1.Health/*":     tenantgrpc.Membership(),
			"/grpc.health.v1.Health/Watch": tenantgrpc.Role("operator"),
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer(guard.ServerOptions()...)
	grpc_health_v1.RegisterHealthServer(server, health{})
	if err := guard.Covers(server); err != nil {
		log.Fatal(err)
	}

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }() // until Stop
	defer server.Stop()
	conn, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	client := grpc_health_v1.NewHealthClient(conn)
	for _, token := range []string{"ann's token", "a guess"} {
		ctx := metadata.AppendToOutgoingContext(context.Background(), "authorization", "Bearer "+token)
		_, err := client.Check(ctx, &grpc_health_v1.HealthCheckRequest{})
		fmt.Println(status.Code(err))
		watch, err := client.Watch(ctx, &grpc_health_v1.HealthCheckRequest{})
		if err == nil {
			_, err = watch.Recv()
		}
		fmt.Println(status.Code(err))
	}
	// Output:
	// asked by acme
	// OK
	// PermissionDenied
	// Unauthenticated
	// Unauthenticated
}
