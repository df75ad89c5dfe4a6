package ctxkey

import (
	"context"
	"fmt"
)

// Locale keys by a value of the context that the policy does not vouch for.
//
// case: ctxkey/another-key
func (s *Store) Locale(ctx context.Context, id string) error {
	org, err := orgOf(ctx)
	if err != nil {
		return err
	}
	locale, _ := ctx.Value(localeKey).(string)
	return s.rdb.Get(ctx, fmt.Sprintf("report:%s:%s:%s", org, locale, id)).Err() // want `cache key has no env`
}

// Seat forgets that a seat is a user, not a tenant.
//
// case: ctxkey/user-alone
func (s *Store) Seat(ctx context.Context) error {
	seat, _ := ctx.Value(seatKey{}).(string)
	return s.rdb.Get(ctx, "seat:"+seat).Err() // want `cache key has no tenant`
}
