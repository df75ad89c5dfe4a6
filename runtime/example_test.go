package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
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

func ExampleNew() {
	_, err := tenant.New(tenant.Config{Timeout: time.Hour})
	fmt.Println(errors.Is(err, &tenant.ConfigError{Slot: "Authority"}))
	for line := range strings.Lines(err.Error()) {
		if strings.Contains(line, "Env") || strings.Contains(line, "Timeout") {
			fmt.Print(line)
		}
	}
	// Output:
	// true
	// New: config Env: it is missing; fill the slot
	// config AllowedEnvs: it is missing; fill the slot
	// config Claims.Env: it is missing; name the claim, or use Unused
	// config Headers.Env: it is missing; name the header, or use Unused
	// config Timeout: it is 1h0m0s; use more than 0 and at most 1m0s
}

func ExampleBoundary_Middleware() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders", func(w http.ResponseWriter, r *http.Request) {
		sc, err := tenant.FromContext(r.Context())
		if err != nil {
			_ = tenant.WriteProblem(w, err)
			return
		}
		fmt.Fprintf(w, "the orders of %s\n", sc.Tenant())
	})
	handler := newBoundary().Middleware(mux)

	for _, header := range []http.Header{
		{"Authorization": {"ann"}, "X-Tenant": {"acme"}},
		{"Authorization": {"ann"}}, // ann has two tenants
		{"X-Tenant": {"acme"}},
	} {
		r := httptest.NewRequest("GET", "/orders", nil)
		r.Header = header
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		fmt.Print(w.Code, " ", w.Body)
	}
	// Output:
	// 200 the orders of acme
	// 409 {"type":"about:blank","title":"Conflict","status":409,"detail":"there are several tenants to choose from","reason":"tenant_choice","missing":["tenant_choice"]}
	// 401 {"type":"about:blank","title":"Unauthorized","status":401,"detail":"nobody is signed in","reason":"unauthenticated"}
}

func ExampleBoundary_CheckTenantRole() {
	boundary := newBoundary()
	// A function that demands the proof cannot be called without having asked.
	closeBooks := func(by tenant.Role) error {
		if !by.Has("admin") {
			return errors.New("only an admin closes the books")
		}
		return nil
	}

	role, err := boundary.CheckTenantRole(signIn("acme", "ann"), "admin", "member")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(role.Has("member"), role.Has("admin"))
	fmt.Println(closeBooks(role))

	_, err = boundary.CheckTenantRole(signIn("acme", "ann"), "admin")
	fmt.Println(tenant.ReasonOf(err), tenant.ReasonOf(err).HTTPStatus())
	// Output:
	// true false
	// only an admin closes the books
	// role_not_held 403
}

func ExampleEvaluate() {
	candidates := []tenant.Binding{
		{Tenant: "acme", Policy: "gold", Locale: "en"},
		{Tenant: "umbrella", Policy: "basic", Disabled: true},
	}
	for _, selection := range []string{"", "acme", "umbrella", "initech"} {
		d := tenant.Decide(tenant.Evaluate(tenant.EvaluateInput{
			Identity:   tenant.Identity{Kind: tenant.IdentitySignedIn, User: "ann"},
			Now:        time.Now(),
			Candidates: candidates,
			Selection:  selection,
		}))
		fmt.Println(d.Status(), d.Reason(), d.Tenant(), d.Missing())
	}
	// Output:
	// NEEDS_CLARIFY tenant_choice  [tenant_choice]
	// OK explicit_selection acme []
	// REFUSED tenant_disabled  []
	// REFUSED selection_not_allowed  []
}

func ExamplePipeline() {
	quota := tenant.QuotaFunc(func(ctx context.Context, sc tenant.Scope, policy string) (tenant.Verdict, error) {
		return tenant.Refuse, nil // used up
	})
	governance := tenant.GovernanceFunc(func(ctx context.Context, sc tenant.Scope, policy string) (tenant.Verdict, error) {
		return tenant.Allow, nil
	})
	gates, err := newBoundary().TenantGate().Access().Quota(quota).Governance(governance)
	if err != nil {
		log.Fatal(err)
	}
	_, err = gates.Admit(context.Background(), http.Header{"Authorization": {"ann"}, "X-Tenant": {"acme"}})
	fmt.Println(err)
	// Output:
	// REFUSED quota_refused: the quota is used up; remedy: raise the tenant's quota
}

func ExampleDetach() {
	request, cancel := context.WithCancel(signIn("acme", "ann"))
	ctx, err := tenant.Detach(request)
	if err != nil {
		log.Fatal(err)
	}
	cancel() // the request is over
	sc, err := tenant.FromContext(ctx)
	fmt.Println(sc.Tenant(), err, ctx.Err())
	// Output:
	// acme <nil> <nil>
}

func ExampleSystem_ForEachTenant() {
	prod, err := tenant.ParseEnv("prod")
	if err != nil {
		log.Fatal(err)
	}
	access, err := tenant.NewSystem(tenant.SystemConfig{
		Env: prod,
		Tenants: func(ctx context.Context, env tenant.Env) iter.Seq2[string, error] {
			return func(yield func(string, error) bool) {
				_ = yield("acme", nil) && yield("umbrella", nil)
			}
		},
		Audit: func(ctx context.Context, e tenant.SystemEvent) error {
			fmt.Printf("audit: %s, %s, %q\n", e.Actor, e.Purpose, e.Tenant)
			return nil
		},
		Timeout: time.Second,
	})
	if err != nil {
		log.Fatal(err)
	}

	sys, err := access.Begin(context.Background(), "job-7", "migration 12")
	if err != nil {
		log.Fatal(err)
	}
	err = sys.ForEachTenant(context.Background(), func(ctx context.Context, sc tenant.Scope) error {
		fmt.Println("migrating", sc.Tenant())
		return nil
	})
	fmt.Println(err)
	// Output:
	// audit: job-7, migration 12, ""
	// audit: job-7, migration 12, "acme"
	// migrating acme
	// audit: job-7, migration 12, "umbrella"
	// migrating umbrella
	// <nil>
}
