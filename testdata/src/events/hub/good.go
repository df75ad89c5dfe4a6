package hub

// Worker works for everybody.
type Worker struct{ jobs chan []byte }

// Pool has workers.
type Pool struct{ workers map[*Worker]bool }

// One is a hub of one tenant.
type One struct {
	TenantID string
	clients  map[*Client]bool
}

// Own sends to those of the tenant.
//
// case: event/compared clean
func (h *Hub) Own(tenant string, message []byte) {
	for c := range h.clients {
		if c.TenantID == tenant {
			c.send <- message
		}
	}
}

// Skip leaves out those of others.
//
// case: event/compared-skip clean
func (h *Hub) Skip(tenant string, message []byte) {
	for _, c := range h.list {
		if c.TenantID != tenant {
			continue
		}
		c.send <- message
	}
}

// Room sends to one room.
//
// case: event/room clean
func (h *Hub) Room(tenant string, message []byte) {
	for c := range h.rooms[tenant] {
		c.send <- message
	}
}

// Chosen looks at whose room it is.
//
// case: event/rooms-chosen clean
func (h *Hub) Chosen(tenant string, v any) {
	for owner, room := range h.rooms {
		if owner != tenant {
			continue
		}
		for c := range room {
			if err := c.conn.WriteJSON(v); err != nil {
				delete(room, c)
			}
		}
	}
}

func (c *Client) of(tenant string) bool { return c.TenantID == tenant }

// Asked asks a method.
//
// case: event/asked clean
func (h *Hub) Asked(tenant string, message []byte) {
	for c := range h.clients {
		if c.of(tenant) {
			c.send <- message
		}
	}
}

// Among asks a set.
//
// case: event/among clean
func (h *Hub) Among(tenants map[string]bool, message []byte) {
	for c := range h.clients {
		if tenants[c.TenantID] {
			c.send <- message
		}
	}
}

// All sends to all of one tenant.
//
// case: event/hub-of-one clean
func (o *One) All(message []byte) {
	for c := range o.clients {
		c.send <- message
	}
}

// Work hands jobs to workers.
//
// case: event/workers clean
func (p *Pool) Work(job []byte) {
	for w := range p.workers {
		w.jobs <- job
	}
}
