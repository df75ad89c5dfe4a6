// Package app holds the parts of the service.
package app

import (
	"github.com/go-chi/chi/v5"

	"corpus/guarded/plug/invoices"
	"corpus/guarded/plug/kit"
	"corpus/guarded/plug/part"
	"corpus/guarded/plug/totals"
	"corpus/guarded/shop"
)

// An App is the service.
type App struct {
	Invoices part.Part // the only one of its kind
	Either   part.Part // as the configuration says
	Front    part.Front
}

// New makes the service.
func New(api *shop.API, config, name string) (*App, error) {
	one, err := kit.Part(config, kit.Must(invoices.Maker(api)), "invoices")
	if err != nil {
		return nil, err
	}
	either, err := kit.Part(config, kit.Must(invoices.Maker(api), totals.Maker(api)), name)
	if err != nil {
		return nil, err
	}
	return &App{Invoices: one, Either: either, Front: front{}}, nil
}

// Hold makes a service of parts that are there already.
func Hold(one part.Part, front part.Front) *App { return &App{Invoices: one, Front: front} }

type front struct{}

func (front) Router() chi.Router { return chi.NewRouter() }

// Closed is a front whose router has a guard.
type Closed struct{ API *shop.API }

// Router makes the router.
func (c *Closed) Router() chi.Router {
	r := chi.NewRouter()
	r.Use(c.API.Boundary.Middleware, c.API.Boundary.RequireTenantMembership)
	return r
}

// Open is a front whose router has none.
type Open struct{ API *shop.API }

// Router makes the router.
func (o *Open) Router() chi.Router {
	r := chi.NewRouter()
	r.Use(o.API.Boundary.Middleware)
	return r
}
