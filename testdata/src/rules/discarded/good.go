package discarded

import (
	"context"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Plans counts plans.
type Plans struct{ rdb *redis.Client }

// Param uses the scope that it is given.
//
// case: discarded/parameter-used clean
func (p *Plans) Param(ctx context.Context, sc tenant.Scope, plan string) (string, error) {
	return p.rdb.Get(ctx, "plans:"+sc.Tenant()+":"+sc.Env().String()+":"+plan).Result()
}

// Pointer is given the scope by pointer.
//
// case: discarded/pointer-used clean
func (p *Plans) Pointer(ctx context.Context, sc *tenant.Scope, plan string) error {
	return p.rdb.Del(ctx, "plans:"+sc.Tenant()+":"+sc.Env().String()+":"+plan).Err()
}
