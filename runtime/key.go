package runtime

import (
	"fmt"
	"log/slog"
	"strings"
)

// Key is the name of something that belongs to one scope: a cache entry, a
// lock, a blob, a topic. It always holds the tenant and the environment, so the
// same parts make different keys in different scopes. Keys come from [NewKey]
// and [NewUserKey] only.
//
// The zero Key is invalid. Keys are immutable and comparable with ==, and may
// be keys of a Go map.
type Key struct {
	text string
}

// The labels of a key's text. A label holds '=', which escaping removes from
// ids and parts, so no part can pass for a label.
const (
	keyPrefix = "tv1"
	keyTenant = ":t="
	keyEnv    = ":e="
	keyUser   = ":u="
	keySep    = ":"
)

// NewKey returns the key of the parts within the scope's tenant and environment.
// Name the kind of thing first and its id after it:
//
//	key, err := tenant.NewKey(sc, "invoice", id)
//
// The order of parts matters, empty parts count, and a key of no parts is the
// one for the scope as a whole. Parts may hold any bytes: keys are equal only if
// tenant, environment and all parts are. An invalid scope is refused with an
// error that wraps [ErrInvalidScope].
func NewKey(sc Scope, parts ...string) (Key, error) {
	if err := sc.check("NewKey"); err != nil {
		return Key{}, err
	}
	return newKey(sc, false, parts), nil
}

// NewUserKey returns the key of the parts within the scope's tenant,
// environment and user, for what belongs to one person. It never equals a key
// made by [NewKey]. An invalid scope is refused with [ErrInvalidScope], and one
// without a user with [ErrNoUser].
func NewUserKey(sc Scope, parts ...string) (Key, error) {
	if err := sc.check("NewUserKey"); err != nil {
		return Key{}, err
	}
	if sc.user == (id{}) {
		return Key{}, fmt.Errorf("NewUserKey: %w: use NewKey for what all users of a tenant share", ErrNoUser)
	}
	return newKey(sc, true, parts), nil
}

func newKey(sc Scope, user bool, parts []string) Key {
	tenant, env := sc.tenant.value(), sc.env.String()
	size := len(keyPrefix) + len(keyTenant) + escapedLen(tenant) + len(keyEnv) + len(env)
	if user {
		size += len(keyUser) + escapedLen(sc.user.value())
	}
	for _, part := range parts {
		size += len(keySep) + escapedLen(part)
	}
	var b strings.Builder
	b.Grow(size)
	b.WriteString(keyPrefix)
	b.WriteString(keyTenant)
	escape(&b, tenant)
	b.WriteString(keyEnv)
	b.WriteString(env)
	if user {
		b.WriteString(keyUser)
		escape(&b, sc.user.value())
	}
	for _, part := range parts {
		b.WriteString(keySep)
		escape(&b, part)
	}
	return Key{text: b.String()}
}

// plain reports whether the byte stands for itself in a key. All else is
// escaped: the characters of the format (':', '=', '%'), those that mean
// something to stores (white space, '/', '*', '?', '{', '>'), and all bytes
// that are not ASCII.
func plain(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		c == '-' || c == '_' || c == '.'
}

func escapedLen(s string) int {
	n := len(s)
	for i := range len(s) {
		if !plain(s[i]) {
			n += 2
		}
	}
	return n
}

func escape(b *strings.Builder, s string) {
	const hex = "0123456789ABCDEF"
	from := 0
	for i := range len(s) {
		if c := s[i]; !plain(c) {
			b.WriteString(s[from:i])
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
			from = i + 1
		}
	}
	b.WriteString(s[from:])
}

// IsValid reports whether the key was made by [NewKey] or [NewUserKey]. It is
// false for the zero Key.
func (k Key) IsValid() bool { return k.text != "" }

// String returns the readable form, to be used with a store, or "" for the zero
// Key. It holds the ids in the clear: "tv1:t=acme:e=prod:invoice:42", and with a
// user "tv1:t=acme:e=prod:u=ann:draft". Letters, digits, '-', '_' and '.' stand
// for themselves; every other byte is written as '%' and two upper-case
// hexadecimal digits. Fields are separated by ':', and what remains can be
// decoded in exactly one way.
//
// The form is stable: it may be stored. Should it ever change, the prefix "tv1"
// changes with it, so that old and new keys never meet. Its length is not
// limited; where a store limits it, or others can see it, use [Hasher.Hash].
func (k Key) String() string { return k.text }

// MarshalText returns the readable form, or an error that wraps [ErrInvalidKey]
// for the zero Key.
func (k Key) MarshalText() ([]byte, error) {
	if !k.IsValid() {
		return nil, fmt.Errorf("%w: the zero Key has no text; make one with NewKey", ErrInvalidKey)
	}
	return []byte(k.text), nil
}

// LogValue hides the key from log/slog, since it holds ids. Log the text of
// [Hasher.Hash] where keys must be told apart.
func (k Key) LogValue() slog.Value {
	if !k.IsValid() {
		return slog.StringValue("key(invalid)")
	}
	return slog.StringValue("key(" + redacted + ")")
}
