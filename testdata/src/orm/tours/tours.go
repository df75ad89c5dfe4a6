// Package tours keeps tours by way of bun, with conditions in groups.
package tours

import (
	"context"

	"corpus/legacy/auth"

	"github.com/uptrace/bun"
)

// Tour is an organisation's.
type Tour struct {
	ID    string `bun:"id,pk"`
	Org   string `bun:"org_id"`
	Title string `bun:"title"`
	State string `bun:"state"`
}

// Store keeps tours.
type Store struct{ db *bun.DB }

// own narrows to the caller's.
func own(ctx context.Context) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("org_id = ?", auth.TenantID(ctx)) }
}
