// Package anyrows has a repository for rows of any kind. What they are, and so whether
// they have an owner, is said where it is made.
package anyrows

import (
	"context"

	"gorm.io/gorm"
)

// Sheet is an organisation's.
type Sheet struct {
	ID    string
	OrgID string
}

// Repo keeps rows of one kind.
type Repo[T any] struct{ DB *gorm.DB }

// Get returns a row by its id.
func (r *Repo[T]) Get(ctx context.Context, id string) (row T, err error) {
	err = r.DB.WithContext(ctx).Where("id = ?", id).First(&row).Error
	return row, err
}

// Show returns anybody's sheet, and is not reported.
//
// case: limits/any-rows limit
func Show(ctx context.Context, sheets *Repo[Sheet], id string) (Sheet, error) {
	return sheets.Get(ctx, id)
}
