package cassandra

import (
	"context"

	"github.com/gocql/gocql"

	"corpus/legacy/auth"
)

// ByID filters everybody's spans.
//
// case: cql/allow-filtering
func (s *Store) ByID(ctx context.Context, id string) (body string, err error) {
	err = s.session.Query("SELECT body FROM spans WHERE span_id = ? ALLOW FILTERING", id).WithContext(ctx).Scan(&body) // want `SELECT of spans is not restricted by tenant_id`
	return body, err
}

// TouchAny has the arguments of a statement without USING TTL.
//
// case: cql/swapped
func (s *Store) TouchAny(ctx context.Context, id string) error {
	b := s.session.NewBatch(gocql.LoggedBatch)
	b.Query("UPDATE spans USING TTL ? SET seen = true WHERE tenant_id = ? AND span_id = ?", auth.TenantID(ctx), "house", id) // want `UPDATE of spans takes tenant_id from a constant`
	return s.session.ExecuteBatch(b)
}

// Drop deletes a column of everybody's spans.
//
// case: cql/delete-column
func (s *Store) Drop(ctx context.Context, id string) error {
	return s.session.Query("DELETE body FROM spans WHERE span_id = ?", id).WithContext(ctx).Exec() // want `DELETE from spans is not restricted by tenant_id`
}

// Tag adds to a collection of everybody's.
//
// case: cql/collection
func (s *Store) Tag(ctx context.Context, id, tag string) error {
	return s.session.Query("UPDATE spans SET tags += {'tenant_id': ?} WHERE span_id = ?", tag, id).WithContext(ctx).Exec() // want `UPDATE of spans is not restricted by tenant_id`
}

// Bound gets its arguments later, in the wrong order.
//
// case: cql/bind
func (s *Store) Bound(ctx context.Context, id string) (body string, err error) {
	q := s.session.Query("SELECT body FROM spans WHERE tenant_id = ? AND span_id = ?").WithContext(ctx) // want `SELECT of spans takes tenant_id from a constant`
	return body, q.Bind("house", id).Scan(&body)
}
