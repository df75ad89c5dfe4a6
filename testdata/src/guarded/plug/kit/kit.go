// Package kit makes the parts of a service by name. It knows nothing of routers.
package kit

import "errors"

// A Maker makes a part.
type Maker[P any] interface {
	Name() string
	Make(config string) (P, error)
}

type maker[P any] struct {
	name  string
	build func(config string) (P, error)
}

func (m *maker[P]) Name() string { return m.name }

func (m *maker[P]) Make(config string) (p P, err error) {
	made, err := m.build(config)
	if err != nil {
		return
	}
	p = made
	return
}

// New returns a maker of parts.
func New[P any](name string, build func(config string) (P, error)) Maker[P] {
	return &maker[P]{name: name, build: build}
}

// A Catalog has makers by their names.
type Catalog[P any] struct {
	makers map[string]Maker[P]
}

// NewCatalog returns the catalog of some makers.
func NewCatalog[P any](makers ...Maker[P]) (Catalog[P], error) {
	byName := map[string]Maker[P]{}
	for _, m := range makers {
		if _, ok := byName[m.Name()]; ok {
			return Catalog[P]{}, errors.New("two makers have one name")
		}
		byName[m.Name()] = m
	}
	return Catalog[P]{makers: byName}, nil
}

// Must is NewCatalog for makers that are known to differ.
func Must[P any](makers ...Maker[P]) Catalog[P] {
	c, err := NewCatalog(makers...)
	if err != nil {
		panic(err)
	}
	return c
}

// Add adds a maker.
func (c *Catalog[P]) Add(m Maker[P]) { c.makers[m.Name()] = m }

// Maker returns the maker of that name.
func (c *Catalog[P]) Maker(name string) (m Maker[P], err error) {
	m, ok := c.makers[name]
	if !ok {
		return m, errors.New("no such maker")
	}
	return m, nil
}

// Part makes the part of that name.
func Part[P any](config string, catalog Catalog[P], name string) (p P, err error) {
	m, err := catalog.Maker(name)
	if err != nil {
		return
	}
	made, err := m.Make(config)
	if err != nil {
		return
	}
	p = made
	return
}
