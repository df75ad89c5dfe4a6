// Package queue takes work from requests to the worker, through lists in Redis
// that all tenants share. A message carries the scope of whoever sent it in a
// signed envelope; what its body says of tenants plays no part.
package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Queue sends and receives messages. It is safe for concurrent use.
type Queue struct {
	rdb    *redis.Client
	sealer *tenant.Sealer
}

// New returns a queue of that deployment. All of its processes have the same
// secret.
func New(rdb *redis.Client, env tenant.Env, secret []byte) (*Queue, error) {
	sealer, err := tenant.NewSealer(tenant.SealerConfig{
		Env:      env,
		Keys:     []tenant.SealingKey{{ID: "1", Secret: secret}},
		SealWith: "1",
		MaxAge:   24 * time.Hour,
		Skew:     5 * time.Second,
		Clock:    time.Now,
	})
	if err != nil {
		return nil, err
	}
	return &Queue{rdb: rdb, sealer: sealer}, nil
}

// message is what stands in the list.
type message struct {
	Envelope string
	Body     []byte
}

// Send puts a message of that kind into its queue, in the caller's name.
func (q *Queue) Send(ctx context.Context, kind string, body any) error {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	m := message{}
	if m.Body, err = json.Marshal(body); err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	if m.Envelope, err = q.sealer.Seal(sc, kind, m.Body); err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	text, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	return q.rdb.LPush(ctx, "queue:"+kind, text).Err()
}

// Next waits for a message of that kind and hands its body to the function, in
// a context with the scope of whoever sent it. A message that cannot be opened,
// or that the function fails on, is put aside: it stays refused.
func (q *Queue) Next(ctx context.Context, kind string, handle func(ctx context.Context, body []byte) error) error {
	got, err := q.rdb.BRPop(ctx, time.Second, "queue:"+kind).Result()
	if errors.Is(err, redis.Nil) {
		return nil
	}
	if err != nil {
		return err
	}
	text := got[1]
	if err := q.open(ctx, kind, text, handle); err != nil {
		slog.WarnContext(ctx, "a message was put aside", "kind", kind, "error", err)
		return q.rdb.LPush(ctx, "aside:"+kind, text).Err()
	}
	return nil
}

func (q *Queue) open(ctx context.Context, kind, text string, handle func(ctx context.Context, body []byte) error) error {
	var m message
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return err
	}
	sc, err := q.sealer.Open(m.Envelope, kind, m.Body)
	if err != nil {
		return err
	}
	ctx, err = tenant.NewContext(ctx, sc)
	if err != nil {
		return err
	}
	return handle(ctx, m.Body)
}
