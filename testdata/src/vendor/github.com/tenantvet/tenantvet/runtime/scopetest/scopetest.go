// Package scopetest is a stub of the tenantvet runtime's: the same names and
// signatures, no behaviour.
package scopetest

import (
	"context"
	"testing"
)

// Feature is what is tested.
type Feature struct {
	Read func(ctx context.Context, id string) (payload string, err error)
}

// Violation is what was found.
type Violation struct{ Text string }

// Isolation proves that scopes are kept apart.
func Isolation(t *testing.T, f Feature) {}

// CheckIsolation is Isolation without a test.
func CheckIsolation(ctx context.Context, name string, f Feature) ([]Violation, error) {
	return nil, nil
}
