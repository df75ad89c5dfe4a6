// Package invoices serves invoices.
package invoices

import (
	"github.com/go-chi/chi/v5"

	"corpus/guarded/plug/kit"
	"corpus/guarded/plug/part"
	"corpus/guarded/shop"
)

type invoices struct {
	api    *shop.API
	prefix string
}

// Maker returns what makes the part.
func Maker(api *shop.API) kit.Maker[part.Part] {
	return kit.New("invoices", func(config string) (part.Part, error) { return open(config, api) })
}

// New returns the part.
func New(api *shop.API) part.Part { return &invoices{api: api, prefix: "/invoices"} }

func open(config string, api *shop.API) (part.Part, error) {
	return &invoices{api: api, prefix: "/invoices"}, nil
}

// Attach registers the routes.
//
// case: guarded/plug-attach clean
func (i *invoices) Attach(r chi.Router) {
	r.Get(i.prefix+"/{id}", i.api.Get)
	r.Delete(i.prefix+"/{id}", i.api.Delete)
}
