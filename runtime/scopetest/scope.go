package scopetest

import (
	"context"
	"errors"
	"iter"
	"testing"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Scope returns a scope for a test. The environment is one that
// [tenant.ParseEnv] knows. The role may be empty; the user may be as well, if
// the role is, for the scope of a job. An id that is not well formed fails the
// test.
//
// The scope comes from a boundary as that of a request does, with a directory
// that knows this one tenant. Tests that are about signing in, membership and
// roles use the service's own boundary instead.
func Scope(tb testing.TB, tenantID, env, user, role string) tenant.Scope {
	tb.Helper()
	sc, err := newScope(tenantID, env, user, role)
	if err != nil {
		tb.Fatalf("scopetest: %v", err)
	}
	return sc
}

// Context returns a context that carries such a [Scope] and ends with the test.
func Context(tb testing.TB, tenantID, env, user, role string) context.Context {
	tb.Helper()
	ctx, err := tenant.NewContext(tb.Context(), Scope(tb, tenantID, env, user, role))
	if err != nil {
		tb.Fatalf("scopetest: %v", err)
	}
	return ctx
}

// newScope makes a scope the way a service does, through the boundary with a
// directory in memory, or, where there is no user, through system access. There
// is no other way.
func newScope(tenantID, env, user, role string) (tenant.Scope, error) {
	e, err := tenant.ParseEnv(env)
	if err != nil {
		return tenant.Scope{}, err
	}
	if user == "" {
		if role != "" {
			return tenant.Scope{}, errors.New("a scope with a role needs a user who holds it")
		}
		return systemScope(tenantID, e)
	}
	claims := tenant.MapClaims{"tenant": tenantID, "user": user, "env": env}
	if role != "" {
		claims["role"] = role
	}
	unused := tenant.Names{Tenant: tenant.Unused, Env: tenant.Unused, User: tenant.Unused, Role: tenant.Unused}
	boundary, err := tenant.New(tenant.Config{
		Env:         e,
		AllowedEnvs: []tenant.Env{e},
		Claims:      tenant.Names{Tenant: "tenant", Env: "env", User: "user", Role: "role"},
		Headers:     unused,
		Authenticator: tenant.AuthenticatorFunc(func(context.Context, tenant.Header) (tenant.Claims, error) {
			return claims, nil
		}),
		Directory: tenant.DirectoryFunc(func(context.Context, string, tenant.Env) ([]tenant.Binding, error) {
			return []tenant.Binding{{Tenant: tenantID, Policy: "test"}}, nil
		}),
		Authority: tenant.AuthorityFunc(func(context.Context, tenant.Scope) (tenant.Standing, error) {
			return tenant.Standing{}, errors.New("nobody is asked to make a scope")
		}),
		KeySecret: make([]byte, tenant.MinSecretBytes), // of a hasher that nobody uses
		Timeout:   tenant.MaxTimeout,
	})
	if err != nil {
		return tenant.Scope{}, err
	}
	ctx, err := boundary.Admit(context.Background(), nil)
	if err != nil {
		return tenant.Scope{}, err
	}
	return tenant.FromContext(ctx)
}

// systemScope makes a scope without a user, as jobs have it.
func systemScope(tenantID string, env tenant.Env) (sc tenant.Scope, err error) {
	access, err := tenant.NewSystem(tenant.SystemConfig{
		Env: env,
		Tenants: func(context.Context, tenant.Env) iter.Seq2[string, error] {
			return func(yield func(string, error) bool) { yield(tenantID, nil) }
		},
		Audit:   func(context.Context, tenant.SystemEvent) error { return nil },
		Timeout: tenant.MaxTimeout,
	})
	if err != nil {
		return tenant.Scope{}, err
	}
	system, err := access.Begin(context.Background(), "scopetest", "test")
	if err != nil {
		return tenant.Scope{}, err
	}
	err = system.ForTenant(context.Background(), tenantID, func(_ context.Context, visited tenant.Scope) error {
		sc = visited
		return nil
	})
	return sc, err
}
