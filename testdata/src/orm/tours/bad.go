package tours

import (
	"context"

	"corpus/legacy/auth"

	"github.com/uptrace/bun"
)

// Open lets everybody's open ones in.
//
// case: bun/where-or
func (s *Store) Open(ctx context.Context) (list []Tour, err error) {
	err = s.db.NewSelect().Model(&list).Where("org_id = ?", auth.TenantID(ctx)).WhereOr("state = ?", "open").Scan(ctx) // want `SelectQuery.Scan is restricted by Org only on some paths`
	return list, err
}

// OpenTitled has the caller's organisation on one side of the OR.
//
// case: bun/where-or-and
func (s *Store) OpenTitled(ctx context.Context, title string) (list []Tour, err error) {
	q := s.db.NewSelect().Model(&list).Where("title = ?", title)
	q.WhereOr("state = ?", "open")
	q.Where("org_id = ?", auth.TenantID(ctx))
	return list, q.Scan(ctx) // want `SelectQuery.Scan is restricted by Org only on some paths`
}

// Dropped has its OR in a call of its own.
//
// case: bun/where-or-in-place
func (s *Store) Dropped(ctx context.Context, open bool) (list []Tour, err error) {
	q := s.db.NewSelect().Model(&list).Where("org_id = ?", auth.TenantID(ctx))
	if open {
		q.WhereOr("state = ?", "open")
	}
	return list, q.Scan(ctx) // want `SelectQuery.Scan is restricted by Org only on some paths`
}

// drafts lets drafts in as well, whosever they are.
//
// case: bun/where-or-of-helper
func drafts(q *bun.SelectQuery) {
	q.WhereOr("state = 'draft'") // want `puts an OR without parentheses beside the conditions that the query has already`
}

// Drafts has it in a helper.
//
// case: bun/where-or-helper
func (s *Store) Drafts(ctx context.Context) (list []Tour, err error) {
	q := s.db.NewSelect().Model(&list).Where("org_id = ?", auth.TenantID(ctx))
	drafts(q)
	return list, q.Scan(ctx) // want `SelectQuery.Scan is restricted by Org only on some paths`
}

// Group puts its group behind an OR.
//
// case: bun/group-or
func (s *Store) Group(ctx context.Context, title string) (list []Tour, err error) {
	q := s.db.NewSelect().Model(&list).Where("org_id = ?", auth.TenantID(ctx))
	q = q.WhereGroup(" OR ", func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("title = ?", title).Where("state = 'open'")
	})
	return list, q.Scan(ctx) // want `SelectQuery.Scan is restricted by Org only on some paths`
}

// Inner has the organisation on one side of the OR in the group.
//
// case: bun/group-inner-or
func (s *Store) Inner(ctx context.Context) error {
	q := s.db.NewUpdate().Model((*Tour)(nil)).Set("state = 'done'").WhereGroup(" AND ", func(q *bun.UpdateQuery) *bun.UpdateQuery {
		return q.Where("org_id = ?", auth.TenantID(ctx)).WhereOr("state = 'open'")
	})
	_, err := q.Exec(ctx) // want `UpdateQuery.Exec is restricted by Org only on some paths`
	return err
}

// Purge removes everybody's.
//
// case: bun/delete-or
func (s *Store) Purge(ctx context.Context) error {
	_, err := s.db.NewDelete().Model((*Tour)(nil)).Where("org_id = ?", auth.TenantID(ctx)).WhereOr("state = 'void'").Exec(ctx) // want `DeleteQuery.Exec is restricted by Org only on some paths`
	return err
}

// Search adds an OR to whatever it is handed.
//
// case: bun/or-handed-query
func Search(q *bun.SelectQuery, word string) *bun.SelectQuery {
	return q.Where("title = ?", word).WhereOr("text = ?", word) // want `puts an OR without parentheses beside the conditions that the query has already`
}

// Applied applies what lets everybody's in.
//
// case: bun/apply-or
func (s *Store) Applied(ctx context.Context) (list []Tour, err error) {
	any := func(q bun.QueryBuilder) bun.QueryBuilder { return q.WhereOr("state = 'open'") }
	err = s.db.NewSelect().Model(&list).Where("org_id = ?", auth.TenantID(ctx)).ApplyQueryBuilder(any).Scan(ctx) // want `SelectQuery.Scan is restricted by Org only on some paths`
	return list, err
}

// Deleted finds everybody's deleted ones.
//
// case: bun/where-deleted
func (s *Store) Deleted(ctx context.Context) (list []Tour, err error) {
	err = s.db.NewSelect().Model(&list).WhereDeleted().Scan(ctx) // want `SelectQuery.Scan is not restricted by Org`
	return list, err
}

// Both adds everybody's to the caller's.
//
// case: bun/union
func (s *Store) Both(ctx context.Context) (list []Tour, err error) {
	all := s.db.NewSelect().Model((*Tour)(nil)).Where("state = 'open'")
	err = s.db.NewSelect().Model(&list).Where("org_id = ?", auth.TenantID(ctx)).Union(all).Scan(ctx) // want `SelectQuery.Union is not restricted by Org`
	return list, err
}

// Raw has its statement as text.
//
// case: bun/raw
func (s *Store) Raw(ctx context.Context, id string) (total int, err error) {
	err = s.db.NewRaw("SELECT total FROM invoices WHERE id = ? AND tenant_id = ?", id, auth.TenantID(ctx)).Scan(ctx, &total) // want `SELECT of invoices is not restricted by environment_id`
	return total, err
}
