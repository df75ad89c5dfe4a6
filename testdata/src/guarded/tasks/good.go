package tasks

import (
	"context"

	"github.com/hibiken/asynq"
)

func (w *Worker) sealed(ctx context.Context, t *asynq.Task) error {
	sc, err := w.sealer.Open(string(t.Payload()), "drop", nil)
	if err != nil {
		return err
	}
	return w.rdb.Del(ctx, sc.Tenant()+":"+sc.Env().String()+":all").Err()
}

// case: guarded/tasks-sealed clean
func Sealed(w *Worker, srv *asynq.Server) error {
	mux := asynq.NewServeMux()
	mux.HandleFunc("invoices:drop", w.sealed)
	return srv.Run(mux)
}
