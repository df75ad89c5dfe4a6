// Package channel sends keys through a channel: what is received is not tied to
// what was sent.
package channel

import (
	"context"
	"net/http"

	"github.com/redis/go-redis/v9"
)

// Evictor evicts in the background.
type Evictor struct {
	rdb  *redis.Client
	keys chan string
}

// Drop sends an unscoped key and is not reported.
//
// case: limits/channel-send limit
func (e *Evictor) Drop(w http.ResponseWriter, r *http.Request) {
	e.keys <- "row:" + r.PathValue("row")
}

// Run receives it and is not reported.
//
// case: limits/channel-receive limit
func (e *Evictor) Run(ctx context.Context) {
	for key := range e.keys {
		e.rdb.Del(ctx, key)
	}
}
