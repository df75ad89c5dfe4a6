// Package totals serves totals.
package totals

import (
	"github.com/go-chi/chi/v5"

	"corpus/guarded/plug/kit"
	"corpus/guarded/plug/part"
	"corpus/guarded/shop"
)

type totals struct{ api *shop.API }

// Maker returns what makes the part.
func Maker(api *shop.API) kit.Maker[part.Part] {
	return kit.New("totals", func(string) (part.Part, error) { return &totals{api}, nil })
}

// Attach registers the routes.
func (t *totals) Attach(r chi.Router) { r.Get("/totals/{id}", t.api.Get) }
