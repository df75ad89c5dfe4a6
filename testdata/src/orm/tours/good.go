package tours

import (
	"context"

	"corpus/legacy/auth"

	"github.com/uptrace/bun"
)

// OpenOwn has the organisation on both sides of the OR.
//
// case: bun/where-or-both clean
func (s *Store) OpenOwn(ctx context.Context) (list []Tour, err error) {
	org := auth.TenantID(ctx)
	err = s.db.NewSelect().Model(&list).Where("org_id = ? AND state = 'new'", org).WhereOr("org_id = ? AND state = 'open'", org).Scan(ctx)
	return list, err
}

// OpenTitledOwn has its OR in a group.
//
// case: bun/group clean
func (s *Store) OpenTitledOwn(ctx context.Context, title string) (list []Tour, err error) {
	q := s.db.NewSelect().Model(&list).Where("org_id = ?", auth.TenantID(ctx))
	if title != "" {
		q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Where("title = ?", title).WhereOr("state = ?", "open")
		})
	}
	return list, q.Scan(ctx)
}

// InnerOwn has the organisation in the group.
//
// case: bun/group-scoped clean
func (s *Store) InnerOwn(ctx context.Context, id string) error {
	_, err := s.db.NewUpdate().Model((*Tour)(nil)).Set("state = 'done'").WhereGroup(" AND ", func(q *bun.UpdateQuery) *bun.UpdateQuery {
		return q.Where("org_id = ?", auth.TenantID(ctx)).Where("id = ?", id)
	}).Exec(ctx)
	return err
}

// GroupBehind puts the organisation behind the group.
//
// case: bun/group-first clean
func (s *Store) GroupBehind(ctx context.Context, words []string) (list []Tour, err error) {
	q := s.db.NewSelect().Model(&list).WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
		for _, w := range words {
			q.WhereOr("title = ?", w)
		}
		return q
	})
	return list, q.Where("org_id = ?", auth.TenantID(ctx)).Scan(ctx)
}

// PurgeOwn removes the caller's.
//
// case: bun/delete-group clean
func (s *Store) PurgeOwn(ctx context.Context) error {
	_, err := s.db.NewDelete().Model((*Tour)(nil)).Where("org_id = ?", auth.TenantID(ctx)).WhereGroup(" AND ", func(q *bun.DeleteQuery) *bun.DeleteQuery {
		return q.Where("state = 'void'").WhereOr("state = 'done'")
	}).Exec(ctx)
	return err
}

// SearchOwn has its OR in a group.
//
// case: bun/or-in-group clean
func SearchOwn(q *bun.SelectQuery, word string) *bun.SelectQuery {
	return q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("title = ?", word).WhereOr("text = ?", word)
	})
}

// AppliedOwn applies what narrows, in place and in the chain.
//
// case: bun/apply clean
func (s *Store) AppliedOwn(ctx context.Context) (list, more []Tour, err error) {
	if err = s.db.NewSelect().Model(&list).Apply(own(ctx)).Scan(ctx); err != nil {
		return nil, nil, err
	}
	q := s.db.NewSelect().Model(&more)
	q.Apply(own(ctx))
	return list, more, q.Scan(ctx)
}

// BuiltOwn applies a function on what queries have in common.
//
// case: bun/query-builder clean
func (s *Store) BuiltOwn(ctx context.Context) (list []Tour, err error) {
	mine := func(q bun.QueryBuilder) bun.QueryBuilder { return q.Where("org_id = ?", auth.TenantID(ctx)) }
	err = s.db.NewSelect().Model(&list).ApplyQueryBuilder(mine).Scan(ctx)
	return list, err
}

// DeletedOwn finds the caller's deleted ones.
//
// case: bun/where-deleted-scoped clean
func (s *Store) DeletedOwn(ctx context.Context) (list []Tour, err error) {
	err = s.db.NewSelect().Model(&list).Where("org_id = ?", auth.TenantID(ctx)).WhereDeleted().Scan(ctx)
	return list, err
}

// BothOwn has the organisation in both queries.
//
// case: bun/union-scoped clean
func (s *Store) BothOwn(ctx context.Context) (list []Tour, err error) {
	open := s.db.NewSelect().Model((*Tour)(nil)).Where("org_id = ?", auth.TenantID(ctx)).Where("state = 'open'")
	err = s.db.NewSelect().Model(&list).Where("org_id = ?", auth.TenantID(ctx)).Union(open).Scan(ctx)
	return list, err
}

// RawOwn has both in the text.
//
// case: bun/raw-scoped clean
func (s *Store) RawOwn(ctx context.Context, id string) (total int, err error) {
	err = s.db.NewRaw("SELECT total FROM invoices WHERE id = ? AND tenant_id = ? AND environment_id = ?", id, auth.TenantID(ctx), auth.EnvironmentID(ctx)).Scan(ctx, &total)
	return total, err
}

// DraftsGroup hands the helper a group of its own.
//
// case: bun/where-or-helper-group clean
func (s *Store) DraftsGroup(ctx context.Context) (list []Tour, err error) {
	q := s.db.NewSelect().Model(&list).Where("org_id = ?", auth.TenantID(ctx))
	q = q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery { drafts(q); return q })
	return list, q.Scan(ctx)
}
