// Package shop says what happens in it.
package shop

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	"github.com/segmentio/kafka-go"

	"corpus/events/bus"
)

// Shop sells.
type Shop struct {
	bus *bus.Bus
	pub bus.Publisher
	w   *kafka.Writer
}

// Direct publishes by the library.
//
// case: event/library
func (s *Shop) Direct(ctx context.Context, id string) error {
	data, err := json.Marshal(bus.Event{Name: "sold", ID: id})
	if err != nil {
		return err
	}
	return s.w.WriteMessages(ctx, kafka.Message{Topic: "events", Value: data}) // want `Event is published by Writer.WriteMessages with no tenant in it: who receives it cannot tell whose it is`
}

// Wrapped publishes by a function of another package.
//
// case: event/wrapper
func (s *Shop) Wrapped(ctx context.Context, id string) error {
	return s.bus.Send(ctx, bus.Event{Name: "sold", ID: id}) // want `Event is published by Writer.WriteMessages with no tenant in it`
}

// Declared publishes by what the policy names.
//
// case: event/declared-func
func (s *Shop) Declared(ctx context.Context, id string) error {
	return s.pub.Publish(ctx, "events", &bus.Event{Name: "sold", ID: id}) // want `Event is published by Publisher.Publish with no tenant in it`
}

// Variable fills it in parts.
//
// case: event/variable
func (s *Shop) Variable(ctx context.Context, id string) error {
	var ev bus.Event
	ev.Name = "sold"
	ev.ID = id
	return s.pub.Publish(ctx, "events", ev) // want `Event is published by Publisher.Publish with no tenant in it`
}

func sold(id string) bus.Event { return bus.Event{Name: "sold", ID: id} }

// Made is made by a helper.
//
// case: event/made-by-helper
func (s *Shop) Made(ctx context.Context, id string) error {
	return s.pub.Publish(ctx, "events", sold(id)) // want `Event is published by Publisher.Publish with no tenant in it`
}

// Sometimes says whose it is, for some.
//
// case: event/sometimes
func (s *Shop) Sometimes(ctx context.Context, tenant, id string, own bool) error {
	ev := bus.Event{Name: "sold", ID: id}
	if own {
		ev.TenantID = tenant
	}
	return s.pub.Publish(ctx, "events", ev) // want `Event is published by Publisher.Publish with no tenant in it`
}

// Keep hands a note on.
//
// case: event/declared-type
func (s *Shop) Keep(ctx context.Context) string {
	return bus.Keep(&bus.Note{Text: "sold out"}) // want `Note is handed on with no tenant in it: who receives it cannot tell whose it is`
}

// Bare publishes what the client sent.
//
// case: event/bare
func (s *Shop) Bare(w http.ResponseWriter, r *http.Request) {
	_ = s.pub.Publish(r.Context(), "opened", bus.Opened{Page: r.PathValue("id"), From: r.Header.Get("Referer")}) // want `Opened is published by Publisher.Publish with nothing but what the client sent: who receives it cannot tell whose it is`
}

// Chosen says whose it is where it is told to.
//
// case: event/empty-choice
func (s *Shop) Chosen(ctx context.Context, row *Row, own bool) error {
	tenant := ""
	if own {
		tenant = textOf(row.Tenant)
	}
	return s.pub.Publish(ctx, "events", bus.Event{Name: "sold", ID: row.ID, TenantID: tenant}) // want `Event is published by Publisher.Publish with no tenant in it`
}

// Later keeps an event in the outbox.
//
// case: event/outbox
func (s *Shop) Later(ctx context.Context, box bus.Outbox, id string) error {
	return box.Add(ctx, bus.Event{Name: "sold", ID: id}) // want `Event is published by Outbox.Add with no tenant in it`
}

// Audit keeps records of nobody.
//
// case: event/audit
func (s *Shop) Audit(ctx context.Context, log bus.Auditor, tenant string) error {
	return log.Insert(ctx, bus.Record{TenantID: tenant, Action: "opened"}, bus.Record{Action: "sold"}) // want `Record is handed on with no tenant in it`
}

// Hook posts a note to whoever wants to know.
//
// case: event/webhook
func (s *Shop) Hook(ctx context.Context, url string) error {
	data, err := json.Marshal(bus.Note{Text: "sold out"}) // want `Note is handed on with no tenant in it`
	if err != nil {
		return err
	}
	res, err := http.Post(url, "application/json", bytes.NewReader(data))
	if err != nil {
		return err
	}
	return res.Body.Close()
}

// Refund publishes what another package makes of a converted tenant, if at all.
//
// case: event/made-elsewhere
func (s *Shop) Refund(ctx context.Context, row *Row, own bool) error {
	return s.pub.Publish(ctx, "events", bus.Refunded(textOf(row.Tenant), row.ID, own)) // want `Event is published by Publisher.Publish with no tenant in it`
}

// InTransactionIf says whose it is in a literal, if it was told to.
//
// case: event/empty-captured
func (s *Shop) InTransactionIf(ctx context.Context, row *Row, log bus.Auditor, own bool, tx func(func() error) error) error {
	tenant := ""
	if own {
		tenant = textOf(row.Tenant)
	}
	return tx(func() error {
		return log.Insert(ctx, []bus.Record{{TenantID: tenant, Action: "sold"}}...) // want `Record is handed on with no tenant in it`
	})
}
