// Package runtime is a stub of the tenantvet runtime: the same names and
// signatures, no behaviour. A test compares them with the real package.
package runtime

import (
	"context"
	"errors"
)

// ErrNoScope is returned when a context holds no scope.
var ErrNoScope = errors.New("no scope in context")

// Env is an environment.
type Env struct{ id uint8 }

// ParseEnv decodes the name of an environment.
func ParseEnv(name string) (Env, error) { return Env{id: 1}, nil }

// String returns the name of the environment.
func (e Env) String() string { return "" }

// IsValid reports whether the environment is one.
func (e Env) IsValid() bool { return e.id != 0 }

// IsProd reports whether the environment is production.
func (e Env) IsProd() bool { return e.id == 3 }

// Scope is who the caller is.
type Scope struct {
	tenant string
	user   string
	role   string
	env    Env
}

// IsValid reports whether the scope names a tenant and an environment.
func (sc Scope) IsValid() bool { return sc.tenant != "" && sc.env.IsValid() }

// Tenant returns the tenant.
func (sc Scope) Tenant() string { return sc.tenant }

// Env returns the environment.
func (sc Scope) Env() Env { return sc.env }

// User returns the user.
func (sc Scope) User() string { return sc.user }

// String hides the ids.
func (sc Scope) String() string { return "Scope(redacted)" }

// Role returns the role.
func (sc Scope) Role() string { return sc.role }

type contextKey struct{}

// NewContext returns a context that holds the scope.
func NewContext(ctx context.Context, sc Scope) (context.Context, error) {
	return context.WithValue(ctx, contextKey{}, sc), nil
}

// FromContext returns the scope of a context.
func FromContext(ctx context.Context) (Scope, error) {
	sc, ok := ctx.Value(contextKey{}).(Scope)
	if !ok {
		return Scope{}, ErrNoScope
	}
	return sc, nil
}

// Key is a key that holds tenant and environment.
type Key struct{ text string }

// NewKey returns the key of the parts within the tenant and environment.
func NewKey(sc Scope, parts ...string) (Key, error) { return Key{}, nil }

// NewUserKey is NewKey within the user as well.
func NewUserKey(sc Scope, parts ...string) (Key, error) { return Key{}, nil }

// String returns the readable form.
func (k Key) String() string { return k.text }

// Hasher makes keys that hide ids.
type Hasher struct{ secret []byte }

// NewHasher returns a hasher.
func NewHasher(secret []byte) (*Hasher, error) { return &Hasher{secret: secret}, nil }

// Hash returns the hidden form of a key.
func (h *Hasher) Hash(k Key) (string, error) { return k.text, nil }

// Limits bound a Map.
type Limits struct{ n int }

// Map is a map within scopes.
type Map[V any] struct{ n int }

// NewMap returns a map.
func NewMap[V any](limits Limits) (*Map[V], error) { return &Map[V]{}, nil }

// Load reads an entry.
func (m *Map[V]) Load(sc Scope, key string) (value V, ok bool, err error) { return value, false, nil }

// Store writes an entry.
func (m *Map[V]) Store(sc Scope, key string, value V) error { return nil }

// Delete removes an entry.
func (m *Map[V]) Delete(sc Scope, key string) error { return nil }

// Group calls functions once per scope and key at a time.
type Group[V any] struct{ n int }

// Do calls fn.
func (g *Group[V]) Do(ctx context.Context, sc Scope, key string, fn func() (V, error)) (value V, shared bool, err error) {
	value, err = fn()
	return value, false, err
}
