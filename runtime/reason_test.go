package runtime_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// TestEveryReason produces every reason there is through the exported API, so
// that none is listed that cannot occur. A reason that is added fails it until
// somebody adds the way to it.
func TestEveryReason(t *testing.T) {
	resolved := func(want tenant.Reason) func(t *testing.T) tenant.Reason {
		return func(t *testing.T) tenant.Reason {
			for _, tt := range resolveCases() {
				if tt.want == want {
					return resolve(tt.in).Reason()
				}
			}
			t.Fatal("resolveCases has none for it")
			return 0
		}
	}
	admits := func(claims string, pairs ...string) func(t *testing.T) tenant.Reason {
		return func(t *testing.T) tenant.Reason {
			_, err := boundary(t, nil).Admit(as(claims), headers(pairs...))
			return tenant.ReasonOf(err)
		}
	}
	admitsValue := func(value any) func(t *testing.T) tenant.Reason {
		return func(t *testing.T) tenant.Reason {
			_, err := boundary(t, nil).Admit(context.WithValue(context.Background(), claimsKey{}, value), nil)
			return tenant.ReasonOf(err)
		}
	}
	gates := func(quota, governance tenant.Verdict, quotaErr, govErr error) func(t *testing.T) tenant.Reason {
		return func(t *testing.T) tenant.Reason {
			var log []string
			p := pipeline(t, boundary(t, nil), quotaFunc(gate(&log, "", quota, quotaErr)), governanceFunc(gate(&log, "", governance, govErr)))
			_, err := p.Admit(as("sub=ann env=prod"), nil)
			return tenant.ReasonOf(err)
		}
	}
	const yes, no = tenant.Allow, tenant.Refuse
	ways := map[tenant.Reason]func(t *testing.T) tenant.Reason{
		tenant.ReasonUnspecified:   func(*testing.T) tenant.Reason { return tenant.ReasonOf(errDown) },
		tenant.ReasonBundleMissing: func(*testing.T) tenant.Reason { return tenant.Decide(tenant.PolicyBundle{}).Reason() },

		tenant.ReasonUnauthenticated:           admitsValue(errDown),
		tenant.ReasonClaimMissing:              admits("env=prod"),
		tenant.ReasonClaimRepeated:             admitsValue(tenant.MapClaims{"sub": []any{"a", "b"}}),
		tenant.ReasonClaimOversized:            admits("sub=" + longValue),
		tenant.ReasonClaimMalformed:            admits("sub= env=prod"),
		tenant.ReasonHeaderRepeated:            admits("sub=ann", "X-User=ann", "X-User=ann"),
		tenant.ReasonHeaderOversized:           admits("sub=ann", "X-User="+longValue),
		tenant.ReasonHeaderMalformed:           admits("sub=ann", "X-User="),
		tenant.ReasonHeaderUntrusted:           admits("env=prod", "X-User=ann"),
		tenant.ReasonHeaderConflict:            admits("sub=ann", "X-User=bob"),
		tenant.ReasonEnvUnknown:                admits("sub=ann env=qa"),
		tenant.ReasonEnvNotAllowed:             admits("sub=ann env=dev"),
		tenant.ReasonAuthenticationUnavailable: admitsValue(tenant.ErrUnavailable),
		tenant.ReasonDirectoryUnavailable:      admits("sub=down env=prod"),
		tenant.ReasonScopeConflict: func(t *testing.T) tenant.Reason {
			ctx := context.WithValue(mustContext(t, scope(t, "acme prod bob")), claimsKey{}, tenant.MapClaims{"sub": "ann", "env": "prod"})
			_, err := boundary(t, nil).Admit(ctx, nil)
			return tenant.ReasonOf(err)
		},
		tenant.ReasonRequestCancelled: func(t *testing.T) tenant.Reason {
			_, err := boundary(t, nil).Admit(cancelled(as("sub=ann env=prod")), nil)
			return tenant.ReasonOf(err)
		},
		tenant.ReasonMisconfigured: func(t *testing.T) tenant.Reason {
			_, err := new(tenant.Boundary).Admit(as("sub=ann env=prod"), nil)
			return tenant.ReasonOf(err)
		},

		tenant.ReasonScopeMissing: func(t *testing.T) tenant.Reason {
			_, err := boundary(t, nil).CheckTenantMembership(context.Background())
			return tenant.ReasonOf(err)
		},
		tenant.ReasonNotMember: func(t *testing.T) tenant.Reason {
			_, err := boundary(t, nil).CheckTenantMembership(mustContext(t, scope(t, "acme prod bob")))
			return tenant.ReasonOf(err)
		},
		tenant.ReasonRoleNotHeld: func(t *testing.T) tenant.Reason {
			_, err := boundary(t, nil).CheckTenantRole(mustContext(t, scope(t, "acme prod ann")), "owner")
			return tenant.ReasonOf(err)
		},
		tenant.ReasonAuthorityUnavailable: func(t *testing.T) tenant.Reason {
			b := boundary(t, func(cfg *tenant.Config) {
				cfg.Authority = tenant.AuthorityFunc(func(context.Context, tenant.Scope) (tenant.Standing, error) { return tenant.Standing{}, errDown })
			})
			_, err := b.CheckTenantMembership(mustContext(t, scope(t, "acme prod ann")))
			return tenant.ReasonOf(err)
		},
		tenant.ReasonQuotaRefused:          gates(no, yes, nil, nil),
		tenant.ReasonQuotaUnavailable:      gates(yes, yes, errDown, nil),
		tenant.ReasonGovernanceRefused:     gates(yes, no, nil, nil),
		tenant.ReasonGovernanceUnavailable: gates(yes, yes, nil, errDown),
		tenant.ReasonGateReentered: func(t *testing.T) (got tenant.Reason) {
			var b *tenant.Boundary
			b = boundary(t, func(cfg *tenant.Config) {
				cfg.Authority = tenant.AuthorityFunc(func(ctx context.Context, _ tenant.Scope) (tenant.Standing, error) {
					_, err := b.CheckTenantMembership(ctx)
					got = tenant.ReasonOf(err)
					return tenant.Standing{}, err
				})
			})
			_, _ = b.CheckTenantMembership(mustContext(t, scope(t, "acme prod ann")))
			return got
		},
	}
	statuses := map[tenant.Status]bool{}
	for _, want := range tenant.Reasons() {
		way := ways[want]
		if way == nil {
			way = resolved(want)
		}
		t.Run(want.String(), func(t *testing.T) {
			if got := way(t); got != want {
				t.Errorf("got %s", got)
			}
			statuses[want.Status()] = true
		})
	}
	for _, s := range []tenant.Status{tenant.StatusOK, tenant.StatusNeedsClarify, tenant.StatusRefused, tenant.StatusFail} {
		if !statuses[s] {
			t.Errorf("no reason gave %s", s)
		}
	}
}

func TestReasons(t *testing.T) {
	codes := map[string]bool{}
	form := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	for _, r := range tenant.Reasons() {
		if !form.MatchString(r.String()) || codes[r.String()] {
			t.Errorf("code %q is odd or taken", r)
		}
		codes[r.String()] = true
		if r.Explain() == "" || r.Remedy() == "" || http.StatusText(r.HTTPStatus()) == "" {
			t.Errorf("%s: %q, remedy %q, HTTP %d", r, r.Explain(), r.Remedy(), r.HTTPStatus())
		}
		if okay := r.Status() == tenant.StatusOK; okay != (r.HTTPStatus() == 200) || !okay && r.HTTPStatus() < 400 {
			t.Errorf("%s is %s and HTTP %d", r, r.Status(), r.HTTPStatus())
		}
		if r.Status() == tenant.StatusRefused && r.HTTPStatus() >= 500 {
			t.Errorf("%s: a refusal is not the service's fault, but HTTP %d", r, r.HTTPStatus())
		}
	}
	if n := tenant.Reason(len(tenant.Reasons())); n.String() != "unspecified" || n.HTTPStatus() != 500 {
		t.Errorf("one more than there are: %s", n)
	}
	own := tenant.Reasons()
	own[0] = tenant.ReasonSingleCandidate
	if !slices.IsSorted(tenant.Reasons()) {
		t.Error("Reasons hands out one slice to all")
	}
}

// TestReasonsPage holds the table in docs/runtime.md to the reasons.
func TestReasonsPage(t *testing.T) {
	const page = "../docs/runtime.md"
	const begin, end = "<!-- reasons: written by go test ./runtime -run TestReasonsPage -update -->\n", "<!-- end of reasons -->\n"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	before, rest, ok := strings.Cut(string(text), begin)
	old, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s does not hold the lines %q and %q", page, begin, end)
	}
	var b strings.Builder
	b.WriteString("| reason | status | HTTP | what it means | remedy |\n|---|---|---|---|---|\n")
	for _, r := range tenant.Reasons() {
		fmt.Fprintf(&b, "| `%s` | %s | %d | %s | %s |\n", r, r.Status(), r.HTTPStatus(), r.Explain(), r.Remedy())
	}
	if *update {
		if err := os.WriteFile(page, []byte(before+begin+b.String()+end+after), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if old != b.String() {
		t.Errorf("the table of reasons in %s is out of date; run: go test ./runtime -run '^TestReasonsPage$' -update\n%s", page, lineDiff(old, b.String()))
	}
}
