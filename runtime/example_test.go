package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"time"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// signIn stands for a request by that user, for that tenant, which the boundary
// has let in.
func signIn(name, user string) context.Context {
	ctx, err := newBoundary().Admit(context.Background(), http.Header{"Authorization": {user}, "X-Tenant": {name}})
	if err != nil {
		log.Fatal(err)
	}
	return ctx
}

// newBoundary returns the boundary of a service with two tenants, of which ann
// and bob are members.
func newBoundary() *tenant.Boundary {
	prod, err := tenant.ParseEnv("prod")
	if err != nil {
		log.Fatal(err)
	}
	boundary, err := tenant.New(tenant.Config{
		Env:         prod,
		AllowedEnvs: []tenant.Env{prod},
		Claims:      tenant.Names{User: "sub", Role: "role", Tenant: tenant.Unused, Env: tenant.Unused},
		Headers:     tenant.Names{Tenant: "X-Tenant", User: tenant.Unused, Role: tenant.Unused, Env: tenant.Unused},
		Authenticator: tenant.AuthenticatorFunc(func(ctx context.Context, h tenant.Header) (tenant.Claims, error) {
			// A real one verifies a token here.
			token := h.Values("Authorization")
			if len(token) != 1 {
				return nil, errors.New("no token")
			}
			return tenant.MapClaims{"sub": token[0], "role": "member"}, nil
		}),
		Directory: tenant.DirectoryFunc(func(ctx context.Context, user string, env tenant.Env) ([]tenant.Binding, error) {
			return []tenant.Binding{
				{Tenant: "acme", Policy: "standard", Locale: "en"},
				{Tenant: "umbrella", Policy: "standard", Locale: "de"},
			}, nil
		}),
		Authority: tenant.AuthorityFunc(func(ctx context.Context, sc tenant.Scope) (tenant.Standing, error) {
			return tenant.Standing{Member: true, Roles: []string{sc.Role()}}, nil
		}),
		KeySecret: []byte("0123456789abcdef0123456789abcdef"),
		Timeout:   time.Second,
	})
	if err != nil {
		log.Fatal(err)
	}
	return boundary
}

func Example() {
	// Anywhere below, the context says who the caller is.
	cacheKey := func(ctx context.Context, invoice string) (string, error) {
		sc, err := tenant.FromContext(ctx)
		if err != nil {
			return "", err
		}
		key, err := tenant.NewKey(sc, "invoice", invoice)
		if err != nil {
			return "", err
		}
		return key.String(), nil
	}

	fmt.Println(cacheKey(signIn("acme", "ann"), "42"))
	fmt.Println(cacheKey(signIn("umbrella", "bob"), "42"))
	_, err := cacheKey(context.Background(), "42")
	fmt.Println(errors.Is(err, tenant.ErrNoScope))
	// Output:
	// tv1:t=acme:e=prod:invoice:42 <nil>
	// tv1:t=umbrella:e=prod:invoice:42 <nil>
	// true
}

func ExampleParseEnv() {
	for _, name := range []string{"Production", "stg", "local"} {
		env, err := tenant.ParseEnv(name)
		fmt.Println(env, err)
	}
	// Output:
	// prod <nil>
	// staging <nil>
	// invalid invalid environment: "local" is none of dev, development, stg, stage, staging, prod, production
}

func ExampleNewContext() {
	ctx := signIn("acme", "ann")
	other, err := tenant.FromContext(signIn("umbrella", "bob"))
	if err != nil {
		log.Fatal(err)
	}
	_, err = tenant.NewContext(ctx, other)
	fmt.Println(err)
	// Output:
	// NewContext: conflicting scope: the context carries a different scope; start from a context without one
}

func ExampleScope_String() {
	sc, err := tenant.FromContext(signIn("acme", "ann"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("denied:", sc)
	// Output:
	// denied: scope(tenant=[redacted] env=prod user=[redacted] role=[redacted])
}

func ExampleNewUserKey() {
	sc, err := tenant.FromContext(signIn("acme", "ann@example.com"))
	if err != nil {
		log.Fatal(err)
	}
	key, err := tenant.NewUserKey(sc, "draft", "a:b")
	fmt.Println(key, err)
	// Output:
	// tv1:t=acme:e=prod:u=ann%40example.com:draft:a%3Ab <nil>
}

func ExampleHasher() {
	// From the service's secret store; the same in all its processes.
	hasher, err := tenant.NewHasher([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		log.Fatal(err)
	}
	sc, err := tenant.FromContext(signIn("acme", "ann"))
	if err != nil {
		log.Fatal(err)
	}
	key, err := tenant.NewKey(sc, "invoice", "42")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(hasher.Hash(key))
	// Output:
	// tvh1:CFcj9hcricyH6w1ye0VuiR9xfp2DdRB4FZauDc6aXGo <nil>
}

func ExampleMap() {
	// A field of a long-lived service, in place of a global map[string]int.
	var quota tenant.Map[int]

	acme, err := tenant.FromContext(signIn("acme", "ann"))
	if err != nil {
		log.Fatal(err)
	}
	umbrella, err := tenant.FromContext(signIn("umbrella", "bob"))
	if err != nil {
		log.Fatal(err)
	}
	if err := quota.Store(acme, "exports", 5); err != nil {
		log.Fatal(err)
	}
	fmt.Println(quota.Load(acme, "exports"))
	fmt.Println(quota.Load(umbrella, "exports"))
	fmt.Println(quota.Load(tenant.Scope{}, "exports"))
	// Output:
	// 5 true <nil>
	// 0 false <nil>
	// 0 false Map.Load: invalid scope: the zero Scope; take one from FromContext and check its error
}

func ExampleGroup() {
	var loads tenant.Group[string]

	ctx := signIn("acme", "ann")
	sc, err := tenant.FromContext(ctx)
	if err != nil {
		log.Fatal(err)
	}
	name, _, err := loads.Do(ctx, sc, "name", func() (string, error) {
		return "Acme Inc", nil // from the database, once for all who ask at the same time
	})
	fmt.Println(name, err)
	// Output:
	// Acme Inc <nil>
}
