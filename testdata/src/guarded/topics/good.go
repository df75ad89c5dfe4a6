package topics

import (
	"context"

	"github.com/nats-io/nats.go"
)

func (w *Worker) sealed(m *nats.Msg) {
	sc, err := w.sealer.Open(string(m.Data), "drop", nil)
	if err != nil {
		return
	}
	_ = w.rdb.Del(context.Background(), sc.Tenant()+":"+sc.Env().String()+":all").Err()
}

// case: guarded/topics-sealed clean
func (w *Worker) Sealed() error {
	_, err := w.conn.Subscribe("invoices.drop", w.sealed)
	return err
}
