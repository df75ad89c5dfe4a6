package runtime_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

func TestAdmit(t *testing.T) {
	for _, tt := range []struct {
		name, claims string
		headers      []string
		want         string // tenant env user role
	}{
		{"claims", "sub=ann org=acme env=prod role=member", nil, "acme prod ann member"},
		{"no role", "sub=ann org=acme env=prod", nil, "acme prod ann"},
		{"no tenant claimed", "sub=ann env=prod", nil, "acme prod ann"},
		{"headers agree", "sub=ann org=acme env=prod role=member", []string{"X-Tenant=acme", "X-Env=prod", "X-User=ann", "X-Role=member"}, "acme prod ann member"},
		{"any case of names", "sub=ann org=acme env=prod", []string{"x-tenant=acme", "X-ENV=prod"}, "acme prod ann"},
		{"env in other words", "sub=ann org=acme env=Production", []string{"X-Env=PROD"}, "acme prod ann"},
		{"another allowed env", "sub=ann org=acme env=stg", nil, "acme staging ann"},
		{"selected by claim", "sub=zoe org=umbrella env=prod", nil, "umbrella prod zoe"},
		{"selected by header", "sub=zoe env=prod", []string{"X-Tenant=acme"}, "acme prod zoe"},
		{"lists of one", "", nil, "acme prod ann admin"},
		{"other headers", "sub=ann env=prod", []string{"X-Tenant-Id=umbrella", "Tenant=umbrella", "X-Forwarded-User=bob"}, "acme prod ann"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			request := as(tt.claims)
			if tt.claims == "" {
				request = withClaims(tenant.MapClaims{"sub": []any{"ann"}, "org": []string{"acme"}, "env": []any{"prod"}, "role": []string{"admin"}})
			}
			ctx, err := boundary(t, nil).Admit(request, headers(tt.headers...))
			if err != nil {
				t.Fatal(err)
			}
			if got, want := fromContext(t, ctx), scope(t, tt.want); got != want {
				t.Errorf("scope %s %s %s %s, want %s", got.Tenant(), got.Env(), got.User(), got.Role(), tt.want)
			}
			d, err := tenant.DecisionFromContext(ctx)
			if err != nil || d.Status() != tenant.StatusOK || d.Tenant() != fromContext(t, ctx).Tenant() || d.Policy() == "" || d.Locale() == "" {
				t.Errorf("DecisionFromContext = %v, %v", d, err)
			}
			if ctx.Value(claimsKey{}) == nil {
				t.Error("the context lost its values")
			}
		})
	}
	t.Run("env of the deployment", func(t *testing.T) {
		b := boundary(t, func(cfg *tenant.Config) { cfg.Claims.Env, cfg.Headers.Env = tenant.Unused, tenant.Unused })
		ctx := admitted(t, b, "sub=ann env=staging", "X-Env=staging") // neither is looked at
		if got := fromContext(t, ctx).Env(); got != env(t, "prod") {
			t.Errorf("env %s, want that of the deployment", got)
		}
	})
	t.Run("env by claim only", func(t *testing.T) {
		b := boundary(t, func(cfg *tenant.Config) { cfg.Headers.Env = tenant.Unused })
		if got := fromContext(t, admitted(t, b, "sub=ann env=staging", "X-Env=prod")).Env(); got != env(t, "staging") {
			t.Errorf("env %s, want that of the claim", got)
		}
	})
	t.Run("env by trusted header only", func(t *testing.T) {
		b := boundary(t, func(cfg *tenant.Config) { cfg.Claims.Env = tenant.Unused },
			tenant.InsecureTrustHeaders(func(context.Context, tenant.Header) bool { return true }))
		if got := fromContext(t, admitted(t, b, "sub=ann env=prod", "X-Env=staging")).Env(); got != env(t, "staging") {
			t.Errorf("env %s, want that of the header", got)
		}
	})
	t.Run("unused names are not looked up", func(t *testing.T) {
		b := boundary(t, func(cfg *tenant.Config) { cfg.Claims.Tenant, cfg.Headers.Tenant = tenant.Unused, tenant.Unused })
		ctx, err := b.Admit(withClaims(tenant.MapClaims{"sub": "ann", "env": "prod", "": "umbrella", "-": "umbrella"}), http.Header{"": {"umbrella"}, "-": {"umbrella"}})
		if err != nil || fromContext(t, ctx).Tenant() != "acme" {
			t.Errorf("%v, %v", ctx, err)
		}
	})
	t.Run("headers of another kind", func(t *testing.T) {
		ctx, err := boundary(t, nil).Admit(as("sub=zoe env=prod"), metadata{"x-tenant": {"umbrella"}})
		if err != nil || fromContext(t, ctx).Tenant() != "umbrella" {
			t.Errorf("%v, %v", ctx, err)
		}
	})
	t.Run("longest id", func(t *testing.T) {
		_, err := boundary(t, nil).Admit(as("env=prod sub="+longValue[1:]), nil)
		refused(t, nil, err, tenant.ReasonNoCandidates)
	})
}

// metadata are headers as other protocols have them.
type metadata map[string][]string

func (m metadata) Values(name string) []string { return m[strings.ToLower(name)] }

// badValue makes a value that is malformed, and one that is too long.
const badValue = "ac\tme"

var longValue = strings.Repeat("x", tenant.MaxIDBytes+1)

func TestAdmitRefuses(t *testing.T) {
	type claims = tenant.MapClaims
	good := func(change claims) context.Context {
		all := claims{"sub": "ann", "org": "acme", "env": "prod", "role": "member"}
		for name, value := range change {
			if all[name] = value; value == nil {
				delete(all, name)
			}
		}
		return withClaims(all)
	}
	for _, tt := range []struct {
		name    string
		ctx     context.Context
		headers []string
		want    tenant.Reason
		field   string
	}{
		{"nobody", context.Background(), nil, tenant.ReasonUnauthenticated, ""},
		{"nobody, with headers", context.Background(), []string{"X-User=ann", "X-Tenant=acme", "X-Env=prod", "X-Role=admin"}, tenant.ReasonUnauthenticated, ""},
		{"no user", good(claims{"sub": nil}), nil, tenant.ReasonClaimMissing, "user"},
		{"no env", good(claims{"env": nil}), nil, tenant.ReasonClaimMissing, "env"},
		{"two tenants claimed", good(claims{"org": []any{"acme", "umbrella"}}), nil, tenant.ReasonClaimRepeated, "tenant"},
		{"two users claimed", good(claims{"sub": []string{"ann", "ann"}}), nil, tenant.ReasonClaimRepeated, "user"},
		{"two envs claimed", good(claims{"env": []any{"prod", "staging"}}), nil, tenant.ReasonClaimRepeated, "env"},
		{"two roles claimed", good(claims{"role": []any{"a", "b"}}), nil, tenant.ReasonClaimRepeated, "role"},
		{"empty list claimed", good(claims{"sub": []any{}}), nil, tenant.ReasonClaimMissing, "user"},
		{"empty list of text claimed", good(claims{"sub": []string{}}), nil, tenant.ReasonClaimMissing, "user"},
		{"long tenant claimed", good(claims{"org": longValue}), nil, tenant.ReasonClaimOversized, "tenant"},
		{"long user claimed", good(claims{"sub": longValue}), nil, tenant.ReasonClaimOversized, "user"},
		{"long env claimed", good(claims{"env": longValue}), nil, tenant.ReasonClaimOversized, "env"},
		{"long role claimed", good(claims{"role": longValue}), nil, tenant.ReasonClaimOversized, "role"},
		{"empty tenant claimed", good(claims{"org": ""}), nil, tenant.ReasonClaimMalformed, "tenant"},
		{"empty tenant claimed, header", good(claims{"org": ""}), []string{"X-Tenant=acme"}, tenant.ReasonClaimMalformed, "tenant"},
		{"empty user claimed", good(claims{"sub": ""}), nil, tenant.ReasonClaimMalformed, "user"},
		{"number for a user", good(claims{"sub": 42.0}), nil, tenant.ReasonClaimMalformed, "user"},
		{"number in a list", good(claims{"sub": []any{42.0}}), nil, tenant.ReasonClaimMalformed, "user"},
		{"object for a tenant", good(claims{"org": map[string]any{"id": "acme"}}), nil, tenant.ReasonClaimMalformed, "tenant"},
		{"null for a tenant", withClaims(claims{"sub": "ann", "org": nil, "env": "prod"}), nil, tenant.ReasonClaimMalformed, "tenant"},
		{"control in a tenant", good(claims{"org": badValue}), nil, tenant.ReasonClaimMalformed, "tenant"},
		{"control in a role", good(claims{"role": badValue}), nil, tenant.ReasonClaimMalformed, "role"},
		{"control in an env", good(claims{"env": badValue}), nil, tenant.ReasonClaimMalformed, "env"},
		{"less than no claim", withClaims(oddClaims{-1}), nil, tenant.ReasonClaimMalformed, "user"},

		{"tenant header twice", good(nil), []string{"X-Tenant=acme", "X-Tenant=acme"}, tenant.ReasonHeaderRepeated, "tenant"},
		{"user header twice", good(nil), []string{"X-User=ann", "x-user=bob"}, tenant.ReasonHeaderRepeated, "user"},
		{"env header twice", good(nil), []string{"X-Env=prod", "X-Env=staging"}, tenant.ReasonHeaderRepeated, "env"},
		{"role header twice", good(nil), []string{"X-Role=member", "X-Role=admin"}, tenant.ReasonHeaderRepeated, "role"},
		{"tenant header long", good(nil), []string{"X-Tenant=" + longValue}, tenant.ReasonHeaderOversized, "tenant"},
		{"env header long", good(nil), []string{"X-Env=" + longValue}, tenant.ReasonHeaderOversized, "env"},
		{"tenant header empty", good(nil), []string{"X-Tenant="}, tenant.ReasonHeaderMalformed, "tenant"},
		{"tenant header blank", good(nil), []string{"X-Tenant= acme"}, tenant.ReasonHeaderMalformed, "tenant"},
		{"user header odd", good(nil), []string{"X-User=" + badValue}, tenant.ReasonHeaderMalformed, "user"},
		{"env header empty", good(nil), []string{"X-Env="}, tenant.ReasonHeaderMalformed, "env"},
		{"env header alone", good(claims{"env": nil}), []string{"X-Env=prod"}, tenant.ReasonHeaderUntrusted, "env"},
		{"user header alone", good(claims{"sub": nil}), []string{"X-User=ann"}, tenant.ReasonHeaderUntrusted, "user"},
		{"role header alone", good(claims{"role": nil}), []string{"X-Role=admin"}, tenant.ReasonHeaderUntrusted, "role"},
		{"another tenant", good(nil), []string{"X-Tenant=umbrella"}, tenant.ReasonHeaderConflict, "tenant"},
		{"another case", good(nil), []string{"X-Tenant=ACME"}, tenant.ReasonHeaderConflict, "tenant"},
		{"another user", good(nil), []string{"X-User=bob"}, tenant.ReasonHeaderConflict, "user"},
		{"another env", good(nil), []string{"X-Env=staging"}, tenant.ReasonHeaderConflict, "env"},
		{"another role", good(nil), []string{"X-Role=admin"}, tenant.ReasonHeaderConflict, "role"},

		{"unknown env claimed", good(claims{"env": "qa"}), nil, tenant.ReasonEnvUnknown, "env"},
		{"unknown env in header", good(nil), []string{"X-Env=local"}, tenant.ReasonEnvUnknown, "env"},
		{"env not allowed", good(claims{"env": "dev"}), nil, tenant.ReasonEnvNotAllowed, "env"},

		{"several tenants", good(claims{"sub": "zoe", "org": nil}), nil, tenant.ReasonTenantChoice, ""},
		{"no tenant at all", good(claims{"sub": "ned", "org": nil}), nil, tenant.ReasonNoCandidates, ""},
		{"somebody else's tenant", good(claims{"org": "umbrella"}), nil, tenant.ReasonSelectionNotAllowed, ""},
		{"somebody else's by header", good(claims{"org": nil}), []string{"X-Tenant=umbrella"}, tenant.ReasonSelectionNotAllowed, ""},
		{"disabled", good(claims{"sub": "dan", "org": nil}), nil, tenant.ReasonTenantDisabled, ""},
		{"blocked", good(claims{"sub": "eve", "org": nil}), nil, tenant.ReasonTenantBlocked, ""},
		{"too many", good(claims{"sub": "all"}), nil, tenant.ReasonTooManyCandidates, ""},
		{"odd directory", good(claims{"sub": "odd"}), nil, tenant.ReasonCandidateMalformed, ""},
		{"contradictory directory", good(claims{"sub": "two"}), nil, tenant.ReasonCandidatesDisagree, ""},
		{"directory down", good(claims{"sub": "down"}), nil, tenant.ReasonDirectoryUnavailable, ""},
		{"directory panics", good(claims{"sub": "panic"}), nil, tenant.ReasonDirectoryUnavailable, ""},

		{"bad token", context.WithValue(context.Background(), claimsKey{}, errors.New("expired: tttt")), nil, tenant.ReasonUnauthenticated, ""},
		{"key server down", context.WithValue(context.Background(), claimsKey{}, fmt.Errorf("%w: acme", tenant.ErrUnavailable)), nil, tenant.ReasonAuthenticationUnavailable, ""},
		{"key server gave up", context.WithValue(context.Background(), claimsKey{}, fmt.Errorf("get: %w", context.Canceled)), nil, tenant.ReasonAuthenticationUnavailable, ""},
		{"key server slow", context.WithValue(context.Background(), claimsKey{}, fmt.Errorf("get: %w", context.DeadlineExceeded)), nil, tenant.ReasonAuthenticationUnavailable, ""},
		{"authenticator panics", context.WithValue(context.Background(), claimsKey{}, func() { panic("acme") }), nil, tenant.ReasonAuthenticationUnavailable, ""},
		{"claims panic", withClaims(oddClaims{99}), nil, tenant.ReasonAuthenticationUnavailable, ""},
		{"scope of another tenant", mustContext(t, scope(t, "umbrella prod ann member")), nil, tenant.ReasonScopeConflict, ""},
		{"scope of another env", mustContext(t, scope(t, "acme staging ann member")), nil, tenant.ReasonScopeConflict, ""},
		{"scope of another user", mustContext(t, scope(t, "acme prod bob member")), nil, tenant.ReasonScopeConflict, ""},
		{"scope of another role", mustContext(t, scope(t, "acme prod ann admin")), nil, tenant.ReasonScopeConflict, ""},
		{"closed", closedContext(t), nil, tenant.ReasonScopeConflict, ""},
		{"cancelled", cancelled(good(nil)), nil, tenant.ReasonRequestCancelled, ""},

		// Which of several refusals wins: the order of the steps of Admit, and
		// within one field the claim before the header.
		{"user before tenant", good(claims{"sub": nil, "org": ""}), nil, tenant.ReasonClaimMissing, "user"},
		{"tenant before env", good(claims{"org": "", "env": "qa"}), nil, tenant.ReasonClaimMalformed, "tenant"},
		{"env before role", good(claims{"role": "", "env": "qa"}), nil, tenant.ReasonEnvUnknown, "env"},
		{"role before directory", good(claims{"sub": "down", "role": ""}), nil, tenant.ReasonClaimMalformed, "role"},
		{"claim before header", good(claims{"org": longValue}), []string{"X-Tenant="}, tenant.ReasonClaimOversized, "tenant"},
		{"repeated before long", good(nil), []string{"X-Tenant=" + longValue, "X-Tenant="}, tenant.ReasonHeaderRepeated, "tenant"},
		{"form before conflict", good(nil), []string{"X-Tenant=" + badValue}, tenant.ReasonHeaderMalformed, "tenant"},
		{"unknown before conflict", good(nil), []string{"X-Env=qa"}, tenant.ReasonEnvUnknown, "env"},
		{"conflict before allowed", good(claims{"env": "dev"}), []string{"X-Env=prod"}, tenant.ReasonHeaderConflict, "env"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, ok := tt.ctx.Value(claimsKey{}).(tenant.Claims); !ok && tt.want == tenant.ReasonScopeConflict {
				tt.ctx = context.WithValue(tt.ctx, claimsKey{}, good(nil).Value(claimsKey{}))
			}
			ctx, err := boundary(t, nil).Admit(tt.ctx, headers(tt.headers...))
			r := refused(t, ctx, err, tt.want)
			if r.Field() != tt.field {
				t.Errorf("field %q, want %q", r.Field(), tt.field)
			}
			if tt.field != "" && !strings.Contains(err.Error(), "("+tt.field+")") {
				t.Errorf("error %q does not name the field %s", err, tt.field)
			}
			if !strings.HasPrefix(err.Error(), tt.want.Status().String()+" "+tt.want.String()) || !strings.Contains(err.Error(), tt.want.Remedy()) {
				t.Errorf("error %q gives no reason or no remedy", err)
			}
		})
	}
}

// oddClaims says of every claim that there are so many of it; of 99 it panics.
type oddClaims struct{ n int }

func (c oddClaims) Claim(string) (string, int) {
	if c.n == 99 {
		panic("acme")
	}
	return "ann", c.n
}

func closedContext(t *testing.T) context.Context {
	ctx, err := tenant.NewContext(context.Background(), tenant.Scope{})
	if err == nil {
		t.Fatal("NewContext takes the zero scope")
	}
	return ctx
}

func cancelled(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	return ctx
}

// Two holes of well-known packages: an empty tenant that is taken for one, and
// a second scope that replaces the first without a word.
func TestPeerHoles(t *testing.T) {
	b := boundary(t, nil)
	t.Run("empty tenant", func(t *testing.T) {
		if sc, err := tenant.NewScope("", env(t, "prod"), "", ""); err == nil || sc.IsValid() {
			t.Errorf("a scope of no tenant: %v, %v", sc, err)
		}
		for _, in := range []tenant.EvaluateInput{signedIn("", ""), signedIn("", "", "a")} {
			if d := resolve(in); d.Status() != tenant.StatusFail || d.Tenant() != "" {
				t.Errorf("a candidate without a name: %v", d)
			}
		}
		ctx, err := b.Admit(withClaims(tenant.MapClaims{"sub": "ann", "env": "prod", "org": ""}), nil)
		refused(t, ctx, err, tenant.ReasonClaimMalformed)
		ctx, err = b.Admit(as("sub=ann env=prod"), headers("X-Tenant="))
		refused(t, ctx, err, tenant.ReasonHeaderMalformed)
		if key, err := tenant.NewKey(tenant.Scope{}, "k"); err == nil || key.String() != "" {
			t.Errorf("a key of no scope: %q, %v", key, err)
		}
	})
	t.Run("second scope", func(t *testing.T) {
		first := admitted(t, b, "sub=zoe org=acme env=prod")
		for _, second := range []string{"sub=zoe org=umbrella env=prod", "sub=ann org=acme env=prod", "sub=zoe org=acme env=staging"} {
			ctx := context.WithValue(first, claimsKey{}, as(second).Value(claimsKey{}))
			ctx, err := b.Admit(ctx, nil)
			refused(t, ctx, err, tenant.ReasonScopeConflict)
		}
		if _, err := tenant.NewContext(first, scope(t, "umbrella prod zoe")); !errors.Is(err, tenant.ErrScopeConflict) {
			t.Errorf("NewContext replaces a scope: %v", err)
		}
		if got := fromContext(t, first); got.Tenant() != "acme" {
			t.Errorf("the first context now is %s's", got.Tenant())
		}
	})
}

func TestAdmitAgain(t *testing.T) {
	b := boundary(t, nil)
	first := admitted(t, b, "sub=ann env=prod")
	if again, err := b.Admit(first, nil); err != nil || again != first {
		t.Errorf("the same caller again: %v, %v; want the context unchanged", again, err)
	}
	// A scope without a decision, such as that of an envelope, gets one.
	bare := context.WithValue(mustContext(t, scope(t, "acme prod ann")), claimsKey{}, tenant.MapClaims{"sub": "ann", "env": "prod"})
	for _, ctx := range []context.Context{bare, context.Background(), noContext, closedContext(t)} {
		if d, err := tenant.DecisionFromContext(ctx); !errors.Is(err, tenant.ErrNoDecision) || d.Status() != tenant.StatusFail {
			t.Errorf("DecisionFromContext = %v, %v, want ErrNoDecision", d, err)
		}
	}
	ctx, err := b.Admit(bare, nil)
	if err != nil {
		t.Fatal(err)
	}
	if d, err := tenant.DecisionFromContext(ctx); err != nil || d.Policy() != "gold" {
		t.Errorf("DecisionFromContext = %v, %v", d, err)
	}
	// What was proven about the caller is not lost.
	proven, err := b.AdmitTenantMembership(bare)
	if err != nil {
		t.Fatal(err)
	}
	if proven, err = b.Admit(proven, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := tenant.MembershipFromContext(proven); err != nil {
		t.Error(err)
	}
}

func TestInsecureTrustHeaders(t *testing.T) {
	trust := tenant.InsecureTrustHeaders(func(ctx context.Context, h tenant.Header) bool {
		return len(h.Values("X-Gateway")) == 1 && h.Values("X-Gateway")[0] == "secret"
	})
	b := boundary(t, nil, trust)
	all := []string{"X-User=ann", "X-Tenant=acme", "X-Env=prod", "X-Role=member"}
	ctx, err := b.Admit(context.Background(), headers(append(all, "X-Gateway=secret")...))
	if err != nil || fromContext(t, ctx) != scope(t, "acme prod ann member") {
		t.Errorf("from the gateway: %v, %v", ctx, err)
	}
	if ctx := admitted(t, b, "sub=ann env=prod", "X-Role=admin", "X-Gateway=secret"); fromContext(t, ctx).Role() != "admin" {
		t.Error("from the gateway, a header adds no role")
	}
	ctx, err = b.Admit(context.Background(), headers(all...))
	refused(t, ctx, err, tenant.ReasonUnauthenticated)
	ctx, err = b.Admit(as("sub=ann env=prod"), headers("X-Role=admin"))
	refused(t, ctx, err, tenant.ReasonHeaderUntrusted)
	ctx, err = b.Admit(as("sub=bob env=prod"), headers(append(all, "X-Gateway=secret")...))
	refused(t, ctx, err, tenant.ReasonHeaderConflict)
	ctx, err = b.Admit(context.Background(), headers("X-Tenant=acme", "X-Env=prod", "X-Gateway=secret"))
	refused(t, ctx, err, tenant.ReasonClaimMissing)
	ctx, err = b.Admit(context.Background(), headers("X-User=ann", "X-Tenant=umbrella", "X-Env=prod", "X-Gateway=secret"))
	refused(t, ctx, err, tenant.ReasonSelectionNotAllowed)
	ctx, err = b.Admit(context.Background(), nil)
	refused(t, ctx, err, tenant.ReasonUnauthenticated)
	down := context.WithValue(context.Background(), claimsKey{}, tenant.ErrUnavailable)
	ctx, err = b.Admit(down, headers(append(all, "X-Gateway=secret")...))
	refused(t, ctx, err, tenant.ReasonAuthenticationUnavailable)

	broken := boundary(t, nil, tenant.InsecureTrustHeaders(func(context.Context, tenant.Header) bool { panic("acme") }))
	ctx, err = broken.Admit(context.Background(), headers(all...))
	refused(t, ctx, err, tenant.ReasonAuthenticationUnavailable)
}

func TestAdmitMisconfigured(t *testing.T) {
	for name, b := range map[string]*tenant.Boundary{"nil": nil, "zero": {}} {
		t.Run(name, func(t *testing.T) {
			ctx, err := b.Admit(as("sub=ann env=prod"), nil)
			refused(t, ctx, err, tenant.ReasonMisconfigured)
			ctx, err = b.Admit(noContext, nil)
			refused(t, ctx, err, tenant.ReasonMisconfigured)
			_, err = b.CheckTenantMembership(mustContext(t, scope(t, "acme prod ann")))
			refused(t, nil, err, tenant.ReasonMisconfigured)
			if w := serve(b.Middleware(ok), as("sub=ann env=prod")); w.Code != http.StatusInternalServerError {
				t.Errorf("middleware answers %d", w.Code)
			}
			if _, err := b.Hasher().Hash(tenant.Key{}); !errors.Is(err, tenant.ErrInvalidSecret) {
				t.Errorf("its hasher hashes: %v", err)
			}
			if b.Env().IsValid() {
				t.Error("it has an environment")
			}
		})
	}
	b := boundary(t, nil)
	if w := serve(b.Middleware(nil), as("sub=ann env=prod")); w.Code != http.StatusInternalServerError || problemOf(t, w).Reason != "misconfigured" {
		t.Errorf("nil handler: %d %s", w.Code, w.Body)
	}
	if b.Env() != env(t, "prod") || fmt.Sprintf("%v %+v %#v", b, b, struct{ b any }{b}) == "" || strings.Contains(fmt.Sprintf("%v %+v %s", b, b, b), "0123") {
		t.Errorf("boundary %v of %s", b, b.Env())
	}
	sc := scope(t, "acme prod")
	key, err := tenant.NewKey(sc, "k")
	if err != nil {
		t.Fatal(err)
	}
	own, err := tenant.NewHasher(config(t).KeySecret)
	if err != nil {
		t.Fatal(err)
	}
	want, err := own.Hash(key)
	if got, err2 := b.Hasher().Hash(key); err != nil || err2 != nil || got != want {
		t.Errorf("Hasher: %q, %v, want %q, %v", got, err2, want, err)
	}
	ctx, err := b.Admit(noContext, nil)
	refused(t, ctx, err, tenant.ReasonUnauthenticated)
}

// A request that is over is not asked about, and if it ends while somebody is
// asked, that is the reason, whatever the answer.
func TestCancelledRequest(t *testing.T) {
	asked := 0
	b := boundary(t, func(cfg *tenant.Config) {
		authenticator := cfg.Authenticator
		cfg.Authenticator = tenant.AuthenticatorFunc(func(ctx context.Context, h tenant.Header) (tenant.Claims, error) {
			asked++
			return authenticator.Authenticate(ctx, h)
		})
		cfg.Directory = tenant.DirectoryFunc(func(ctx context.Context, user string, env tenant.Env) ([]tenant.Binding, error) {
			ctx.Value(otherKey{}).(context.CancelFunc)()
			return bindings(ctx, user, env)
		})
	})
	ctx, err := b.Admit(cancelled(as("sub=ann env=prod")), nil)
	refused(t, ctx, err, tenant.ReasonRequestCancelled)
	if asked != 0 {
		t.Error("somebody is asked about a request that is over")
	}
	during := func(claims any) error {
		ctx, cancel := context.WithCancel(context.Background())
		if claims == nil {
			claims = func() { cancel() } // and then says that there is no token
		}
		ctx = context.WithValue(context.WithValue(ctx, claimsKey{}, claims), otherKey{}, cancel)
		ctx, err := b.Admit(ctx, nil)
		refused(t, ctx, err, tenant.ReasonRequestCancelled)
		return err
	}
	during(nil)
	during(tenant.MapClaims{"sub": "ann", "env": "prod"})
	if err := during(tenant.MapClaims{"sub": "down", "env": "prod"}); !errors.Is(err, errDown) {
		t.Errorf("the cause is %v, want what the directory said", errors.Unwrap(err))
	}
}

func TestAuthenticatorReturnsNothing(t *testing.T) {
	b := boundary(t, func(cfg *tenant.Config) {
		cfg.Authenticator = tenant.AuthenticatorFunc(func(context.Context, tenant.Header) (tenant.Claims, error) { return nil, nil })
	})
	ctx, err := b.Admit(context.Background(), headers("X-User=ann"))
	refused(t, ctx, err, tenant.ReasonUnauthenticated)
	if r := tenant.ReasonOf(nil); r != tenant.ReasonUnspecified {
		t.Errorf("ReasonOf(nil) = %s", r)
	}
}

// TestTimeouts: an outside part that is slow is refused in time if it looks at
// its context, and refused all the same if it does not.
func TestTimeouts(t *testing.T) {
	wait := map[string]func(context.Context) error{
		"heeds":   func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
		"derives": func(ctx context.Context) error { return waitDerived(ctx) },
		"ignores": func(context.Context) error { time.Sleep(time.Hour); return nil },
		"lies":    func(ctx context.Context) error { <-ctx.Done(); return nil },
	}
	for name, wait := range wait {
		for part, want := range map[string]tenant.Reason{
			"authenticator": tenant.ReasonAuthenticationUnavailable,
			"directory":     tenant.ReasonDirectoryUnavailable,
			"authority":     tenant.ReasonAuthorityUnavailable,
			"quota":         tenant.ReasonQuotaUnavailable,
			"governance":    tenant.ReasonGovernanceUnavailable,
		} {
			t.Run(part+" "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					p := slowPipeline(t, part, wait)
					start := time.Now()
					ctx, err := p.Admit(as("sub=ann env=prod"), nil)
					refused(t, ctx, err, want)
					if took := time.Since(start); name != "ignores" && took != time.Second {
						t.Errorf("refused after %v, want 1s", took)
					}
					if name != "lies" && name != "ignores" && !errors.Is(err, context.DeadlineExceeded) {
						t.Errorf("the cause is %v", errors.Unwrap(err))
					}
				})
			})
			t.Run(part+" "+name+", request cancelled", func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					p := slowPipeline(t, part, wait)
					ctx, cancel := context.WithTimeout(as("sub=ann env=prod"), time.Millisecond)
					defer cancel()
					ctx, err := p.Admit(ctx, nil)
					refused(t, ctx, err, tenant.ReasonRequestCancelled)
				})
			})
		}
	}
}

func waitDerived(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Hour)
	defer cancel()
	if d, ok := ctx.Deadline(); !ok || time.Until(d) > time.Second {
		return fmt.Errorf("deadline in %v", time.Until(d))
	}
	<-ctx.Done()
	return ctx.Err()
}

// slowPipeline has one part that waits and then says yes.
func slowPipeline(t *testing.T, slow string, wait func(context.Context) error) *tenant.Pipeline {
	at := func(ctx context.Context, part string) error {
		if part == slow {
			return wait(ctx)
		}
		return nil
	}
	b := boundary(t, func(cfg *tenant.Config) {
		authenticator := cfg.Authenticator
		cfg.Authenticator = tenant.AuthenticatorFunc(func(ctx context.Context, h tenant.Header) (tenant.Claims, error) {
			if err := at(ctx, "authenticator"); err != nil {
				return nil, err
			}
			return authenticator.Authenticate(ctx, h)
		})
		cfg.Directory = tenant.DirectoryFunc(func(ctx context.Context, user string, env tenant.Env) ([]tenant.Binding, error) {
			if err := at(ctx, "directory"); err != nil {
				return nil, err
			}
			return bindings(ctx, user, env)
		})
		cfg.Authority = tenant.AuthorityFunc(func(ctx context.Context, sc tenant.Scope) (tenant.Standing, error) {
			return tenant.Standing{Member: true}, at(ctx, "authority")
		})
	})
	p, err := b.TenantGate().Access().
		Quota(tenant.QuotaFunc(func(ctx context.Context, _ tenant.Scope, _ string) (tenant.Verdict, error) {
			return tenant.Allow, at(ctx, "quota")
		})).
		Governance(tenant.GovernanceFunc(func(ctx context.Context, _ tenant.Scope, _ string) (tenant.Verdict, error) {
			return tenant.Allow, at(ctx, "governance")
		}))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestPartContext: the context of an outside part is over when the part has
// answered, and has the earlier of two deadlines.
func TestPartContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, look := range []bool{true, false} {
			var kept context.Context
			b := boundary(t, func(cfg *tenant.Config) {
				cfg.Directory = tenant.DirectoryFunc(func(ctx context.Context, user string, env tenant.Env) ([]tenant.Binding, error) {
					kept = ctx
					if look {
						if done := ctx.Done(); ctx.Err() != nil || ctx.Done() != done {
							t.Error("the context is over at once, or another each time")
						}
					}
					if d, ok := ctx.Deadline(); !ok || time.Until(d) != time.Second {
						t.Errorf("deadline in %v", time.Until(d))
					}
					return bindings(ctx, user, env)
				})
			})
			admitted(t, b, "sub=ann env=prod")
			select {
			case <-kept.Done():
			default:
				t.Error("the context goes on after the answer")
			}
			if !errors.Is(kept.Err(), context.Canceled) {
				t.Errorf("error %v", kept.Err())
			}
		}
		b := boundary(t, func(cfg *tenant.Config) {
			cfg.Directory = tenant.DirectoryFunc(func(ctx context.Context, user string, env tenant.Env) ([]tenant.Binding, error) {
				if d, ok := ctx.Deadline(); !ok || time.Until(d) != time.Millisecond {
					t.Errorf("deadline in %v, want that of the request", time.Until(d))
				}
				return bindings(ctx, user, env)
			})
		})
		ctx, cancel := context.WithTimeout(as("sub=ann env=prod"), time.Millisecond)
		defer cancel()
		if _, err := b.Admit(ctx, nil); err != nil {
			t.Error(err)
		}
		b = boundary(t, func(cfg *tenant.Config) {
			cfg.Directory = tenant.DirectoryFunc(func(ctx context.Context, user string, env tenant.Env) ([]tenant.Binding, error) {
				if d, ok := ctx.Deadline(); !ok || time.Until(d) != time.Second {
					t.Errorf("deadline in %v, want that of the part", time.Until(d))
				}
				return bindings(ctx, user, env)
			})
		})
		ctx, cancel = context.WithTimeout(as("sub=ann env=prod"), time.Hour)
		defer cancel()
		if _, err := b.Admit(ctx, nil); err != nil {
			t.Error(err)
		}
	})
}

func TestPanicsAreKept(t *testing.T) {
	_, err := boundary(t, nil).Admit(as("sub=panic env=prod"), nil)
	var p *tenant.PanicError
	if !errors.As(err, &p) {
		t.Fatalf("the cause of %v is %v, want a PanicError", err, errors.Unwrap(err))
	}
	if p.Value != errDown || !strings.Contains(string(p.Stack), "bindings") {
		t.Errorf("value %v, stack %s", p.Value, p.Stack)
	}
	if strings.Contains(p.Error(), "down") {
		t.Errorf("the message shows the value: %s", p)
	}
	_, err = boundary(t, nil).Admit(as("sub=down env=prod"), nil)
	if !errors.Is(err, errDown) {
		t.Errorf("the cause of %v is not kept", err)
	}
}

// ok is a handler that answers with the tenant of its scope.
var ok = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "unguarded", http.StatusTeapot)
		return
	}
	_, _ = io.WriteString(w, sc.Tenant())
})

func serve(h http.Handler, ctx context.Context, pairs ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(ctx, "GET", "/orders", nil)
	for name, values := range headers(pairs...) {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

type problem struct {
	Type, Title, Detail, Reason, Field string
	Status                             int
	Missing                            []string
}

func problemOf(t *testing.T, w *httptest.ResponseRecorder) problem {
	t.Helper()
	var p problem
	d := json.NewDecoder(w.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestMiddleware(t *testing.T) {
	var seen []string
	b := boundary(t, nil, tenant.OnRefusal(func(ctx context.Context, r *tenant.Refusal) {
		if ctx.Value(claimsKey{}) != nil || r.Reason() == tenant.ReasonUnauthenticated {
			seen = append(seen, r.Reason().String())
		}
	}))
	h := b.Middleware(ok)
	if w := serve(h, as("sub=ann env=prod")); w.Code != http.StatusOK || w.Body.String() != "acme" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := serve(b.Middleware(h), as("sub=ann env=prod")); w.Code != http.StatusOK || w.Body.String() != "acme" {
		t.Errorf("twice: %d %s", w.Code, w.Body)
	}
	w := serve(h, as("sub=zoe env=prod"))
	if p := problemOf(t, w); w.Code != http.StatusConflict || p.Reason != "tenant_choice" || strings.Join(p.Missing, ",") != "tenant_choice" {
		t.Errorf("%d %+v", w.Code, p)
	}
	w = serve(h, as("sub=zoe env=prod"), "X-Tenant=umbrella")
	if w.Code != http.StatusOK || w.Body.String() != "umbrella" {
		t.Errorf("with the choice: %d %s", w.Code, w.Body)
	}
	w = serve(h, as("sub=ann env=prod org=acme"), "X-Tenant=umbrella")
	want := problem{Type: "about:blank", Title: "Conflict", Detail: "a header contradicts the credentials", Reason: "header_conflict", Field: "tenant", Status: 409}
	if p := problemOf(t, w); fmt.Sprint(p) != fmt.Sprint(want) || w.Code != 409 {
		t.Errorf("%d %+v, want %+v", w.Code, p, want)
	}
	for name, value := range map[string]string{
		"Content-Type": "application/problem+json", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Www-Authenticate": "",
	} {
		if got := w.Header().Get(name); got != value {
			t.Errorf("%s: %q, want %q", name, got, value)
		}
	}
	w = serve(h, context.Background())
	if w.Code != http.StatusUnauthorized || w.Header().Get("WWW-Authenticate") != "Bearer" {
		t.Errorf("nobody: %d, WWW-Authenticate %q", w.Code, w.Header().Get("WWW-Authenticate"))
	}
	if got := strings.Join(seen, " "); got != "tenant_choice header_conflict unauthenticated" {
		t.Errorf("OnRefusal saw %s", got)
	}
	// Over a real connection, where the lengths have to be right.
	server := httptest.NewServer(h)
	defer server.Close()
	resp, err := http.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, err := io.ReadAll(resp.Body); err != nil || resp.StatusCode != 401 || int64(len(body)) != resp.ContentLength {
		t.Errorf("%d, %d bytes of %d, %v", resp.StatusCode, len(body), resp.ContentLength, err)
	}
}

func TestWriteProblem(t *testing.T) {
	w := httptest.NewRecorder()
	w.Header().Set("WWW-Authenticate", "Session")
	w.Header().Set("Content-Encoding", "gzip")
	w.Header().Set("Etag", "x")
	w.Header().Set("Content-Length", "3")
	_, err := boundary(t, nil).Admit(context.Background(), nil)
	if err := tenant.WriteProblem(w, fmt.Errorf("wrapped acme: %w", err)); err != nil {
		t.Fatal(err)
	}
	if w.Code != 401 || w.Header().Get("WWW-Authenticate") != "Session" || w.Header().Get("Content-Encoding") != "" || w.Header().Get("Etag") != "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if got := w.Header().Get("Content-Length"); got != fmt.Sprint(w.Body.Len()) {
		t.Errorf("Content-Length: %s of %d", got, w.Body.Len())
	}
	if strings.Contains(w.Body.String(), "acme") {
		t.Errorf("it shows an error: %s", w.Body)
	}
	w = httptest.NewRecorder()
	if err := tenant.WriteProblem(w, errDown); err != nil {
		t.Fatal(err)
	}
	if p := problemOf(t, w); w.Code != 500 || p.Reason != "unspecified" || strings.Contains(p.Detail, "down") {
		t.Errorf("a foreign error: %d %+v", w.Code, p)
	}
	if err := tenant.WriteProblem(brokenWriter{httptest.NewRecorder()}, errDown); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("the error of writing is %v", err)
	}
	var r *tenant.Refusal
	if r.Reason() != tenant.ReasonUnspecified || r.Field() != "" || r.Error() == "" || r.Unwrap() != nil || r.Missing() != nil {
		t.Errorf("nil refusal: %v", r)
	}
}

type brokenWriter struct{ http.ResponseWriter }

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// TestConcurrentCallers: with many callers at once, some of whom give up and
// some of whose questions are not answered, everybody gets their own tenant's
// answer or a refusal.
func TestConcurrentCallers(t *testing.T) {
	var asked atomic.Uint64
	b := boundary(t, func(cfg *tenant.Config) {
		cfg.Authority = tenant.AuthorityFunc(func(ctx context.Context, sc tenant.Scope) (tenant.Standing, error) {
			switch asked.Add(1) % 5 {
			case 0:
				return tenant.Standing{Member: true}, errDown
			case 1:
				panic(errDown)
			}
			return standing(ctx, sc)
		})
	})
	var data tenant.Map[string]
	h := b.Middleware(b.RequireTenantMembership(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m, err := tenant.MembershipFromContext(r.Context())
		if err != nil {
			t.Error("unguarded")
			return
		}
		who, _, err := data.LoadOrStore(m.Scope(), "who", m.Scope().Tenant()+" "+m.Scope().Env().String())
		if err != nil {
			t.Error(err)
		}
		_, _ = io.WriteString(w, who)
	})))
	callers := []struct{ claims, want string }{
		{"sub=ann env=prod", "acme prod"}, {"sub=ann env=staging", "acme staging"}, {"sub=bob env=prod", "umbrella prod"},
		{"sub=zoe env=prod org=acme", "acme prod"}, {"sub=bob env=staging", "umbrella staging"}, {"sub=zoe env=prod org=umbrella", "never"},
	}
	var answered, refusedToo atomic.Uint64
	var wg sync.WaitGroup
	for n := range 24 {
		wg.Go(func() {
			for i := range 50 {
				c := callers[(n+i)%len(callers)]
				ctx := as(c.claims)
				if (n*i)%7 == 3 {
					ctx = cancelled(ctx)
				}
				w := serve(h, ctx)
				switch {
				case w.Code == http.StatusOK && w.Body.String() == c.want:
					answered.Add(1)
				case w.Code == http.StatusForbidden && c.want == "never" || w.Code == http.StatusServiceUnavailable:
					refusedToo.Add(1)
				default:
					t.Errorf("%s gets %d %s", c.claims, w.Code, w.Body)
				}
			}
		})
	}
	wg.Wait()
	if answered.Load() < 100 || refusedToo.Load() < 100 {
		t.Errorf("%d answered, %d refused: this tests too little", answered.Load(), refusedToo.Load())
	}
}

// FuzzHeaders: whatever is claimed and sent, a request gets through only as one
// of the tenants of the user who was verified, and no answer shows what was sent.
func FuzzHeaders(f *testing.F) {
	f.Add("zoe", "acme", "prod", "member", "acme", "prod", "zoe", "member", uint8(0))
	f.Add("zoe", "", "staging", "", "umbrella", "STG", "", "", uint8(0b1010))
	f.Add("zoe", "acme", "qa", "x", "umb\x00", "pr\u00f6d", "ann", "admin", uint8(0xff))
	f.Fuzz(func(t *testing.T, user, org, envName, role, hTenant, hEnv, hUser, hRole string, more uint8) {
		claims := tenant.MapClaims{}
		h := http.Header{}
		for i, v := range []struct{ claim, claimed, header, sent string }{
			{"sub", user, "X-User", hUser}, {"org", org, "X-Tenant", hTenant}, {"env", envName, "X-Env", hEnv}, {"role", role, "X-Role", hRole},
		} {
			if v.claimed != "" || more>>i&1 == 1 {
				claims[v.claim] = v.claimed
			}
			if v.sent != "" {
				h.Add(v.header, v.sent)
			}
			if more>>(i+4)&1 == 1 {
				h.Add(v.header, v.sent)
			}
		}
		b := boundary(t, nil)
		ctx, err := b.Admit(withClaims(claims), h)
		again, err2 := b.Admit(withClaims(claims), h)
		if tenant.ReasonOf(err) != tenant.ReasonOf(err2) {
			t.Fatalf("asked twice: %v, %v", err, err2)
		}
		if err != nil {
			noScope(t, ctx)
			noScope(t, again)
			if r := tenant.ReasonOf(err); r.Status() == tenant.StatusOK || r == tenant.ReasonUnspecified {
				t.Fatalf("refused with %s", r)
			}
			w := serveHeader(b.Middleware(ok), withClaims(claims), h)
			body := w.Body.String()
			for _, sent := range []string{user, org, role, hTenant, hUser, hRole} {
				if len(sent) > 12 && strings.Contains(body+err.Error(), sent) {
					t.Fatalf("the answer shows %q: %s", sent, body)
				}
			}
			if w.Code < 400 || !json.Valid([]byte(body)) {
				t.Fatalf("%d %s", w.Code, body)
			}
			return
		}
		sc := fromContext(t, ctx)
		if sc != fromContext(t, again) {
			t.Fatal("two answers")
		}
		parsed, err := tenant.ParseEnv(envName)
		if err != nil || sc.Env() != parsed || sc.Env().IsDev() {
			t.Fatalf("env %s of claim %q", sc.Env(), envName)
		}
		if sc.User() != user || sc.Role() != role || org != "" && sc.Tenant() != org {
			t.Fatalf("%s %s %s of claims %v", sc.Tenant(), sc.User(), sc.Role(), claims)
		}
		allowed, _ := bindings(ctx, user, parsed)
		for _, a := range allowed {
			if a.Tenant == sc.Tenant() && !a.Disabled && !a.Blocked {
				return
			}
		}
		t.Fatalf("%q got into %q", user, sc.Tenant())
	})
}

func serveHeader(h http.Handler, ctx context.Context, header http.Header) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(ctx, "GET", "/", nil)
	r.Header = header
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// frugal is a configuration whose parts allocate nothing, so that what is
// counted is the boundary's own.
func frugal(t testing.TB) *tenant.Boundary {
	claims := tenant.MapClaims{"sub": "ann", "org": "acme", "env": "prod", "role": "member"}
	all := []tenant.Binding{{Tenant: "acme", Policy: "gold", Locale: "en-GB"}, {Tenant: "umbrella", Policy: "basic", Locale: "de"}}
	roles := []string{"member"}
	return boundary(t, func(cfg *tenant.Config) {
		cfg.Authenticator = tenant.AuthenticatorFunc(func(context.Context, tenant.Header) (tenant.Claims, error) { return claims, nil })
		cfg.Directory = tenant.DirectoryFunc(func(context.Context, string, tenant.Env) ([]tenant.Binding, error) { return all, nil })
		cfg.Authority = tenant.AuthorityFunc(func(context.Context, tenant.Scope) (tenant.Standing, error) {
			return tenant.Standing{Member: true, Roles: roles}, nil
		})
	})
}

// discard is a ResponseWriter that keeps nothing.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(p []byte) (int, error) { return len(p), nil }
func (d discard) WriteHeader(int)             {}

func TestMiddlewareAllocs(t *testing.T) {
	b := frugal(t)
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("X-Tenant", "acme")
	w := discard{http.Header{}}
	inner := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if _, err := tenant.FromContext(r.Context()); err != nil {
			t.Error(err)
		}
	})
	h := b.Middleware(inner)
	n := testing.AllocsPerRun(200, func() { h.ServeHTTP(w, r) })
	t.Logf("the middleware adds %v allocations", n)
	if n > 10 {
		t.Errorf("the middleware adds %v allocations, want at most 10", n)
	}
}

func BenchmarkMiddleware(b *testing.B) {
	h := frugal(b).Middleware(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("X-Tenant", "acme")
	w := discard{http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(w, r)
	}
}
