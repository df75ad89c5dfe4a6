package framed

import (
	"corpus/lost/frame"
	"corpus/lost/tenantctx"
)

// Request hands on the context of the request.
//
// case: lost/framework-request clean
func (p *Pages) Request(c *frame.Context, id string) error {
	return p.repo.Archive(c.Request.Context(), id)
}

// Stored stores the tenant again.
//
// case: lost/framework-stored-again clean
func (p *Pages) Stored(c *frame.Context, tenant, id string) error {
	return p.repo.Add(tenantctx.WithTenant(c, tenant), id)
}
