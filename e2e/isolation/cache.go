package isolation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// lifetime is how long entries and locks last.
const lifetime = time.Hour

// Cache keeps short texts on Redis.
type Cache struct{ Client *redis.Client }

func cacheKey(ctx context.Context, parts ...string) (string, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return "", err
	}
	key, err := tenant.NewKey(sc, append([]string{"cache"}, parts...)...)
	return key.String(), err
}

// Set stores an entry.
func (c Cache) Set(ctx context.Context, id, text string) error {
	key, err := cacheKey(ctx, id)
	if err != nil {
		return err
	}
	return c.Client.Set(ctx, key, text, lifetime).Err()
}

// Get returns an entry, or an error that wraps [ErrNotFound].
func (c Cache) Get(ctx context.Context, id string) (string, error) {
	key, err := cacheKey(ctx, id)
	if err != nil {
		return "", err
	}
	return text(c.Client.Get(ctx, key).Result())
}

// Delete removes an entry, if there is one.
func (c Cache) Delete(ctx context.Context, id string) error {
	key, err := cacheKey(ctx, id)
	if err != nil {
		return err
	}
	return c.Client.Del(ctx, key).Err()
}

// All returns the texts of all entries. Keys hold nothing that means something
// in a pattern.
func (c Cache) All(ctx context.Context) ([]string, error) {
	prefix, err := cacheKey(ctx)
	if err != nil {
		return nil, err
	}
	return scanKeys(ctx, c.Client, prefix+":*")
}

// scanKeys returns the texts of all entries whose keys match the pattern.
func scanKeys(ctx context.Context, client *redis.Client, pattern string) ([]string, error) {
	var keys []string
	entries := client.Scan(ctx, 0, pattern, 1000).Iterator()
	for entries.Next(ctx) {
		keys = append(keys, entries.Val())
	}
	if err := entries.Err(); err != nil {
		return nil, fmt.Errorf("scan: %w", err)
	}
	// A scan may return a key twice.
	slices.Sort(keys)
	keys = slices.Compact(keys)
	if len(keys) == 0 {
		return nil, nil
	}
	values, err := client.MGet(ctx, keys...).Result()
	if err != nil {
		return nil, err
	}
	var texts []string
	for _, v := range values {
		if text, ok := v.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts, nil
}

func text(value string, err error) (string, error) {
	if errors.Is(err, redis.Nil) {
		err = ErrNotFound
	}
	return value, err
}

// Lock is a lock on Redis, held by whoever knows the token.
type Lock struct{ Client *redis.Client }

// ErrHeld is returned by [Lock.Acquire] for a lock that is held.
var ErrHeld = errors.New("the lock is held")

func lockKey(ctx context.Context, name string) (string, error) {
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		return "", err
	}
	key, err := tenant.NewKey(sc, "lock", name)
	return key.String(), err
}

// Acquire takes the lock.
func (l Lock) Acquire(ctx context.Context, name, token string) error {
	key, err := lockKey(ctx, name)
	if err != nil {
		return err
	}
	return acquire(ctx, l.Client, key, token)
}

func acquire(ctx context.Context, client *redis.Client, key, token string) error {
	err := client.SetArgs(ctx, key, token, redis.SetArgs{Mode: "NX", TTL: lifetime}).Err()
	if errors.Is(err, redis.Nil) {
		err = ErrHeld
	}
	return err
}

// Holder returns the token of whoever holds the lock.
func (l Lock) Holder(ctx context.Context, name string) (string, error) {
	key, err := lockKey(ctx, name)
	if err != nil {
		return "", err
	}
	return text(l.Client.Get(ctx, key).Result())
}

// Release gives the lock back, if the token is the holder's.
func (l Lock) Release(ctx context.Context, name, token string) error {
	key, err := lockKey(ctx, name)
	if err != nil {
		return err
	}
	script := redis.NewScript(`if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("DEL", KEYS[1]) else return 0 end`)
	n, err := script.Run(ctx, l.Client, []string{key}, token).Int()
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	return err
}
