// Package plug puts together parts that are known by their interfaces only.
package plug

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"corpus/guarded/plug/app"
	"corpus/guarded/plug/invoices"
	"corpus/guarded/shop"
)

// What the interface holds was made by a function that it takes from a map.
//
// case: guarded/plug-made
func Made(api *shop.API, config string) (http.Handler, error) {
	a, err := app.New(api, config, "totals")
	if err != nil {
		return nil, err
	}
	r := chi.NewRouter()
	r.Use(api.Boundary.Middleware)
	a.Invoices.Attach(r) // want `none of the 2 routes of this chi router that get to data of tenants is behind a membership guard`
	return r, nil
}

// A constructor put it into a field.
//
// case: guarded/plug-held
func Held(api *shop.API) http.Handler {
	a := app.Hold(invoices.New(api), nil)
	r := chi.NewRouter()
	r.Use(api.Boundary.Middleware)
	r.Get("/invoices/{id}/total", api.Get) // want `none of the 3 routes of this chi router that get to data of tenants is behind a membership guard`
	a.Invoices.Attach(r)
	return r
}

// The router itself comes from behind an interface.
//
// case: guarded/plug-front
func Front(api *shop.API) http.Handler {
	a := app.Hold(invoices.New(api), &app.Open{API: api})
	r := a.Front.Router()
	a.Invoices.Attach(r) // want `none of the 2 routes of this chi router that get to data of tenants is behind a membership guard`
	return r
}
