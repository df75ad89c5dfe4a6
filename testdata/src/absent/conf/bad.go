// Package conf is told by its process who may do what.
package conf

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"log"
	"net/http"
	"os"

	"github.com/golang-jwt/jwt/v5"

	"corpus/lost/tenantctx"
)

func sign(key, message []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(message)
	return mac.Sum(nil)
}

// Seal signs with whatever there is.
//
// case: failopen/unconfigured-key
func Seal(message []byte) []byte {
	return sign([]byte(os.Getenv("SEAL_SECRET")), message) // want `hmac.New relies on SEAL_SECRET, which may not be set: nothing asks, and everybody has the empty secret`
}

var hookSecret = []byte(os.Getenv("HOOK_SECRET")) // want `hmac.New relies on HOOK_SECRET`

// Hook signs with a variable.
//
// case: failopen/unconfigured-variable
func Hook(message []byte) []byte { return sign(hookSecret, message) }

// setting returns a setting, or something instead.
func setting(name, instead string) string {
	if v := os.Getenv(name); v != "" { // want `"change-me" takes the place of TOKEN_SECRET in Token.SignedString where that is not set: whoever reads the code has the secret`
		return v
	}
	return instead
}

// Issue signs with a secret that everybody can read here.
//
// case: failopen/unconfigured-default
func Issue(c jwt.Claims) (string, error) {
	return jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString([]byte(setting("TOKEN_SECRET", "change-me")))
}

// Verify verifies with whatever there is.
//
// case: failopen/unconfigured-keyfunc
func Verify(text string) (*jwt.Token, error) {
	return jwt.ParseWithClaims(text, &jwt.RegisteredClaims{}, func(*jwt.Token) (any, error) {
		return []byte(os.Getenv("VERIFY_SECRET")), nil // want `jwt.ParseWithClaims relies on VERIFY_SECRET`
	})
}

// Admin lets in whoever sends the key, or none if there is none.
//
// case: failopen/unconfigured-compared
func Admin(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("X-Api-Key") != os.Getenv("ADMIN_KEY") { // want `the comparison relies on ADMIN_KEY`
		http.Error(w, "no", http.StatusForbidden)
	}
}

// Bearer does so with a scheme before it.
//
// case: failopen/unconfigured-scheme
func Bearer(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer "+os.Getenv("OPS_TOKEN") { // want `the comparison relies on OPS_TOKEN`
		http.Error(w, "no", http.StatusForbidden)
	}
}

// A Door has a key.
type Door struct{ key string }

// NewDoor does not look at the key.
//
// case: failopen/unconfigured-field
func NewDoor() *Door { return &Door{key: os.Getenv("DOOR_KEY")} } // want `the comparison relies on DOOR_KEY`

// Opens reports whether a request has the key.
func (d *Door) Opens(r *http.Request) bool {
	return subtle.ConstantTimeCompare([]byte(r.Header.Get("X-Api-Key")), []byte(d.key)) == 1
}

func keyed(key string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if subtle.ConstantTimeCompare([]byte(r.Header.Get("X-Api-Key")), []byte(key)) != 1 {
				http.Error(w, "no", http.StatusForbidden)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// Mount hands the key to middleware.
//
// case: failopen/unconfigured-handed
func Mount(mux *http.ServeMux, ops http.Handler) {
	mux.Handle("/ops/", keyed(os.Getenv("MOUNT_KEY"))(ops)) // want `the comparison relies on MOUNT_KEY`
}

// Single serves the tenant of the process.
//
// case: failopen/unconfigured-tenant
func Single(ctx context.Context) context.Context {
	return tenantctx.WithTenant(ctx, os.Getenv("TENANT_ID")) // want `TENANT_ID becomes the tenant by way of tenantctx.WithTenant, and may not be set: nothing asks`
}

// First serves somebody where no tenant is set.
//
// case: failopen/unconfigured-tenant-default
func First(ctx context.Context) context.Context {
	tenant := os.Getenv("TENANT_ID") // want `"acme" becomes the tenant by way of tenantctx.WithTenant where TENANT_ID is not set: who forgot to set it acts in it`
	if tenant == "" {
		tenant = "acme"
	}
	return tenantctx.WithTenant(ctx, tenant)
}

// A Directory knows whose token it is.
type Directory interface {
	TenantOf(ctx context.Context, token string) (string, error)
}

// A Safe keeps secrets.
type Safe interface {
	Secret(ctx context.Context, name string) ([]byte, error)
}

// Enter does not look whether the token is anybody's.
//
// case: failopen/swallowed-tenant
func Enter(r *http.Request, d Directory) context.Context {
	tenant, _ := d.TenantOf(r.Context(), r.Header.Get("Authorization")) // want `nobody heeds the error of Directory.TenantOf, and what it returns becomes the tenant by way of tenantctx.WithTenant: where it failed, that is nobody`
	return tenantctx.WithTenant(r.Context(), tenant)
}

// EnterLate looks too late.
//
// case: failopen/swallowed-late
func EnterLate(r *http.Request, d Directory) (context.Context, error) {
	tenant, err := d.TenantOf(r.Context(), r.Header.Get("Authorization")) // want `nobody heeds the error of Directory.TenantOf`
	return tenantctx.WithTenant(r.Context(), tenant), err
}

// SealSafe signs with a secret that may not have come.
//
// case: failopen/swallowed-secret
func SealSafe(ctx context.Context, s Safe, message []byte) []byte {
	key, _ := s.Secret(ctx, "seal") // want `nobody heeds the error of Safe.Secret, and hmac.New relies on what it returns: where it failed, everybody has that secret`
	return sign(key, message)
}

// EnterNoted says that it went wrong, and goes on.
//
// case: failopen/swallowed-noted
func EnterNoted(r *http.Request, d Directory) context.Context {
	tenant, err := d.TenantOf(r.Context(), r.Header.Get("Authorization")) // want `nobody heeds the error of Directory.TenantOf`
	if err != nil {
		log.Print("not known: ", err)
	}
	return tenantctx.WithTenant(r.Context(), tenant)
}
