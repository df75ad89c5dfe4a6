// Package front calls the desk from another package.
package front

import (
	"context"

	"corpus/hooked/desk"
	"corpus/hooked/ent/schema"
)

// All hands on a context that lifts hooks.
//
// case: hooks/lifted-by-package
func All(ctx context.Context, d *desk.Desk) (int, error) {
	return d.Count(schema.SkipTenant(ctx)) // want `TicketQuery.All is not restricted by TenantID: it reaches Ticket rows of everybody`
}
