// Package anyrows has a repository for rows of any kind, behind an interface. That an
// instance of a generic type is behind it is not seen.
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

// Sheets is what the service needs of a repository.
type Sheets interface {
	Get(ctx context.Context, id string) (Sheet, error)
}

// Repo keeps rows of one kind.
type Repo[T any] struct{ DB *gorm.DB }

// Get returns a row by its id.
func (r *Repo[T]) Get(ctx context.Context, id string) (row T, err error) {
	err = r.DB.WithContext(ctx).Where("id = ?", id).First(&row).Error
	return row, err
}

// New returns a repository of sheets.
func New(db *gorm.DB) Sheets { return &Repo[Sheet]{DB: db} }

// Show returns anybody's sheet, and is not reported.
//
// case: limits/any-rows limit
func Show(ctx context.Context, sheets Sheets, id string) (Sheet, error) {
	return sheets.Get(ctx, id)
}
