package trips

import (
	"context"

	"corpus/legacy/auth"

	"github.com/uptrace/bun"
)

// Lines are everybody's, and so are the trips that are read with them.
//
// case: bun/relation-of-nobody
func (s *Store) Lines(ctx context.Context) (list []Line, err error) {
	err = s.db.NewSelect().Model(&list).Relation("Trips").Scan(ctx) // want `SelectQuery.Scan with Trips is not restricted by Org: it reaches Trip rows of everybody`
	return list, err
}

// Sorted has a function that narrows nothing.
//
// case: bun/relation-sorted
func (s *Store) Sorted(ctx context.Context) (list []Line, err error) {
	err = s.db.NewSelect().Model(&list).Relation("Trips.Stops", func(q *bun.SelectQuery) *bun.SelectQuery { return q.Limit(3) }).Scan(ctx) // want `SelectQuery.Scan with Trips is not restricted by Org`
	return list, err
}

// Eager reads all associations of what nobody owns.
//
// case: pop/eager-of-nobody
func (s *Store) Eager(ctx context.Context, id string) (*Line, error) {
	var l Line
	err := s.conn.WithContext(ctx).Eager().Where("id = ?", id).First(&l) // want `Query.First with Trips is not restricted by Org`
	return &l, err
}

// Halts has the owner in the ON of a LEFT JOIN, which leaves no row out.
//
// case: bun/left-join
func (s *Store) Halts(ctx context.Context) (list []Stop, err error) {
	err = s.db.NewSelect().Model(&list).Join("LEFT JOIN trips AS t ON t.id = stop.trip_id AND t.org_id = ?", auth.TenantID(ctx)).Scan(ctx) // want `SelectQuery.Scan is not restricted by Org`
	return list, err
}
