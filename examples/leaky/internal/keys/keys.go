// Package keys manages the API keys of tenants.
package keys

import "context"

// Key is an API key.
type Key struct{ ID, Owner string }

// Store keeps the keys of all tenants.
type Store interface {
	InTenant(ctx context.Context, id, tenantID string) (*Key, error)
	Get(ctx context.Context, id string) (*Key, error)
	RevokeOfOwner(ctx context.Context, owner string) error
}

// Find returns a key.
//
// Leak 31, a second try without the tenant: it finds what the first must not.
func Find(ctx context.Context, all Store, id, tenantID string) (*Key, error) {
	key, err := all.InTenant(ctx, id, tenantID)
	if err != nil {
		key, err = all.Get(ctx, id)
	}
	return key, err
}

// Offboard revokes the keys of somebody who leaves.
//
// Leak 32, an argument that may be empty: all keys without an owner fit, of whichever
// tenant.
func Offboard(ctx context.Context, all Store, owner string) error {
	return all.RevokeOfOwner(ctx, owner)
}
