// Package tenantdb runs functions in transactions of one tenant.
package tenantdb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"corpus/legacy/auth"
)

// DB is the database.
type DB struct{ pool *pgxpool.Pool }

// Set makes what follows in tx the caller's.
func Set(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, "SELECT set_config('app.tenant_id', $1, true)", auth.TenantID(ctx))
	return err
}

// SetTo makes what follows in tx a tenant's.
func SetTo(ctx context.Context, tx pgx.Tx, tenant string) error {
	_, err := tx.Exec(ctx, fmt.Sprintf("SET LOCAL app.tenant_id = '%s'", tenant))
	return err
}

// SetSome makes what follows in tx the caller's, where there is one.
func SetSome(ctx context.Context, tx pgx.Tx) error {
	if tenant := auth.TenantID(ctx); tenant != "" {
		_, err := tx.Exec(ctx, "SELECT set_config('app.tenant_id', $1, true)", tenant)
		return err
	}
	return nil
}

// Begin begins a transaction of the caller's.
func (db *DB) Begin(ctx context.Context) (pgx.Tx, error) {
	tx, err := db.pool.Begin(ctx)
	if err != nil {
		return nil, err
	}
	if err := Set(ctx, tx); err != nil {
		return nil, err
	}
	return tx, nil
}

// Bare begins a transaction of nobody's.
func (db *DB) Bare(ctx context.Context) (pgx.Tx, error) { return db.pool.Begin(ctx) }

// Do runs fn in a transaction of the caller's.
func (db *DB) Do(ctx context.Context, fn func(tx pgx.Tx) error) error {
	tx, err := db.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if err := Set(ctx, tx); err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// Any runs fn in a transaction of nobody's.
func (db *DB) Any(ctx context.Context, fn func(tx pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, db.pool, fn)
}
