package ctxkey

import (
	"context"
	"fmt"
)

// Report has the tenant under a variable and the environment under a constant.
//
// case: ctxkey/variable-and-constant clean
func (s *Store) Report(ctx context.Context, id string) error {
	org, err := orgOf(ctx)
	if err != nil {
		return err
	}
	env, _ := ctx.Value(envKey).(string)
	return s.rdb.Get(ctx, fmt.Sprintf("report:%s:%s:%s", org, env, id)).Err()
}

// Draft has another constant of the same type and value: the same key. The
// tenant is under a plain string.
//
// case: ctxkey/strings clean
func (s *Store) Draft(ctx context.Context, id string) error {
	const key contextKey = "env"
	return s.rdb.Get(ctx, fmt.Sprintf("draft:%v:%v:%s", ctx.Value("ctxkey.org"), ctx.Value(key), id)).Err()
}

// Mine has the user as well, under a key that is a type.
//
// case: ctxkey/type clean
func (s *Store) Mine(ctx context.Context, id string) error {
	org, err := orgOf(ctx)
	if err != nil {
		return err
	}
	env, _ := ctx.Value(envKey).(string)
	seat, _ := ctx.Value(seatKey{}).(string)
	return s.rdb.Get(ctx, fmt.Sprintf("mine:%s:%s:%s:%s", org, env, seat, id)).Err()
}
