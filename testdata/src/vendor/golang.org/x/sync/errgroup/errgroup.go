// Package errgroup is a stub of the real package: the same names and signatures, less behaviour.
package errgroup

import (
	"context"
	"sync"
)

// Group is a collection of goroutines.
type Group struct {
	wg  sync.WaitGroup
	err error
}

// WithContext returns a group and a derived context.
func WithContext(ctx context.Context) (*Group, context.Context) { return &Group{}, ctx }

// Wait waits for the goroutines.
func (g *Group) Wait() error {
	g.wg.Wait()
	return g.err
}

// Go calls f in a goroutine.
func (g *Group) Go(f func() error) {
	g.wg.Go(func() { _ = f() })
}

// SetLimit limits the number of goroutines.
func (g *Group) SetLimit(n int) {}
