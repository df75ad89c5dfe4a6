// Package schemas keeps parcels in a schema for each tenant.
package schemas

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"corpus/legacy/auth"
)

// Store keeps crates.
type Store struct{ pool *pgxpool.Pool }

// in runs fn with the tables of a tenant.
func (s *Store) in(ctx context.Context, tenant string, fn func(tx pgx.Tx) error) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if _, err := tx.Exec(ctx, fmt.Sprintf(`SET LOCAL search_path TO "tenant_%s", public`, tenant)); err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// Count counts the caller's.
//
// case: schema/search-path clean
func (s *Store) Count(ctx context.Context) (n int, err error) {
	err = s.in(ctx, auth.TenantID(ctx), func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, "SELECT count(*) FROM crates").Scan(&n)
	})
	return n, err
}

// CountSet says so in the transaction.
//
// case: schema/set-config clean
func (s *Store) CountSet(ctx context.Context) (n int, err error) {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if _, err := tx.Exec(ctx, "SELECT set_config('search_path', $1, true)", "tenant_"+auth.TenantID(ctx)); err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, "SELECT count(*) FROM crates").Scan(&n)
	return n, err
}

// CountNested counts within a savepoint.
//
// case: schema/savepoint clean
func (s *Store) CountNested(ctx context.Context) (n int, err error) {
	err = s.in(ctx, auth.TenantID(ctx), func(tx pgx.Tx) error {
		return pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error {
			return tx.QueryRow(ctx, "SELECT count(*) FROM crates").Scan(&n)
		})
	})
	return n, err
}
