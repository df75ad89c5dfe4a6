// Package inhouse wires a router of one's own, whose guards change as the
// function goes on.
package inhouse

import "corpus/routes/inhouse/web"

// Routes wires the service.
func Routes() *web.Engine {
	r := web.New()
	r.Use(session)
	r.Get("/signin", ok)
	r.Use(tenant)
	r.Get("/", ok)
	ui := r.Group()
	{
		ui.Use(signedIn)
		ui.Get("/profile", ok)
		ui.Use(role("admin"))
		ui.Get("/admin", ok)
	}
	r.Add([]web.Middleware{signedIn, role("owner")}, web.Endpoint{Method: "POST", Path: "/close", Handle: ok})
	r.Register([]web.Middleware{signedIn}, &export{})
	return r
}

type export struct{}

func (*export) Method() string              { return "GET" }
func (*export) Path() string                { return "/export" }
func (*export) Handle(c *web.Context) error { return ok(c) }

func ok(*web.Context) error { return nil }

func session(next web.Handler) web.Handler {
	return func(c *web.Context) error { return next(c) }
}

func tenant(next web.Handler) web.Handler {
	return func(c *web.Context) error { return next(c) }
}

func signedIn(next web.Handler) web.Handler {
	return func(c *web.Context) error { return next(c) }
}

func role(name string) web.Middleware {
	return func(next web.Handler) web.Handler {
		return func(c *web.Context) error {
			if name == "" {
				return nil
			}
			return next(c)
		}
	}
}
