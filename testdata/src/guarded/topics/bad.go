// Package topics handles messages: what runs there has to find out for whom.
package topics

import (
	"context"
	"encoding/json"

	"github.com/nats-io/nats.go"
	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Worker works.
type Worker struct {
	conn   *nats.Conn
	rdb    *redis.Client
	sealer *tenant.Sealer
}

type job struct{ Tenant, Env, ID string }

func (w *Worker) trusting(m *nats.Msg) {
	var j job
	if err := json.Unmarshal(m.Data, &j); err != nil {
		return
	}
	_ = w.rdb.Del(context.Background(), j.Tenant+":"+j.Env+":"+j.ID).Err()
}

// A message that tells whose it is.
//
// case: guarded/topics-trusting
func (w *Worker) Trusting() error {
	_, err := w.conn.QueueSubscribe("invoices.drop", "droppers", w.trusting) // want `TOPIC invoices.drop is behind nothing that establishes a scope, and its handler \(\*topics.Worker\).trusting deletes cached data \(Client.Del\)`
	return err
}
