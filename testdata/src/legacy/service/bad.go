// Package service has its scope from functions that the policy declares.
package service

import (
	"context"
	"fmt"

	"corpus/legacy/auth"

	"github.com/redis/go-redis/v9"
)

// Customers serves customers.
type Customers struct{ rdb *redis.Client }

// Name has the tenant and forgets the environment.
//
// case: service/tenant-only
func (c *Customers) Name(ctx context.Context, id string) (string, error) {
	key := fmt.Sprintf("customer:%s:%s", auth.TenantID(ctx), id)
	return c.rdb.Get(ctx, key).Result() // want `cache key has no env`
}
