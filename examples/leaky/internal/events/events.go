// Package events tells other services, and browsers, what happens.
package events

import (
	"context"
	"net/http"
	"sync"
)

// Bus takes events to other services.
type Bus interface {
	Publish(ctx context.Context, event any) error
}

// Paid says that an invoice was paid.
type Paid struct{ TenantID, InvoiceID string }

// Pay publishes that.
//
// Leak 47, an event that does not say whose it is: who receives it has to guess.
func Pay(ctx context.Context, bus Bus, id string) error {
	return bus.Publish(ctx, Paid{InvoiceID: id})
}

// Opened says that somebody has opened a page.
type Opened struct{ Page string }

// Open publishes that.
//
// Leak 48, an event that holds what the client sent and nothing else.
func Open(r *http.Request, bus Bus) error {
	return bus.Publish(r.Context(), Opened{Page: r.PathValue("page")})
}

// Client is a browser that listens.
type Client struct {
	tenantID string
	send     chan []byte
}

// Hub knows all browsers that listen.
type Hub struct {
	mu      sync.Mutex
	clients map[*Client]bool
}

// Broadcast tells them something.
//
// Leak 49, something for some, sent to all.
func (h *Hub) Broadcast(ctx context.Context, message []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.clients {
		c.send <- message
	}
}
