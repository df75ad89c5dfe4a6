// Package envs does this and that by environment.
package envs

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Config is what the process was started with.
type Config struct{ Stage string }

var errNotSent = errors.New("not sent")

// Mail says whether mail is sent to customers.
//
// Leak 38, an environment that is compared as text: a name that is spelt in another
// way elsewhere is no production, and nothing says so.
func Mail(sc tenant.Scope) error {
	if sc.Env().String() != "prod" {
		return errNotSent
	}
	return nil
}

// Live says whether money is moved.
//
// Leak 39, a name that no environment has: it is never so.
func Live(sc tenant.Scope) bool { return sc.Env().String() == "production" }

// Motto returns what is on the start page.
//
// Leak 40, the environment as somebody has typed it: "prod" and "production" have
// two entries each, of which one goes stale.
func Motto(ctx context.Context, rdb *redis.Client, sc tenant.Scope, cfg Config) (string, error) {
	return rdb.Get(ctx, sc.Env().String()+":"+sc.Tenant()+":"+cfg.Stage).Result()
}

// Welcome is what a customer finds when it comes.
type Welcome struct{ TenantID, Text string }

// Greet returns it.
//
// Leak 41, the customer that it was tried with.
func Greet(ctx context.Context, text string) Welcome { return Welcome{TenantID: "acme", Text: text} }
