// Package unscopedevent defines the analyzer of messages that do not say whose
// they are, or get to everybody.
//
// # Analyzer unscopedevent
//
// unscopedevent: report messages that are published without the tenant, and those that all subscribers get
//
// Whoever handles a message has no request, and no sign-in, to ask whose it is. What
// the message does not say is lost: the consumer acts for nobody, or for whom it
// guesses. This analyzer looks at what is put on a topic: by the libraries that the
// models know, by what the policy calls so ([[event]] with func and value), and by
// functions that hand it on to these, in other packages too. It looks at hubs as
// well, which send something to each of many connections.
//
// An event is a struct of the module that is published, or of a type that the policy
// calls one ([[event]] with type). The fields that say whose it is are those that
// [dimensions] names, for the tenant, and for the environment if the project has a
// source of it.
//
// It stays silent about:
//   - a message that carries the caller's tenant anywhere: in a field, its key, its
//     headers, an envelope of the runtime package;
//   - a field that is filled by what the event is handed to;
//   - events of which not all is known: made elsewhere, loaded, decoded;
//   - code that serves no request: neither it nor its callers have a context;
//   - subscribers that are looked up by their tenant, compared with it, or chosen by
//     something out of sight;
//   - rows that are inserted, such as those of an outbox: that is unscopedkey/unset;
//   - code without a source of the tenant, and test files.
//
// To take a finding out: "//tenantvet:ignore unscopedevent/unowned REASON" on the line,
// or an [[exempt]] entry.
//
// # Category unowned
//
// An event has a field for the tenant, and nothing in it.
//
//	type Paid struct{ TenantID, InvoiceID string }
//
//	type Bus interface { // the policy says: Publish publishes event
//		Publish(ctx context.Context, event any) error
//	}
//
//	func Pay(ctx context.Context, bus Bus, id string) error {
//		return bus.Publish(ctx, Paid{InvoiceID: id})
//	}
//
// is reported as
//
//	Paid is published by Bus.Publish with no tenant in it: who receives it cannot tell whose it is
//
// Set it from the caller's scope, where the event is made.
//
// # Category bare
//
// An event has no field for the tenant, and holds nothing but what the client sent.
//
//	type Opened struct{ Page string }
//
//	type Bus interface { // the policy says: Publish publishes event
//		Publish(ctx context.Context, event any) error
//	}
//
//	func Open(w http.ResponseWriter, r *http.Request, bus Bus) error {
//		return bus.Publish(r.Context(), Opened{Page: r.PathValue("id")})
//	}
//
// is reported as
//
//	Opened is published by Bus.Publish with nothing but what the client sent: who receives it cannot tell whose it is
//
// Give it a field, or send the scope along in an envelope (Seal and Inject of the
// runtime's Sealer), which the consumer opens.
//
// # Category broadcast
//
// A loop sends something to each connection that there is.
//
//	type Client struct {
//		tenantID string
//		send     chan []byte
//	}
//
//	type Hub struct{ clients map[*Client]bool }
//
//	func (h *Hub) Broadcast(ctx context.Context, message []byte) {
//		for c := range h.clients {
//			c.send <- message
//		}
//	}
//
// is reported as
//
//	every Client gets this, whichever tenant it belongs to
//
// Keep the connections of each tenant apart, or compare before you send. Connections
// are structs with a field for the tenant, and those of a type that the policy names
// (subscribertype in [[event]]).
package unscopedevent
