package scheme

import "context"

// Closed asks the guard about what was stored.
//
// case: entry/confirmed clean
func (a *Auth) Closed(ctx context.Context, key, scheme string) (context.Context, error) {
	var err error
	switch scheme {
	case "token":
		ctx, err = a.signIn(ctx, key)
	case "org":
		ctx, err = a.choose(ctx, key)
	}
	if err != nil {
		return nil, err
	}
	if scheme == "org" {
		if err := a.require(ctx); err != nil {
			return nil, err
		}
	}
	return ctx, nil
}

// Always asks whatever the scheme.
//
// case: entry/confirmed-always clean
func (a *Auth) Always(ctx context.Context, key, scheme string) (context.Context, error) {
	ctx, err := a.choose(ctx, key)
	if err != nil {
		return nil, err
	}
	if err := a.require(ctx); err != nil {
		return nil, err
	}
	return ctx, nil
}

// Signed takes a token.
//
// case: entry/handed-token clean
func (a *Auth) Signed(ctx context.Context, key, scheme string) (context.Context, error) {
	return a.signIn(ctx, key)
}
