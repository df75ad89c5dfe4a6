// Package echoapp wires echo in every way that services do.
package echoapp

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// New returns the echo of the service.
func New() *echo.Echo {
	e := echo.New()
	e.GET("/health", ok)
	e.Use(requestID)
	api := e.Group("/api", auth)
	api.GET("/me", ok, role("member"))
	api.Use(tenant)
	orders(api.Group("/orders"))
	e.Any("/any", ok)
	e.Match([]string{http.MethodGet, http.MethodPut}, "/match", ok)
	e.Add(http.MethodDelete, "/add/:id", ok)
	e.GET("/std", echo.WrapHandler(http.NotFoundHandler()))
	return e
}

func orders(g *echo.Group) {
	g.GET("", ok)
	g.POST("/:id", ok, role("admin"))
	g.PUT("/:id", wrap(ok))
}

func ok(echo.Context) error { return nil }
func requestID(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error { return next(c) }
}
func auth(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error { return next(c) }
}
func tenant(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error { return next(c) }
}
func wrap(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error { return next(c) }
}
func role(string) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc { return func(c echo.Context) error { return next(c) } }
}
