package trips

import (
	"context"

	"corpus/legacy/auth"

	"github.com/gobuffalo/pop/v6"
)

// JoinedOwn has the owner in the WHERE.
//
// case: pop/join-scoped clean
func (s *Store) JoinedOwn(ctx context.Context, line string) (list []Stop, err error) {
	q := s.conn.Q().LeftJoin("trips", "trips.id = stops.trip_id").Where("stops.org_id = ?", auth.TenantID(ctx))
	return list, q.Where("trips.line_id = ?", line).All(&list)
}

// JoinedTrip goes with trips of the owner's: whether those tell whose the stops are is
// not known.
//
// case: pop/join-restricted clean
func (s *Store) JoinedTrip(ctx context.Context) (list []Stop, err error) {
	q := s.conn.Q().InnerJoin("trips", "trips.id = stops.trip_id AND trips.org_id = ?", auth.TenantID(ctx))
	return list, q.All(&list)
}

// EitherOwn has it in parentheses.
//
// case: pop/or-in-place-scoped clean
func (s *Store) EitherOwn(ctx context.Context) (list []Trip, err error) {
	q := s.conn.Where("org_id = ?", auth.TenantID(ctx))
	q.Where("(line_id = ? OR line_id = ?)", "red", "blue")
	return list, q.All(&list)
}

// ScopedOwn applies what narrows to the owner's.
//
// case: pop/scope-function clean
func (s *Store) ScopedOwn(ctx context.Context) (list []Trip, err error) {
	own := func(q *pop.Query) *pop.Query { return q.Where("org_id = ?", auth.TenantID(ctx)) }
	return list, s.conn.Scope(own).Order("id").All(&list)
}

// StopsOfOwn has those of a trip that was read: whose they are was decided there.
//
// case: pop/belongs-to-loaded clean
func (s *Store) StopsOfOwn(ctx context.Context, id string) (list []Stop, err error) {
	var t Trip
	if err := s.conn.Where("org_id = ? AND id = ?", auth.TenantID(ctx), id).First(&t); err != nil {
		return nil, err
	}
	return list, s.conn.Q().BelongsTo(&t).All(&list)
}
