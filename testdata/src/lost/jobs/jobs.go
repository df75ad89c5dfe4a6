// Package jobs does what messages ask for.
package jobs

import (
	"context"

	"github.com/segmentio/kafka-go"

	"corpus/lost/repo"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// A Letter is what a queue has held.
type Letter struct{ Box, ID, Tenant string }

// Context returns the context of who reads the queue.
func (l *Letter) Context() context.Context { return nil }

// Queue is a queue.
type Queue struct{ letters []*Letter }

// Each calls f with each letter.
func (q *Queue) Each(f func(*Letter) error) error { return nil }

// Jobs works.
type Jobs struct {
	in     *kafka.Reader
	queue  *Queue
	repo   *repo.Repo
	sealer *tenant.Sealer
}
