// Package memos keeps what the database only seems to keep apart.
package memos

import (
	"context"

	"github.com/jackc/pgx/v5"

	"corpus/legacy/auth"
	"corpus/rls/tenantdb"
)

// Store keeps memos and drafts.
type Store struct{ db *tenantdb.DB }

// Memo reads from a table whose owner row-level security does not hold.
//
// case: rls/not-forced
func (s *Store) Memo(ctx context.Context, id string) (body string, err error) {
	err = s.db.Do(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, "SELECT body FROM memos WHERE id = $1", id).Scan(&body) // want `SELECT of memos is not restricted by tenant_id, and row-level security is not forced on memos, so the owner of the table is not held to it`
	})
	return body, err
}

// Draft reads from a table whose policy switches itself off.
//
// case: rls/policy-optional
func (s *Store) Draft(ctx context.Context, id string) (body string, err error) {
	err = s.db.Do(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, "SELECT body FROM drafts WHERE id = $1", id).Scan(&body) // want `SELECT of drafts is not restricted by tenant_id, and policy own_drafts of drafts does not compare tenant_id with app.tenant_id`
	})
	return body, err
}

// Named says whose it is by itself.
//
// case: rls/predicate clean
func (s *Store) Named(ctx context.Context, id string) (body string, err error) {
	err = s.db.Do(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, "SELECT body FROM memos WHERE id = $1 AND tenant_id = $2", id, auth.TenantID(ctx)).Scan(&body)
	})
	return body, err
}

// NamedDraft says whose it is by itself, whatever the policy of its table does.
//
// case: rls/predicate-draft clean
func (s *Store) NamedDraft(ctx context.Context, id string) (body string, err error) {
	err = s.db.Do(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, "SELECT body FROM drafts WHERE id = $1 AND tenant_id = $2", id, auth.TenantID(ctx)).Scan(&body)
	})
	return body, err
}
