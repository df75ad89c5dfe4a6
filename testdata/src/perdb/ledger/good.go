// Package ledger keeps entries in the tenant's own database.
package ledger

import (
	"context"
	"database/sql"

	"corpus/legacy/auth"
	"corpus/perdb/pools"
)

// Store keeps entries.
type Store struct{ pools *pools.Manager }

const readEntry = `SELECT total FROM entries WHERE id = $1`

// Read asks for the database of the caller's tenant.
//
// case: database/by-tenant clean
func (s *Store) Read(ctx context.Context, id string) (total int64, err error) {
	db, err := s.pools.For(auth.TenantID(ctx))
	if err != nil {
		return 0, err
	}
	err = db.QueryRowContext(ctx, readEntry, id).Scan(&total)
	return total, err
}

// ReadKept asks for one that is kept in a sync.Map.
//
// case: database/kept clean
func (s *Store) ReadKept(ctx context.Context, id string) (total int64, err error) {
	db, err := s.pools.Kept(auth.TenantID(ctx))
	if err != nil {
		return 0, err
	}
	err = db.QueryRowContext(ctx, readEntry, id).Scan(&total)
	return total, err
}

// ReadTx begins a transaction there.
//
// case: database/transaction clean
func (s *Store) ReadTx(ctx context.Context, id string) (total int64, err error) {
	db, err := s.pools.Caller(ctx)
	if err != nil {
		return 0, err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer func() { _ = tx.Rollback() }()
	return read(ctx, tx, id)
}

func read(ctx context.Context, tx *sql.Tx, id string) (total int64, err error) {
	err = tx.QueryRowContext(ctx, readEntry, id).Scan(&total)
	return total, err
}

// ReadContext believes the middleware, as the policy does.
//
// case: database/context clean
func ReadContext(ctx context.Context, id string) (total int64, err error) {
	err = pools.FromContext(ctx).QueryRowContext(ctx, readEntry, id).Scan(&total)
	return total, err
}
