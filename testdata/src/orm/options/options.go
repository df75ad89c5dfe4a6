// Package options lists rows by way of options, of several kinds.
package options

import (
	"context"

	"gorm.io/gorm"
)

// Task is an organisation's.
type Task struct {
	ID    string
	OrgID string
	State string
}

// Store keeps tasks.
type Store struct{ db *gorm.DB }

// scope is an option that is a function on the query.
type scope func(*gorm.DB) *gorm.DB

// byOrg narrows to an organisation.
func byOrg(org string) scope {
	return func(db *gorm.DB) *gorm.DB { return db.Where("org_id = ?", org) }
}

// byState narrows to a state.
func byState(state string) scope {
	return func(db *gorm.DB) *gorm.DB { return db.Where("state = ?", state) }
}

// settings are what options set.
type settings struct {
	org, state string
	limit      int
}

// option sets something.
type option func(*settings)

// withOrg sets the organisation.
func withOrg(org string) option { return func(s *settings) { s.org = org } }

// withState sets the state.
func withState(state string) option { return func(s *settings) { s.state = state } }

// Filter narrows a list.
type Filter struct{ OrgID, State string }

// apply narrows a query.
func (f Filter) apply(db *gorm.DB) *gorm.DB {
	if f.State != "" {
		db = db.Where("state = ?", f.State)
	}
	return db.Where("org_id = ?", f.OrgID)
}

// search lists what a filter finds.
func (s *Store) search(ctx context.Context, f Filter) (list []Task, err error) {
	err = f.apply(s.db.WithContext(ctx)).Find(&list).Error
	return list, err
}
