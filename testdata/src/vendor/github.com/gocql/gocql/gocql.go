// Package gocql is a stand-in with the names and signatures that the corpus uses.
package gocql

import "context"

// Session is a session.
type Session struct{}

// Query is a statement.
type Query struct{ err error }

// Batch is several.
type Batch struct{}

// BatchType is the type of a batch.
type BatchType byte

// LoggedBatch is all or nothing.
const LoggedBatch BatchType = 0

// Query makes a statement.
func (s *Session) Query(stmt string, values ...any) *Query { return &Query{} }

// NewBatch makes a batch.
func (s *Session) NewBatch(typ BatchType) *Batch { return &Batch{} }

// ExecuteBatch runs a batch.
func (s *Session) ExecuteBatch(batch *Batch) error { return nil }

// Query adds a statement.
func (b *Batch) Query(stmt string, args ...any) {}

// WithContext sets the context.
func (q *Query) WithContext(ctx context.Context) *Query { return q }

// Exec runs the statement.
func (q *Query) Exec() error { return q.err }

// Scan runs the statement and reads one row.
func (q *Query) Scan(dest ...any) error { return q.err }

// Bind sets the arguments.
func (q *Query) Bind(v ...any) *Query { return q }

// PageSize bounds a page.
func (q *Query) PageSize(n int) *Query { return q }
