package shop

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	"github.com/segmentio/kafka-go"

	"corpus/events/bus"
	"corpus/legacy/auth"
)

// DirectOwn says whose it is.
//
// case: event/library-own clean
func (s *Shop) DirectOwn(ctx context.Context, id string) error {
	data, err := json.Marshal(bus.Event{TenantID: auth.TenantID(ctx), Name: "sold", ID: id})
	if err != nil {
		return err
	}
	return s.w.WriteMessages(ctx, kafka.Message{Topic: "events", Value: data})
}

// WrappedOwn is filled by what publishes it.
//
// case: event/wrapper-fills clean
func (s *Shop) WrappedOwn(ctx context.Context, id string) error {
	return s.bus.SendOwn(ctx, bus.Event{Name: "sold", ID: id})
}

// WrappedKeyed is published under the tenant.
//
// case: event/wrapper-keys clean
func (s *Shop) WrappedKeyed(ctx context.Context, id string) error {
	return s.bus.SendKeyed(ctx, bus.Event{Name: "sold", ID: id})
}

// DeclaredOwn says whose it is.
//
// case: event/declared-func-own clean
func (s *Shop) DeclaredOwn(ctx context.Context, id string) error {
	return s.pub.Publish(ctx, "events", &bus.Event{TenantID: auth.TenantID(ctx), Name: "sold", ID: id})
}

// Subject has the tenant in its topic.
//
// case: event/topic-own clean
func (s *Shop) Subject(ctx context.Context, id string) error {
	return s.pub.Publish(ctx, "events."+auth.TenantID(ctx), bus.Event{Name: "sold", ID: id})
}

// VariableOwn fills it in parts.
//
// case: event/variable-own clean
func (s *Shop) VariableOwn(ctx context.Context, id string) error {
	var ev bus.Event
	ev.Name = "sold"
	ev.TenantID = auth.TenantID(ctx)
	return s.pub.Publish(ctx, "events", ev)
}

func soldBy(ctx context.Context, id string) bus.Event {
	return bus.Event{TenantID: auth.TenantID(ctx), Name: "sold", ID: id}
}

// MadeOwn is made by a helper.
//
// case: event/made-by-helper-own clean
func (s *Shop) MadeOwn(ctx context.Context, id string) error {
	return s.pub.Publish(ctx, "events", soldBy(ctx, id))
}

// Handed is what somebody else made.
//
// case: event/handed clean
func (s *Shop) Handed(ctx context.Context, ev bus.Event) error {
	return s.pub.Publish(ctx, "events", ev)
}

// Decoded is what came in.
//
// case: event/decoded clean
func (s *Shop) Decoded(ctx context.Context, data []byte) error {
	var ev bus.Event
	if err := json.Unmarshal(data, &ev); err != nil {
		return err
	}
	return s.pub.Publish(ctx, "events", ev)
}

// Filled is filled by somebody else.
//
// case: event/declared-type-filled clean
func (s *Shop) Filled(ctx context.Context) string {
	n := bus.Note{Text: "sold out"}
	bus.Fill(ctx, &n)
	return bus.Keep(&n)
}

// Startup has nobody to ask.
//
// case: event/no-scope clean
func (s *Shop) Startup(run func(bus.Event)) {
	run(bus.Event{Name: "started"})
}

// Own says whose page it was.
//
// case: event/not-bare clean
func (s *Shop) Own(w http.ResponseWriter, r *http.Request) {
	_ = s.pub.Publish(r.Context(), "opened", bus.Opened{Page: r.PathValue("id"), From: auth.TenantID(r.Context())})
}

// Loaded is about a row.
//
// case: event/loaded clean
func (s *Shop) Loaded(r *http.Request, load func(context.Context, string) (string, error)) error {
	page, err := load(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.pub.Publish(r.Context(), "opened", bus.Opened{Page: page})
}

// A Row is what was sold.
type Row struct {
	ID     string
	Tenant *[16]byte
}

// textOf returns an id as a text, "" if there is none.
func textOf(id *[16]byte) string {
	if id == nil {
		return ""
	}
	return string(id[:])
}

// OfRow says whose it is by what converts that.
//
// case: event/converted clean
func (s *Shop) OfRow(ctx context.Context, row *Row) error {
	return s.pub.Publish(ctx, "events", bus.Event{Name: "sold", ID: row.ID, TenantID: textOf(row.Tenant)})
}

// OfRows does so for each of several.
//
// case: event/converted-keys clean
func (s *Shop) OfRows(ctx context.Context, rows []*Row) error {
	tenants := map[string]bool{}
	for _, row := range rows {
		tenants[textOf(row.Tenant)] = true
	}
	for tenant := range tenants {
		if err := s.pub.Publish(ctx, "events", bus.Event{Name: "swept", TenantID: tenant}); err != nil {
			return err
		}
	}
	return nil
}

// LaterOwn keeps an event of the caller's in the outbox.
//
// case: event/outbox-own clean
func (s *Shop) LaterOwn(ctx context.Context, box bus.Outbox, id string) error {
	return box.Add(ctx, bus.Event{TenantID: auth.TenantID(ctx), Name: "sold", ID: id})
}

// AuditOwn keeps records of the caller's.
//
// case: event/audit-own clean
func (s *Shop) AuditOwn(ctx context.Context, log bus.Auditor, tenant string) error {
	return log.Insert(ctx, bus.Record{TenantID: tenant, Action: "opened"}, bus.Record{TenantID: tenant, Action: "sold"})
}

// HookOwn posts a note of the caller's to whoever wants to know.
//
// case: event/webhook-own clean
func (s *Shop) HookOwn(ctx context.Context, url string) error {
	note := bus.Note{Text: "sold out"}
	note.TenantID = auth.TenantID(ctx)
	data, err := json.Marshal(note)
	if err != nil {
		return err
	}
	res, err := http.Post(url, "application/json", bytes.NewReader(data))
	if err != nil {
		return err
	}
	return res.Body.Close()
}

// Sell publishes what another package makes of a converted tenant.
//
// case: event/made-elsewhere-own clean
func (s *Shop) Sell(ctx context.Context, row *Row) error {
	return s.pub.Publish(ctx, "events", bus.Sold(textOf(row.Tenant), row.ID))
}

// InTransaction says whose it is in a literal.
//
// case: event/converted-captured clean
func (s *Shop) InTransaction(ctx context.Context, row *Row, log bus.Auditor, tx func(func() error) error) error {
	tenant := textOf(row.Tenant)
	return tx(func() error {
		return log.Insert(ctx, []bus.Record{{TenantID: tenant, Action: "sold"}}...)
	})
}
