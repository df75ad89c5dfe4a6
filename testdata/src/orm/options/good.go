package options

import (
	"context"

	"corpus/legacy/auth"
)

// listOwn applies functions on the query.
func (s *Store) listOwn(ctx context.Context, scopes ...scope) (list []Task, err error) {
	q := s.db.WithContext(ctx)
	for _, narrow := range scopes {
		q = narrow(q)
	}
	err = q.Find(&list).Error
	return list, err
}

// OpenOwn has the owner among its options.
//
// case: options/functions clean
func (s *Store) OpenOwn(ctx context.Context) ([]Task, error) {
	return s.listOwn(ctx, byState("open"), byOrg(auth.TenantID(ctx)))
}

// findOwn applies settings.
func (s *Store) findOwn(ctx context.Context, opts ...option) (list []Task, err error) {
	var set settings
	for _, opt := range opts {
		opt(&set)
	}
	err = s.db.WithContext(ctx).Where("org_id = ? AND state = ?", set.org, set.state).Find(&list).Error
	return list, err
}

// ClosedOwn sets the owner.
//
// case: options/settings clean
func (s *Store) ClosedOwn(ctx context.Context) ([]Task, error) {
	return s.findOwn(ctx, withOrg(auth.TenantID(ctx)), withState("closed"))
}

// AskedOwn has the owner in the filter.
//
// case: options/filter clean
func (s *Store) AskedOwn(ctx context.Context, state string) ([]Task, error) {
	return s.search(ctx, Filter{OrgID: auth.TenantID(ctx), State: state})
}
