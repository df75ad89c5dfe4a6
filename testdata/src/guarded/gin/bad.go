// Package gin wires a shop on gin.
package gin

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"corpus/guarded/shop"
)

// API serves invoices.
type API struct {
	*shop.API
}

func (a *API) get(c *gin.Context)    { a.Get(nil, c.Request) }
func (a *API) remove(c *gin.Context) { a.Delete(nil, c.Request) }
func (a *API) about(c *gin.Context)  { c.String(http.StatusOK, "invoices") }

// admit and member are guards by what they do: who is refused goes no further.
func (a *API) admit(c *gin.Context) {
	ctx, err := a.Boundary.Admit(c.Request.Context(), c.Request.Header)
	if err != nil {
		c.AbortWithStatus(http.StatusUnauthorized)
		return
	}
	c.Request = c.Request.WithContext(ctx)
	c.Next()
}

func (a *API) member() gin.HandlerFunc {
	return func(c *gin.Context) {
		if _, err := a.Boundary.CheckTenantMembership(c.Request.Context()); err != nil {
			refuse(c, http.StatusForbidden)
			return
		}
		c.Next()
	}
}

func refuse(c *gin.Context, code int) {
	c.Status(code)
	c.Abort()
}

// forgetful answers and does not abort: in gin what is behind it runs.
func (a *API) forgetful(c *gin.Context) {
	if _, err := a.Boundary.CheckTenantMembership(c.Request.Context()); err != nil {
		c.Status(http.StatusForbidden)
		return // want `requests go on that Boundary.CheckTenantMembership refused, and nothing else guards GET /invoices/:id`
	}
}

// What a router uses is for the routes that come after it.
//
// case: guarded/gin-dead
func Dead(a *API) http.Handler {
	r := gin.New()
	r.Use(a.admit)
	r.GET("/invoices/:id", a.get)
	r.DELETE("/invoices/:id", a.remove)
	r.Use(a.member()) // want `\(\*gin.API\).member\(\) comes too late for GET /invoices/:id, DELETE /invoices/:id: it applies to what is registered after it`
	r.GET("/totals/:id", a.get)
	return r
}

// A group beside the one with the guard.
//
// case: guarded/gin-group
func Group(a *API) http.Handler {
	r := gin.New()
	r.Use(a.admit)
	private := r.Group("/v1", a.member())
	private.GET("/invoices/:id", a.get)
	open := r.Group("/open")
	open.GET("/about", a.about)
	open.DELETE("/invoices/:id", a.remove) // want `DELETE /open/invoices/:id is behind no membership guard, and its handler \(\*gin.API\).remove deletes cached data`
	return r
}

// case: guarded/gin-noabort
func NoAbort(a *API) error {
	r := gin.New()
	r.Use(a.admit, a.forgetful)
	r.GET("/invoices/:id", a.get)
	return r.Run(":8080")
}

// Routes of a table, all without the guard.
//
// case: guarded/gin-table
func Table(a *API) error {
	r := gin.New()
	r.Use(a.admit)
	for _, row := range []struct {
		method, path string
		handle       gin.HandlerFunc
	}{
		{"GET", "/invoices/:id", a.get},
		{"DELETE", "/invoices/:id", a.remove},
		{"GET", "/about", a.about},
	} {
		r.Handle(row.method, row.path, row.handle) // want `none of the 2 routes of this gin router that get to data of tenants is behind a membership guard: DELETE /invoices/:id, GET /invoices/:id`
	}
	return r.Run(":8080")
}
