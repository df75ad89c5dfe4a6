// Package pages has routes on a router of its own, from which a description of them is
// written, and puts them on those of others.
package pages

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

// Pages serves pages.
type Pages interface {
	Router() *chi.Mux
	AddTo(r *chi.Mux) error
}

type pages struct{ own *chi.Mux }

// New makes the pages.
func New() (Pages, error) {
	p := &pages{own: chi.NewRouter()}
	if err := p.AddTo(p.own); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *pages) Router() *chi.Mux { return p.own }

func (p *pages) AddTo(r *chi.Mux) error {
	r.Get("/twice/{id}", show)
	return nil
}

func show(http.ResponseWriter, *http.Request) {}
