// Package reader hands out what somebody else puts into contexts.
package reader

import "context"

// Key is where the organisation is.
type Key struct{}

// Org returns the organisation of a context.
func Org(ctx context.Context) string {
	org, _ := ctx.Value(Key{}).(string)
	return org
}
