package plug

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"corpus/guarded/plug/app"
	"corpus/guarded/plug/invoices"
	"corpus/guarded/plug/kit"
	"corpus/guarded/plug/part"
	"corpus/guarded/shop"
)

// case: guarded/plug-made-behind clean
func MadeBehind(api *shop.API, config string) (http.Handler, error) {
	a, err := app.New(api, config, "totals")
	if err != nil {
		return nil, err
	}
	r := chi.NewRouter()
	r.Use(api.Boundary.Middleware, api.Boundary.RequireTenantMembership)
	a.Invoices.Attach(r)
	return r, nil
}

// case: guarded/plug-held-behind clean
func HeldBehind(api *shop.API) http.Handler {
	a := app.Hold(invoices.New(api), nil)
	r := chi.NewRouter()
	r.Use(api.Boundary.Middleware)
	r.With(api.Boundary.RequireTenantMembership).Get("/invoices/{id}/total", api.Get)
	r.Group(func(r chi.Router) {
		r.Use(api.Boundary.RequireTenantMembership)
		a.Invoices.Attach(r)
	})
	return r
}

// case: guarded/plug-front-behind clean
func FrontBehind(api *shop.API) http.Handler {
	a := app.Hold(invoices.New(api), &app.Closed{API: api})
	r := a.Front.Router()
	a.Invoices.Attach(r)
	return r
}

// Which of two it is, the configuration says: it is not guessed.
//
// case: guarded/plug-either clean
func Either(api *shop.API, config, name string) (http.Handler, error) {
	a, err := app.New(api, config, name)
	if err != nil {
		return nil, err
	}
	r := chi.NewRouter()
	a.Either.Attach(r)
	return r, nil
}

// Others may add to a catalog, so that it is not known what it has.
//
// case: guarded/plug-added clean
func Added(api *shop.API, config, name string, more func(*kit.Catalog[part.Part])) (http.Handler, error) {
	catalog := kit.Must(invoices.Maker(api))
	more(&catalog)
	one, err := kit.Part(config, catalog, name)
	if err != nil {
		return nil, err
	}
	r := chi.NewRouter()
	one.Attach(r)
	return r, nil
}
