package driver

import (
	"context"

	"corpus/legacy/auth"

	gocql "github.com/apache/cassandra-gocql-driver/v2"
)

// GetOwn has the tenant.
//
// case: cql/v2-select-scoped clean
func (s *Store) GetOwn(ctx context.Context, id string) (body string, err error) {
	q := s.session.Query("SELECT body FROM spans WHERE tenant_id = ? AND span_id = ?")
	return body, q.Bind(auth.TenantID(ctx), id).ScanContext(ctx, &body)
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
