// Package jobs does what messages ask for.
package jobs

import (
	"github.com/segmentio/kafka-go"

	"corpus/lost/queue"
	"corpus/lost/repo"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Jobs works.
type Jobs struct {
	in     *kafka.Reader
	queue  *queue.Queue
	repo   *repo.Repo
	sealer *tenant.Sealer
}
