// Package peers compares the runtime with another package for tenants in Go
// services, side by side in one run:
//
//	go test -bench . -benchmem -count 6
//
// The two do not do the same. What the peer leaves out is part of the
// comparison, so the tests show it.
package peers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	peer "github.com/grafana/dskit/tenant"
	peeruser "github.com/grafana/dskit/user"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

func boundary(t testing.TB) *tenant.Boundary {
	prod, err := tenant.ParseEnv("prod")
	if err != nil {
		t.Fatal(err)
	}
	claims := tenant.MapClaims{"sub": "ann"}
	bindings := []tenant.Binding{{Tenant: "acme", Policy: "gold"}, {Tenant: "umbrella", Policy: "gold"}}
	b, err := tenant.New(tenant.Config{
		Env:         prod,
		AllowedEnvs: []tenant.Env{prod},
		Claims:      tenant.Names{User: "sub", Tenant: tenant.Unused, Env: tenant.Unused, Role: tenant.Unused},
		Headers:     tenant.Names{Tenant: "X-Scope-OrgID", User: tenant.Unused, Env: tenant.Unused, Role: tenant.Unused},
		Authenticator: tenant.AuthenticatorFunc(func(context.Context, tenant.Header) (tenant.Claims, error) {
			return claims, nil
		}),
		Directory: tenant.DirectoryFunc(func(context.Context, string, tenant.Env) ([]tenant.Binding, error) {
			return bindings, nil
		}),
		Authority: tenant.AuthorityFunc(func(context.Context, tenant.Scope) (tenant.Standing, error) {
			return tenant.Standing{Member: true}, nil
		}),
		KeySecret: []byte("0123456789abcdef0123456789abcdef"),
		Timeout:   time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func request(name string) *http.Request {
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("X-Scope-OrgID", name)
	return r
}

func admitted(t testing.TB, name string) context.Context {
	ctx, err := boundary(t).Admit(context.Background(), request(name).Header)
	if err != nil {
		t.Fatal(err)
	}
	return ctx
}

// TestEmptyTenant: the peer takes the empty tenant for one.
func TestEmptyTenant(t *testing.T) {
	if id, err := peer.TenantID(peeruser.InjectOrgID(context.Background(), "")); id != "" || err != nil {
		t.Errorf("the peer now says %q, %v: tell of it", id, err)
	}
	ctx, err := boundary(t).Admit(context.Background(), request("").Header)
	if tenant.ReasonOf(err) != tenant.ReasonHeaderMalformed {
		t.Errorf("the boundary says %v", err)
	}
	if _, err := tenant.FromContext(ctx); !errors.Is(err, tenant.ErrNoScope) {
		t.Errorf("FromContext says %v", err)
	}
}

// TestSecondTenant: with the peer, a second tenant replaces the first.
func TestSecondTenant(t *testing.T) {
	ctx := peeruser.InjectOrgID(peeruser.InjectOrgID(context.Background(), "acme"), "umbrella")
	if id, err := peer.TenantID(ctx); id != "umbrella" || err != nil {
		t.Errorf("the peer now says %q, %v: tell of it", id, err)
	}
	_, err := boundary(t).Admit(admitted(t, "acme"), request("umbrella").Header)
	if tenant.ReasonOf(err) != tenant.ReasonScopeConflict {
		t.Errorf("the boundary says %v", err)
	}
}

// TestHeaderIsBelieved: the peer's middleware takes the tenant from the header.
func TestHeaderIsBelieved(t *testing.T) {
	if id, _, err := peer.ExtractTenantIDFromHTTPRequest(request("nosuchone")); id != "nosuchone" || err != nil {
		t.Errorf("the peer now says %q, %v: tell of it", id, err)
	}
	_, err := boundary(t).Admit(context.Background(), request("nosuchone").Header)
	if tenant.ReasonOf(err) != tenant.ReasonSelectionNotAllowed {
		t.Errorf("the boundary says %v", err)
	}
}

type otherKey int

// BenchmarkContext takes the tenant out of a context, below so many other
// values.
func BenchmarkContext(b *testing.B) {
	for _, depth := range []int{0, 5} {
		ours, theirs := admitted(b, "acme"), peeruser.InjectOrgID(context.Background(), "acme")
		for i := range depth {
			ours, theirs = context.WithValue(ours, otherKey(i), i), context.WithValue(theirs, otherKey(i), i)
		}
		b.Run(fmt.Sprintf("tenantvet/depth=%d", depth), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if sc, err := tenant.FromContext(ours); err != nil || sc.Tenant() != "acme" {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("dskit/depth=%d", depth), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if id, err := peer.TenantID(theirs); err != nil || id != "acme" {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkKey makes the key of a cache entry. The peer has no keys; its users
// write one of the other two, in which "a:b" and "c" meet "a" and "b:c".
func BenchmarkKey(b *testing.B) {
	ours, theirs := admitted(b, "acme"), peeruser.InjectOrgID(context.Background(), "acme")
	b.Run("tenantvet", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			sc, err := tenant.FromContext(ours)
			if err != nil {
				b.Fatal(err)
			}
			if key, err := tenant.NewKey(sc, "invoice", "42"); err != nil || len(key.String()) == 0 {
				b.Fatal(err)
			}
		}
	})
	b.Run("dskit/concatenated", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			id, err := peer.TenantID(theirs)
			if err != nil {
				b.Fatal(err)
			}
			if key := id + ":prod:invoice:" + "42"; len(key) == 0 {
				b.Fatal("no key")
			}
		}
	})
	b.Run("dskit/printed", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			id, err := peer.TenantID(theirs)
			if err != nil {
				b.Fatal(err)
			}
			if key := fmt.Sprintf("%s:%s:invoice:%s", id, "prod", "42"); len(key) == 0 {
				b.Fatal("no key")
			}
		}
	})
}

// BenchmarkRequest takes a request to where its handler knows the tenant. The
// peer reads a header; the boundary verifies the caller, asks the directory and
// resolves the tenant.
func BenchmarkRequest(b *testing.B) {
	r := request("acme")
	w := httptest.NewRecorder()
	ours := boundary(b).Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if _, err := tenant.FromContext(r.Context()); err != nil {
			b.Fatal(err)
		}
	}))
	theirs := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, ctx, err := peer.ExtractTenantIDFromHTTPRequest(r)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := peer.TenantID(r.WithContext(ctx).Context()); err != nil {
			b.Fatal(err)
		}
	})
	b.Run("tenantvet", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			ours.ServeHTTP(w, r)
		}
	})
	b.Run("dskit", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			theirs.ServeHTTP(w, r)
		}
	})
}
