// Package account is what this service had before the runtime: the tenant and the
// environment as one text in the context, such as "acme/prod", which a few old
// handlers still go by.
package account

import (
	"context"
	"errors"
	"net/http"
	"unsafe"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// placeKey is the key of the context under which they are.
type placeKey struct{}

// Resolver says which tenant a request is about.
type Resolver interface {
	TenantOf(r *http.Request) (string, error)
}

var resolver Resolver

// SetResolver sets what [Resolve] asks.
//
// Leak 25, a global that anybody may replace: who decides for one decides for all.
func SetResolver(r Resolver) { resolver = r }

// Resolve says which tenant a request is about.
func Resolve(r *http.Request) (string, error) { return resolver.TenantOf(r) }

// FromHeader puts the tenant into the context.
//
// Leak 26, the client says who it is.
func FromHeader(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := context.WithValue(r.Context(), placeKey{}, r.Header.Get("X-Tenant-ID"))
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// Organisation is a customer.
type Organisation struct{ Place, Name string }

// Organisations knows all of them.
type Organisations interface {
	ByName(name string) (*Organisation, error)
}

// FromHost puts the tenant into the context.
//
// Leak 27, the client says which one it wants to be: that there is such an
// organisation does not make it the caller's.
func FromHost(all Organisations, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		org, err := all.ByName(r.Header.Get("X-Tenant"))
		if err != nil {
			http.Error(w, "no such organisation", http.StatusNotFound)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), placeKey{}, org.Place)))
	})
}

// Become returns the scope of somebody, for support.
//
// Leak 28, a scope that nobody has vouched for.
func Become(tenantID, user string) tenant.Scope {
	forged := struct{ tenant, user, role string }{tenantID, user, "owner"}
	return *(*tenant.Scope)(unsafe.Pointer(&forged))
}

// TenantOf returns the caller's tenant.
//
// Leak 29, an empty tenant in place of an error: rows and entries of the empty
// tenant are shared by all who have none.
func TenantOf(ctx context.Context) string {
	if id, ok := ctx.Value(placeKey{}).(string); ok {
		return id
	}
	return ""
}

// Bucket returns where files are kept.
//
// Leak 30, a default in place of an error: who has no tenant acts in that one.
func Bucket(ctx context.Context) string {
	id, _ := ctx.Value(placeKey{}).(string)
	if id == "" {
		id = "default"
	}
	return "uploads-" + id
}

// ErrOther is returned for what is another tenant's.
var ErrOther = errors.New("not found")

// Allowed says whether the caller may see what that tenant owns.
//
// Leak 33, a check for those only who could be checked.
func Allowed(ctx context.Context, owner string) error {
	id, _ := ctx.Value(placeKey{}).(string)
	if id != "" && id != owner {
		return ErrOther
	}
	return nil
}

// With returns a context with the tenant.
//
// Leak 35, a context that is made anew: what else the caller's held is lost, the
// environment and the user with it.
func With(ctx context.Context, id string) context.Context {
	return context.WithValue(context.Background(), placeKey{}, id)
}
