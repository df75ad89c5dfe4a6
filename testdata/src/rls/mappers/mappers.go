// Package mappers reads notes through sqlx, bun and gorm.
package mappers

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/uptrace/bun"
	"gorm.io/gorm"

	"corpus/legacy/auth"
)

// Jotting is a row.
type Jotting struct {
	ID       string `bun:"id,pk" gorm:"primaryKey" db:"id"`
	TenantID string `bun:"tenant_id" gorm:"column:tenant_id" db:"tenant_id"`
	Body     string `bun:"body" db:"body"`
}

// Store keeps notes.
type Store struct {
	x    *sqlx.DB
	bun  *bun.DB
	gorm *gorm.DB
}

const setTenant = "SELECT set_config('app.tenant_id', ?, true)"

// Sqlx sets the tenant by the transaction that a *sqlx.Tx holds.
//
// case: rls/sqlx clean
func (s *Store) Sqlx(ctx context.Context, id string) (n Jotting, err error) {
	tx, err := s.x.BeginTxx(ctx, nil)
	if err != nil {
		return n, err
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, "SET LOCAL app.tenant_id = '"+auth.TenantID(ctx)+"'"); err != nil {
		return n, err
	}
	return n, tx.GetContext(ctx, &n, "SELECT * FROM jottings WHERE id = $1", id)
}

// SqlxUnset forgets it.
//
// case: rls/sqlx-unset
func (s *Store) SqlxUnset(ctx context.Context, id string) (n Jotting, err error) {
	tx, err := s.x.BeginTxx(ctx, nil)
	if err != nil {
		return n, err
	}
	defer func() { _ = tx.Rollback() }()
	return n, tx.GetContext(ctx, &n, "SELECT * FROM jottings WHERE id = $1", id) // want `SELECT of jottings is not restricted by tenant_id, and app.tenant_id is not set in its transaction`
}

// Bun begins its query on the transaction.
//
// case: rls/bun clean
func (s *Store) Bun(ctx context.Context, id string) (n Jotting, err error) {
	err = s.bun.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.ExecContext(ctx, setTenant, auth.TenantID(ctx)); err != nil {
			return err
		}
		return tx.NewSelect().Model(&n).Where("id = ?", id).Scan(ctx)
	})
	return n, err
}

// BunOutside begins it on the database.
//
// case: rls/bun-outside
func (s *Store) BunOutside(ctx context.Context, id string) (n Jotting, err error) {
	err = s.bun.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.ExecContext(ctx, setTenant, auth.TenantID(ctx)); err != nil {
			return err
		}
		return s.bun.NewSelect().Model(&n).Where("id = ?", id).Scan(ctx) // want `SelectQuery.Scan is not restricted by TenantID, and app.tenant_id is set in another transaction`
	})
	return n, err
}

// Gorm does all in one transaction.
//
// case: rls/gorm clean
func (s *Store) Gorm(ctx context.Context, id string) (n Jotting, err error) {
	err = s.gorm.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Exec(setTenant, auth.TenantID(ctx)).Error; err != nil {
			return err
		}
		return tx.Where("id = ?", id).First(&n).Error
	})
	return n, err
}

// GormPool sets it on whatever connection comes first.
//
// case: rls/gorm-pool
func (s *Store) GormPool(ctx context.Context, id string) (n Jotting, err error) {
	db := s.gorm.WithContext(ctx)
	if err := db.Exec(setTenant, auth.TenantID(ctx)).Error; err != nil {
		return n, err
	}
	return n, db.Where("id = ?", id).First(&n).Error // want `DB.First is not restricted by TenantID, and app.tenant_id is set in another transaction`
}
