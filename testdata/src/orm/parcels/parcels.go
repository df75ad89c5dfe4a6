// Package parcels keeps parcels by way of xorm.
package parcels

import (
	"xorm.io/xorm"
)

// Parcel is a row.
type Parcel struct {
	ID    string
	Owner string `xorm:"varchar(36) notnull 'org_id'"`
	State string
}

// Store keeps parcels.
type Store struct{ engine *xorm.Engine }
