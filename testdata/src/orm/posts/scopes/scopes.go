// Package scopes has functions that narrow queries.
package scopes

import (
	"context"

	"corpus/legacy/auth"

	"gorm.io/gorm"
)

// Own keeps a query to the caller's organisation.
func Own(ctx context.Context) func(*gorm.DB) *gorm.DB {
	return func(db *gorm.DB) *gorm.DB { return db.Where("org_id = ?", auth.TenantID(ctx)) }
}

// Newest keeps a query to a page of rows.
func Newest(n int) func(*gorm.DB) *gorm.DB {
	return func(db *gorm.DB) *gorm.DB { return db.Order("created_at DESC").Limit(n) }
}

// Narrow adds the caller's organisation to a query.
func Narrow(ctx context.Context, db *gorm.DB) *gorm.DB {
	return db.Where(map[string]any{"org_id": auth.TenantID(ctx)})
}
