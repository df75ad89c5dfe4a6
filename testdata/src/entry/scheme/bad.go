// Package scheme is called by generated code with what the client sent, for one
// scheme after the other: the policy says which parameter that is.
package scheme

import (
	"context"
	"errors"

	"corpus/entry/session"
)

// Guard knows who may use what: a guard, says the policy.
type Guard interface {
	Require(ctx context.Context, org string) error
}

// Auth authorizes requests.
type Auth struct {
	guard  Guard
	orgs   session.Orgs
	tokens session.Tokens
}

// choose makes the organisation that the client names the scope: a setter, says
// the policy.
func (a *Auth) choose(ctx context.Context, name string) (context.Context, error) {
	org, err := a.orgs.InContext(ctx, name)
	if err != nil {
		return nil, err
	}
	return session.WithOrg(ctx, org), nil
}

func (a *Auth) signIn(ctx context.Context, token string) (context.Context, error) {
	u, err := a.tokens.Verify(token)
	if err != nil {
		return nil, err
	}
	return session.WithUser(ctx, u), nil
}

// require asks the guard about the organisation in the context.
func (a *Auth) require(ctx context.Context) error {
	org := session.OrgOf(ctx)
	if org == nil {
		return errors.New("no organisation")
	}
	return a.guard.Require(ctx, org.ID)
}

// Open asks nobody.
//
// case: entry/handed
func (a *Auth) Open(ctx context.Context, key, scheme string) (context.Context, error) {
	var err error
	switch scheme {
	case "token":
		ctx, err = a.signIn(ctx, key)
	case "org":
		ctx, err = a.choose(ctx, key) // want `key \(from the request\) becomes the tenant by way of Auth.choose: nothing proves that it is the caller's`
	}
	if err != nil {
		return nil, err
	}
	return ctx, nil
}

// Wrong asks for another scheme.
//
// case: entry/confirmed-for-another
func (a *Auth) Wrong(ctx context.Context, key, scheme string) (context.Context, error) {
	var err error
	switch scheme {
	case "token":
		ctx, err = a.signIn(ctx, key)
	case "org":
		ctx, err = a.choose(ctx, key) // want `key \(from the request\) becomes the tenant by way of Auth.choose`
	}
	if err != nil {
		return nil, err
	}
	if scheme == "token" {
		if err := a.require(ctx); err != nil {
			return nil, err
		}
	}
	return ctx, nil
}

// Dropped does not listen.
//
// case: entry/confirmed-unheard
func (a *Auth) Dropped(ctx context.Context, key, scheme string) (context.Context, error) {
	ctx, err := a.choose(ctx, key) // want `key \(from the request\) becomes the tenant by way of Auth.choose`
	if err != nil {
		return nil, err
	}
	_ = a.require(ctx) // want `nobody looks at what Auth.require says` // want `nobody looks at what Auth.require says`
	return ctx, nil
}
