// Package session keeps who is signed in. The policy declares what is read from
// the context, and Remember as a setter; the rest can be seen.
package session

import (
	"context"
	"errors"
)

// Org is an organisation.
type Org struct {
	ID   string
	Name string
}

// User is who has signed in.
type User struct {
	ID    string
	OrgID string
	Email string
}

type orgKey struct{}

type userKey struct{}

// Key is the type of exported keys.
type Key string

// EnvKey is where the environment is.
const EnvKey Key = "env"

// OrgOf returns the organisation of a context, nil if there is none.
func OrgOf(ctx context.Context) *Org {
	org, _ := ctx.Value(orgKey{}).(*Org)
	return org
}

// WithOrg stores an organisation.
func WithOrg(ctx context.Context, org *Org) context.Context {
	return context.WithValue(ctx, orgKey{}, org)
}

// UserOf returns who has signed in.
func UserOf(ctx context.Context) (*User, error) {
	u, ok := ctx.Value(userKey{}).(*User)
	if !ok || u == nil {
		return nil, errors.New("nobody is signed in")
	}
	return u, nil
}

// WithUser stores who has signed in.
func WithUser(ctx context.Context, u *User) context.Context {
	return context.WithValue(ctx, userKey{}, u)
}

// EnvOf returns the environment of a context.
func EnvOf(ctx context.Context) (string, error) {
	env, ok := ctx.Value(EnvKey).(string)
	if !ok || env == "" {
		return "", errors.New("no environment")
	}
	return env, nil
}

// A Store remembers out of sight.
type Store interface {
	Remember(ctx context.Context, tenant string)
}

// Caller is the caller as other packages know it: the policy calls its fields
// sources.
type Caller struct {
	Tenant  string
	Browser string
}

// Badge is the scope of older code: a type that is a source, says the policy.
type Badge struct{ OrgID string }

// Orgs finds organisations.
type Orgs interface {
	ByName(name string) (*Org, error)
	ByToken(token string) (*Org, error)
	InContext(ctx context.Context, name string) (*Org, error)
}

// Members knows who belongs where.
type Members interface {
	Check(ctx context.Context, org string) error
}

// Tokens verifies tokens.
type Tokens interface {
	Verify(token string) (*User, error)
}
