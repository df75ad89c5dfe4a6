// Package recordid keys a cache by the id of what was loaded. tenantvet takes
// the identity of a record to be its alone; here it is a number that each
// tenant counts up by itself.
package recordid

import (
	"context"
	"net/http"
	"strconv"

	"github.com/redis/go-redis/v9"
)

type ticket struct{ Number int }

type tickets interface {
	Newest(ctx context.Context, queue string) (*ticket, error)
}

// Desk shows tickets.
type Desk struct {
	rdb   *redis.Client
	store tickets
}

// Show reads by a number that other tenants have too, and is not reported.
//
// case: limits/record-id limit
func (d *Desk) Show(w http.ResponseWriter, r *http.Request) {
	t, err := d.store.Newest(r.Context(), "support")
	if err != nil {
		http.NotFound(w, r)
		return
	}
	_, _ = w.Write([]byte(d.rdb.Get(r.Context(), "ticket:"+strconv.Itoa(t.Number)).Val()))
}
