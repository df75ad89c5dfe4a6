// Package linked reads with the caller's rows what a table of links leads to.
// Whether a link was checked when somebody stored it, the statement does not tell.
package linked

import (
	"context"

	"corpus/legacy/auth"

	"gorm.io/gorm"
)

// Plan belongs to an organisation.
type Plan struct {
	ID    string
	OrgID string
	Parts []Part `gorm:"many2many:plan_parts"`
}

// Part does, too.
type Part struct {
	ID    string
	OrgID string
}

// Store keeps plans.
type Store struct{ DB *gorm.DB }

// Plans returns the caller's plans, with whatever they are linked to, and is not
// reported.
//
// case: limits/linked limit
func (s *Store) Plans(ctx context.Context) (list []Plan, err error) {
	err = s.DB.Where("org_id = ?", auth.TenantID(ctx)).Preload("Parts").Find(&list).Error
	return list, err
}
