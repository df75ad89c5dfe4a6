// Package websocket is a stub: the names and signatures that the corpus uses.
package websocket

// Conn is a connection.
type Conn struct{ n int }

// WriteJSON sends a value.
func (c *Conn) WriteJSON(v any) error { return nil }

// WriteMessage sends bytes.
func (c *Conn) WriteMessage(messageType int, data []byte) error { return nil }
