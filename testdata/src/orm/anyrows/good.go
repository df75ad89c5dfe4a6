package anyrows

import (
	"context"

	"github.com/uptrace/bun"
	"gorm.io/gorm"

	"corpus/legacy/auth"
	"corpus/orm/anyrows/kind"
)

// Price returns a row that has no owner.
//
// case: anyrows/global clean
func (s *Service) Price(ctx context.Context, id string) (Currency, error) {
	return s.currencies.Get(ctx, id)
}

// ListOwn lists the caller's.
//
// case: anyrows/own clean
func (s *Service) ListOwn(ctx context.Context) ([]Sheet, error) {
	return s.sheets.Of(ctx, auth.TenantID(ctx))
}

// TitledOwn narrows to the caller's as well.
//
// case: anyrows/narrowed-own clean
func (s *Service) TitledOwn(ctx context.Context, title string) ([]Sheet, error) {
	org := auth.TenantID(ctx)
	return s.sheets.List(ctx, func(db *gorm.DB) *gorm.DB { return db.Where("title = ? AND org_id = ?", title, org) })
}

// BeginOwn keeps a sheet of the caller's.
//
// case: anyrows/insert-own clean
func (s *Service) BeginOwn(ctx context.Context, title string) error {
	return s.sheets.Add(ctx, &Sheet{Title: title, OrgID: auth.TenantID(ctx)})
}

// Forget deletes rows of a kind that has no owner.
//
// case: anyrows/delete-global clean
func (s *Service) Forget(ids []string) error {
	return kind.RemoveAll[Currency](s.currencies.DB, "", ids)
}

// Prices counts rows that have no owner.
//
// case: anyrows/model-global clean
func (s *Service) Prices(ctx context.Context) (int64, error) {
	return s.currencies.Count(ctx, "")
}

// AllOwn lists the caller's, by bun.
//
// case: anyrows/bun-own clean
func AllOwn(ctx context.Context, db *bun.DB) ([]Sheet, error) {
	return kind.All[Sheet](ctx, db, auth.TenantID(ctx))
}
