// Package others wires the routers that cannot be asked for their routes.
package others

import (
	"context"
	"net/http"

	"connectrpc.com/connect"
	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	fiber3 "github.com/gofiber/fiber/v3"
	"github.com/hibiken/asynq"
	"github.com/julienschmidt/httprouter"
	"github.com/justinas/alice"
	echo5 "github.com/labstack/echo/v5"
	"google.golang.org/grpc"
	health "google.golang.org/grpc/health/grpc_health_v1"

	healthconnect "github.com/tenantvet/tenantvet/e2e/routers/healthconnect"
)

type in struct {
	ID string `path:"id"`
}

type out struct{ Body string }

// Huma stands on a chi router.
func Huma(secret string) http.Handler {
	r := chi.NewMux()
	r.Use(std)
	api := humachi.New(r, huma.DefaultConfig("api", "1"))
	huma.Get(api, "/early", get)
	api.UseMiddleware(humaAuth)
	huma.Register(api, huma.Operation{Method: http.MethodPut, Path: "/things/{id}", Middlewares: huma.Middlewares{humaRole("writer")}}, get)
	g := huma.NewGroup(api, "/v1")
	g.UseMiddleware(humaRole("member"))
	huma.Post(g, "/things", get)
	return r
}

func get(context.Context, *in) (*out, error) { return &out{}, nil }

func humaAuth(ctx huma.Context, next func(huma.Context)) { next(ctx) }

func humaRole(string) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) { next(ctx) }
}

// Fiber2 lists everything in one order.
func Fiber2() *fiber.App {
	app := fiber.New()
	app.Use(f2a)
	app.Get("/first", f2h)
	api := app.Group("/api", f2b)
	api.Post("/x", f2role("x"), f2h)
	app.Use("/api", f2c)
	api.Get("/y", f2h)
	app.Add("DELETE", "/z", f2h)
	return app
}

func f2a(c *fiber.Ctx) error { return c.Next() }
func f2b(c *fiber.Ctx) error { return c.Next() }
func f2c(c *fiber.Ctx) error { return c.Next() }
func f2h(*fiber.Ctx) error   { return nil }

func f2role(string) fiber.Handler { return func(c *fiber.Ctx) error { return c.Next() } }

// Fiber3 takes the handlers of a route in the order in which they run.
func Fiber3() *fiber3.App {
	app := fiber3.New()
	app.Use(f3a)
	app.Get("/x", f3a, f3h)
	app.Group("/g", f3a).Post("/y", f3h)
	return app
}

func f3a(c fiber3.Ctx) error { return c.Next() }
func f3h(fiber3.Ctx) error   { return nil }

// Echo5 is the next echo.
func Echo5() *echo5.Echo {
	e := echo5.New()
	g := e.Group("/g", e5)
	g.GET("/x", e5h, e5)
	e.AddRoute(echo5.Route{Method: "POST", Path: "/r", Handler: e5h, Middlewares: []echo5.MiddlewareFunc{e5}})
	return e
}

func e5(next echo5.HandlerFunc) echo5.HandlerFunc {
	return func(c *echo5.Context) error { return next(c) }
}
func e5h(*echo5.Context) error { return nil }

// Router wraps its handlers in a chain.
func Router() http.Handler {
	r := httprouter.New()
	base := alice.New(std)
	auth := base.Append(std2)
	r.Handler("GET", "/open", base.ThenFunc(handle))
	r.Handler("GET", "/closed/:id", auth.Then(http.HandlerFunc(handle)))
	r.POST("/raw", raw)
	return base.Then(r)
}

func raw(http.ResponseWriter, *http.Request, httprouter.Params) {}
func handle(http.ResponseWriter, *http.Request)                 {}

func std(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
}

func std2(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
}

// Service implements what a generator declared.
type Service struct {
	health.UnimplementedHealthServer
}

// Check answers.
func (s *Service) Check(context.Context, *health.HealthCheckRequest) (*health.HealthCheckResponse, error) {
	return &health.HealthCheckResponse{}, nil
}

// GRPC has one chain for calls and another for streams.
func GRPC() *grpc.Server {
	opts := []grpc.ServerOption{
		grpc.MaxConcurrentStreams(7),
		grpc.ChainUnaryInterceptor(logUnary, tenantUnary("shop")),
	}
	opts = append(opts, grpc.StreamInterceptor(logStream))
	s := grpc.NewServer(opts...)
	health.RegisterHealthServer(s, &Service{})
	return s
}

func logUnary(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	return next(ctx, req)
}

func tenantUnary(string) grpc.UnaryServerInterceptor { return logUnary }

func logStream(srv any, ss grpc.ServerStream, _ *grpc.StreamServerInfo, next grpc.StreamHandler) error {
	return next(srv, ss)
}

// Connect registers a handler by hand, with its interceptors.
func Connect() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/ping", connect.NewUnaryHandler("/ping", ping, connect.WithInterceptors(tracer{})))
	mux.Handle(healthconnect.NewHealthHandler(&checker{}, connect.WithCompressMinBytes(9), connect.WithInterceptors(tracer{}, connect.UnaryInterceptorFunc(unary))))
	return mux
}

type checker struct {
	healthconnect.UnimplementedHealthHandler
}

func (*checker) Check(context.Context, *connect.Request[health.HealthCheckRequest]) (*connect.Response[health.HealthCheckResponse], error) {
	return connect.NewResponse(&health.HealthCheckResponse{}), nil
}

func unary(next connect.UnaryFunc) connect.UnaryFunc { return next }

func ping(context.Context, *connect.Request[health.HealthCheckRequest]) (*connect.Response[health.HealthCheckResponse], error) {
	return connect.NewResponse(&health.HealthCheckResponse{}), nil
}

type tracer struct{ connect.Interceptor }

// Tasks come from a queue.
func Tasks() *asynq.ServeMux {
	mux := asynq.NewServeMux()
	mux.HandleFunc("mail:send", send)
	mux.Handle("invoice:close", &closer{})
	mux.Use(logged)
	return mux
}

func send(context.Context, *asynq.Task) error { return nil }

func logged(next asynq.Handler) asynq.Handler {
	return asynq.HandlerFunc(func(ctx context.Context, t *asynq.Task) error { return next.ProcessTask(ctx, t) })
}

type closer struct{}

func (*closer) ProcessTask(context.Context, *asynq.Task) error { return nil }
