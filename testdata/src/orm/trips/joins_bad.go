package trips

import (
	"context"

	"corpus/legacy/auth"

	"github.com/gobuffalo/pop/v6"
)

// Joined joins trips and has no owner.
//
// case: pop/join
func (s *Store) Joined(ctx context.Context, line string) (list []Stop, err error) {
	q := s.conn.Q().Join("trips", "trips.id = stops.trip_id").Where("trips.line_id = ?", line)
	return list, q.All(&list) // want `Query.All is not restricted by Org`
}

// JoinedLeft has the owner in the ON of a join that leaves no row out.
//
// case: pop/left-join
func (s *Store) JoinedLeft(ctx context.Context) (list []Stop, err error) {
	q := s.conn.Q().LeftJoin("trips", "trips.id = stops.trip_id AND trips.org_id = ?", auth.TenantID(ctx))
	return list, q.All(&list) // want `Query.All is not restricted by Org`
}

// Either has an OR, in place, that pop puts beside the rest without parentheses.
//
// case: pop/or-in-place
func (s *Store) Either(ctx context.Context) (list []Trip, err error) {
	q := s.conn.Where("org_id = ?", auth.TenantID(ctx))
	q.Where("line_id = ? OR line_id = ?", "red", "blue")
	return list, q.All(&list) // want `Query.All is restricted by Org only on some paths`
}

// red narrows to red lines, and lets every green one in.
//
// case: pop/or-of-scope
func red(q *pop.Query) *pop.Query {
	return q.Where("line_id = ? OR line_id = ?", "red", "green") // want `puts an OR without parentheses beside the conditions that the query has already`
}

// Scoped applies it.
//
// case: pop/scope-function-or
func (s *Store) Scoped(ctx context.Context) (list []Trip, err error) {
	q := s.conn.Where("org_id = ?", auth.TenantID(ctx))
	return list, q.Scope(red).All(&list) // want `Query.All is restricted by Org only on some paths`
}

// StopsOf has the stops of a trip that is anybody's.
//
// case: pop/belongs-to
func (s *Store) StopsOf(ctx context.Context, id string) (list []Stop, err error) {
	return list, s.conn.BelongsTo(&Trip{ID: id}).All(&list) // want `Query.All is not restricted by Org`
}
