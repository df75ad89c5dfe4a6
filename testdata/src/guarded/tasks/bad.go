// Package tasks wires workers: what runs there has to find out for whom.
package tasks

import (
	"context"
	"encoding/json"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Worker works.
type Worker struct {
	rdb    *redis.Client
	sealer *tenant.Sealer
}

type job struct{ Tenant, Env, ID string }

func (w *Worker) trusting(ctx context.Context, t *asynq.Task) error {
	var j job
	if err := json.Unmarshal(t.Payload(), &j); err != nil {
		return err
	}
	return w.rdb.Del(ctx, j.Tenant+":"+j.Env+":"+j.ID).Err()
}

// A task that takes the tenant from what it is told.
//
// case: guarded/tasks-trusting
func Trusting(w *Worker, srv *asynq.Server) error {
	mux := asynq.NewServeMux()
	mux.HandleFunc("invoices:drop", w.trusting) // want `TASK invoices:drop is behind nothing that establishes a scope, and its handler \(\*tasks.Worker\).trusting deletes cached data \(Client.Del\)`
	return srv.Run(mux)
}
