package runtime

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"time"
	"unicode/utf8"
)

// Unused is the name of a claim or header that a service does not use. It has to
// be said, so that a name that was forgotten is an error.
const Unused = "-"

// Names are the names of the claims, or of the headers, that say who the caller
// is: each a name or [Unused].
type Names struct {
	Tenant, Env, User, Role string
}

// Config is what a [Boundary] needs. There are no defaults: every slot has to be
// filled, and [New] lists all that are not.
type Config struct {
	// Env is the environment that this deployment runs in. It is that of every
	// scope if neither claims nor headers name one (both are Unused).
	Env Env
	// AllowedEnvs are the environments that callers of this deployment may be in,
	// Env among them.
	AllowedEnvs []Env
	// Claims are the names of verified claims. The user's cannot be Unused. A
	// claim of the tenant is taken as the caller's selection; if it is Unused, or
	// missing from the credentials, the selection is the header's. A claim of the
	// environment has to be there if it has a name. A claim of the role may be
	// missing.
	Claims Names
	// Headers are the names of headers. A header is compared with the claim and
	// refused if it differs. It is believed by itself in one case only: it may
	// select one of the tenants that the directory lists for the user.
	Headers Names
	// Authenticator verifies who the caller is.
	Authenticator Authenticator
	// Directory knows which tenants a user belongs to.
	Directory Directory
	// Authority knows who is a member of a tenant and with which roles.
	Authority Authority
	// KeySecret is the secret of the [Hasher] that Boundary.Hasher returns: at
	// least [MinSecretBytes] random bytes.
	KeySecret []byte
	// Timeout is how long an outside part may take to answer, each time it is
	// asked: more than zero and at most [MaxTimeout].
	Timeout time.Duration
}

// MaxTimeout is the largest Config.Timeout.
const MaxTimeout = time.Minute

// Header is how the headers of a request are read: all values of a name, without
// regard to case. [net/http.Header] is one, and it takes a few lines to make one
// of the metadata of another protocol.
type Header interface {
	Values(name string) []string
}

// Claims are what was verified about the caller, such as those of a signed
// token. Implementations need not be safe for concurrent use.
type Claims interface {
	// Claim returns the claim of that name and how many values it has: 0 if it is
	// missing, 1 if value is all of it. With more than one, value does not
	// matter. Something that is no text has one value that is empty, which is
	// then refused as malformed.
	Claim(name string) (value string, n int)
}

// MapClaims are claims as JWT libraries decode them from JSON: text, or a list
// of texts. Numbers and objects are no ids; they are refused as malformed.
type MapClaims map[string]any

// Claim implements [Claims].
func (m MapClaims) Claim(name string) (value string, n int) {
	claim, ok := m[name]
	if !ok {
		return "", 0
	}
	switch claim := claim.(type) {
	case string:
		return claim, 1
	case []string:
		if len(claim) > 0 {
			value = claim[0]
		}
		return value, len(claim)
	case []any:
		if len(claim) > 0 {
			value, _ = claim[0].(string)
		}
		return value, len(claim)
	}
	return "", 1
}

// Authenticator is the service's own way to find out who is calling: it
// verifies a token or session, or takes what an earlier layer verified from the
// context. It is called concurrently.
type Authenticator interface {
	// Authenticate returns the verified claims of the caller. An error means
	// that nobody is signed in, and so do nil Claims, unless the error wraps
	// [ErrUnavailable] or is that of a context: then nobody knows. The header is
	// nil if the request has none.
	Authenticate(ctx context.Context, h Header) (Claims, error)
}

// AuthenticatorFunc is a function that is an [Authenticator].
type AuthenticatorFunc func(ctx context.Context, h Header) (Claims, error)

// Authenticate calls f.
func (f AuthenticatorFunc) Authenticate(ctx context.Context, h Header) (Claims, error) {
	return f(ctx, h)
}

// Directory knows which tenants a user belongs to. It is called concurrently.
type Directory interface {
	// Bindings returns the tenants that the user belongs to in that environment,
	// in any order, or none. It must not take the environment from anywhere else.
	// An error means that it could not tell. The slice is not changed.
	Bindings(ctx context.Context, user string, env Env) ([]Binding, error)
}

// DirectoryFunc is a function that is a [Directory].
type DirectoryFunc func(ctx context.Context, user string, env Env) ([]Binding, error)

// Bindings calls f.
func (f DirectoryFunc) Bindings(ctx context.Context, user string, env Env) ([]Binding, error) {
	return f(ctx, user, env)
}

// Standing is what an [Authority] says about somebody. The zero Standing is that
// of an outsider.
type Standing struct {
	// Member is whether the user is a member of the tenant at all.
	Member bool
	// Roles are the roles that a member holds, those implied by others included.
	// Those of somebody who is no member do not count.
	Roles []string
}

// Authority decides who is a member of a tenant and with which roles; this
// package enforces it. It is called concurrently.
type Authority interface {
	// Standing returns the standing of the scope's user in the scope's tenant and
	// environment, as of now. An error means that it could not tell. The context
	// has the request's deadline and the scope, and no other value.
	Standing(ctx context.Context, sc Scope) (Standing, error)
}

// AuthorityFunc is a function that is an [Authority].
type AuthorityFunc func(ctx context.Context, sc Scope) (Standing, error)

// Standing calls f.
func (f AuthorityFunc) Standing(ctx context.Context, sc Scope) (Standing, error) {
	return f(ctx, sc)
}

// Option changes what a [Boundary] does, where that is not for everybody.
type Option struct {
	slot  string
	apply func(*Boundary) error
}

// InsecureTrustHeaders lets headers stand for verified claims: where trust
// returns true, a header says what no claim says, and if nobody is signed in the
// headers alone say who is calling. Whoever can send such a request can be
// anybody. It is for services behind a gateway that authenticates callers and
// removes these headers from what they send; trust must make sure that the
// request came from it.
//
// A header that differs from a claim is refused all the same. The function is
// called concurrently.
func InsecureTrustHeaders(trust func(ctx context.Context, h Header) bool) Option {
	return Option{"InsecureTrustHeaders", func(b *Boundary) error {
		if trust == nil {
			return errMissing
		}
		b.trust = trust
		return nil
	}}
}

// WithMaxCandidates sets how many tenants a user may belong to, in place of
// [DefaultCandidates]: 1 to [MaxCandidates].
func WithMaxCandidates(n int) Option {
	return Option{"WithMaxCandidates", func(b *Boundary) error {
		if n < 1 || n > MaxCandidates {
			return fmt.Errorf("it is %d; use 1 to %d", n, MaxCandidates)
		}
		b.maxCandidates = n
		return nil
	}}
}

// OnRefusal sets a function that middleware calls with each refusal before it
// answers, for logs and metrics. What [Refusal.Unwrap] returns may hold ids; the
// rest does not. The function is called concurrently.
func OnRefusal(observe func(ctx context.Context, r *Refusal)) Option {
	return Option{"OnRefusal", func(b *Boundary) error {
		if observe == nil {
			return errMissing
		}
		b.observe = observe
		return nil
	}}
}

// ConfigError says what is wrong with one slot of a configuration. New and
// NewSystem return one for each slot that is, joined. To ask for a slot:
//
//	errors.Is(err, &tenant.ConfigError{Slot: "Authority"})
type ConfigError struct {
	// Slot is the name of the field or option: one of [ConfigSlots].
	Slot string
	// Problem is what is wrong with it and what to do. It holds no secret.
	Problem string
}

// Error returns slot and problem.
func (e *ConfigError) Error() string { return "config " + e.Slot + ": " + e.Problem }

// Is reports whether target is a [*ConfigError] for the same slot.
func (e *ConfigError) Is(target error) bool {
	t, ok := target.(*ConfigError)
	return ok && t.Slot == e.Slot
}

// ConfigSlots returns the names of all slots that an error of [New] or
// [NewSystem] may name, in a fixed order.
func ConfigSlots() []string {
	return []string{
		"Env", "AllowedEnvs",
		"Claims.Tenant", "Claims.Env", "Claims.User", "Claims.Role",
		"Headers.Tenant", "Headers.Env", "Headers.User", "Headers.Role",
		"Authenticator", "Directory", "Authority", "KeySecret", "Timeout",
		"InsecureTrustHeaders", "WithMaxCandidates", "OnRefusal", "Option",
		"System.Env", "System.Tenants", "System.Audit", "System.Timeout",
	}
}

var errMissing = errors.New("it is missing; fill the slot")

// faults collects the errors of a configuration.
type faults []error

// check adds an error for the slot unless err is nil.
func (f *faults) check(slot string, err error) {
	if err != nil {
		*f = append(*f, &ConfigError{Slot: slot, Problem: err.Error()})
	}
}

// New returns the boundary of that configuration. If anything is missing or
// wrong it returns nil and an error that joins a [*ConfigError] for each slot,
// in the order of [ConfigSlots].
//
// The boundary keeps no part of cfg that the caller could still change, except
// for what is behind the interfaces. It looks at nothing else: no environment
// variable, no file, no flag.
func New(cfg Config, options ...Option) (*Boundary, error) {
	b := &Boundary{
		env:           cfg.Env,
		allowed:       slices.Clone(cfg.AllowedEnvs),
		authenticator: cfg.Authenticator,
		directory:     cfg.Directory,
		authority:     cfg.Authority,
		timeout:       cfg.Timeout,
		maxCandidates: DefaultCandidates,
	}
	var late faults // of the options, which come last in the order
	for _, o := range options {
		if o.apply == nil {
			late.check("Option", errors.New("it is the zero Option; use one of the functions that return one"))
			continue
		}
		late.check(o.slot, o.apply(b))
	}

	var f faults
	if !cfg.Env.IsValid() {
		f.check("Env", errMissing)
	}
	f.check("AllowedEnvs", checkAllowed(cfg.Env, cfg.AllowedEnvs))
	var err error
	for i, n := range fieldNames(cfg.Claims) {
		b.claims[i], err = claimName(n, i)
		f.check("Claims."+fieldSlot(i), cmpErr(err, repeatedName(fieldNames(cfg.Claims), i, func(s string) string { return s })))
	}
	for i, n := range fieldNames(cfg.Headers) {
		b.headers[i], err = headerName(n)
		if b.headers[i] != "" && fieldNames(cfg.Claims)[i] == Unused && i != fieldTenant && b.trust == nil {
			err = errors.New("it has no claim to be compared with, and is not believed alone; name the claim, or use Unused")
		}
		f.check("Headers."+fieldSlot(i), cmpErr(err, repeatedName(fieldNames(cfg.Headers), i, http.CanonicalHeaderKey)))
	}
	f.check("Authenticator", checkPart(cfg.Authenticator))
	f.check("Directory", checkPart(cfg.Directory))
	f.check("Authority", checkPart(cfg.Authority))
	b.hasher, err = NewHasher(cfg.KeySecret)
	f.check("KeySecret", err)
	f.check("Timeout", checkTimeout(cfg.Timeout))
	if f = append(f, late...); len(f) > 0 {
		return nil, fmt.Errorf("New: %w", errors.Join(f...))
	}
	return b, nil
}

// The fields of a scope, as indices.
const (
	fieldTenant = iota
	fieldEnv
	fieldUser
	fieldRole
	fieldCount
)

func fieldSlot(i int) string { return [fieldCount]string{"Tenant", "Env", "User", "Role"}[i] }

// fieldName is the name of a field in refusals.
func fieldName(i int) string { return [fieldCount]string{"tenant", "env", "user", "role"}[i] }

func fieldNames(n Names) [fieldCount]string {
	return [fieldCount]string{n.Tenant, n.Env, n.User, n.Role}
}

// cmpErr returns the first error that is not nil.
func cmpErr(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func checkAllowed(own Env, allowed []Env) error {
	switch {
	case len(allowed) == 0:
		return errMissing
	case slices.Contains(allowed, Env{}):
		return errors.New("it holds the zero Env; make all with ParseEnv")
	case own.IsValid() && !slices.Contains(allowed, own):
		return errors.New("it does not hold Env, the deployment's own; add it")
	}
	return nil
}

// claimName returns the name to look for, or "" for Unused.
func claimName(name string, field int) (string, error) {
	switch {
	case name == "":
		return "", errors.New("it is missing; name the claim, or use Unused")
	case name == Unused && field == fieldUser:
		return "", errors.New("it is Unused; a caller without a user cannot be admitted, so name the claim")
	case name == Unused:
		return "", nil
	case len(name) > MaxIDBytes || !utf8.ValidString(name):
		return "", fmt.Errorf("it is no name: use at most %d bytes of text", MaxIDBytes)
	}
	return name, nil
}

// headerName returns the name to look for in its canonical form, or "" for
// Unused.
func headerName(name string) (string, error) {
	switch {
	case name == "":
		return "", errors.New("it is missing; name the header, or use Unused")
	case name == Unused:
		return "", nil
	case len(name) > MaxIDBytes || !isToken(name):
		return "", errors.New("it is no name of a header: use letters, digits and '-'")
	}
	return http.CanonicalHeaderKey(name), nil
}

// isToken reports whether s has the characters that portable names of headers
// are made of. RFC 9110 allows more, but some servers drop those or read '_' as
// '-', which would make two names one.
func isToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || 'z' < c) && (c < 'A' || 'Z' < c) && (c < '0' || '9' < c) && c != '-' {
			return false
		}
	}
	return s != ""
}

// repeatedName returns an error if an earlier field has the name of field i.
func repeatedName(names [fieldCount]string, i int, fold func(string) string) error {
	for j := range i {
		if names[i] != Unused && fold(names[j]) == fold(names[i]) {
			return errors.New("it is the same as " + fieldSlot(j) + "; use a name of its own")
		}
	}
	return nil
}

// checkPart returns an error if the part is missing: nil, or an interface that
// holds a nil pointer, function or map, which would panic later.
func checkPart(part any) error {
	if part == nil {
		return errMissing
	}
	switch v := reflect.ValueOf(part); v.Kind() {
	case reflect.Pointer, reflect.Func, reflect.Map, reflect.Chan, reflect.Slice, reflect.UnsafePointer:
		if v.IsNil() {
			return errMissing
		}
	}
	return nil
}

func checkTimeout(d time.Duration) error {
	switch {
	case d == 0:
		return errMissing
	case d < 0 || d > MaxTimeout:
		return fmt.Errorf("it is %v; use more than 0 and at most %v", d, MaxTimeout)
	}
	return nil
}
