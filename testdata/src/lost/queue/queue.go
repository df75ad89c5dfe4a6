// Package queue is a queue of our own; the policy says what it hands out.
package queue

import "context"

// A Letter is what a queue has held.
type Letter struct{ Box, ID, Tenant string }

// Context returns the context of who reads the queue.
func (l *Letter) Context() context.Context { return nil }

// Queue is a queue.
type Queue struct{ letters []*Letter }

// Each calls f with each letter.
func (q *Queue) Each(f func(*Letter) error) error { return nil }
