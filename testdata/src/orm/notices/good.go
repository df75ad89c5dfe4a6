package notices

import (
	"context"

	"corpus/legacy/auth"

	"github.com/gobuffalo/pop/v6"
)

// own narrows a query to the caller's.
func own(ctx context.Context) pop.ScopeFunc {
	return func(q *pop.Query) *pop.Query { return q.Where("org_id = ?", auth.TenantID(ctx)) }
}

// GetOwn has both in one condition.
//
// case: pop/first clean
func (s *Store) GetOwn(ctx context.Context, id string) (*Notice, error) {
	var n Notice
	err := s.conn.WithContext(ctx).Where("id = ? AND org_id = ?", id, auth.TenantID(ctx)).First(&n)
	return &n, err
}

// SearchOwn has its OR in parentheses, and changes the query in place.
//
// case: pop/in-place clean
func (s *Store) SearchOwn(ctx context.Context, text string) (list []Notice, err error) {
	q := s.conn.Q()
	q.Where("org_id = ?", auth.TenantID(ctx))
	if text != "" {
		q.Where("(text = ? OR id = ?)", text, text)
	}
	return list, q.Order("id").All(&list)
}

// ClearOwn has a scope.
//
// case: pop/scope clean
func (s *Store) ClearOwn(ctx context.Context, text string) error {
	return s.conn.Transaction(func(tx *pop.Connection) error {
		return tx.Where("text = ?", text).Scope(own(ctx)).Delete(&Notice{})
	})
}

// AddOwn sets the owner.
//
// case: pop/create clean
func (s *Store) AddOwn(ctx context.Context, id, text string) error {
	return s.conn.WithContext(ctx).Create(&Notice{ID: id, Org: auth.TenantID(ctx), Text: text})
}

// EditOwn changes a notice that was read for the caller.
//
// case: pop/update-loaded clean
func (s *Store) EditOwn(ctx context.Context, id, text string) error {
	n, err := s.GetOwn(ctx, id)
	if err != nil {
		return err
	}
	n.Text = text
	return s.conn.WithContext(ctx).Update(n)
}
