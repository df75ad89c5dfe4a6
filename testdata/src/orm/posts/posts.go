// Package posts keeps posts by way of gorm.
package posts

import "gorm.io/gorm"

// Post is a row.
type Post struct {
	ID    string `gorm:"primaryKey"`
	Owner string `gorm:"type:varchar(36);column:org_id;not null"`
	Title string
	State string
}

// Tag belongs to nobody.
type Tag struct {
	Name  string
	OrgID string `gorm:"-"`
}

// Store keeps posts.
type Store struct{ db *gorm.DB }

// New returns a store on a database.
func New(db *gorm.DB) *Store { return &Store{db: db} }
