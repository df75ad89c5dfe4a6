package echo

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// What an Echo uses is for all of its routes, whenever they were registered.
//
// case: guarded/echo-late-use clean
func LateUse(a *API) http.Handler {
	e := echo.New()
	e.GET("/invoices/:id", a.get)
	e.DELETE("/invoices/:id", a.remove)
	e.Use(a.admit, a.member)
	return e
}

// case: guarded/echo-group clean
func Group(a *API) http.Handler {
	e := echo.New()
	e.Use(a.admit)
	g := e.Group("/v1", a.member)
	g.GET("/invoices/:id", a.get)
	g.DELETE("/invoices/:id", a.remove)
	return e
}

// case: guarded/echo-each clean
func Each(a *API) http.Handler {
	e := echo.New()
	e.Use(a.admit)
	e.GET("/invoices/:id", a.get, a.member)
	e.DELETE("/invoices/:id", a.remove, a.member)
	return e
}
