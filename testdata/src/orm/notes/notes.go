// Package notes keeps notes by way of bun.
package notes

import (
	"context"

	"corpus/legacy/auth"

	"github.com/uptrace/bun"
)

// Owned is embedded by what belongs to a tenant.
type Owned struct {
	OrgID string `bun:"org_id"`
}

// Note is a row.
type Note struct {
	bun.BaseModel `bun:"table:notes"`
	Owned

	ID   string `bun:"id,pk"`
	Text string `bun:"text"`
}

// Store keeps notes.
type Store struct{ db *bun.DB }

// Get restricts by id alone.
//
// case: bun/select-by-id
func (s *Store) Get(ctx context.Context, id string) (*Note, error) {
	n := new(Note)
	err := s.db.NewSelect().Model(n).Where("id = ?", id).Scan(ctx) // want `SelectQuery.Scan is not restricted by OrgID: it reaches Note rows of everybody`
	return n, err
}

// Edit relies on the primary key.
//
// case: bun/update-by-pk
func (s *Store) Edit(ctx context.Context, n *Note) error {
	_, err := s.db.NewUpdate().Model(n).Set("text = ?", n.Text).WherePK().Exec(ctx) // want `UpdateQuery.Exec is not restricted by OrgID`
	return err
}

// Search has an OR that lets everybody's notes in.
//
// case: bun/or
func (s *Store) Search(ctx context.Context, text string) (notes []*Note, err error) {
	err = s.db.NewSelect().Model(&notes).Where("org_id = ? OR public", auth.TenantID(ctx)).Where("text LIKE ?", text).Scan(ctx) // want `SelectQuery.Scan is not restricted by OrgID`
	return notes, err
}

// Add saves a note of nobody.
//
// case: bun/insert-unset
func (s *Store) Add(ctx context.Context, id, text string) error {
	_, err := s.db.NewInsert().Model(&Note{ID: id, Text: text}).Exec(ctx) // want `InsertQuery.Exec leaves OrgID unset`
	return err
}

// GetOwn restricts by the caller's organisation as well.
//
// case: bun/select-scoped clean
func (s *Store) GetOwn(ctx context.Context, id string) (*Note, error) {
	n := new(Note)
	err := s.db.NewSelect().Model(n).Where("id = ?", id).Where("n.org_id = ?", auth.TenantID(ctx)).Scan(ctx)
	return n, err
}

// EditOwn adds the condition in place.
//
// case: bun/update-in-place clean
func (s *Store) EditOwn(ctx context.Context, id, text string) error {
	q := s.db.NewUpdate().Model((*Note)(nil)).Set("text = ?", text)
	q.Where("id = ? AND org_id = ?", id, auth.TenantID(ctx))
	_, err := q.Exec(ctx)
	return err
}

// ListOwn adds a condition that takes nothing away.
//
// case: bun/conditional-tail clean
func (s *Store) ListOwn(ctx context.Context, text string) (notes []Note, err error) {
	q := s.db.NewSelect().Model(&notes).Where("org_id = ?", auth.TenantID(ctx)).Limit(10)
	if text != "" {
		q = q.Where("text LIKE ? OR id = ?", text, text)
	}
	return notes, q.Scan(ctx)
}

// CopyOwn inserts what was loaded for the caller.
//
// case: bun/insert-loaded clean
func (s *Store) CopyOwn(ctx context.Context, id string) error {
	n := new(Note)
	if err := s.db.NewSelect().Model(n).Where("id = ? AND org_id = ?", id, auth.TenantID(ctx)).Scan(ctx); err != nil {
		return err
	}
	n.ID += "-copy"
	_, err := s.db.NewInsert().Model(n).Exec(ctx)
	return err
}

// AddOwn sets the column.
//
// case: bun/insert clean
func (s *Store) AddOwn(ctx context.Context, id, text string) error {
	n := &Note{ID: id, Text: text}
	n.OrgID = auth.TenantID(ctx)
	_, err := s.db.NewInsert().Model(n).Exec(ctx)
	return err
}
