// Package rooms has models with methods that hold their statements.
package rooms

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"corpus/legacy/auth"
)

// Owned is embedded by models.
type Owned struct {
	Org string `bun:"org_id"`
}

// BeforeSelect holds what is read.
//
// case: hooks/model-select clean
func (*Owned) BeforeSelect(ctx context.Context, query *bun.SelectQuery) error {
	tenant := auth.TenantID(ctx)
	if tenant == "" {
		return fmt.Errorf("nobody is signed in")
	}
	query.Where("org_id = ?", tenant)
	return nil
}

// BeforeUpdate holds what is updated.
//
// case: hooks/model-update clean
func (*Owned) BeforeUpdate(ctx context.Context, query *bun.UpdateQuery) error {
	query.Where("org_id = ?", auth.TenantID(ctx))
	return nil
}

// Room is an organisation's.
type Room struct {
	Owned
	ID   string `bun:"id,pk"`
	Name string `bun:"name"`
}

// Store keeps rooms.
type Store struct{ db *bun.DB }

// Room reads one.
//
// case: hooks/model-read clean
func (s *Store) Room(ctx context.Context, id string) (*Room, error) {
	room := new(Room)
	err := s.db.NewSelect().Model(room).Where("id = ?", id).Scan(ctx)
	return room, err
}

// Rename updates one.
//
// case: hooks/model-write clean
func (s *Store) Rename(ctx context.Context, id, name string) error {
	_, err := s.db.NewUpdate().Model((*Room)(nil)).Set("name = ?", name).Where("id = ?", id).Exec(ctx)
	return err
}
