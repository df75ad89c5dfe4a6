// Package pgxscan is a stand-in with the names and signatures that the corpus uses.
package pgxscan

import "context"

// Querier runs statements.
type Querier interface {
	Ping(ctx context.Context) error
}

// Select reads rows.
func Select(ctx context.Context, db Querier, dst any, query string, args ...any) error {
	return ctx.Err()
}
