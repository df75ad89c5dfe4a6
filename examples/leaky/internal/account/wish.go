package account

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"net/http"
	"os"
)

// wishKey is the key of the context under which handlers find what the client
// wants to be.
type wishKey struct{}

// Wish returns the tenant that the client wants to be in.
func Wish(ctx context.Context) string {
	id, _ := ctx.Value(wishKey{}).(string)
	return id
}

// WithWish puts it into the context.
//
// Leak 50, a second way to ask who it is: whoever calls Wish takes what the client
// has sent for the caller's tenant.
func WithWish(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := context.WithValue(r.Context(), wishKey{}, r.Header.Get("X-Tenant-ID"))
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// SignLink signs an address that is good without signing in.
//
// Leak 51, a secret that may not be set: then everybody can sign addresses.
func SignLink(address string) []byte {
	mac := hmac.New(sha256.New, []byte(os.Getenv("LINK_SECRET")))
	mac.Write([]byte(address))
	return mac.Sum(nil)
}

// FromToken puts the tenant of a token into the context.
//
// Leak 52, an error that nobody heeds: who has no token is nobody, and sees what
// belongs to nobody.
func FromToken(all Resolver, r *http.Request) *http.Request {
	place, _ := all.TenantOf(r)
	return r.WithContext(context.WithValue(r.Context(), placeKey{}, place))
}
