package jobs

import (
	"context"
	"encoding/json"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Runner runs jobs whose context was given the scope of who asked.
type Runner struct{ rdb *redis.Client }

// Handle marks an export as done within the scope.
//
// case: jobs/scope-in-context clean
func (j *Runner) Handle(ctx context.Context, body []byte) error {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return err
	}
	var p payload
	if err := json.Unmarshal(body, &p); err != nil {
		return err
	}
	return j.rdb.Set(ctx, sc.Tenant()+":"+sc.Env().String()+":"+p.Export, p.Rows, 0).Err()
}
