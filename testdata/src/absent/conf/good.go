package conf

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"os"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	"corpus/legacy/auth"
	"corpus/lost/tenantctx"
)

var errUnset = errors.New("a setting is missing")

// SealSet signs with a secret that is there.
//
// case: failopen/configured-key clean
func SealSet(message []byte) ([]byte, error) {
	secret := os.Getenv("SEAL_SECRET")
	if secret == "" {
		return nil, errUnset
	}
	return sign([]byte(secret), message), nil
}

var eventSecret = []byte(os.Getenv("EVENT_SECRET"))

func init() {
	if len(eventSecret) < 32 {
		panic("EVENT_SECRET has to have 32 characters at least")
	}
}

// Event signs with a variable that was looked at.
//
// case: failopen/configured-variable clean
func Event(message []byte) []byte { return sign(eventSecret, message) }

// required returns a setting, or stops.
func required(name string) string {
	v := strings.TrimSpace(os.Getenv(name))
	if v == "" {
		panic(name + " is not set")
	}
	return v
}

// IssueSet signs with a setting that has to be there.
//
// case: failopen/configured-required clean
func IssueSet(c jwt.Claims) (string, error) {
	return jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString([]byte(required("TOKEN_SECRET")))
}

// VerifySet verifies with a secret that is there.
//
// case: failopen/configured-keyfunc clean
func VerifySet(text string) (*jwt.Token, error) {
	secret, ok := os.LookupEnv("VERIFY_SECRET")
	if !ok {
		return nil, errUnset
	}
	return jwt.ParseWithClaims(text, &jwt.RegisteredClaims{}, func(*jwt.Token) (any, error) { return []byte(secret), nil })
}

// AdminSet lets in nobody if there is no key.
//
// case: failopen/configured-compared clean
func AdminSet(w http.ResponseWriter, r *http.Request) {
	key := os.Getenv("ADMIN_KEY")
	if key == "" || r.Header.Get("X-Api-Key") != key {
		http.Error(w, "no", http.StatusForbidden)
	}
}

// Plan compares something that is no credential.
//
// case: failopen/unconfigured-other clean
func Plan(r *http.Request) bool { return r.Header.Get("X-Plan") == os.Getenv("DEFAULT_PLAN") }

// A Gate has a key, or stays shut.
type Gate struct{ key string }

// NewGate makes a gate.
//
// case: failopen/configured-field clean
func NewGate() *Gate { return &Gate{key: os.Getenv("GATE_KEY")} }

// Opens reports whether a request has the key.
func (g *Gate) Opens(r *http.Request) bool {
	if g.key == "" {
		return false
	}
	return subtle.ConstantTimeCompare([]byte(r.Header.Get("X-Api-Key")), []byte(g.key)) == 1
}

func sent(r *http.Request, key string) bool {
	return subtle.ConstantTimeCompare([]byte(r.Header.Get("X-Api-Key")), []byte(key)) == 1
}

func figures(key string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if key == "" || !sent(r, key) {
			http.NotFound(w, r)
		}
	}
}

// MountSet hands the key to a handler that asks.
//
// case: failopen/configured-handed clean
func MountSet(mux *http.ServeMux) { mux.Handle("/figures", figures(os.Getenv("FIGURES_KEY"))) }

// SingleSet serves the tenant of the process, if there is one.
//
// case: failopen/configured-tenant clean
func SingleSet(ctx context.Context) (context.Context, error) {
	tenant := os.Getenv("TENANT_ID")
	if tenant == "" {
		return nil, errUnset
	}
	return tenantctx.WithTenant(ctx, tenant), nil
}

// Callers serves the caller's tenant where none is set.
//
// case: failopen/configured-tenant-callers clean
func Callers(ctx context.Context) context.Context {
	tenant := os.Getenv("TENANT_ID")
	if tenant == "" {
		tenant = auth.TenantID(ctx)
	}
	return tenantctx.WithTenant(ctx, tenant)
}

// EnterKnown lets in whose token is known.
//
// case: failopen/looked-tenant clean
func EnterKnown(r *http.Request, d Directory) (context.Context, error) {
	tenant, err := d.TenantOf(r.Context(), r.Header.Get("Authorization"))
	if err != nil {
		return nil, err
	}
	return tenantctx.WithTenant(r.Context(), tenant), nil
}

// EnterOr lets in the caller where the token is nobody's.
//
// case: failopen/looked-else clean
func EnterOr(r *http.Request, d Directory) context.Context {
	if tenant, err := d.TenantOf(r.Context(), r.Header.Get("Authorization")); err == nil {
		return tenantctx.WithTenant(r.Context(), tenant)
	}
	return r.Context()
}

// SealSafely signs with a secret that has come.
//
// case: failopen/looked-secret clean
func SealSafely(ctx context.Context, s Safe, message []byte) ([]byte, error) {
	key, err := s.Secret(ctx, "seal")
	if err != nil {
		return nil, err
	}
	return sign(key, message), nil
}

// An Owner owns something.
type Owner struct{ Tenant string }

// Owners finds owners.
type Owners interface {
	Find(ctx context.Context, id string) (*Owner, error)
}

// EnterIfAny goes on without an owner only where there is none.
//
// case: failopen/looked-if-any clean
func EnterIfAny(ctx context.Context, o Owners, id string) (context.Context, error) {
	owner, err := o.Find(ctx, id)
	if err != nil && !errors.Is(err, errUnset) {
		return nil, err
	}
	if owner != nil {
		ctx = tenantctx.WithTenant(ctx, owner.Tenant)
	}
	return ctx, nil
}
