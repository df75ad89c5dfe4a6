// Package ctxkey reads its scope straight from the context, under keys that the
// policy declares: a variable, a constant, a type, a plain string.
package ctxkey

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"
)

type keyType struct{ name string }

// orgKey is a key by its address, as net/http has them.
var orgKey = &keyType{"org"}

type contextKey string

// The keys of a service that names them by constants.
const (
	envKey    contextKey = "env"
	localeKey contextKey = "locale"
)

type seatKey struct{}

// Store keeps reports.
type Store struct{ rdb *redis.Client }

func orgOf(ctx context.Context) (string, error) {
	org, ok := ctx.Value(orgKey).(string)
	if !ok || org == "" {
		return "", errors.New("nobody is signed in")
	}
	return org, nil
}
