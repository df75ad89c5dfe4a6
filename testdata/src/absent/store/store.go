// Package store keeps documents; the policy says whose key is whose.
package store

import (
	"context"
	"errors"
	"os"
)

// Doc is a document.
type Doc struct{ ID, Title string }

// ByPlace are the arguments of InPlace.
type ByPlace struct {
	Slug     string
	TenantID string
}

// Docs finds documents.
type Docs interface {
	InPlace(ctx context.Context, by ByPlace) (Doc, error)
	BySlug(ctx context.Context, slug string) (Doc, error)
	ByTitle(ctx context.Context, title string) (Doc, error)
	InTenant(ctx context.Context, id, tenantID string) (*Doc, error)
	OfUser(ctx context.Context, id, tenantID, userID string) (*Doc, error)
	Create(ctx context.Context, id, title, tenantID string) (*Doc, error)
	Get(ctx context.Context, id string) (*Doc, error)
}

// Owners revokes what owners have.
type Owners interface {
	Revoke(ctx context.Context, ownerID, reason string) error
}

// Gate knows who belongs where: a guard, says the policy.
type Gate interface {
	Admit(ctx context.Context, tenant string) error
}

type orgKey struct{}

// Org is an organisation.
type Org struct{ ID int }

var errNone = errors.New("no organisation")

// OrgOf hands out an organisation that is nobody's.
//
// case: failopen/zero-struct
func OrgOf(ctx context.Context) *Org {
	org, ok := ctx.Value(orgKey{}).(*Org)
	if !ok {
		return &Org{} // want `store.OrgOf hands out an empty tenant where the context holds none, and does not say so`
	}
	return org
}

// Unasked does not ask whether there is one.
//
// case: failopen/zero-unasked
func Unasked(ctx context.Context) int {
	id, _ := ctx.Value(orgKey{}).(int)
	return id // want `store.Unasked hands out an empty tenant`
}

// Silent says that all is well.
//
// case: failopen/zero-nil-error
func Silent(ctx context.Context) (int, error) {
	id, ok := ctx.Value(orgKey{}).(int)
	if !ok {
		return 0, nil // want `store.Silent hands out an empty tenant`
	}
	return id, nil
}

// Must stops.
//
// case: failopen/zero-panic clean
func Must(ctx context.Context) *Org {
	org, ok := ctx.Value(orgKey{}).(*Org)
	if !ok {
		panic(errNone)
	}
	return org
}

// Told says so.
//
// case: failopen/zero-error clean
func Told(ctx context.Context) (*Org, error) {
	org, ok := ctx.Value(orgKey{}).(*Org)
	if !ok {
		return &Org{}, errNone
	}
	return org, nil
}

// Asked hands on whether there is one.
//
// case: failopen/zero-bool clean
func Asked(ctx context.Context) (int, bool) {
	id, ok := ctx.Value(orgKey{}).(int)
	return id, ok
}

// Nil hands out nothing, which whoever uses it notices.
//
// case: failopen/zero-nil clean
func Nil(ctx context.Context) *Org {
	org, _ := ctx.Value(orgKey{}).(*Org)
	return org
}

type config struct{ Tenant string }

func load() (*config, error) {
	data, err := os.ReadFile("config")
	if err != nil {
		return nil, err
	}
	return &config{string(data)}, nil
}

// Current is the tenant of a command: a source, says the policy.
//
// case: failopen/fallback-config
func Current(flag string) string {
	if flag != "" {
		return flag
	}
	cfg, err := load()
	if err != nil {
		return ""
	}
	return cfg.Tenant // want `takes the place of an empty tenant: who has none acts in it`
}

// Chosen looks at more than whether there is one.
//
// case: failopen/fallback-decided clean
func Chosen(flag string) string {
	if flag != "" {
		return flag
	}
	if os.Getenv("BATCH") != "" {
		return ""
	}
	cfg, err := load()
	if err != nil {
		return ""
	}
	return cfg.Tenant
}

// Strict has no other.
//
// case: failopen/fallback-refused clean
func Strict(flag string) (string, error) {
	if flag != "" {
		return flag, nil
	}
	return "", errNone
}
