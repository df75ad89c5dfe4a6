// Package driver keeps spans by way of the second version of the driver.
package driver

import (
	"context"

	"corpus/legacy/auth"

	gocql "github.com/apache/cassandra-gocql-driver/v2"
)

// Store keeps spans.
type Store struct{ session *gocql.Session }

// Get has the id alone.
//
// case: cql/v2-select
func (s *Store) Get(ctx context.Context, id string) (body string, err error) {
	return body, s.session.Query("SELECT body FROM spans WHERE span_id = ?", id).ScanContext(ctx, &body) // want `SELECT of spans is not restricted by tenant_id`
}

// GetOwn has the tenant.
//
// case: cql/v2-select-scoped clean
func (s *Store) GetOwn(ctx context.Context, id string) (body string, err error) {
	q := s.session.Query("SELECT body FROM spans WHERE tenant_id = ? AND span_id = ?")
	return body, q.Bind(auth.TenantID(ctx), id).ScanContext(ctx, &body)
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

// DropOwn removes the tenant's.
//
// case: cql/v2-batch-scoped clean
func (s *Store) DropOwn(ctx context.Context, ids []string) error {
	b := s.session.Batch(gocql.LoggedBatch)
	for _, id := range ids {
		b = b.Query("DELETE FROM spans WHERE tenant_id = ? AND span_id = ?", auth.TenantID(ctx), id)
	}
	return b.ExecContext(ctx)
}
