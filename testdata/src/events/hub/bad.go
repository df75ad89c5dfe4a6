// Package hub has the connections of many tenants.
package hub

import (
	"sync"

	"github.com/gorilla/websocket"
)

// Client is a connection.
type Client struct {
	TenantID string
	UserID   string
	seen     map[string]bool
	send     chan []byte
	conn     *websocket.Conn
}

// Listener is a connection, as the policy says.
type Listener struct{ out chan string }

// Hub has all connections.
type Hub struct {
	mu        sync.Mutex
	clients   map[*Client]bool
	list      []*Client
	rooms     map[string]map[*Client]bool
	listeners map[*Listener]bool
}

// All sends to all.
//
// case: event/broadcast
func (h *Hub) All(message []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.clients {
		select {
		case c.send <- message: // want `every Client gets this, whichever tenant it belongs to`
		default:
			delete(h.clients, c)
		}
	}
}

// List sends to all of a list.
//
// case: event/broadcast-list
func (h *Hub) List(message []byte) {
	for _, c := range h.list {
		c.send <- message // want `every Client gets this, whichever tenant it belongs to`
	}
}

// Rooms sends to all of all rooms.
//
// case: event/broadcast-rooms
func (h *Hub) Rooms(message []byte) {
	for _, room := range h.rooms {
		for c := range room {
			c.send <- message // want `every Client gets this, whichever tenant it belongs to`
		}
	}
}

// Socket sends by the library.
//
// case: event/broadcast-socket
func (h *Hub) Socket(v any) {
	for c := range h.clients {
		if err := c.conn.WriteJSON(v); err != nil { // want `every Client gets this, whichever tenant it belongs to`
			delete(h.clients, c)
		}
	}
}

// Others leaves one tenant out, and sends to all others.
//
// case: event/broadcast-others
func (h *Hub) Others(tenant string, message []byte) {
	for c := range h.clients {
		if c.TenantID == tenant {
			continue
		}
		c.send <- message // want `every Client gets this, whichever tenant it belongs to`
	}
}

func (c *Client) first(id string) bool {
	if c.seen[id] {
		return false
	}
	c.seen[id] = true
	return true
}

// Once asks only whether it was sent before.
//
// case: event/broadcast-once
func (h *Hub) Once(id string, message []byte) {
	for c := range h.clients {
		if c.first(id) {
			c.send <- message // want `every Client gets this, whichever tenant it belongs to`
		}
	}
}

// Listeners sends to what the policy names.
//
// case: event/broadcast-declared
func (h *Hub) Listeners(text string) {
	for l := range h.listeners {
		l.out <- text // want `every Listener gets this, whichever tenant it belongs to`
	}
}
