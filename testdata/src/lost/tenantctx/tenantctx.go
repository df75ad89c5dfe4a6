// Package tenantctx keeps the tenant in the context. The policy declares Tenant
// and nothing else: that WithTenant stores what Tenant finds can be seen.
package tenantctx

import (
	"context"
	"errors"
)

type key struct{}

type traceKey struct{}

// ErrNone says that a context holds no tenant.
var ErrNone = errors.New("no tenant in the context")

// Tenant returns the tenant of a context.
func Tenant(ctx context.Context) (string, error) {
	t, ok := ctx.Value(key{}).(string)
	if !ok || t == "" {
		return "", ErrNone
	}
	return t, nil
}

// WithTenant returns ctx with a tenant.
//
// case: lost/derived clean
func WithTenant(ctx context.Context, tenant string) context.Context {
	return context.WithValue(ctx, key{}, tenant)
}

// Fresh returns a context with a tenant and without what ctx holds.
//
// case: lost/rebuilt
func Fresh(ctx context.Context, tenant string) context.Context {
	return context.WithValue(context.Background(), key{}, tenant) // want `Fresh stores tenant in a context made of context.Background and drops ctx`
}

// Untimed does so by way of another function.
//
// case: lost/rebuilt-through-helper
func Untimed(ctx context.Context, tenant string) context.Context {
	base := context.WithValue(context.TODO(), traceKey{}, "") // want `Untimed stores tenant in a context made of context.TODO`
	return WithTenant(base, tenant)
}

// Detached keeps of ctx what outlives a request.
//
// case: lost/rebuilt-from-own-scope clean
func Detached(ctx context.Context) (context.Context, error) {
	tenant, err := Tenant(ctx)
	if err != nil {
		return nil, err
	}
	return WithTenant(context.Background(), tenant), nil
}

// ForJob begins a context for a job that says itself whose it is.
//
// case: lost/made-for-a-job clean
func ForJob(tenant string) context.Context {
	return WithTenant(context.Background(), tenant)
}

// WithTrace stores no scope.
//
// case: lost/rebuilt-without-scope clean
func WithTrace(ctx context.Context, trace string) context.Context {
	return context.WithValue(context.Background(), traceKey{}, trace)
}
