// Package jobs does what nobody waits for.
package jobs

import (
	"context"
	"log"
	"net/http"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Jobs does it.
type Jobs struct{ rdb *redis.Client }

// New returns the jobs.
func New(rdb *redis.Client) *Jobs { return &Jobs{rdb: rdb} }

// Close has a project archived.
//
// Leak 34, a bare context: whose project it is, is lost on the way.
func (j *Jobs) Close(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	go func() {
		if err := j.archive(context.Background(), id); err != nil {
			log.Print(err)
		}
	}()
	w.WriteHeader(http.StatusAccepted)
}

func (j *Jobs) archive(ctx context.Context, id string) error {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return err
	}
	key, err := tenant.NewKey(sc, "project", id)
	if err != nil {
		return err
	}
	return j.rdb.Del(ctx, key.String()).Err()
}

// Queue hands out projects that are to be archived.
type Queue interface {
	Each(archive func(id string) error) error
}

// Work archives them.
//
// Leak 53, the worker's own context: whose project it is, nobody has looked up.
func (j *Jobs) Work(ctx context.Context, queue Queue) error {
	return queue.Each(func(id string) error { return j.archive(ctx, id) })
}
