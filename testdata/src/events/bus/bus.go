// Package bus publishes events.
package bus

import (
	"context"
	"encoding/json"

	"github.com/segmentio/kafka-go"

	"corpus/legacy/auth"
)

// Event is something that happened.
type Event struct {
	TenantID string
	Name     string
	ID       string
}

// Opened says that something was looked at.
type Opened struct {
	Page string
	From string
}

// Note is an event, as the policy says, wherever it goes.
type Note struct {
	Header
	Text string
}

// Header is what notes have in common.
type Header struct {
	TenantID string
	Kind     string
}

// Publisher publishes what it is handed.
type Publisher interface {
	Publish(ctx context.Context, topic string, event any) error
}

// Bus publishes on a topic.
type Bus struct{ w *kafka.Writer }

// Send publishes an event as it is.
func (b *Bus) Send(ctx context.Context, ev Event) error {
	data, err := json.Marshal(ev)
	if err != nil {
		return err
	}
	return b.w.WriteMessages(ctx, kafka.Message{Topic: "events", Value: data})
}

// SendOwn publishes an event as the caller's.
func (b *Bus) SendOwn(ctx context.Context, ev Event) error {
	ev.TenantID = auth.TenantID(ctx)
	data, err := json.Marshal(ev)
	if err != nil {
		return err
	}
	return b.w.WriteMessages(ctx, kafka.Message{Topic: "events", Value: data})
}

// SendKeyed publishes an event under the caller's tenant.
func (b *Bus) SendKeyed(ctx context.Context, ev Event) error {
	data, err := json.Marshal(ev)
	if err != nil {
		return err
	}
	return b.w.WriteMessages(ctx, kafka.Message{Topic: "events", Key: []byte(auth.TenantID(ctx)), Value: data})
}

// Fill says whose a note is.
func Fill(ctx context.Context, n *Note) { n.TenantID = auth.TenantID(ctx) }

// Keep keeps a note as it is.
func Keep(n *Note) string { return n.Text }

// Outbox keeps what is to be published with the next transaction.
type Outbox interface {
	Add(ctx context.Context, payload any) error
}

// Record is an entry of the audit log: an event, as the policy says.
type Record struct {
	TenantID string
	Action   string
}

// Auditor keeps records.
type Auditor interface {
	Insert(ctx context.Context, records ...Record) error
}

// Sold is an event of a tenant.
func Sold(tenant, id string) Event { return Event{TenantID: tenant, Name: "sold", ID: id} }

// Refunded is an event of a tenant if that is the house's own.
func Refunded(tenant, id string, own bool) Event {
	ev := Event{Name: "refunded", ID: id}
	if own {
		ev.TenantID = tenant
	}
	return ev
}
