// Package pop is a stand-in with the names and signatures that the corpus uses.
package pop

import "context"

// ScopeFunc narrows a query.
type ScopeFunc func(q *Query) *Query

// Connection is a database.
type Connection struct{ n int }

// WithContext sets the context.
func (c *Connection) WithContext(ctx context.Context) *Connection { return &Connection{} }

// Q begins a query.
func (c *Connection) Q() *Query { return &Query{} }

// Where begins a query with a condition.
func (c *Connection) Where(stmt string, args ...any) *Query { return &Query{} }

// RawQuery begins a statement.
func (c *Connection) RawQuery(stmt string, args ...any) *Query { return &Query{} }

// Transaction runs a function in a transaction.
func (c *Connection) Transaction(fn func(tx *Connection) error) error { return fn(c) }

// Find reads the row with an id.
func (c *Connection) Find(model, id any) error { return nil }

// Create inserts a row.
func (c *Connection) Create(model any, excludeColumns ...string) error { return nil }

// Update writes a row.
func (c *Connection) Update(model any, excludeColumns ...string) error { return nil }

// Destroy removes a row.
func (c *Connection) Destroy(model any) error { return nil }

// Query is a query.
type Query struct{ n int }

// Where adds a condition.
func (q *Query) Where(stmt string, args ...any) *Query { q.n++; return q }

// Order sorts the rows.
func (q *Query) Order(stmt string) *Query { return q }

// Scope applies a function.
func (q *Query) Scope(sf ScopeFunc) *Query { return sf(q) }

// First reads a row.
func (q *Query) First(model any) error { return nil }

// All reads rows.
func (q *Query) All(models any) error { return nil }

// Delete removes rows.
func (q *Query) Delete(model any) error { return nil }

// Eager reads associations as well.
func (c *Connection) Eager(fields ...string) *Connection { return c }

// EagerPreload reads associations as well.
func (q *Query) EagerPreload(fields ...string) *Query { return q }

// Scope begins a query with what a function makes of it.
func (c *Connection) Scope(sf ScopeFunc) *Query { return sf(&Query{}) }

// BelongsTo begins a query for what belongs to a row.
func (c *Connection) BelongsTo(model any) *Query { return &Query{} }

// Join joins a table.
func (q *Query) Join(table, on string, args ...any) *Query { q.n++; return q }

// InnerJoin joins a table.
func (q *Query) InnerJoin(table, on string, args ...any) *Query { q.n++; return q }

// LeftJoin joins a table.
func (q *Query) LeftJoin(table, on string, args ...any) *Query { q.n++; return q }

// BelongsTo narrows to what belongs to a row.
func (q *Query) BelongsTo(model any) *Query { q.n++; return q }
