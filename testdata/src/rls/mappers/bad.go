package mappers

import (
	"context"

	"github.com/uptrace/bun"

	"corpus/legacy/auth"
)

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
