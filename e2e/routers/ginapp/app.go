// Package ginapp wires a gin engine in every way that services do.
package ginapp

import "github.com/gin-gonic/gin"

// Handlers are the handlers of the service.
type Handlers struct {
	Orders *Orders
	Users  *Users
}

// Orders handles orders.
type Orders struct{}

// Users handles users.
type Users struct{}

func (*Orders) List(*gin.Context)   {}
func (*Orders) Create(*gin.Context) {}
func (*Users) Me(*gin.Context)      {}
func (*Users) Delete() gin.HandlerFunc {
	return func(*gin.Context) {}
}

type guards struct{}

func (g *guards) Admin() gin.HandlerFunc { return g.role("admin") }

func (g *guards) role(string) gin.HandlerFunc { return func(*gin.Context) {} }

func (g *guards) group(r *gin.RouterGroup, name string) *gin.RouterGroup {
	return r.Group(name, g.role(name))
}

// New returns the engine of the service.
func New(h Handlers, tracing bool) *gin.Engine {
	e := gin.New()
	e.Use(gin.Recovery(), requestID)
	e.GET("/health", ok)
	public := e.Group("/")
	public.POST("/login", ok)
	private := e.Group("/v1", auth("jwt"))
	private.Use(tenant)
	if tracing {
		private.Use(trace)
	}
	orders := private.Group("/orders")
	{
		orders.GET("", h.Orders.List)
		orders.POST("", write("orders"), h.Orders.Create)
	}
	orders.Use(late)
	g := &guards{}
	users := g.group(private, "/users")
	users.GET("/me", h.Users.Me)
	users.DELETE("/:id", g.Admin(), h.Users.Delete())
	users.Handle("OPTIONS", "/:id", ok)
	users.Match([]string{"GET", "POST"}, "/both", ok)
	e.Any("/any/*rest", ok)
	for _, p := range []string{"/x", "/y"} {
		private.GET(p, ok)
	}
	return e
}

func ok(*gin.Context)        {}
func requestID(*gin.Context) {}
func tenant(*gin.Context)    {}
func trace(*gin.Context)     {}
func late(*gin.Context)      {}

func auth(string) gin.HandlerFunc  { return func(*gin.Context) {} }
func write(string) gin.HandlerFunc { return func(*gin.Context) {} }
