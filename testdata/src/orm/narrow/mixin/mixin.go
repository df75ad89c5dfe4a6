// Package mixin fills the columns that rows of several kinds have.
package mixin

import "errors"

// Setter is what a builder of such rows can do.
type Setter[T any] interface {
	SetTenantID(string) T
	SetEnvironmentID(string) T
	SetStatus(string) T
}

// Owner says whose a row is.
type Owner struct{ TenantID, EnvironmentID string }

// Create fills a new row.
func Create[T Setter[T]](row Setter[T], owner Owner, status string) (T, error) {
	switch status {
	case "new":
		row = row.SetStatus("created")
	case "old":
		row = row.SetStatus("restored")
	default:
		var none T
		return none, errors.New("a row is new or old")
	}
	return Touch(row.SetTenantID(owner.TenantID), status).SetEnvironmentID(owner.EnvironmentID), nil
}

// Touch leaves the owner as it is.
func Touch[T interface{ SetStatus(string) T }](row T, status string) T {
	return row.SetStatus(status)
}
