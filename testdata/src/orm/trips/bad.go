package trips

import (
	"context"

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
