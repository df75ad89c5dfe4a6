// Package plans knows what there is to buy. It is the same for everybody, and
// says so, in two ways that do not work.
package plans

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// Prices keeps prices.
type Prices struct{ rdb *redis.Client }

// New returns the prices.
func New(rdb *redis.Client) *Prices { return &Prices{rdb: rdb} }

// Of returns the price of a plan.
//
// Leak 36, an exemption without a reason: it takes nothing out, and nobody knows
// what it was for.
func (p *Prices) Of(ctx context.Context) (string, error) {
	//tenantvet:ignore unscopedkey
	return p.rdb.Get(ctx, "prices").Result()
}

// Round rounds a price.
//
// Leak 37, an exemption that outlived its code: it will take out the next finding,
// which nobody has looked at.
func Round(cents int) int {
	//tenantvet:shared prices are public
	return cents / 100 * 100
}
