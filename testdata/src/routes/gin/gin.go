// Package gin registers routes on a gin engine, whose routes have what was used
// before them and nothing that comes later.
package gin

import "github.com/gin-gonic/gin"

type api struct{ guard *guard }

func (a *api) list(*gin.Context)  {}
func (a *api) write(*gin.Context) {}

type guard struct{}

// Role is known by what it is called with, wherever that is.
func (g *guard) Role(name string) gin.HandlerFunc {
	return func(c *gin.Context) {
		if name != "" {
			c.Next()
		}
	}
}

// New wires the service.
func New(debug bool) *gin.Engine {
	a := &api{guard: &guard{}}
	e := gin.Default()
	e.GET("/health", a.list)
	e.Use(auth)
	common := []gin.HandlerFunc{tenant}
	if debug {
		common = append(common, trace)
	}
	v1 := e.Group("/v1", common...)
	v1.GET("/orders", a.list)
	v1.POST("/orders", a.guard.Role("writer"), a.write)
	v1.Use(late)
	v1.DELETE("/orders/:id", a.write)
	register(v1.Group("/items"), "/:item", a.guard.Role("reader"), a.list)
	e.Match([]string{"GET", "POST"}, "/both", a.list)
	return e
}

// register is a helper: the routes are where it is called.
func register(g *gin.RouterGroup, path string, handlers ...gin.HandlerFunc) {
	g.Handle("GET", path, handlers...)
}

func auth(c *gin.Context)   { c.Next() }
func tenant(c *gin.Context) { c.Next() }
func trace(c *gin.Context)  { c.Next() }
func late(c *gin.Context)   { c.Next() }
