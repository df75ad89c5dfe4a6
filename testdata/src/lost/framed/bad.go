// Package framed serves with a framework.
package framed

import (
	"corpus/lost/frame"
	"corpus/lost/repo"
)

// Pages are pages.
type Pages struct{ repo *repo.Repo }

// Own hands on the framework's context.
//
// case: lost/framework
func (p *Pages) Own(c *frame.Context, id string) error {
	return p.repo.Archive(c, id) // want `Repo.Archive needs the caller's tenant, which the context of frame.Context does not hold: it runs without scope`
}

// Std hands on that of its server.
//
// case: lost/framework-server
func (p *Pages) Std(c *frame.Context, id string) error {
	return p.repo.Add(c.Std(), id) // want `Repo.Add needs the caller's tenant, which the context of Context.Std does not hold: it runs without scope`
}
