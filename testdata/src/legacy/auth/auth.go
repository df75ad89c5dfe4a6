// Package auth is what a service has that grew before tenantvet: the signed-in
// caller in the context, read by functions of its own. The policy declares them.
package auth

import "context"

// Principal is the signed-in caller.
type Principal struct {
	OrgID  string
	EnvID  string
	UserID string
	Email  string
}

type principalKey struct{}

// WithPrincipal is called by the authentication middleware.
func WithPrincipal(ctx context.Context, p *Principal) context.Context {
	return context.WithValue(ctx, principalKey{}, p)
}

// FromContext returns the caller, nil if nobody is signed in.
func FromContext(ctx context.Context) *Principal {
	p, _ := ctx.Value(principalKey{}).(*Principal)
	return p
}

// TenantID returns the caller's organisation, "" if nobody is signed in.
//
// case: failopen/zero-string
func TenantID(ctx context.Context) string {
	if p := FromContext(ctx); p != nil {
		return p.OrgID
	}
	return "" // want `auth.TenantID hands out an empty tenant where the context holds none`
}

// EnvironmentID returns the caller's environment.
//
// case: failopen/zero-env
func EnvironmentID(ctx context.Context) string {
	if p := FromContext(ctx); p != nil {
		return p.EnvID
	}
	return "" // want `auth.EnvironmentID hands out an empty env where the context holds none`
}

// Lookup returns the caller's organisation and environment, and false if nobody
// is signed in.
//
// case: failopen/zero-told clean
func Lookup(ctx context.Context) (tenantID, envID string, ok bool) {
	p := FromContext(ctx)
	if p == nil {
		return "", "", false
	}
	return p.OrgID, p.EnvID, true
}
