package rooms

import (
	"context"

	"github.com/uptrace/bun"

	"corpus/legacy/auth"
)

// Count counts rooms, which runs no hook.
//
// case: hooks/model-count
func (s *Store) Count(ctx context.Context) (int, error) {
	return s.db.NewSelect().Model((*Room)(nil)).Count(ctx) // want `SelectQuery.Count is not restricted by Org`
}

// Lamp is an organisation's, and has no hooks.
type Lamp struct {
	ID  string `bun:"id,pk"`
	Org string `bun:"org_id"`
}

// Lamps reads them.
//
// case: hooks/model-without
func (s *Store) Lamps(ctx context.Context) ([]Lamp, error) {
	var lamps []Lamp
	err := s.db.NewSelect().Model(&lamps).Scan(ctx) // want `SelectQuery.Scan is not restricted by Org`
	return lamps, err
}

// Hall is an organisation's, of those that have one.
type Hall struct {
	ID  string `bun:"id,pk"`
	Org string `bun:"org_id"`
}

// BeforeSelect lets go who has none.
//
// case: hooks/model-conditional
func (*Hall) BeforeSelect(ctx context.Context, query *bun.SelectQuery) error { // want `Hall.BeforeSelect holds reads to the caller's tenant only on some paths, and statements rely on it`
	if tenant := auth.TenantID(ctx); tenant != "" {
		query.Where("org_id = ?", tenant)
	}
	return nil
}

// Restore updates halls, which have a hook for what is read.
//
// case: hooks/model-other-operation
func (s *Store) Restore(ctx context.Context, id string) error {
	_, err := s.db.NewUpdate().Model((*Hall)(nil)).Set("open = TRUE").Where("id = ?", id).Exec(ctx) // want `UpdateQuery.Exec is not restricted by Org`
	return err
}
