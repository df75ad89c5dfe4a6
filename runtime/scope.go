package runtime

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"unicode"
	"unicode/utf8"
	"unique"
)

// MaxIDBytes is the longest tenant, user or role, in bytes.
const MaxIDBytes = 256

// Scope is who the caller is: a tenant, an environment, and, where known, a
// user and a role. It is sealed: there is no way to set or change its fields
// from outside. It is a small value, meant to be passed by value, and is
// immutable and safe for concurrent use.
//
// The zero Scope is invalid and every function of this package refuses it.
//
// Scopes are comparable with ==: equal means the same tenant, environment, user
// and role, byte for byte. No id is folded or normalised.
type Scope struct {
	realm
	user id
	role id
}

// realm is what isolates data: all of a scope but the person.
type realm struct {
	tenant id
	env    Env
}

// id is a tenant, user or role; the zero id is none.
//
// It is a handle and not a string because fmt cannot call the methods of a
// scope that sits in an unexported field: there it would print a string, but it
// never follows a pointer to one. Unlike pointers, handles compare by value.
type id struct {
	handle unique.Handle[string]
}

func makeID(s string) id {
	if s == "" {
		return id{}
	}
	// Some routers hand out strings that share a buffer with the next request,
	// and Make does not promise to copy.
	return id{unique.Make(strings.Clone(s))}
}

func (i id) value() string {
	if i == (id{}) {
		return ""
	}
	return i.handle.Value()
}

// newScope makes a scope of ids that somebody has verified. There is no exported
// way to it: scopes are born at the [Boundary], of an envelope that was signed,
// and where a [System] visits tenants.
//
// The tenant must not be empty and env must be valid. The user and the role may
// be empty, meaning none. Ids are valid UTF-8 of at most [MaxIDBytes] bytes, hold
// no control characters, and neither start nor end with white space. Errors wrap
// [ErrInvalidID] or [ErrInvalidEnv] and name the id that is wrong, not its value.
func newScope(tenant string, env Env, user, role string) (Scope, error) {
	if tenant == "" {
		return Scope{}, fmt.Errorf("%w: the tenant is empty; every scope needs one", ErrInvalidID)
	}
	for _, id := range []struct{ name, value string }{
		{"tenant", tenant},
		{"user", user},
		{"role", role},
	} {
		if reason := malformedID(id.value); reason != "" {
			return Scope{}, fmt.Errorf("%w: the %s %s", ErrInvalidID, id.name, reason)
		}
	}
	if !env.IsValid() {
		return Scope{}, fmt.Errorf("%w: the zero Env; make one with ParseEnv", ErrInvalidEnv)
	}
	return Scope{
		realm: realm{tenant: makeID(tenant), env: env},
		user:  makeID(user),
		role:  makeID(role),
	}, nil
}

// malformedID says what is wrong with the form of an id, or returns "".
func malformedID(id string) string {
	if isPlainID(id) {
		return ""
	}
	if len(id) > MaxIDBytes {
		return fmt.Sprintf("is %d bytes long; at most %d are allowed", len(id), MaxIDBytes)
	}
	if !utf8.ValidString(id) {
		return "is not valid utf-8; decode it before use"
	}
	for _, r := range id {
		if unicode.IsControl(r) {
			return fmt.Sprintf("holds the control character %U; ids are printable text", r)
		}
	}
	first, _ := utf8.DecodeRuneInString(id)
	last, _ := utf8.DecodeLastRuneInString(id)
	if unicode.IsSpace(first) || unicode.IsSpace(last) {
		return "starts or ends with white space; trim it where it is read"
	}
	return ""
}

// isPlainID reports whether the id is of the kind that nearly all are: ASCII. It
// exists because every request has several looked at, and this takes a tenth of
// the time.
func isPlainID(id string) bool {
	for i := range len(id) {
		if c := id[i]; c < ' ' || c > '~' {
			return false
		}
	}
	return len(id) <= MaxIDBytes && (id == "" || id[0] != ' ' && id[len(id)-1] != ' ')
}

// IsValid reports whether the scope names a tenant and an environment. It is
// false for the zero Scope, and only for that.
func (sc Scope) IsValid() bool { return sc != Scope{} }

// check returns the error for an invalid scope, naming the function that was
// given it.
func (sc Scope) check(fn string) error {
	if !sc.IsValid() {
		return fmt.Errorf("%s: %w: the zero Scope; take one from FromContext and check its error", fn, ErrInvalidScope)
	}
	return nil
}

// Tenant returns the caller's tenant, or "" if the scope is invalid.
func (sc Scope) Tenant() string { return sc.tenant.value() }

// Env returns the caller's environment, or the zero Env if the scope is
// invalid.
func (sc Scope) Env() Env { return sc.env }

// User returns the caller's user id, or "" if the scope has none (a machine, a
// background job) or is invalid.
func (sc Scope) User() string { return sc.user.value() }

// Role returns the caller's role in the tenant, or "" if the scope has none or
// is invalid.
func (sc Scope) Role() string { return sc.role.value() }

const redacted = "[redacted]"

// String describes the scope without its ids: "scope(tenant=[redacted]
// env=prod user=[redacted] role=none)". It is the same for all tenants, so it is
// no key: make keys with [NewKey].
func (sc Scope) String() string {
	if !sc.IsValid() {
		return "scope(invalid)"
	}
	return "scope(tenant=" + redacted + " env=" + sc.env.String() +
		" user=" + presence(sc.user) + " role=" + presence(sc.role) + ")"
}

func presence(i id) string {
	if i == (id{}) {
		return "none"
	}
	return redacted
}

// GoString returns the same as [Scope.String], for the %#v verb.
func (sc Scope) GoString() string { return sc.String() }

// Format writes the same as [Scope.String], whatever the verb and flags, so
// that no verb reaches the fields.
func (sc Scope) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, sc.String()) // a State takes no errors back
}

// LogValue describes the scope without its ids, for log/slog.
func (sc Scope) LogValue() slog.Value {
	if !sc.IsValid() {
		return slog.StringValue(sc.String())
	}
	return slog.GroupValue(
		slog.String("tenant", redacted),
		slog.String("env", sc.env.String()),
		slog.String("user", presence(sc.user)),
		slog.String("role", presence(sc.role)),
	)
}

// MarshalText always returns an error: a scope is proof of an identity within
// this process and is worth nothing outside of it. To hand work to another
// process, send the ids it needs and resolve the scope again there.
//
// The method exists because encoders would otherwise write an empty object,
// and the loss would show on the far side only.
func (sc Scope) MarshalText() ([]byte, error) {
	return nil, fmt.Errorf("%w: a scope cannot be encoded; send the ids and resolve the scope again where they arrive", ErrInvalidScope)
}
