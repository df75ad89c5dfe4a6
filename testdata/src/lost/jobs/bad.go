package jobs

import (
	"context"
	"time"

	"github.com/hibiken/asynq"

	"corpus/lost/queue"
)

// Run files what it is told to.
//
// case: lost/consumer
func (j *Jobs) Run(ctx context.Context) error {
	for {
		m, err := j.in.ReadMessage(ctx)
		if err != nil {
			return err
		}
		if err := j.repo.Archive(ctx, string(m.Value)); err != nil { // want `Repo.Archive needs the caller's tenant, and gets the context that Reader.ReadMessage has for all messages: nothing has opened the scope of this one`
			return err
		}
	}
}

// Spread does so for several at once.
//
// case: lost/consumer-goroutine
func (j *Jobs) Spread(ctx context.Context) error {
	for {
		m, err := j.in.FetchMessage(ctx)
		if err != nil {
			return err
		}
		go func() {
			_ = j.handle(ctx, string(m.Value)) // want `Jobs.handle needs the caller's tenant, and gets the context that Reader.FetchMessage has for all messages`
		}()
	}
}

func (j *Jobs) handle(ctx context.Context, id string) error { return j.repo.Add(ctx, id) }

// Drain is handed each message.
//
// case: lost/consumer-literal
func (j *Jobs) Drain(ctx context.Context) error {
	return j.queue.Each(func(l *queue.Letter) error {
		return j.repo.Archive(ctx, l.ID) // want `Repo.Archive needs the caller's tenant, and gets the context that Queue.Each has for all messages`
	})
}

// Forever has no context of its own.
//
// case: lost/consumer-bare
func (j *Jobs) Forever() error {
	return j.queue.Each(func(l *queue.Letter) error {
		return j.repo.Archive(context.Background(), l.ID) // want `Repo.Archive needs the caller's tenant, and gets the context that Queue.Each has for all messages`
	})
}

// Deliver takes the context from the message.
//
// case: lost/consumer-context
func (j *Jobs) Deliver(l *queue.Letter) error {
	return j.repo.Archive(l.Context(), l.ID) // want `Repo.Archive needs the caller's tenant, and gets the context that Letter.Context has for all messages`
}

func (j *Jobs) archive(ctx context.Context, t *asynq.Task) error {
	return j.repo.Archive(ctx, string(t.Payload()))
}

// Wire registers what takes the tenant out of the context of a task.
//
// case: lost/task
func (j *Jobs) Wire(mux *asynq.ServeMux) {
	mux.HandleFunc("archive", j.archive) // want `Jobs.archive needs the caller's tenant, and gets the context that ServeMux.HandleFunc has for all messages`
}

type adder struct{ jobs *Jobs }

func (a *adder) ProcessTask(ctx context.Context, t *asynq.Task) error {
	return a.jobs.handle(ctx, string(t.Payload()))
}

// Add registers a value that does.
//
// case: lost/task-handler
func (j *Jobs) Add(mux *asynq.ServeMux) {
	mux.Handle("add", &adder{j}) // want `adder.ProcessTask needs the caller's tenant, and gets the context that ServeMux.Handle has for all messages`
}

func timed(next asynq.Handler) asynq.Handler {
	return asynq.HandlerFunc(func(ctx context.Context, t *asynq.Task) error {
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		return next.ProcessTask(ctx, t)
	})
}

// Timed registers it behind something that is about the time.
//
// case: lost/task-behind-another
func (j *Jobs) Timed(mux *asynq.ServeMux) {
	mux.Use(timed)
	mux.HandleFunc("archive", j.archive) // want `Jobs.archive needs the caller's tenant, and gets the context that ServeMux.HandleFunc has for all messages`
}
