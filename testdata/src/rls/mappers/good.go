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
