// Package kind has a repository for rows of any kind. What they are, and so whether
// they have an owner, is said where it is made.
package kind

import (
	"context"

	"github.com/uptrace/bun"
	"gorm.io/gorm"
)

// Repo keeps rows of one kind.
type Repo[T any] struct{ DB *gorm.DB }

// Get returns a row by its id.
func (r *Repo[T]) Get(ctx context.Context, id string) (row T, err error) {
	err = r.DB.WithContext(ctx).Where("id = ?", id).First(&row).Error
	return row, err
}

// Of returns the rows of an owner.
func (r *Repo[T]) Of(ctx context.Context, org string) (list []T, err error) {
	err = r.DB.WithContext(ctx).Where("org_id = ?", org).Find(&list).Error
	return list, err
}

// List returns the rows that what it is handed is narrowed to.
func (r *Repo[T]) List(ctx context.Context, narrow func(*gorm.DB) *gorm.DB) (list []T, err error) {
	err = narrow(r.DB.WithContext(ctx)).Find(&list).Error
	return list, err
}

// Add keeps a row.
func (r *Repo[T]) Add(ctx context.Context, row *T) error {
	return r.DB.WithContext(ctx).Create(row).Error
}

// Remove deletes a row.
func Remove[T any](db *gorm.DB, org, id string) error {
	q := db.Where("id = ?", id)
	if org != "" {
		q = q.Where("org_id = ?", org)
	}
	return q.Delete(new(T)).Error
}

// RemoveAll deletes rows, one after the other.
func RemoveAll[T any](db *gorm.DB, org string, ids []string) error {
	for _, id := range ids {
		if err := Remove[T](db, org, id); err != nil {
			return err
		}
	}
	return nil
}

// Count counts the rows of an owner.
func (r *Repo[T]) Count(ctx context.Context, org string) (n int64, err error) {
	q := r.DB.WithContext(ctx).Model(new(T))
	if org != "" {
		q = q.Where("org_id = ?", org)
	}
	err = q.Count(&n).Error
	return n, err
}

// All lists rows by bun.
func All[T any](ctx context.Context, db *bun.DB, org string) (list []T, err error) {
	err = db.NewSelect().Model(&list).Where("org_id = ?", org).Scan(ctx)
	return list, err
}
