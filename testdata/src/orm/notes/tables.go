package notes

import (
	"context"

	"corpus/legacy/auth"
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
