// Package strict has statements on tables that have no column for the tenant: whose
// their rows are, the cards say that they hang on. The policy wants the statements
// themselves to keep to that.
package strict

import (
	"context"
	"database/sql"

	"corpus/legacy/auth"
)

// Store keeps notes on cards.
type Store struct{ db *sql.DB }

// Add adds a note to whichever card it is told.
//
// case: bound/child-inserted
func (s *Store) Add(ctx context.Context, card, name, body string) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO notes (card_id, name, body) VALUES ($1, $2, $3)`, card, name, body) // want `INSERT into notes sets card_id to parameter card, which nothing binds to the caller's tenant_id`
	return err
}

// AddOwn adds a note to a card of the caller's.
//
// case: bound/child-inserted-from-parent clean
func (s *Store) AddOwn(ctx context.Context, card, name, body string) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO notes (card_id, name, body)
		SELECT c.id, $1, $2 FROM cards c WHERE c.id = $3 AND c.tenant_id = $4`, name, body, card, auth.TenantID(ctx))
	return err
}

// AddAny adds a note to a card that is there, anybody's.
//
// case: bound/child-inserted-from-any
func (s *Store) AddAny(ctx context.Context, card, name, body string) error {
	const text = `INSERT INTO notes (card_id, name, body)
		SELECT c.id, $1, $2 FROM cards c WHERE c.id = $3`
	_, err := s.db.ExecContext(ctx, text, name, body, card) // want `SELECT of cards is not restricted by tenant_id`
	return err
}

// AddEither adds a note to the caller's card, or to whichever it is told.
//
// case: bound/child-inserted-from-either
func (s *Store) AddEither(ctx context.Context, card, name, body string) error {
	const text = `INSERT INTO notes (card_id, name, body)
		SELECT c.id, $1, $2 FROM cards c WHERE c.id = $3 AND c.tenant_id = $4
		UNION ALL SELECT $3, $1, $2`
	_, err := s.db.ExecContext(ctx, text, name, body, card, auth.TenantID(ctx)) // want `INSERT into notes sets card_id to parameter card, which nothing binds to the caller's tenant_id`
	return err
}

// Put writes a note of whichever card.
//
// case: bound/child-upserted
func (s *Store) Put(ctx context.Context, card, name, body string) error {
	const text = `INSERT INTO notes (card_id, name, body) VALUES ($1, $2, $3)
		ON CONFLICT (card_id, name) DO UPDATE SET body = EXCLUDED.body`
	_, err := s.db.ExecContext(ctx, text, card, name, body) // want `INSERT into notes sets card_id to parameter card, which nothing binds to the caller's tenant_id`
	return err
}

// PutOwn writes a note of a card of the caller's: the one that is there is of the
// same card.
//
// case: bound/child-upserted-from-parent clean
func (s *Store) PutOwn(ctx context.Context, card, name, body string) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO notes (card_id, name, body)
		SELECT c.id, $1, $2 FROM cards c WHERE c.id = $3 AND c.tenant_id = $4
		ON CONFLICT (card_id, name) DO UPDATE SET body = EXCLUDED.body`, name, body, card, auth.TenantID(ctx))
	return err
}

// Vote changes the caller's vote, which may be on a card of another tenant.
//
// case: bound/child-upserted-by-person
func (s *Store) Vote(ctx context.Context, card string) error {
	const text = `INSERT INTO votes (user_id, card_id)
		SELECT $1, c.id FROM cards c WHERE c.id = $2 AND c.tenant_id = $3
		ON CONFLICT (user_id) DO UPDATE SET card_id = EXCLUDED.card_id`
	_, err := s.db.ExecContext(ctx, text, auth.FromContext(ctx).UserID, card, auth.TenantID(ctx)) // want `upsert of votes is not restricted by tenant_id`
	return err
}

// Remove removes a note of whichever card.
//
// case: bound/child-deleted
func (s *Store) Remove(ctx context.Context, card, name string) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM notes WHERE card_id = $1 AND name = $2`, card, name) // want `DELETE from notes is not restricted by tenant_id`
	return err
}

// RemoveOwn removes one of a card of the caller's.
//
// case: bound/child-deleted-by-parent clean
func (s *Store) RemoveOwn(ctx context.Context, card, name string) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM notes WHERE name = $1
		AND card_id IN (SELECT id FROM cards WHERE id = $2 AND tenant_id = $3)`, name, card, auth.TenantID(ctx))
	return err
}

// Edit changes a note of a card of the caller's.
//
// case: bound/child-updated-by-parent clean
func (s *Store) Edit(ctx context.Context, card, name, body string) error {
	_, err := s.db.ExecContext(ctx, `UPDATE notes n SET body = $1 FROM cards c
		WHERE n.card_id = c.id AND n.name = $2 AND c.id = $3 AND c.tenant_id = $4`, body, name, card, auth.TenantID(ctx))
	return err
}

// EditAny changes one of a card that the caller's tenant stands beside, and not on.
//
// case: bound/child-updated-by-other
func (s *Store) EditAny(ctx context.Context, card, name, body string) error {
	const text = `UPDATE notes n SET body = $1 FROM cards c
		WHERE n.card_id = $3 AND n.name = $2 AND c.tenant_id = $4`
	_, err := s.db.ExecContext(ctx, text, body, name, card, auth.TenantID(ctx)) // want `UPDATE of notes is not restricted by tenant_id`
	return err
}

// Read reads the notes of a card of the caller's.
//
// case: bound/child-read-by-parent clean
func (s *Store) Read(ctx context.Context, card string) (n int, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT count(*) FROM notes n JOIN cards c ON c.id = n.card_id
		WHERE c.id = $1 AND c.tenant_id = $2`, card, auth.TenantID(ctx)).Scan(&n)
	return n, err
}

// Count counts the notes of a card that was found to be the caller's.
//
// case: bound/child-read-after-parent clean
func (s *Store) Count(ctx context.Context, card string) (n int, err error) {
	var id string
	if err := s.db.QueryRowContext(ctx, `SELECT id FROM cards WHERE id = $1 AND tenant_id = $2`, card, auth.TenantID(ctx)).Scan(&id); err != nil {
		return 0, err
	}
	err = s.db.QueryRowContext(ctx, `SELECT count(*) FROM notes WHERE card_id = $1`, id).Scan(&n)
	return n, err
}

// Sweep reads the notes of all.
//
// case: bound/child-read-by-nothing
func (s *Store) Sweep(ctx context.Context) (n int, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT count(*) FROM notes`).Scan(&n) // want `SELECT of notes is not restricted by tenant_id`
	return n, err
}
