// Package tenantgin is the request boundary and the guards of tenantvet's
// runtime for gin.
//
//	engine := gin.New()
//	api := engine.Group("/api", tenantgin.Middleware(boundary), tenantgin.RequireTenantMembership(boundary))
//	api.GET("/invoices/:id", invoice)
//	api.DELETE("/invoices/:id", tenantgin.RequireTenantRole(boundary, "admin", "owner"), remove)
//
// Handlers take the scope and the proofs from the context of the request, which
// is not the gin.Context:
//
//	sc, err := tenant.FromContext(c.Request.Context())
//
// [tenant.FromContext] finds a scope in a gin.Context only with
// gin.Engine.ContextWithFallback; without it, it finds none and returns its
// error.
//
// Everything here is the runtime's own middleware for net/http, run in gin's
// chain. A request that is refused is answered with a problem document
// (RFC 9457), tenant.OnRefusal is told, and no later handler of the chain runs.
// What ran before, such as a logger, goes on after it and finds the refusal
// neither in c.Errors nor in the context, but in OnRefusal.
package tenantgin

import (
	"net/http"

	"github.com/gin-gonic/gin"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Middleware returns a handler that admits requests, as [tenant.Boundary.Middleware]
// does: those behind it have the scope in the context of the request.
func Middleware(b *tenant.Boundary) gin.HandlerFunc { return wrap(b.Middleware) }

// Pipeline returns a handler that admits requests through all gates of the
// pipeline, as [tenant.Pipeline.Middleware] does. It stands in place of
// [Middleware].
func Pipeline(p *tenant.Pipeline) gin.HandlerFunc { return wrap(p.Middleware) }

// RequireTenantMembership returns a handler that lets members of the tenant
// pass, as [tenant.Boundary.RequireTenantMembership] does. It goes behind
// [Middleware].
func RequireTenantMembership(b *tenant.Boundary) gin.HandlerFunc {
	return wrap(b.RequireTenantMembership)
}

// RequireTenantRole returns a handler that lets holders of at least one of the
// roles pass, as [tenant.Boundary.RequireTenantRole] does. It goes behind
// [Middleware].
func RequireTenantRole(b *tenant.Boundary, roles ...string) gin.HandlerFunc {
	return wrap(b.RequireTenantRole(roles...))
}

// wrap runs middleware of net/http in gin's chain: the rest of the chain is what
// it may call next.
func wrap(middleware func(http.Handler) http.Handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		passed := false
		middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			passed = true
			c.Request = r
			c.Next()
		})).ServeHTTP(c.Writer, c.Request)
		if !passed {
			// Whoever does not call next has answered.
			c.Abort()
		}
	}
}
