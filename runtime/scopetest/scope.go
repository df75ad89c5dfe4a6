package scopetest

import (
	"context"
	"testing"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Scope returns a scope for a test. The environment is one that
// [tenant.ParseEnv] knows; the user and the role may be empty. An id that is not
// well formed fails the test.
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

// newScope is the one place where this package makes a scope.
func newScope(tenantID, env, user, role string) (tenant.Scope, error) {
	e, err := tenant.ParseEnv(env)
	if err != nil {
		return tenant.Scope{}, err
	}
	return tenant.InsecureUnresolvedScope(tenantID, e, user, role)
}
