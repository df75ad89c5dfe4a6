// Package oapiapp serves what oapi-codegen writes for the routers that it knows, with
// middleware in every place that it has for it. Each middleware says in the header
// X-Passed that it was there.
package oapiapp

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/mux"
	"github.com/labstack/echo/v4"

	"github.com/tenantvet/tenantvet/e2e/routers/oapiapp/genchi"
	"github.com/tenantvet/tenantvet/e2e/routers/oapiapp/genecho"
	"github.com/tenantvet/tenantvet/e2e/routers/oapiapp/genfiber"
	"github.com/tenantvet/tenantvet/e2e/routers/oapiapp/gengin"
	"github.com/tenantvet/tenantvet/e2e/routers/oapiapp/gengorilla"
	"github.com/tenantvet/tenantvet/e2e/routers/oapiapp/gengorillaordered"
	"github.com/tenantvet/tenantvet/e2e/routers/oapiapp/genstdhttp"
)

func pass(w http.ResponseWriter, name string) { w.Header().Add("X-Passed", name) }

func routed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { pass(w, "routed"); next.ServeHTTP(w, r) })
}

func first(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { pass(w, "first"); next.ServeHTTP(w, r) })
}

func second(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { pass(w, "second"); next.ServeHTTP(w, r) })
}

// Server takes requests as they are.
type Server struct{}

// ListOrders answers.
func (*Server) ListOrders(w http.ResponseWriter, r *http.Request) {}

// AddOrder answers.
func (*Server) AddOrder(w http.ResponseWriter, r *http.Request) {}

// Chi applies middleware last to first; the strict ones as well.
func Chi() http.Handler {
	r := chi.NewRouter()
	r.Use(routed)
	strict := genchi.NewStrictHandler(StrictChi{}, []genchi.StrictMiddlewareFunc{strictFirst, strictSecond})
	return genchi.HandlerWithOptions(strict, genchi.ChiServerOptions{
		BaseURL: "/chi", BaseRouter: r, Middlewares: []genchi.MiddlewareFunc{first, second},
	})
}

func strictFirst(f genchi.StrictHandlerFunc, operation string) genchi.StrictHandlerFunc {
	return func(ctx context.Context, w http.ResponseWriter, r *http.Request, request any) (any, error) {
		pass(w, "strictFirst")
		return f(ctx, w, r, request)
	}
}

func strictSecond(f genchi.StrictHandlerFunc, operation string) genchi.StrictHandlerFunc {
	return func(ctx context.Context, w http.ResponseWriter, r *http.Request, request any) (any, error) {
		pass(w, "strictSecond")
		return f(ctx, w, r, request)
	}
}

// StrictChi takes requests and returns answers.
type StrictChi struct{}

// ListOrders answers.
func (StrictChi) ListOrders(context.Context, genchi.ListOrdersRequestObject) (genchi.ListOrdersResponseObject, error) {
	return genchi.ListOrders204Response{}, nil
}

// AddOrder answers.
func (StrictChi) AddOrder(context.Context, genchi.AddOrderRequestObject) (genchi.AddOrderResponseObject, error) {
	return genchi.AddOrder204Response{}, nil
}

// Gorilla applies middleware last to first.
func Gorilla() http.Handler {
	r := mux.NewRouter()
	r.Use(routed)
	return gengorilla.HandlerWithOptions(&plain{}, gengorilla.GorillaServerOptions{
		BaseURL: "/gorilla", BaseRouter: r, Middlewares: []gengorilla.MiddlewareFunc{first, second},
	})
}

// Ordered was generated with the setting that turns that round.
func Ordered() http.Handler {
	return gengorillaordered.HandlerWithOptions(&Server{}, gengorillaordered.GorillaServerOptions{
		BaseURL: "/ordered", Middlewares: []gengorillaordered.MiddlewareFunc{first, second},
	})
}

// plain has the methods of what it holds.
type plain struct{ Server }

// Std hands over a mux, by an interface, or none.
func Std() http.Handler {
	m := http.NewServeMux()
	genstdhttp.HandlerFromMuxWithBaseURL(&Server{}, m, "/plain")
	genstdhttp.HandlerWithOptions(&Server{}, genstdhttp.StdHTTPServerOptions{
		BaseURL: "/std", BaseRouter: m, Middlewares: []genstdhttp.MiddlewareFunc{first, second},
	})
	m.Handle("/own/", genstdhttp.HandlerWithOptions(&Server{}, genstdhttp.StdHTTPServerOptions{BaseURL: "/own"}))
	return routed(m)
}

// Gin applies middleware in its order.
func Gin() http.Handler {
	r := gin.New()
	r.Use(ginRouted)
	strict := gengin.NewStrictHandler(ginServer{}, []gengin.StrictMiddlewareFunc{ginStrict})
	gengin.RegisterHandlersWithOptions(r, strict, gengin.GinServerOptions{
		BaseURL: "/gin", Middlewares: []gengin.MiddlewareFunc{ginFirst, ginSecond},
	})
	return r
}

func ginRouted(c *gin.Context) { pass(c.Writer, "ginRouted") }
func ginFirst(c *gin.Context)  { pass(c.Writer, "ginFirst") }
func ginSecond(c *gin.Context) { pass(c.Writer, "ginSecond") }

func ginStrict(f gengin.StrictHandlerFunc, operation string) gengin.StrictHandlerFunc {
	return func(c *gin.Context, request any) (any, error) {
		pass(c.Writer, "ginStrict")
		return f(c, request)
	}
}

type ginServer struct{}

func (ginServer) ListOrders(context.Context, gengin.ListOrdersRequestObject) (gengin.ListOrdersResponseObject, error) {
	return gengin.ListOrders204Response{}, nil
}

func (ginServer) AddOrder(context.Context, gengin.AddOrderRequestObject) (gengin.AddOrderResponseObject, error) {
	return gengin.AddOrder204Response{}, nil
}

// Echo has middleware for single operations, by their name.
func Echo() http.Handler {
	e := echo.New()
	e.Use(echoRouted)
	genecho.RegisterHandlersWithOptions(e, echoServer{}, genecho.RegisterHandlersOptions{
		BaseURL: "/echo", OperationMiddlewares: map[string][]echo.MiddlewareFunc{"addOrder": {echoFirst, echoSecond}},
	})
	genecho.RegisterHandlers(e.Group("/group", echoFirst), echoServer{})
	return e
}

func echoRouted(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error { pass(c.Response(), "echoRouted"); return next(c) }
}

func echoFirst(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error { pass(c.Response(), "echoFirst"); return next(c) }
}

func echoSecond(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error { pass(c.Response(), "echoSecond"); return next(c) }
}

type echoServer struct{}

func (echoServer) ListOrders(echo.Context) error { return nil }
func (echoServer) AddOrder(echo.Context) error   { return nil }

// Fiber has middleware of the router, and of the handlers, in their order.
func Fiber() *fiber.App {
	app := fiber.New()
	genfiber.RegisterHandlersWithOptions(app, fiberServer{}, genfiber.FiberServerOptions{
		BaseURL:            "/fiber",
		Middlewares:        []genfiber.MiddlewareFunc{fiberRouted},
		HandlerMiddlewares: []genfiber.HandlerMiddlewareFunc{fiberFirst, fiberSecond},
	})
	return app
}

func fiberRouted(c *fiber.Ctx) error {
	c.Append("X-Passed", "fiberRouted")
	return c.Next()
}

func fiberFirst(c *fiber.Ctx, next fiber.Handler) error {
	c.Append("X-Passed", "fiberFirst")
	return next(c)
}

func fiberSecond(c *fiber.Ctx, next fiber.Handler) error {
	c.Append("X-Passed", "fiberSecond")
	return next(c)
}

type fiberServer struct{}

func (fiberServer) ListOrders(*fiber.Ctx) error { return nil }
func (fiberServer) AddOrder(*fiber.Ctx) error   { return nil }
