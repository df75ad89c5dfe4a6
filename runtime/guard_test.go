package runtime_test

import (
	"bytes"
	"context"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

func TestCheckTenantMembership(t *testing.T) {
	b := boundary(t, nil)
	ctx := admitted(t, b, "sub=ann env=prod")
	m, err := b.CheckTenantMembership(ctx)
	if err != nil || !m.IsValid() || m.Scope() != fromContext(t, ctx) {
		t.Errorf("a member: %v, %v", m, err)
	}
	outsider := admitted(t, b, "sub=zoe org=umbrella env=prod")
	for name, tt := range map[string]struct {
		ctx  context.Context
		want tenant.Reason
	}{
		"removed":          {outsider, tenant.ReasonNotMember},
		"stranger":         {mustContext(t, scope(t, "acme prod mallory admin")), tenant.ReasonNotMember},
		"nobody's scope":   {mustContext(t, scope(t, "acme prod")), tenant.ReasonNotMember},
		"no scope":         {context.Background(), tenant.ReasonScopeMissing},
		"no context":       {noContext, tenant.ReasonScopeMissing},
		"closed":           {closedContext(t), tenant.ReasonScopeMissing},
		"cancelled":        {cancelled(ctx), tenant.ReasonRequestCancelled},
		"another caller's": {mustContext(t, scope(t, "umbrella prod ann admin")), tenant.ReasonNotMember},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := b.CheckTenantMembership(tt.ctx)
			refused(t, nil, err, tt.want)
			if m != (tenant.Membership{}) {
				t.Errorf("with an error comes %v", m)
			}
			r, err := b.CheckTenantRole(tt.ctx, "admin")
			refused(t, nil, err, tt.want)
			if r.IsValid() || r.Has("admin") {
				t.Errorf("with an error comes %v", r)
			}
			after, err := b.AdmitTenantMembership(tt.ctx)
			refused(t, after, err, tt.want)
			after, err = b.AdmitTenantRole(tt.ctx, "admin")
			refused(t, after, err, tt.want)
		})
	}
}

// Nobody is no member, whatever the authority says.
func TestNobodyIsNoMember(t *testing.T) {
	b := boundary(t, func(cfg *tenant.Config) {
		cfg.Authority = tenant.AuthorityFunc(func(context.Context, tenant.Scope) (tenant.Standing, error) {
			return tenant.Standing{Member: true, Roles: []string{"admin"}}, nil
		})
	})
	_, err := b.CheckTenantRole(mustContext(t, scope(t, "acme prod")), "admin")
	refused(t, nil, err, tenant.ReasonNotMember)
}

// An authority that fails in whatever way lets nobody in, not even if it says
// yes at the same time.
func TestAuthorityFailsClosed(t *testing.T) {
	var nobody *tenant.Standing
	yes := tenant.Standing{Member: true, Roles: []string{"admin"}}
	for name, answer := range map[string]func(context.Context) (tenant.Standing, error){
		"error":            func(context.Context) (tenant.Standing, error) { return yes, errDown },
		"its context":      func(context.Context) (tenant.Standing, error) { return yes, context.Canceled },
		"panic":            func(context.Context) (tenant.Standing, error) { panic("acme ann") },
		"nil pointer":      func(context.Context) (tenant.Standing, error) { return *nobody, nil },
		"panic with nil":   func(context.Context) (tenant.Standing, error) { panic(nil) },
		"abort":            func(context.Context) (tenant.Standing, error) { panic(http.ErrAbortHandler) },
		"says nothing":     func(context.Context) (tenant.Standing, error) { return tenant.Standing{}, nil },
		"roles, no member": func(context.Context) (tenant.Standing, error) { return tenant.Standing{Roles: []string{"admin"}}, nil },
	} {
		t.Run(name, func(t *testing.T) {
			b := boundary(t, func(cfg *tenant.Config) {
				cfg.Authority = tenant.AuthorityFunc(func(ctx context.Context, _ tenant.Scope) (tenant.Standing, error) { return answer(ctx) })
			})
			ctx := admitted(t, b, "sub=ann env=prod")
			want := tenant.ReasonAuthorityUnavailable
			if strings.HasPrefix(name, "says") || strings.HasPrefix(name, "roles") {
				want = tenant.ReasonNotMember
			}
			_, err := b.CheckTenantMembership(ctx)
			refused(t, nil, err, want)
			_, err = b.CheckTenantRole(ctx, "admin")
			refused(t, nil, err, want)
			for _, guard := range []func(http.Handler) http.Handler{b.RequireTenantMembership, b.RequireTenantRole("admin")} {
				if w := serve(guard(ok), ctx); w.Code != want.HTTPStatus() || problemOf(t, w).Reason != want.String() {
					t.Errorf("the guard answers %d", w.Code)
				}
			}
		})
	}
	t.Run("cancelled while it is asked", func(t *testing.T) {
		ctx, cancel := context.WithCancel(as("sub=ann env=prod"))
		b := boundary(t, func(cfg *tenant.Config) {
			cfg.Authority = tenant.AuthorityFunc(func(context.Context, tenant.Scope) (tenant.Standing, error) {
				cancel()
				return yes, nil
			})
		})
		ctx, err := b.Admit(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = b.CheckTenantRole(ctx, "admin")
		refused(t, nil, err, tenant.ReasonRequestCancelled)
	})
}

func TestCheckTenantRole(t *testing.T) {
	b := boundary(t, nil)
	ann := admitted(t, b, "sub=ann env=prod role=viewer")
	bob := admitted(t, b, "sub=bob env=prod role=admin") // what the token says does not count
	for _, tt := range []struct {
		name   string
		ctx    context.Context
		demand []string
		want   tenant.Reason
		has    []string
	}{
		{"one", ann, []string{"admin"}, 0, []string{"admin"}},
		{"either", ann, []string{"owner", "admin"}, 0, []string{"admin"}},
		{"both", ann, []string{"member", "admin", "owner"}, 0, []string{"member", "admin"}},
		{"twice", ann, []string{"admin", "admin"}, 0, []string{"admin"}},
		{"only what was demanded", ann, []string{"member"}, 0, []string{"member"}},
		{"another", bob, []string{"admin"}, tenant.ReasonRoleNotHeld, nil},
		{"claimed only", bob, []string{"admin", "owner"}, tenant.ReasonRoleNotHeld, nil},
		{"case", ann, []string{"Admin"}, tenant.ReasonRoleNotHeld, nil},
		{"part", ann, []string{"adm", "admin "}, tenant.ReasonRoleNotHeld, nil},
		{"none demanded", ann, nil, tenant.ReasonMisconfigured, nil},
		{"no name", ann, []string{"admin", ""}, tenant.ReasonMisconfigured, nil},
		{"a member without roles", admitted(t, b, "sub=zoe org=acme env=prod"), []string{"member"}, tenant.ReasonRoleNotHeld, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := b.CheckTenantRole(tt.ctx, tt.demand...)
			if tt.want != 0 {
				refused(t, nil, err, tt.want)
				if r.IsValid() {
					t.Errorf("with an error comes %v", r)
				}
				return
			}
			if err != nil || !r.IsValid() || r.Scope() != fromContext(t, tt.ctx) || r.Membership().Scope() != r.Scope() {
				t.Fatalf("%v, %v", r, err)
			}
			for _, role := range []string{"admin", "member", "owner", "viewer", "Admin", ""} {
				if got := r.Has(role); got != slices.Contains(tt.has, role) {
					t.Errorf("Has(%q) is %t", role, got)
				}
			}
		})
	}
}

func TestZeroProofs(t *testing.T) {
	var m tenant.Membership
	var r tenant.Role
	if m.IsValid() || m.Scope().IsValid() || r.IsValid() || r.Has("") || r.Has("admin") || r.Scope().IsValid() || r.Membership().IsValid() {
		t.Error("a zero proof proves something")
	}
	if got := fmt.Sprintf("%v %v %#v", m, r, r); got != "membership(invalid) role(invalid) role(invalid)" {
		t.Errorf("they print as %s", got)
	}
	if _, err := tenant.NewKey(m.Scope(), "k"); !errors.Is(err, tenant.ErrInvalidScope) {
		t.Errorf("the scope of a zero proof makes a key: %v", err)
	}
	for _, ctx := range []context.Context{noContext, context.Background(), closedContext(t), mustContext(t, scope(t, "acme prod ann"))} {
		if m, err := tenant.MembershipFromContext(ctx); !errors.Is(err, tenant.ErrNoProof) || m.IsValid() {
			t.Errorf("MembershipFromContext = %v, %v", m, err)
		}
		if r, err := tenant.RoleFromContext(ctx); !errors.Is(err, tenant.ErrNoProof) || r.IsValid() {
			t.Errorf("RoleFromContext = %v, %v", r, err)
		}
	}
}

// No decoder makes what is sealed.
func TestSealed(t *testing.T) {
	for _, text := range []string{`{}`, `null`, `{"scope":{"tenant":"evil"},"Scope":{"tenant":"evil"},"roles":["admin"],"made":true,"reason":1,"actor":"x"}`} {
		var all struct {
			M tenant.Membership
			R tenant.Role
			P tenant.PolicyBundle
			D tenant.DecisionBundle
			S tenant.System
		}
		for _, name := range []string{"M", "R", "P", "D", "S"} {
			if err := json.Unmarshal([]byte(`{"`+name+`":`+text+`}`), &all); err != nil {
				t.Logf("%s: %v", name, err) // refusing is right as well
			}
		}
		if all.M.IsValid() || all.R.IsValid() || all.S.IsValid() || tenant.Decide(all.P).Reason() != tenant.ReasonBundleMissing || all.D.Status() != tenant.StatusFail {
			t.Errorf("%s makes something valid", text)
		}
		var buf bytes.Buffer
		if err := gob.NewEncoder(&buf).Encode(all.R); err == nil {
			t.Error("gob encodes a proof")
		}
	}
}

func TestProofsAreRedacted(t *testing.T) {
	b := boundary(t, func(cfg *tenant.Config) {
		cfg.Authority = tenant.AuthorityFunc(func(context.Context, tenant.Scope) (tenant.Standing, error) {
			return tenant.Standing{Member: true, Roles: []string{"rrrr"}}, nil
		})
	})
	ctx := mustContext(t, scope(t, "tttt prod uuuu rrrr"))
	r, err := b.CheckTenantRole(ctx, "rrrr")
	if err != nil {
		t.Fatal(err)
	}
	ctx, err = b.AdmitTenantRole(ctx, "rrrr")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []any{r, r.Membership(), struct {
		r tenant.Role
		m tenant.Membership
	}{r, r.Membership()}, []tenant.Role{r}, ctx} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			if text := fmt.Sprintf(verb, v); leaks(text) {
				t.Errorf("%s of %T prints %s", verb, v, text)
			}
		}
	}
	const inner = "(scope(tenant=[redacted] env=prod user=[redacted] role=[redacted]))"
	if got, want := fmt.Sprint(r, " ", r.Membership()), "role"+inner+" membership"+inner; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// proofs answers with what was proven about the caller.
var proofs = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "unguarded", http.StatusTeapot)
		return
	}
	m, _ := tenant.MembershipFromContext(r.Context())
	role, _ := tenant.RoleFromContext(r.Context())
	_, _ = fmt.Fprintf(w, "member=%t", m.Scope() == sc)
	for _, name := range []string{"admin", "member", "viewer"} {
		_, _ = fmt.Fprintf(w, " %s=%t", name, role.Has(name) && role.Scope() == sc)
	}
})

func TestGuardMiddleware(t *testing.T) {
	b := boundary(t, nil)
	for _, tt := range []struct {
		name, claims string
		handler      http.Handler
		code         int
		want         string // body, or the problem's reason
	}{
		{"no guard", "sub=ann env=prod", b.Middleware(proofs), 200, "member=false admin=false member=false viewer=false"},
		{"member", "sub=ann env=prod", b.Middleware(b.RequireTenantMembership(proofs)), 200, "member=true admin=false member=false viewer=false"},
		{"role", "sub=ann env=prod", b.Middleware(b.RequireTenantRole("admin", "viewer")(proofs)), 200, "member=true admin=true member=false viewer=false"},
		{"roles one after the other", "sub=ann env=prod", b.Middleware(b.RequireTenantRole("member")(b.RequireTenantRole("admin")(proofs))), 200, "member=true admin=true member=true viewer=false"},
		{"role and member", "sub=ann env=prod", b.Middleware(b.RequireTenantRole("member")(b.RequireTenantMembership(proofs))), 200, "member=true admin=false member=true viewer=false"},
		{"not the role", "sub=bob env=prod", b.Middleware(b.RequireTenantRole("admin")(proofs)), 403, "role_not_held"},
		{"not a member", "sub=zoe env=prod org=umbrella", b.Middleware(b.RequireTenantMembership(proofs)), 403, "not_member"},
		{"wrong order", "sub=ann env=prod", b.RequireTenantMembership(b.Middleware(proofs)), 500, "scope_missing"},
		{"wrong order of roles", "sub=ann env=prod", b.RequireTenantRole("admin")(b.Middleware(proofs)), 500, "scope_missing"},
		{"no role", "sub=ann env=prod", b.Middleware(b.RequireTenantRole()(proofs)), 500, "misconfigured"},
		{"no handler", "sub=ann env=prod", b.Middleware(b.RequireTenantRole("admin")(nil)), 500, "misconfigured"},
		{"no handler for members", "sub=ann env=prod", b.Middleware(b.RequireTenantMembership(nil)), 500, "misconfigured"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := serve(tt.handler, as(tt.claims))
			got := w.Body.String()
			if w.Code != 200 {
				got = problemOf(t, w).Reason
			}
			if w.Code != tt.code || got != tt.want {
				t.Errorf("%d %s, want %d %s", w.Code, got, tt.code, tt.want)
			}
		})
	}
	roles := []string{"viewer"}
	guard := b.Middleware(b.RequireTenantRole(roles...)(proofs))
	roles[0] = "admin"
	if w := serve(guard, as("sub=ann env=prod")); w.Code != 403 {
		t.Errorf("a guard changes with the slice it was made of: %d", w.Code)
	}
}

// A membership that was taken away is gone with the next question.
func TestGuardsAskEveryTime(t *testing.T) {
	member := true
	b := boundary(t, func(cfg *tenant.Config) {
		cfg.Authority = tenant.AuthorityFunc(func(context.Context, tenant.Scope) (tenant.Standing, error) {
			return tenant.Standing{Member: member}, nil
		})
	})
	ctx, err := b.AdmitTenantMembership(admitted(t, b, "sub=ann env=prod"))
	if err != nil {
		t.Fatal(err)
	}
	member = false
	_, err = b.CheckTenantMembership(ctx)
	refused(t, nil, err, tenant.ReasonNotMember)
}

func TestDetach(t *testing.T) {
	b := boundary(t, nil)
	ctx, cancel := context.WithCancel(admitted(t, b, "sub=ann env=prod"))
	ctx, err := b.AdmitTenantRole(ctx, "admin")
	if err != nil {
		t.Fatal(err)
	}
	detached, err := tenant.Detach(ctx)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, ok := detached.Deadline(); ok || detached.Err() != nil || detached.Done() != nil {
		t.Error("it can be cancelled")
	}
	if detached.Value(claimsKey{}) != nil {
		t.Error("it keeps other values")
	}
	if fromContext(t, detached) != fromContext(t, ctx) {
		t.Error("it has another scope")
	}
	if _, err := tenant.RoleFromContext(detached); err == nil {
		t.Error("it keeps a proof")
	}
	if _, err := tenant.DecisionFromContext(detached); err == nil {
		t.Error("it keeps a decision")
	}
	for _, ctx := range []context.Context{noContext, context.Background(), closedContext(t), as("sub=ann")} {
		detached, err := tenant.Detach(ctx)
		if !errors.Is(err, tenant.ErrNoScope) {
			t.Errorf("error %v, want ErrNoScope", err)
		}
		noScope(t, detached)
		if detached.Value(claimsKey{}) != nil {
			t.Error("it keeps other values")
		}
	}
}
