// Package echo wires a shop on echo.
package echo

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"corpus/guarded/shop"
)

// API serves invoices.
type API struct {
	*shop.API
}

func (a *API) get(c echo.Context) error {
	a.Get(nil, c.Request())
	return nil
}

func (a *API) remove(c echo.Context) error {
	a.Delete(nil, c.Request())
	return nil
}

func (a *API) admit(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if _, err := a.Boundary.Admit(c.Request().Context(), c.Request().Header); err != nil {
			return c.NoContent(http.StatusUnauthorized)
		}
		return next(c)
	}
}

func (a *API) member(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		_, err := a.Boundary.CheckTenantMembership(c.Request().Context())
		if err != nil {
			return c.NoContent(http.StatusForbidden)
		}
		return next(c)
	}
}

func (a *API) lenient(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		_, err := a.Boundary.CheckTenantMembership(c.Request().Context())
		if err != nil && c.Param("preview") == "" {
			return c.NoContent(http.StatusForbidden)
		}
		return next(c) // want `requests go on that Boundary.CheckTenantMembership refused, and nothing else guards GET /invoices/:id`
	}
}

// What a group uses is for the routes that come after it.
//
// case: guarded/echo-dead
func Dead(a *API) http.Handler {
	e := echo.New()
	e.Use(a.admit)
	g := e.Group("/v1")
	g.GET("/invoices/:id", a.get)
	g.Use(a.member) // want `\(\*echo.API\).member comes too late for GET /v1/invoices/:id`
	g.DELETE("/invoices/:id", a.remove)
	return e
}

// case: guarded/echo-lenient
func Lenient(a *API) error {
	e := echo.New()
	e.Use(a.admit, a.lenient)
	e.GET("/invoices/:id", a.get)
	return e.Start(":8080")
}

// One route has the guard, the other has not.
//
// case: guarded/echo-one
func One(a *API) http.Handler {
	e := echo.New()
	e.Use(a.admit)
	e.GET("/invoices/:id", a.get, a.member)
	e.DELETE("/invoices/:id", a.remove) // want `DELETE /invoices/:id is behind no membership guard`
	return e
}
