package notes

import (
	"context"

	"corpus/legacy/auth"

	"github.com/uptrace/bun"
)

// Kinds names its table instead of a model.
//
// case: bun/table
func (s *Store) Kinds(ctx context.Context) (kinds []string, err error) {
	err = s.db.NewSelect().TableExpr("spans AS s").Where("s.seen").Scan(ctx, &kinds) // want `SelectQuery.Scan is not restricted by tenant_id: it reaches spans rows of everybody`
	return kinds, err
}

// Seen marks by an id alone.
//
// case: bun/table-update
func (s *Store) Seen(ctx context.Context, id string) error {
	_, err := s.db.NewUpdate().Table("spans").Set("seen = TRUE").Where("span_id = ?", id).Exec(ctx) // want `UpdateQuery.Exec is not restricted by tenant_id`
	return err
}

// OwnKinds is restricted.
//
// case: bun/table-scoped clean
func (s *Store) OwnKinds(ctx context.Context) (kinds []string, err error) {
	err = s.db.NewSelect().TableExpr("spans AS s").Where("s.seen").Where("s.tenant_id = ?", auth.TenantID(ctx)).Scan(ctx, &kinds)
	return kinds, err
}

// OwnSeen marks the caller's.
//
// case: bun/table-update-scoped clean
func (s *Store) OwnSeen(ctx context.Context, id string) error {
	_, err := s.db.NewUpdate().Table("spans").Set("seen = TRUE").Where("span_id = ? AND tenant_id = ?", id, auth.TenantID(ctx)).Exec(ctx)
	return err
}

func restrict(ctx context.Context, q *bun.SelectQuery, own bool) {
	if own {
		q.Where("tenant_id = ?", auth.TenantID(ctx))
	}
}

func always(ctx context.Context, q *bun.SelectQuery) { q.Where("tenant_id = ?", auth.TenantID(ctx)) }

// SomeKinds restricts in a helper, if asked to.
//
// case: bun/in-place-helper
func (s *Store) SomeKinds(ctx context.Context, own bool) (kinds []string, err error) {
	q := s.db.NewSelect().TableExpr("spans")
	restrict(ctx, q, own)
	err = q.Scan(ctx, &kinds) // want `SelectQuery.Scan is restricted by tenant_id only on some paths`
	return kinds, err
}

// HelpedKinds restricts in a helper.
//
// case: bun/in-place-helper-scoped clean
func (s *Store) HelpedKinds(ctx context.Context) (kinds []string, err error) {
	q := s.db.NewSelect().TableExpr("spans")
	always(ctx, q)
	err = q.Scan(ctx, &kinds)
	return kinds, err
}

func (s *Store) claim(ctx context.Context, id string) (*Note, error) {
	n := new(Note)
	_, err := s.db.NewUpdate().Model(n).Set("text = ''").Where("id = ? AND org_id = ?", id, auth.TenantID(ctx)).Returning("*").Exec(ctx)
	return n, err
}

// Follow makes a note of nobody after one that an UPDATE gave back.
//
// case: bun/returning
func (s *Store) Follow(ctx context.Context, id, next string) error {
	n, err := s.claim(ctx, id)
	if err != nil {
		return err
	}
	_, err = s.db.NewInsert().Model(&Note{ID: next, Text: n.Text}).Exec(ctx) // want `InsertQuery.Exec leaves OrgID unset`
	return err
}

// FollowOwn makes one for whom the row is.
//
// case: bun/returning-owner clean
func (s *Store) FollowOwn(ctx context.Context, id, next string) error {
	n, err := s.claim(ctx, id)
	if err != nil {
		return err
	}
	_, err = s.db.NewInsert().Model(&Note{ID: next, Text: n.Text, Owned: Owned{OrgID: n.OrgID}}).Exec(ctx)
	return err
}
