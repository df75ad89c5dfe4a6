package driver

import (
	"context"

	gocql "github.com/apache/cassandra-gocql-driver/v2"
)

// Get has the id alone.
//
// case: cql/v2-select
func (s *Store) Get(ctx context.Context, id string) (body string, err error) {
	return body, s.session.Query("SELECT body FROM spans WHERE span_id = ?", id).ScanContext(ctx, &body) // want `SELECT of spans is not restricted by tenant_id`
}

// Drop removes everybody's.
//
// case: cql/v2-batch
func (s *Store) Drop(ctx context.Context, ids []string) error {
	b := s.session.Batch(gocql.LoggedBatch)
	for _, id := range ids {
		b.Query("DELETE FROM spans WHERE span_id = ?", id) // want `DELETE from spans is not restricted by tenant_id`
	}
	return b.ExecContext(ctx)
}
