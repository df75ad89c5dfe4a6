package runtime_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

func mustContext(t testing.TB, sc tenant.Scope) context.Context {
	t.Helper()
	ctx, err := tenant.NewContext(context.Background(), sc)
	if err != nil {
		t.Fatal(err)
	}
	return ctx
}

// noScope checks that the context carries none, and will not.
func noScope(t *testing.T, ctx context.Context) {
	t.Helper()
	if ctx == nil {
		t.Fatal("nil context")
	}
	if sc, err := tenant.FromContext(ctx); !errors.Is(err, tenant.ErrNoScope) || sc.IsValid() {
		t.Errorf("FromContext = %v, %v; want the zero scope and ErrNoScope", sc, err)
	}
}

type otherKey struct{}

// noContext is nil, which callers should not pass but do.
var noContext context.Context

func TestContext(t *testing.T) {
	sc := scope(t, "acme prod ann admin")
	ctx := mustContext(t, sc)
	for name, ctx := range map[string]context.Context{
		"same":    ctx,
		"derived": context.WithValue(context.WithoutCancel(ctx), otherKey{}, 1),
	} {
		if got, err := tenant.FromContext(ctx); err != nil || got != sc {
			t.Errorf("%s: FromContext = %v, %v", name, got, err)
		}
	}
	again, err := tenant.NewContext(ctx, scope(t, "acme prod ann admin"))
	if err != nil || again != ctx {
		t.Errorf("NewContext with the same scope = %v, %v; want the context it was given", again, err)
	}
}

func TestFromContextMissing(t *testing.T) {
	noScope(t, context.Background())
	if sc, err := tenant.FromContext(noContext); !errors.Is(err, tenant.ErrNoScope) || sc.IsValid() {
		t.Errorf("FromContext(nil) = %v, %v", sc, err)
	}
	// No key of somebody else's reaches the scope.
	type contextKey struct{}
	noScope(t, context.WithValue(context.Background(), contextKey{}, scope(t, "acme prod")))
}

func TestNewContextRefuses(t *testing.T) {
	sc := scope(t, "acme prod ann admin")
	for name, other := range map[string]string{
		"tenant": "umbrella prod ann admin",
		"env":    "acme dev ann admin",
		"user":   "acme prod bob admin",
		"role":   "acme prod ann owner",
		"less":   "acme prod",
	} {
		t.Run(name, func(t *testing.T) {
			ctx := mustContext(t, sc)
			failed, err := tenant.NewContext(ctx, scope(t, other))
			if !errors.Is(err, tenant.ErrScopeConflict) {
				t.Errorf("error %v, want ErrScopeConflict", err)
			}
			noScope(t, failed)
			for _, next := range []string{"acme prod ann admin", other} {
				ctx, err := tenant.NewContext(failed, scope(t, next))
				if !errors.Is(err, tenant.ErrScopeConflict) || !strings.Contains(err.Error(), "an earlier NewContext") {
					t.Errorf("after a conflict, NewContext takes a scope: error %v", err)
				}
				noScope(t, ctx)
			}
			if got, err := tenant.FromContext(ctx); err != nil || got != sc {
				t.Errorf("the context that was passed in changed: %v, %v", got, err)
			}
		})
	}
	for name, ctx := range map[string]context.Context{"none": context.Background(), "some": mustContext(t, sc), "nil": noContext} {
		failed, err := tenant.NewContext(ctx, tenant.Scope{})
		if !errors.Is(err, tenant.ErrInvalidScope) {
			t.Errorf("zero scope into a context with %s: error %v, want ErrInvalidScope", name, err)
		}
		noScope(t, failed)
	}
	ctx, err := tenant.NewContext(noContext, sc)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := tenant.FromContext(ctx); err != nil || got != sc {
		t.Errorf("nil context: FromContext = %v, %v", got, err)
	}
}

func TestFromContextAllocs(t *testing.T) {
	ctx := context.WithValue(mustContext(t, scope(t, "acme prod ann admin")), otherKey{}, 1)
	if n := testing.AllocsPerRun(100, func() {
		if sc, err := tenant.FromContext(ctx); err != nil || sc.Tenant() != "acme" {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("FromContext allocates %v times, want 0", n)
	}
}

func BenchmarkFromContext(b *testing.B) {
	ctx := mustContext(b, scope(b, "acme prod ann admin"))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := tenant.FromContext(ctx); err != nil {
			b.Fatal(err)
		}
	}
}
