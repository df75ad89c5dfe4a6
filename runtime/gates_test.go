package runtime_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

type quotaFunc = tenant.QuotaFunc
type governanceFunc = tenant.GovernanceFunc

// gate answers and keeps a record of being asked.
func gate(log *[]string, name string, answer tenant.Verdict, err error) func(context.Context, tenant.Scope, string) (tenant.Verdict, error) {
	return func(_ context.Context, sc tenant.Scope, policy string) (tenant.Verdict, error) {
		*log = append(*log, name+":"+sc.Tenant()+":"+policy)
		return answer, err
	}
}

func pipeline(t *testing.T, b *tenant.Boundary, q tenant.Quota, g tenant.Governance) *tenant.Pipeline {
	t.Helper()
	p, err := b.TenantGate().Access().Quota(q).Governance(g)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPipeline(t *testing.T) {
	const allow, no = tenant.Allow, tenant.Refuse
	for _, tt := range []struct {
		name, claims      string
		quota, governance tenant.Verdict
		quotaErr, govErr  error
		want              tenant.Reason
		asked             string
	}{
		{"all pass", "sub=ann env=prod", allow, allow, nil, nil, 0, "access quota:acme:gold governance:acme:gold"},
		{"policy of another", "sub=bob env=prod", allow, allow, nil, nil, 0, "access quota:umbrella:basic governance:umbrella:basic"},
		{"tenant refuses", "sub=zoe env=prod", allow, allow, nil, nil, tenant.ReasonTenantChoice, ""},
		{"disabled", "sub=dan env=prod", allow, allow, nil, nil, tenant.ReasonTenantDisabled, ""},
		{"access refuses", "sub=zoe env=prod org=umbrella", allow, allow, nil, nil, tenant.ReasonNotMember, "access"},
		{"quota refuses", "sub=ann env=prod", no, allow, nil, nil, tenant.ReasonQuotaRefused, "access quota:acme:gold"},
		{"both refuse", "sub=ann env=prod", no, no, nil, errDown, tenant.ReasonQuotaRefused, "access quota:acme:gold"},
		{"quota fails", "sub=ann env=prod", allow, allow, errDown, nil, tenant.ReasonQuotaUnavailable, "access quota:acme:gold"},
		{"quota says what it may not", "sub=ann env=prod", 7, allow, nil, nil, tenant.ReasonQuotaRefused, "access quota:acme:gold"},
		{"governance refuses", "sub=ann env=prod", allow, no, nil, nil, tenant.ReasonGovernanceRefused, "access quota:acme:gold governance:acme:gold"},
		{"governance fails", "sub=ann env=prod", allow, allow, nil, errDown, tenant.ReasonGovernanceUnavailable, "access quota:acme:gold governance:acme:gold"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var log []string
			b := boundary(t, func(cfg *tenant.Config) {
				cfg.Authority = tenant.AuthorityFunc(func(ctx context.Context, sc tenant.Scope) (tenant.Standing, error) {
					log = append(log, "access")
					return standing(ctx, sc)
				})
			})
			p := pipeline(t, b, quotaFunc(gate(&log, "quota", tt.quota, tt.quotaErr)), governanceFunc(gate(&log, "governance", tt.governance, tt.govErr)))
			ctx, err := p.Admit(as(tt.claims), nil)
			if got := strings.Join(log, " "); got != tt.asked {
				t.Errorf("asked %q, want %q", got, tt.asked)
			}
			if tt.want != 0 {
				refused(t, ctx, err, tt.want)
			} else if err != nil {
				t.Fatal(err)
			} else {
				m, err := tenant.MembershipFromContext(ctx)
				if err != nil || m.Scope() != fromContext(t, ctx) {
					t.Errorf("the access gate leaves %v, %v", m, err)
				}
				if d, err := tenant.DecisionFromContext(ctx); err != nil || d.Tenant() != m.Scope().Tenant() {
					t.Errorf("the tenant gate leaves %v, %v", d, err)
				}
			}
			w := serve(p.Middleware(ok), as(tt.claims))
			if tt.want == 0 && w.Code != http.StatusOK || tt.want != 0 && (w.Code != tt.want.HTTPStatus() || problemOf(t, w).Reason != tt.want.String()) {
				t.Errorf("the middleware answers %d %s", w.Code, w.Body)
			}
		})
	}
}

func TestPipelinePanics(t *testing.T) {
	broken := func(context.Context, tenant.Scope, string) (tenant.Verdict, error) { panic("acme ann") }
	fine := func(context.Context, tenant.Scope, string) (tenant.Verdict, error) { return tenant.Allow, nil }
	b := boundary(t, nil)
	var panicked *tenant.PanicError
	ctx, err := pipeline(t, b, quotaFunc(broken), governanceFunc(fine)).Admit(as("sub=ann env=prod"), nil)
	if refused(t, ctx, err, tenant.ReasonQuotaUnavailable); !errors.As(err, &panicked) {
		t.Errorf("the cause is %v", errors.Unwrap(err))
	}
	ctx, err = pipeline(t, b, quotaFunc(fine), governanceFunc(broken)).Admit(as("sub=ann env=prod"), nil)
	if refused(t, ctx, err, tenant.ReasonGovernanceUnavailable); !errors.As(err, &panicked) {
		t.Errorf("the cause is %v", errors.Unwrap(err))
	}
}

func TestPipelineMiddlewareTells(t *testing.T) {
	var seen []tenant.Reason
	b := boundary(t, nil, tenant.OnRefusal(func(_ context.Context, r *tenant.Refusal) { seen = append(seen, r.Reason()) }))
	var log []string
	p := pipeline(t, b, quotaFunc(gate(&log, "", tenant.Refuse, nil)), governanceFunc(gate(&log, "", tenant.Allow, nil)))
	serve(p.Middleware(ok), as("sub=ann env=prod"))
	if len(seen) != 1 || seen[0] != tenant.ReasonQuotaRefused {
		t.Errorf("OnRefusal saw %v", seen)
	}
	ctx, err := p.Admit(noContext, nil)
	refused(t, ctx, err, tenant.ReasonUnauthenticated)
}

// Gates get the scope and the policy reference, and nothing of the request.
func TestGatesSeeNothingElse(t *testing.T) {
	look := func(ctx context.Context, sc tenant.Scope, policy string) (tenant.Verdict, error) {
		if ctx.Value(claimsKey{}) != nil || ctx.Value(http.ServerContextKey) != nil {
			t.Error("a gate sees values of the request")
		}
		if got, err := tenant.FromContext(ctx); err != nil || got != sc {
			t.Errorf("FromContext in a gate = %v, %v", got, err)
		}
		if _, err := tenant.MembershipFromContext(ctx); err == nil {
			t.Error("a gate sees a proof")
		}
		if _, err := tenant.DecisionFromContext(ctx); err == nil {
			t.Error("a gate sees the decision")
		}
		return tenant.Allow, nil
	}
	b := boundary(t, func(cfg *tenant.Config) {
		cfg.Authority = tenant.AuthorityFunc(func(ctx context.Context, sc tenant.Scope) (tenant.Standing, error) {
			_, err := look(ctx, sc, "")
			return tenant.Standing{Member: true}, err
		})
	})
	if _, err := pipeline(t, b, quotaFunc(look), governanceFunc(look)).Admit(as("sub=ann env=prod"), nil); err != nil {
		t.Error(err)
	}
}

// No outside part gets another to be asked: the context it has is refused.
func TestGatesCannotCallOneAnother(t *testing.T) {
	var p *tenant.Pipeline
	var b *tenant.Boundary
	var refusals []error
	reenter := func(ctx context.Context) {
		ctx = context.WithValue(ctx, otherKey{}, 1)
		_, err := p.Admit(ctx, nil)
		refusals = append(refusals, err)
		_, err = b.Admit(ctx, nil)
		refusals = append(refusals, err)
		if _, none := tenant.FromContext(ctx); none == nil {
			_, err = b.CheckTenantMembership(ctx)
			refusals = append(refusals, err)
			_, err = b.CheckTenantRole(ctx, "admin")
			refusals = append(refusals, err)
		}
	}
	gate := func(ctx context.Context, _ tenant.Scope, _ string) (tenant.Verdict, error) {
		reenter(ctx)
		return tenant.Allow, nil
	}
	b = boundary(t, func(cfg *tenant.Config) {
		authenticator := cfg.Authenticator
		cfg.Authenticator = tenant.AuthenticatorFunc(func(ctx context.Context, h tenant.Header) (tenant.Claims, error) {
			reenter(ctx)
			return authenticator.Authenticate(ctx, h)
		})
		cfg.Directory = tenant.DirectoryFunc(func(ctx context.Context, user string, env tenant.Env) ([]tenant.Binding, error) {
			reenter(ctx)
			return bindings(ctx, user, env)
		})
		cfg.Authority = tenant.AuthorityFunc(func(ctx context.Context, sc tenant.Scope) (tenant.Standing, error) {
			reenter(ctx)
			return standing(ctx, sc)
		})
	})
	p = pipeline(t, b, quotaFunc(gate), governanceFunc(gate))
	if _, err := p.Admit(as("sub=ann env=prod"), nil); err != nil {
		t.Fatal(err)
	}
	if len(refusals) != 2*2+3*4 {
		t.Errorf("%d refusals", len(refusals))
	}
	for _, err := range refusals {
		if tenant.ReasonOf(err) != tenant.ReasonGateReentered {
			t.Errorf("reentered: %v", err)
		}
	}
}

func TestPipelineCannotBeBuiltWrongly(t *testing.T) {
	fine := func(context.Context, tenant.Scope, string) (tenant.Verdict, error) { return tenant.Allow, nil }
	b := boundary(t, nil)
	for name, tt := range map[string]struct {
		gate tenant.QuotaGate
		gov  tenant.Governance
		says []string
	}{
		"nothing":           {tenant.QuotaGate{}, nil, []string{"boundary", "quota", "governance"}},
		"no tenant gate":    {tenant.TenantGate{}.Access().Quota(quotaFunc(fine)), governanceFunc(fine), []string{"boundary"}},
		"no access gate":    {tenant.AccessGate{}.Quota(quotaFunc(fine)), governanceFunc(fine), []string{"boundary"}},
		"nil boundary":      {(*tenant.Boundary)(nil).TenantGate().Access().Quota(quotaFunc(fine)), governanceFunc(fine), []string{"boundary"}},
		"zero boundary":     {(&tenant.Boundary{}).TenantGate().Access().Quota(quotaFunc(fine)), governanceFunc(fine), []string{"boundary"}},
		"no quota":          {b.TenantGate().Access().Quota(nil), governanceFunc(fine), []string{"quota"}},
		"nil quota func":    {b.TenantGate().Access().Quota(quotaFunc(nil)), governanceFunc(fine), []string{"quota"}},
		"nil governance":    {b.TenantGate().Access().Quota(quotaFunc(fine)), governanceFunc(nil), []string{"governance"}},
		"nil quota pointer": {b.TenantGate().Access().Quota((*pointerQuota)(nil)), governanceFunc(fine), []string{"quota"}},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := tt.gate.Governance(tt.gov)
			if err == nil || p != nil {
				t.Fatalf("%v, %v", p, err)
			}
			if got := strings.Count(err.Error(), "\n") + 1; got != len(tt.says) {
				t.Errorf("%d faults, want %d: %v", got, len(tt.says), err)
			}
			for _, part := range tt.says {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q does not name the %s", err, part)
				}
			}
		})
	}
	for name, p := range map[string]*tenant.Pipeline{"nil": nil, "zero": {}} {
		ctx, err := p.Admit(as("sub=ann env=prod"), nil)
		refused(t, ctx, err, tenant.ReasonMisconfigured)
		if w := serve(p.Middleware(ok), as("sub=ann env=prod")); w.Code != 500 {
			t.Errorf("%s: the middleware answers %d", name, w.Code)
		}
	}
}

type pointerQuota struct{ left int }

func (q *pointerQuota) AllowUse(context.Context, tenant.Scope, string) (tenant.Verdict, error) {
	if q.left == 0 {
		return tenant.Refuse, nil
	}
	q.left--
	return tenant.Allow, nil
}
