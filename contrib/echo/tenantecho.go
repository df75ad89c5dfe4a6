// Package tenantecho is the request boundary and the guards of tenantvet's
// runtime for echo.
//
//	e := echo.New()
//	api := e.Group("/api", tenantecho.Middleware(boundary), tenantecho.RequireTenantMembership(boundary))
//	api.GET("/invoices/:id", invoice)
//	api.DELETE("/invoices/:id", remove, tenantecho.RequireTenantRole(boundary, "admin", "owner"))
//
// Handlers take the scope and the proofs from the context of the request, which
// is not the echo.Context:
//
//	sc, err := tenant.FromContext(c.Request().Context())
//
// Everything here is the runtime's own middleware for net/http, run in echo's
// chain. A request that is refused is answered with a problem document
// (RFC 9457), tenant.OnRefusal is told, and no later handler of the chain runs.
// The error handler is not called, since there is an answer already.
package tenantecho

import (
	"net/http"

	"github.com/labstack/echo/v4"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Middleware returns middleware that admits requests, as
// [tenant.Boundary.Middleware] does: handlers behind it have the scope in the
// context of the request.
func Middleware(b *tenant.Boundary) echo.MiddlewareFunc { return wrap(b.Middleware) }

// Pipeline returns middleware that admits requests through all gates of the
// pipeline, as [tenant.Pipeline.Middleware] does. It stands in place of
// [Middleware].
func Pipeline(p *tenant.Pipeline) echo.MiddlewareFunc { return wrap(p.Middleware) }

// RequireTenantMembership returns middleware that lets members of the tenant
// pass, as [tenant.Boundary.RequireTenantMembership] does. It goes behind
// [Middleware].
func RequireTenantMembership(b *tenant.Boundary) echo.MiddlewareFunc {
	return wrap(b.RequireTenantMembership)
}

// RequireTenantRole returns middleware that lets holders of at least one of the
// roles pass, as [tenant.Boundary.RequireTenantRole] does. It goes behind
// [Middleware].
func RequireTenantRole(b *tenant.Boundary, roles ...string) echo.MiddlewareFunc {
	return wrap(b.RequireTenantRole(roles...))
}

// wrap runs middleware of net/http in echo's chain. Unlike echo.WrapMiddleware it
// keeps the response: the runtime's middleware hands on the writer it was given,
// and a new response would lose the hooks of the old one.
func wrap(middleware func(http.Handler) http.Handler) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) (err error) {
			middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				c.SetRequest(r)
				err = next(c)
			})).ServeHTTP(c.Response(), c.Request())
			return err
		}
	}
}
