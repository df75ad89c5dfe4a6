package runtime_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// claimsKey is where an earlier layer of the service under test leaves the
// claims that it verified.
type claimsKey struct{}

// as returns the context of a request with those claims: "sub=ann org=acme".
func as(claims string) context.Context {
	m := tenant.MapClaims{}
	for field := range strings.FieldsSeq(claims) {
		name, value, _ := strings.Cut(field, "=")
		m[name] = value
	}
	return withClaims(m)
}

func withClaims(claims tenant.Claims) context.Context {
	return context.WithValue(context.Background(), claimsKey{}, claims)
}

var errDown = errors.New("down: acme ann tttt")

// bindings are the tenants of the users of the service under test.
func bindings(_ context.Context, user string, env tenant.Env) ([]tenant.Binding, error) {
	acme := tenant.Binding{Tenant: "acme", Policy: "gold", Locale: "en-GB"}
	umbrella := tenant.Binding{Tenant: "umbrella", Policy: "basic", Locale: "de"}
	switch {
	case user == "down":
		return []tenant.Binding{acme}, errDown // an answer that must not be used
	case user == "panic":
		panic(errDown)
	case env.IsDev():
		return nil, nil
	}
	switch user {
	case "ann":
		return []tenant.Binding{acme}, nil
	case "bob":
		return []tenant.Binding{umbrella}, nil
	case "zoe":
		return []tenant.Binding{acme, umbrella}, nil
	case "dan":
		return []tenant.Binding{{Tenant: "shut", Policy: "gold", Disabled: true}}, nil
	case "eve":
		return []tenant.Binding{{Tenant: "barred", Policy: "gold", Blocked: true}}, nil
	case "two":
		return []tenant.Binding{acme, {Tenant: "acme", Policy: "other"}}, nil
	case "odd":
		return []tenant.Binding{{Tenant: "ac\nme", Policy: "gold"}}, nil
	case "all":
		return make([]tenant.Binding, tenant.DefaultCandidates+1), nil
	}
	return nil, nil
}

// standing is what the authority of the service under test says. Zoe was
// removed from umbrella, which her token and the directory do not know yet.
func standing(_ context.Context, sc tenant.Scope) (tenant.Standing, error) {
	switch sc.User() + "@" + sc.Tenant() {
	case "ann@acme":
		return tenant.Standing{Member: true, Roles: []string{"member", "admin"}}, nil
	case "bob@umbrella":
		return tenant.Standing{Member: true, Roles: []string{"viewer"}}, nil
	case "zoe@acme":
		return tenant.Standing{Member: true}, nil
	case "zoe@umbrella":
		return tenant.Standing{Roles: []string{"admin"}}, nil
	}
	return tenant.Standing{}, nil
}

// config returns a complete configuration. Its environment is prod; staging is
// allowed as well.
func config(t testing.TB) tenant.Config {
	return tenant.Config{
		Env:         env(t, "prod"),
		AllowedEnvs: []tenant.Env{env(t, "staging"), env(t, "prod")},
		Claims:      tenant.Names{Tenant: "org", Env: "env", User: "sub", Role: "role"},
		Headers:     tenant.Names{Tenant: "X-Tenant", Env: "X-Env", User: "X-User", Role: "X-Role"},
		Authenticator: tenant.AuthenticatorFunc(func(ctx context.Context, _ tenant.Header) (tenant.Claims, error) {
			switch v := ctx.Value(claimsKey{}).(type) {
			case tenant.Claims:
				return v, nil
			case error:
				return nil, v
			case func():
				v()
			}
			return nil, errors.New("no token")
		}),
		Directory: tenant.DirectoryFunc(bindings),
		Authority: tenant.AuthorityFunc(standing),
		KeySecret: []byte("0123456789abcdef0123456789abcdef"),
		Timeout:   time.Second,
	}
}

// boundary returns the boundary of config, changed by change unless that is nil.
func boundary(t testing.TB, change func(*tenant.Config), options ...tenant.Option) *tenant.Boundary {
	t.Helper()
	cfg := config(t)
	if change != nil {
		change(&cfg)
	}
	b, err := tenant.New(cfg, options...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// headers makes headers of pairs: "X-Tenant=acme". A name may be repeated.
func headers(pairs ...string) http.Header {
	h := http.Header{}
	for _, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		h.Add(name, value)
	}
	return h
}

// admitted returns the context of a request that got through.
func admitted(t testing.TB, b *tenant.Boundary, claims string, pairs ...string) context.Context {
	t.Helper()
	ctx, err := b.Admit(as(claims), headers(pairs...))
	if err != nil {
		t.Fatal(err)
	}
	return ctx
}

func fromContext(t testing.TB, ctx context.Context) tenant.Scope {
	t.Helper()
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return sc
}

// refused checks that err is a refusal for that reason that leaks nothing, and
// that the context carries no scope.
func refused(t *testing.T, ctx context.Context, err error, want tenant.Reason) *tenant.Refusal {
	t.Helper()
	var r *tenant.Refusal
	if !errors.As(err, &r) {
		t.Fatalf("error %v is no refusal, want %s", err, want)
	}
	if r.Reason() != want || tenant.ReasonOf(err) != want {
		t.Errorf("refused with %s, ReasonOf says %s, want %s", r.Reason(), tenant.ReasonOf(err), want)
	}
	for _, id := range []string{"acme", "umbrella", "shut", "barred", "ann", "bob", "zoe", "tttt", "down:"} {
		if strings.Contains(err.Error(), id) {
			t.Errorf("the error shows %q: %s", id, err)
		}
	}
	if ctx != nil {
		noScope(t, ctx)
		if _, err := tenant.NewContext(ctx, scope(t, "acme prod")); !errors.Is(err, tenant.ErrScopeConflict) {
			t.Errorf("after a refusal, NewContext takes a scope: error %v", err)
		}
	}
	return r
}
