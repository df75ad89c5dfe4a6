// Package schemas keeps parcels in a schema for each tenant.
package schemas

import (
	"context"
	"fmt"
	"net/http"

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

// CountAll counts in whatever schema comes first.
//
// case: schema/unset
func (s *Store) CountAll(ctx context.Context) (n int, err error) {
	err = s.pool.QueryRow(ctx, "SELECT count(*) FROM crates").Scan(&n) // want `SELECT of crates is not restricted by its schema, and it runs on a pool, of which each statement may have another connection`
	return n, err
}

// CountAny counts in the schema that the client names.
//
// case: schema/request
func (s *Store) CountAny(w http.ResponseWriter, r *http.Request) {
	n := 0
	err := s.in(r.Context(), r.Header.Get("X-Tenant-ID"), func(tx pgx.Tx) error {
		return tx.QueryRow(r.Context(), "SELECT count(*) FROM crates").Scan(&n) // want `SELECT of crates takes its schema from the request, not from the caller's scope`
	})
	if err != nil {
		http.Error(w, "unavailable", http.StatusInternalServerError)
	}
}

// CountKept leaves the schema to the next user of the connection.
//
// case: schema/not-local
func (s *Store) CountKept(ctx context.Context) (n int, err error) {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if _, err := tx.Exec(ctx, "SET search_path TO tenant_"+auth.TenantID(ctx)); err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, "SELECT count(*) FROM crates").Scan(&n) // want `SELECT of crates is not restricted by its schema, and search_path is set without LOCAL`
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
