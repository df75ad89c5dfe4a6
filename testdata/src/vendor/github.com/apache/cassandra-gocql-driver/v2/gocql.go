// Package gocql is a stand-in with the names and signatures that the corpus uses.
package gocql

import "context"

// Session is a session.
type Session struct{}

// Query is a statement.
type Query struct{ err error }

// Batch is several.
type Batch struct{ err error }

// BatchType is the type of a batch.
type BatchType byte

// LoggedBatch is all or nothing.
const LoggedBatch BatchType = 0

// Query makes a statement.
func (s *Session) Query(stmt string, values ...any) *Query { return &Query{} }

// Batch makes a batch.
func (s *Session) Batch(typ BatchType) *Batch { return &Batch{} }

// Query adds a statement.
func (b *Batch) Query(stmt string, args ...any) *Batch { return b }

// ExecContext runs the batch.
func (b *Batch) ExecContext(ctx context.Context) error { return b.err }

// Bind sets the arguments.
func (q *Query) Bind(v ...any) *Query { return q }

// ExecContext runs the statement.
func (q *Query) ExecContext(ctx context.Context) error { return q.err }

// ScanContext runs the statement and reads one row.
func (q *Query) ScanContext(ctx context.Context, dest ...any) error { return q.err }
