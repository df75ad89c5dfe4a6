package jobs

import (
	"context"
	"log"
	"net/http"

	"github.com/hibiken/asynq"

	"corpus/lost/queue"
	"corpus/lost/tenantctx"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// RunOpened opens what is in the message.
//
// case: lost/consumer-opened clean
func (j *Jobs) RunOpened(ctx context.Context) error {
	for {
		m, err := j.in.ReadMessage(ctx)
		if err != nil {
			return err
		}
		sc, err := j.sealer.Open(string(m.Key), "archive", m.Value)
		if err != nil {
			return err
		}
		if err := j.repo.Archive(tenantctx.WithTenant(ctx, sc.Tenant()), string(m.Value)); err != nil {
			return err
		}
	}
}

// SpreadOpened does so for several at once.
//
// case: lost/consumer-goroutine-opened clean
func (j *Jobs) SpreadOpened(ctx context.Context) error {
	for {
		m, err := j.in.FetchMessage(ctx)
		if err != nil {
			return err
		}
		go func() {
			if err := j.opened(ctx, string(m.Key), m.Value); err != nil {
				log.Print(err)
			}
		}()
	}
}

func (j *Jobs) opened(ctx context.Context, envelope string, payload []byte) error {
	sc, err := j.sealer.Open(envelope, "add", payload)
	if err != nil {
		return err
	}
	return j.repo.Add(tenantctx.WithTenant(ctx, sc.Tenant()), string(payload))
}

// DrainCount needs nobody's scope.
//
// case: lost/consumer-unscoped clean
func (j *Jobs) DrainCount(ctx context.Context) error {
	return j.queue.Each(func(l *queue.Letter) error {
		j.repo.Count(ctx)
		return nil
	})
}

func (j *Jobs) follow(ctx context.Context) error {
	return j.queue.Each(func(l *queue.Letter) error { return j.repo.Archive(ctx, l.ID) })
}

// Own has a consumer for each tenant.
//
// case: lost/consumer-of-tenant clean
func (j *Jobs) Own(ctx context.Context, tenants []string) {
	for _, t := range tenants {
		go func() { _ = j.follow(tenantctx.WithTenant(ctx, t)) }()
	}
}

// Before files something before it begins to read.
//
// case: lost/before-the-messages clean
func (j *Jobs) Before(ctx context.Context, id string) error {
	if err := j.repo.Archive(ctx, id); err != nil {
		return err
	}
	_, err := j.in.ReadMessage(ctx)
	return err
}

// DeliverOpened stores the scope in the context of the message.
//
// case: lost/consumer-context-opened clean
func (j *Jobs) DeliverOpened(l *queue.Letter, sc tenant.Scope) error {
	return j.repo.Archive(tenantctx.WithTenant(l.Context(), sc.Tenant()), l.ID)
}

// Wait waits on behalf of a request.
//
// case: lost/for-a-request clean
func (j *Jobs) Wait(w http.ResponseWriter, r *http.Request) {
	for {
		m, err := j.in.ReadMessage(r.Context())
		if err != nil || j.repo.Archive(r.Context(), string(m.Value)) != nil {
			return
		}
	}
}

func (j *Jobs) openTask(ctx context.Context, t *asynq.Task) error {
	return j.opened(ctx, t.Type(), t.Payload())
}

// WireOpened registers what opens the envelope of a task.
//
// case: lost/task-opened clean
func (j *Jobs) WireOpened(mux *asynq.ServeMux) { mux.HandleFunc("archive", j.openTask) }

func (j *Jobs) open(next asynq.Handler) asynq.Handler {
	return asynq.HandlerFunc(func(ctx context.Context, t *asynq.Task) error {
		sc, err := j.sealer.Open(t.Type(), "task", t.Payload())
		if err != nil {
			return err
		}
		return next.ProcessTask(tenantctx.WithTenant(ctx, sc.Tenant()), t)
	})
}

// WireBehind registers it behind what does.
//
// case: lost/task-behind-middleware clean
func (j *Jobs) WireBehind(mux *asynq.ServeMux) {
	mux.Use(j.open)
	mux.Handle("add", &adder{j})
}
