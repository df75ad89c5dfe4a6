// Package cassandra keeps spans in Cassandra.
package cassandra

import (
	"context"

	"github.com/gocql/gocql"

	"corpus/legacy/auth"
)

// Store keeps spans.
type Store struct{ session *gocql.Session }

// Add lets the span live for a while.
//
// case: cql/insert clean
func (s *Store) Add(ctx context.Context, id, body string) error {
	return s.session.Query("INSERT INTO spans (tenant_id, span_id, body) VALUES (?, ?, ?) IF NOT EXISTS USING TTL ?", auth.TenantID(ctx), id, body, 3600).WithContext(ctx).Exec()
}

// Get reads within the tenant.
//
// case: cql/select clean
func (s *Store) Get(ctx context.Context, id string) (body string, err error) {
	err = s.session.Query("SELECT body FROM spans WHERE tenant_id = ? AND span_id = ? PER PARTITION LIMIT 1", auth.TenantID(ctx), id).WithContext(ctx).Scan(&body)
	return body, err
}

// Touch writes several within the tenant.
//
// case: cql/batch clean
func (s *Store) Touch(ctx context.Context, ids []string) error {
	b := s.session.NewBatch(gocql.LoggedBatch)
	for _, id := range ids {
		b.Query("UPDATE spans USING TTL ? SET seen = true WHERE tenant_id = ? AND span_id = ? IF EXISTS", 3600, auth.TenantID(ctx), id)
	}
	return s.session.ExecuteBatch(b)
}

// TagOwn adds to a collection.
//
// case: cql/collection-scoped clean
func (s *Store) TagOwn(ctx context.Context, id, tag string) error {
	return s.session.Query("UPDATE spans SET tags += {'tag': ?} WHERE tenant_id = ? AND span_id = ?", tag, auth.TenantID(ctx), id).WithContext(ctx).Exec()
}

// BoundOwn gets its arguments later.
//
// case: cql/bind-scoped clean
func (s *Store) BoundOwn(ctx context.Context, id string) (body string, err error) {
	q := s.session.Query("SELECT body FROM spans WHERE tenant_id = ? AND span_id = ?").WithContext(ctx).PageSize(1)
	return body, q.Bind(auth.TenantID(ctx), id).Scan(&body)
}
