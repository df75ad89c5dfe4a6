package trips

import (
	"context"

	"corpus/legacy/auth"

	"github.com/uptrace/bun"
)

// LinesOwn narrows the trips.
//
// case: bun/relation-narrowed clean
func (s *Store) LinesOwn(ctx context.Context) (list []Line, err error) {
	own := func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("org_id = ?", auth.TenantID(ctx)) }
	err = s.db.NewSelect().Model(&list).Relation("Trips", own).Relation("Trips.Stops").Scan(ctx)
	return list, err
}

// Trips reads with its own what refers to them.
//
// case: bun/relation clean
func (s *Store) Trips(ctx context.Context) (list []Trip, err error) {
	err = s.db.NewSelect().Model(&list).Where("org_id = ?", auth.TenantID(ctx)).Relation("Stops").Relation("Line").Scan(ctx)
	return list, err
}

// EagerOwn reads an association of the caller's.
//
// case: pop/eager clean
func (s *Store) EagerOwn(ctx context.Context) (list []Trip, err error) {
	q := s.conn.WithContext(ctx).Where("org_id = ?", auth.TenantID(ctx))
	err = q.EagerPreload("Stops").All(&list)
	return list, err
}

// HaltsOwn joins what has no owner yet in its ON, and has its own.
//
// case: bun/join clean
func (s *Store) HaltsOwn(ctx context.Context) (list []Stop, err error) {
	q := s.db.NewSelect().Model(&list).Join("LEFT JOIN trips AS t ON t.id = stop.trip_id")
	err = q.Where("stop.org_id = ?", auth.TenantID(ctx)).Scan(ctx)
	return list, err
}
