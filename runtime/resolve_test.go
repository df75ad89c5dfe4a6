package runtime_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

var now = time.Date(2026, 11, 22, 1, 2, 3, 0, time.UTC)

// bind makes bindings of their names. A name may end in "!disabled", "!blocked"
// or both, or in "!other" for a binding with another policy.
func bind(names ...string) []tenant.Binding {
	var all []tenant.Binding
	for _, name := range names {
		name, flags, _ := strings.Cut(name, "!")
		b := tenant.Binding{Tenant: name, Policy: "policy-" + name, Locale: "en"}
		b.Disabled = strings.Contains(flags, "disabled")
		b.Blocked = strings.Contains(flags, "blocked")
		if strings.Contains(flags, "other") {
			b.Policy = "other"
		}
		all = append(all, b)
	}
	return all
}

func signedIn(selection string, candidates ...string) tenant.EvaluateInput {
	return tenant.EvaluateInput{
		Identity:   tenant.Identity{Kind: tenant.IdentitySignedIn, User: "ann"},
		Device:     "device",
		Session:    "session",
		Now:        now,
		Candidates: bind(candidates...),
		Selection:  selection,
	}
}

func with(in tenant.EvaluateInput, change func(*tenant.EvaluateInput)) tenant.EvaluateInput {
	in.Candidates = slices.Clone(in.Candidates)
	change(&in)
	return in
}

func resolve(in tenant.EvaluateInput) tenant.DecisionBundle {
	return tenant.Decide(tenant.Evaluate(in))
}

func many(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("t%04d", (i*7919)%n)
	}
	return names
}

type resolveCase struct {
	name    string
	in      tenant.EvaluateInput
	want    tenant.Reason
	tenant  string
	posture tenant.Posture
	count   int
}

func resolveCases() []resolveCase {
	const (
		none     = tenant.PostureNone
		single   = tenant.PostureSingleCandidate
		explicit = tenant.PostureExplicitSelection
		clarify  = tenant.PostureClarify
	)
	in := signedIn
	long := strings.Repeat("x", tenant.MaxIDBytes)
	change := func(selection string, candidates []string, f func(*tenant.EvaluateInput)) tenant.EvaluateInput {
		return with(signedIn(selection, candidates...), f)
	}
	a := []string{"a"}
	fail := func(name string, want tenant.Reason, f func(*tenant.EvaluateInput)) resolveCase {
		return resolveCase{name, change("", a, f), want, "", none, 0}
	}
	return []resolveCase{
		{"single", in("", "a"), tenant.ReasonSingleCandidate, "a", single, 1},
		{"single, repeated", in("", "a", "a", "a"), tenant.ReasonSingleCandidate, "a", single, 1},
		{"selected of one", in("a", "a"), tenant.ReasonExplicitSelection, "a", explicit, 1},
		{"selected of several", in("b", "c", "b", "a"), tenant.ReasonExplicitSelection, "b", explicit, 3},
		{"selected, repeated", in("b", "b", "a", "b"), tenant.ReasonExplicitSelection, "b", explicit, 2},
		{"selected next to disabled", in("b", "a!disabled", "b"), tenant.ReasonExplicitSelection, "b", explicit, 2},
		{"selected of most", in("t0007", many(tenant.DefaultCandidates)...), tenant.ReasonExplicitSelection, "t0007", explicit, tenant.DefaultCandidates},
		{"longest ids", change(long, nil, func(in *tenant.EvaluateInput) {
			in.Candidates = []tenant.Binding{{Tenant: long, Policy: long, Locale: strings.Repeat("x", tenant.MaxLocaleBytes)}}
			in.Identity.User, in.Device, in.Session = long, long, long
		}), tenant.ReasonExplicitSelection, long, explicit, 1},
		{"voice of a user", change("", a, func(in *tenant.EvaluateInput) { in.Identity.Kind = tenant.IdentityVoiceAssertion }), tenant.ReasonSingleCandidate, "a", single, 1},
		{"no device and session", change("", a, func(in *tenant.EvaluateInput) { in.Device, in.Session = "", "" }), tenant.ReasonSingleCandidate, "a", single, 1},
		{"no locale", change("", a, func(in *tenant.EvaluateInput) { in.Candidates[0].Locale = "" }), tenant.ReasonSingleCandidate, "a", single, 1},
		{"raised limit", change("t0099", many(100), func(in *tenant.EvaluateInput) { in.MaxCandidates = 100 }), tenant.ReasonExplicitSelection, "t0099", explicit, 100},
		{"highest limit", change("t0099", many(tenant.MaxCandidates), func(in *tenant.EvaluateInput) { in.MaxCandidates = tenant.MaxCandidates }), tenant.ReasonExplicitSelection, "t0099", explicit, tenant.MaxCandidates},

		{"two", in("", "a", "b"), tenant.ReasonTenantChoice, "", clarify, 2},
		{"two, one enabled", in("", "a", "b!disabled"), tenant.ReasonTenantChoice, "", clarify, 2},
		{"many, one enabled", in("", "d!disabled", "c!blocked", "b", "a!disabled"), tenant.ReasonTenantChoice, "", clarify, 4},
		{"two, none enabled", in("", "a!disabled", "b!blocked"), tenant.ReasonTenantChoice, "", clarify, 2},
		{"two by case", in("", "a", "A"), tenant.ReasonTenantChoice, "", clarify, 2},
		{"two by normal form", in("", "caf\u00e9", "cafe\u0301"), tenant.ReasonTenantChoice, "", clarify, 2},

		{"nobody", change("", a, func(in *tenant.EvaluateInput) { in.Identity = tenant.Identity{} }), tenant.ReasonIdentityUnknown, "", none, 1},
		{"nobody, selected", change("a", a, func(in *tenant.EvaluateInput) { in.Identity = tenant.Identity{} }), tenant.ReasonIdentityUnknown, "", none, 1},
		{"nobody, several", change("", []string{"a", "b"}, func(in *tenant.EvaluateInput) { in.Identity = tenant.Identity{} }), tenant.ReasonIdentityUnknown, "", none, 2},
		{"nobody, no candidates", change("", nil, func(in *tenant.EvaluateInput) { in.Identity = tenant.Identity{} }), tenant.ReasonIdentityUnknown, "", none, 0},
		{"a voice of nobody", change("", a, func(in *tenant.EvaluateInput) {
			in.Identity = tenant.Identity{Kind: tenant.IdentityVoiceAssertion}
		}), tenant.ReasonIdentityUnknown, "", none, 1},
		{"no candidates", in(""), tenant.ReasonNoCandidates, "", none, 0},
		{"no candidates, selected", in("a"), tenant.ReasonNoCandidates, "", none, 0},
		{"selected another", in("z", "a"), tenant.ReasonSelectionNotAllowed, "", none, 1},
		{"selected another of several", in("z", "a", "b"), tenant.ReasonSelectionNotAllowed, "", none, 2},
		{"selected by case", in("A", "a"), tenant.ReasonSelectionNotAllowed, "", none, 1},
		{"selected by prefix", in("a", "ab", "aa"), tenant.ReasonSelectionNotAllowed, "", none, 2},
		{"selected by normal form", in("cafe\u0301", "caf\u00e9"), tenant.ReasonSelectionNotAllowed, "", none, 1},
		{"selected another, all disabled", in("z", "a!disabled"), tenant.ReasonSelectionNotAllowed, "", none, 1},
		{"disabled", in("", "a!disabled"), tenant.ReasonTenantDisabled, "", single, 1},
		{"selected disabled", in("a", "a!disabled", "b"), tenant.ReasonTenantDisabled, "", explicit, 2},
		{"blocked", in("", "a!blocked"), tenant.ReasonTenantBlocked, "", single, 1},
		{"selected blocked", in("b", "a", "b!blocked"), tenant.ReasonTenantBlocked, "", explicit, 2},
		{"disabled and blocked", in("", "a!disabled!blocked"), tenant.ReasonTenantDisabled, "", single, 1},

		fail("zero time", tenant.ReasonNowMissing, func(in *tenant.EvaluateInput) { in.Now = time.Time{} }),
		fail("kind", tenant.ReasonIdentityMalformed, func(in *tenant.EvaluateInput) { in.Identity.Kind = 3 }),
		fail("unknown with a user", tenant.ReasonIdentityMalformed, func(in *tenant.EvaluateInput) { in.Identity.Kind = tenant.IdentityUnknown }),
		fail("signed in without a user", tenant.ReasonUserMalformed, func(in *tenant.EvaluateInput) { in.Identity.User = "" }),
		fail("long user", tenant.ReasonUserMalformed, func(in *tenant.EvaluateInput) { in.Identity.User = long + "x" }),
		fail("user with control", tenant.ReasonUserMalformed, func(in *tenant.EvaluateInput) { in.Identity.User = "a\x00" }),
		fail("voice of a malformed user", tenant.ReasonUserMalformed, func(in *tenant.EvaluateInput) {
			in.Identity = tenant.Identity{Kind: tenant.IdentityVoiceAssertion, User: " "}
		}),
		fail("device", tenant.ReasonDeviceMalformed, func(in *tenant.EvaluateInput) { in.Device = "a\n" }),
		fail("session", tenant.ReasonSessionMalformed, func(in *tenant.EvaluateInput) { in.Session = long + "x" }),
		fail("selection", tenant.ReasonSelectionMalformed, func(in *tenant.EvaluateInput) { in.Selection = " a" }),
		fail("negative limit", tenant.ReasonLimitMalformed, func(in *tenant.EvaluateInput) { in.MaxCandidates = -1 }),
		fail("limit too high", tenant.ReasonLimitMalformed, func(in *tenant.EvaluateInput) { in.MaxCandidates = tenant.MaxCandidates + 1 }),
		fail("too many", tenant.ReasonTooManyCandidates, func(in *tenant.EvaluateInput) { in.Candidates = bind(many(tenant.DefaultCandidates + 1)...) }),
		fail("too many, repeated", tenant.ReasonTooManyCandidates, func(in *tenant.EvaluateInput) { in.MaxCandidates, in.Candidates = 1, bind("a", "a") }),
		fail("no tenant", tenant.ReasonCandidateMalformed, func(in *tenant.EvaluateInput) { in.Candidates[0].Tenant = "" }),
		fail("long tenant", tenant.ReasonCandidateMalformed, func(in *tenant.EvaluateInput) { in.Candidates[0].Tenant = long + "x" }),
		fail("tenant not utf-8", tenant.ReasonCandidateMalformed, func(in *tenant.EvaluateInput) { in.Candidates[0].Tenant = "a\xff" }),
		fail("no policy", tenant.ReasonCandidateMalformed, func(in *tenant.EvaluateInput) { in.Candidates[0].Policy = "" }),
		fail("policy with control", tenant.ReasonCandidateMalformed, func(in *tenant.EvaluateInput) { in.Candidates[0].Policy = "a\tb" }),
		fail("locale", tenant.ReasonCandidateMalformed, func(in *tenant.EvaluateInput) { in.Candidates[0].Locale = "en GB" }),
		fail("long locale", tenant.ReasonCandidateMalformed, func(in *tenant.EvaluateInput) {
			in.Candidates[0].Locale = strings.Repeat("x", tenant.MaxLocaleBytes+1)
		}),
		fail("a malformed one that nobody selected", tenant.ReasonCandidateMalformed, func(in *tenant.EvaluateInput) {
			in.Selection, in.Candidates = "a", bind("a", "\x01")
		}),
		fail("two that disagree", tenant.ReasonCandidatesDisagree, func(in *tenant.EvaluateInput) { in.Candidates = bind("a", "a!other") }),
		fail("two that disagree whether one may", tenant.ReasonCandidatesDisagree, func(in *tenant.EvaluateInput) {
			in.Selection, in.Candidates = "b", bind("a!disabled", "b", "a")
		}),

		// Of several reasons the first of the list in Decide's documentation.
		fail("nobody, but malformed", tenant.ReasonCandidatesDisagree, func(in *tenant.EvaluateInput) {
			in.Identity, in.Candidates = tenant.Identity{}, bind("a", "a!other")
		}),
		fail("all malformed", tenant.ReasonNowMissing, func(in *tenant.EvaluateInput) {
			*in = tenant.EvaluateInput{Identity: tenant.Identity{Kind: 9, User: "\n"}, Device: "\n", Session: "\n", Selection: "\n", MaxCandidates: -1}
		}),
		fail("user and all that follows", tenant.ReasonUserMalformed, func(in *tenant.EvaluateInput) {
			in.Identity.User, in.Device, in.Session, in.Selection, in.MaxCandidates = "\n", "\n", "\n", "\n", -1
		}),
		fail("limit before number", tenant.ReasonLimitMalformed, func(in *tenant.EvaluateInput) { in.MaxCandidates, in.Candidates = -1, bind(many(99)...) }),
		fail("number before form", tenant.ReasonTooManyCandidates, func(in *tenant.EvaluateInput) { in.Candidates = make([]tenant.Binding, 65) }),
		fail("form before agreement", tenant.ReasonCandidateMalformed, func(in *tenant.EvaluateInput) { in.Candidates = bind("a", "a!other", "") }),
	}
}

func TestResolve(t *testing.T) {
	for _, tt := range resolveCases() {
		t.Run(tt.name, func(t *testing.T) {
			before := fmt.Sprintf("%#v", tt.in)
			p := tenant.Evaluate(tt.in)
			d := tenant.Decide(p)
			if d.Reason() != tt.want || d.Status() != tt.want.Status() {
				t.Fatalf("decision %s %s, want %s", d.Status(), d.Reason(), tt.want)
			}
			if p.Tenant() != tt.tenant || d.Tenant() != tt.tenant {
				t.Errorf("tenant %q, then %q, want %q", p.Tenant(), d.Tenant(), tt.tenant)
			}
			if p.Posture() != tt.posture || p.Candidates() != tt.count {
				t.Errorf("posture %s of %d candidates, want %s of %d", p.Posture(), p.Candidates(), tt.posture, tt.count)
			}
			failed := d.Status() == tenant.StatusFail
			if want := tt.in.Identity.User != "" && !failed; p.IdentityKnown() != want {
				t.Errorf("identity known: %t, want %t", p.IdentityKnown(), want)
			}
			policy, locale := "", ""
			if d.Status() == tenant.StatusOK {
				i := slices.IndexFunc(tt.in.Candidates, func(b tenant.Binding) bool { return b.Tenant == tt.tenant })
				policy, locale = tt.in.Candidates[i].Policy, tt.in.Candidates[i].Locale
			}
			if d.Policy() != policy || d.Locale() != locale {
				t.Errorf("policy %q, locale %q, want %q, %q", d.Policy(), d.Locale(), policy, locale)
			}
			wantMissing := ""
			if d.Status() == tenant.StatusNeedsClarify {
				wantMissing = "tenant_choice"
			}
			var missing []string
			for _, m := range d.Missing() {
				missing = append(missing, string(m))
			}
			if got := strings.Join(missing, ","); got != wantMissing {
				t.Errorf("missing %q, want %q", got, wantMissing)
			}
			if after := fmt.Sprintf("%#v", tt.in); after != before {
				t.Errorf("the input changed to %s", after)
			}
		})
	}
}

func TestLocales(t *testing.T) {
	for c := range 256 {
		in := signedIn("", "a")
		in.Candidates[0].Locale = "e" + string([]byte{byte(c)})
		want := tenant.ReasonCandidateMalformed
		if strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", rune(c)) {
			want = tenant.ReasonSingleCandidate
		}
		if got := resolve(in).Reason(); got != want {
			t.Errorf("locale %q: %s, want %s", in.Candidates[0].Locale, got, want)
		}
	}
}

func TestZeroBundles(t *testing.T) {
	var d tenant.DecisionBundle
	if d.Status() != tenant.StatusFail || d.Reason() != tenant.ReasonUnspecified || d.Tenant() != "" || d.Missing() != nil {
		t.Errorf("the zero decision: %s %s %q %v", d.Status(), d.Reason(), d.Tenant(), d.Missing())
	}
	if d := tenant.Decide(tenant.PolicyBundle{}); d.Status() != tenant.StatusFail || d.Reason() != tenant.ReasonBundleMissing || d.Tenant() != "" {
		t.Errorf("the decision on the zero policy: %s %s %q", d.Status(), d.Reason(), d.Tenant())
	}
	var s tenant.Status
	if s != tenant.StatusFail || tenant.Status(200).String() != "FAIL" || tenant.Reason(200).Status() != tenant.StatusFail || tenant.Posture(200).String() != "none" {
		t.Error("what is none of the constants does not fail")
	}
}

// AT-TENANT-01: the same input gives the same tenant, whatever the order of the
// candidates and however often it is asked.
func TestATTenant01DeterministicMapping(t *testing.T) {
	for _, tt := range resolveCases() {
		t.Run(tt.name, func(t *testing.T) {
			policy := tenant.Evaluate(tt.in)
			decision := tenant.Decide(policy)
			text := fmt.Sprint(policy, decision, decision.Tenant(), decision.Policy(), decision.Locale())
			random := rand.New(rand.NewPCG(1, 1))
			for range 50 {
				in := with(tt.in, func(in *tenant.EvaluateInput) {
					random.Shuffle(len(in.Candidates), func(i, j int) {
						in.Candidates[i], in.Candidates[j] = in.Candidates[j], in.Candidates[i]
					})
				})
				p := tenant.Evaluate(in)
				d := tenant.Decide(p)
				if p != policy || d != decision || fmt.Sprint(p, d, d.Tenant(), d.Policy(), d.Locale()) != text {
					t.Fatalf("in another order: %v %v, before: %v %v", p, d, policy, decision)
				}
			}
		})
	}
}

// AT-TENANT-02: somebody with several tenants has to choose; none is picked.
func TestATTenant02SeveralTenantsNeedAChoice(t *testing.T) {
	names := many(20)
	for n := 2; n <= len(names); n++ {
		for enabled := -1; enabled < n; enabled++ { // -1: all of them
			in := signedIn("", names[:n]...)
			for i := range in.Candidates {
				in.Candidates[i].Disabled = enabled >= 0 && i != enabled
			}
			d := resolve(in)
			if d.Status() != tenant.StatusNeedsClarify || d.Tenant() != "" || !slices.Equal(d.Missing(), []tenant.MissingField{tenant.MissingTenantChoice}) {
				t.Fatalf("%d candidates, enabled %d: %v, tenant %q, missing %v", n, enabled, d, d.Tenant(), d.Missing())
			}
			// With the choice made, it is that one or none.
			for i, name := range names[:n] {
				in.Selection = name
				d := resolve(in)
				if in.Candidates[i].Disabled {
					if d.Reason() != tenant.ReasonTenantDisabled || d.Tenant() != "" {
						t.Fatalf("chose a disabled one: %v", d)
					}
				} else if d.Status() != tenant.StatusOK || d.Tenant() != name {
					t.Fatalf("chose %s: %v, tenant %q", name, d, d.Tenant())
				}
			}
		}
	}
}

// AT-TENANT-03: a disabled or blocked tenant is refused on every way to it.
func TestATTenant03DisabledFailsClosed(t *testing.T) {
	for _, flag := range []string{"!disabled", "!blocked", "!disabled!blocked"} {
		for _, in := range []tenant.EvaluateInput{
			signedIn("", "a"+flag), signedIn("a", "a"+flag), signedIn("a", "a"+flag, "b"), signedIn("a", "b", "a"+flag, "a"+flag),
			with(signedIn("", "a"+flag), func(in *tenant.EvaluateInput) { in.Identity.Kind = tenant.IdentityVoiceAssertion }),
		} {
			p := tenant.Evaluate(in)
			d := tenant.Decide(p)
			if d.Status() != tenant.StatusRefused || d.Tenant() != "" || d.Policy() != "" || d.Locale() != "" || p.Tenant() != "" {
				t.Errorf("%s: %v, tenant %q, policy %q", flag, d, d.Tenant(), d.Policy())
			}
		}
	}
	for user, want := range map[string]tenant.Reason{"dan": tenant.ReasonTenantDisabled, "eve": tenant.ReasonTenantBlocked} {
		ctx, err := boundary(t, nil).Admit(as("sub="+user+" env=prod"), nil)
		refused(t, ctx, err, want)
	}
}

// AT-TENANT-04: nobody reads or writes another tenant's data.
func TestATTenant04NoCrossTenantAccess(t *testing.T) {
	t.Run("selection", func(t *testing.T) {
		// The answer is the same whether that tenant exists or not: it cannot
		// depend on what the resolver is not told.
		b := boundary(t, nil)
		_, exists := b.Admit(as("sub=ann env=prod org=umbrella"), nil)
		_, doesNot := b.Admit(as("sub=ann env=prod org=nosuchone"), nil)
		if exists == nil || doesNot == nil || exists.Error() != doesNot.Error() || tenant.ReasonOf(exists) != tenant.ReasonSelectionNotAllowed {
			t.Errorf("a tenant that exists: %v; one that does not: %v", exists, doesNot)
		}
		if one, other := resolve(signedIn("umbrella", "acme")), resolve(signedIn("nosuchone", "acme")); one != other {
			t.Errorf("%v and %v differ", one, other)
		}
	})
	t.Run("data", func(t *testing.T) {
		b := boundary(t, nil)
		var data tenant.Map[string]
		callers := map[string]context.Context{
			"acme in prod":     admitted(t, b, "sub=ann env=prod"),
			"acme in staging":  admitted(t, b, "sub=ann env=staging"),
			"umbrella in prod": admitted(t, b, "sub=bob env=prod"),
			"zoe of umbrella":  admitted(t, b, "sub=zoe env=staging org=umbrella"),
		}
		for name, ctx := range callers {
			if _, ok, err := data.Load(fromContext(t, ctx), "plan"); ok || err != nil {
				t.Errorf("%s reads what it has not written: %t, %v", name, ok, err)
			}
			if err := data.Store(fromContext(t, ctx), "plan", name); err != nil {
				t.Fatal(err)
			}
		}
		for name, ctx := range callers {
			if got, ok, err := data.Load(fromContext(t, ctx), "plan"); got != name || !ok || err != nil {
				t.Errorf("%s reads %q, %t, %v", name, got, ok, err)
			}
		}
	})
	t.Run("refused", func(t *testing.T) {
		ctx, err := boundary(t, nil).Admit(as("sub=ann env=prod org=umbrella"), nil)
		refused(t, ctx, err, tenant.ReasonSelectionNotAllowed)
		var data tenant.Map[string]
		sc, _ := tenant.FromContext(ctx) // as somebody would who ignores errors
		if err := data.Store(sc, "plan", "gold"); err == nil {
			t.Error("a refused request writes")
		}
	})
}

// randomInput makes inputs that are often legal and often nearly so: of few
// names, so that they meet.
func randomInput(r *rand.Rand) tenant.EvaluateInput {
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	id := func() string {
		if r.IntN(40) == 0 {
			return pick("", " a", "a\n", "\xff", strings.Repeat("x", 257))
		}
		return pick("a", "b", "c", "A", "ab", "caf\u00e9", "cafe\u0301")
	}
	in := tenant.EvaluateInput{
		Identity: tenant.Identity{Kind: tenant.IdentitySignedIn, User: id()},
		Now:      now,
		Device:   pick("", "", "d", id()),
		Session:  pick("", "", "s", id()),
	}
	switch r.IntN(6) {
	case 0:
		in.Identity = tenant.Identity{}
	case 1:
		in.Identity.Kind = tenant.IdentityVoiceAssertion
	case 2:
		in.Identity.Kind = tenant.IdentityKind(r.IntN(5))
	}
	if r.IntN(40) == 0 {
		in.Now = time.Time{}
	}
	if r.IntN(2) == 0 {
		in.Selection = id()
	}
	if r.IntN(20) == 0 {
		in.MaxCandidates = r.IntN(5) - 1
	}
	for range r.IntN(6) {
		b := tenant.Binding{Tenant: id(), Policy: "p", Locale: "en"}
		b.Disabled = r.IntN(4) == 0
		b.Blocked = r.IntN(4) == 0
		if r.IntN(10) == 0 {
			b.Policy = id()
		}
		in.Candidates = append(in.Candidates, b)
		if r.IntN(4) == 0 {
			in.Candidates = append(in.Candidates, in.Candidates[r.IntN(len(in.Candidates))])
		}
	}
	return in
}

// checkInvariants states what holds for every input.
func checkInvariants(t *testing.T, in tenant.EvaluateInput) tenant.DecisionBundle {
	t.Helper()
	p := tenant.Evaluate(in)
	d := tenant.Decide(p)
	violated := func(what string) {
		t.Helper()
		t.Errorf("%s: %v, %v of %#v", what, d, p, in)
	}
	ok := d.Status() == tenant.StatusOK
	distinct := map[string]bool{}
	for _, b := range in.Candidates {
		distinct[b.Tenant] = true
	}
	if d.Status() != d.Reason().Status() {
		violated("the status is not the reason's")
	}
	if ok != (d.Tenant() != "") || ok != (d.Policy() != "") || !ok && d.Locale() != "" || p.Tenant() != d.Tenant() {
		violated("a tenant comes with OK, and OK with a tenant")
	}
	if ok {
		for _, b := range in.Candidates {
			if b.Tenant == d.Tenant() && (b.Disabled || b.Blocked || b.Policy != d.Policy() || b.Locale != d.Locale()) {
				violated("OK means an enabled candidate, with its policy and locale")
			}
		}
		if !distinct[d.Tenant()] {
			violated("OK means a candidate")
		}
		if in.Selection != "" && in.Selection != d.Tenant() {
			violated("OK means what was selected")
		}
		if in.Selection == "" && len(distinct) != 1 {
			violated("OK without a selection means that there is no choice")
		}
		if in.Identity.User == "" || in.Identity.Kind == tenant.IdentityUnknown || in.Now.IsZero() {
			violated("OK means a known identity and a time")
		}
	}
	clarify := d.Status() == tenant.StatusNeedsClarify
	if clarify != slices.Equal(d.Missing(), []tenant.MissingField{tenant.MissingTenantChoice}) || clarify != (p.Posture() == tenant.PostureClarify) {
		violated("a tenant choice is missing where it is to be clarified, and nowhere else")
	}
	if clarify && (in.Selection != "" || len(distinct) < 2 || in.Identity.User == "") {
		violated("clarify means that somebody known made no choice among several")
	}
	if d.Status() == tenant.StatusFail && (p.IdentityKnown() || p.Candidates() != 0 || p.Posture() != tenant.PostureNone) {
		violated("of malformed input nothing is told")
	}
	if d.Status() != tenant.StatusFail && (p.Candidates() != len(distinct) || p.IdentityKnown() != (in.Identity.User != "")) {
		violated("the policy counts tenants and knows whether somebody asks")
	}
	if d != resolve(in) {
		violated("asked twice, it answers twice the same")
	}
	reversed := with(in, func(in *tenant.EvaluateInput) { slices.Reverse(in.Candidates) })
	if tenant.Evaluate(reversed) != p {
		violated("order does not matter")
	}
	doubled := with(in, func(in *tenant.EvaluateInput) {
		in.Candidates = append(in.Candidates, in.Candidates...)
		in.MaxCandidates = tenant.MaxCandidates
	})
	if in.MaxCandidates == 0 && len(doubled.Candidates) <= tenant.DefaultCandidates && tenant.Evaluate(doubled) != p {
		violated("repetition does not matter")
	}
	if in.Selection != "" && !distinct[in.Selection] && d.Status() != tenant.StatusFail {
		other := with(in, func(in *tenant.EvaluateInput) { in.Selection = "some-other-tenant" })
		if tenant.Evaluate(other) != p {
			violated("all tenants that are no candidates are the same")
		}
	}
	if in.Selection == "" && ok {
		explicit := with(in, func(in *tenant.EvaluateInput) { in.Selection = d.Tenant() })
		if e := resolve(explicit); e.Tenant() != d.Tenant() || e.Status() != tenant.StatusOK {
			violated("to select the only one changes nothing")
		}
	}
	return d
}

func TestResolveProperties(t *testing.T) {
	seen := map[tenant.Reason]int{}
	for seed := range uint64(20000) {
		in := randomInput(rand.New(rand.NewPCG(seed, 7)))
		seen[checkInvariants(t, in).Reason()]++
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	// The generator is no good if it does not reach what it is to test.
	for _, r := range []tenant.Reason{
		tenant.ReasonExplicitSelection, tenant.ReasonSingleCandidate, tenant.ReasonTenantChoice, tenant.ReasonIdentityUnknown,
		tenant.ReasonNoCandidates, tenant.ReasonSelectionNotAllowed, tenant.ReasonTenantDisabled, tenant.ReasonTenantBlocked,
		tenant.ReasonNowMissing, tenant.ReasonIdentityMalformed, tenant.ReasonUserMalformed, tenant.ReasonDeviceMalformed,
		tenant.ReasonSessionMalformed, tenant.ReasonSelectionMalformed, tenant.ReasonLimitMalformed,
		tenant.ReasonTooManyCandidates, tenant.ReasonCandidateMalformed, tenant.ReasonCandidatesDisagree,
	} {
		if seen[r] < 20 {
			t.Errorf("of 20000 random inputs %d gave %s", seen[r], r)
		}
	}
}

func FuzzResolve(f *testing.F) {
	f.Add(uint8(2), "ann", "d", "s", int64(1), "a", "a|p|en|0\nb|p||1", 0)
	f.Add(uint8(1), "", "", "", int64(0), "", "a|p|en|2\na|q|en|0", 3)
	f.Add(uint8(0), "x", "\x00", "", int64(5), "\xff", "||en GB|3", -1)
	f.Fuzz(func(t *testing.T, kind uint8, user, device, session string, at int64, selection, candidates string, limit int) {
		in := tenant.EvaluateInput{
			Identity: tenant.Identity{Kind: tenant.IdentityKind(kind), User: user},
			Device:   device, Session: session, Selection: selection, MaxCandidates: limit,
		}
		if at != 0 {
			in.Now = time.Unix(at, 0)
		}
		for line := range strings.SplitSeq(candidates, "\n") {
			field := append(strings.SplitN(line, "|", 4), "", "", "", "")
			in.Candidates = append(in.Candidates, tenant.Binding{
				Tenant: field[0], Policy: field[1], Locale: field[2],
				Disabled: strings.Contains(field[3], "1"), Blocked: strings.Contains(field[3], "2"),
			})
		}
		checkInvariants(t, in)
	})
}

func TestBundlesAreRedacted(t *testing.T) {
	in := signedIn("", "tttt")
	in.Identity.User = "uuuu"
	p := tenant.Evaluate(in)
	d := tenant.Decide(p)
	for _, v := range []any{p, &p, d, &d, []any{p, d}, struct {
		p tenant.PolicyBundle
		d tenant.DecisionBundle
	}{p, d}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			if text := fmt.Sprintf(verb, v); leaks(text) {
				t.Errorf("%s of %T prints %s", verb, v, text)
			}
		}
	}
	if got, want := p.String(), "policy(known=true candidates=1 posture=single_candidate tenant=[redacted])"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got, want := fmt.Sprint(d), "decision(OK reason=single_candidate tenant=[redacted])"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestResolveAllocs(t *testing.T) {
	in := signedIn("t0003", many(8)...)
	if n := testing.AllocsPerRun(100, func() {
		if d := resolve(in); d.Status() != tenant.StatusOK {
			t.Fatal(d)
		}
	}); n > 4 {
		t.Errorf("with 8 candidates it allocates %v times, want at most 4", n)
	}
}

func BenchmarkResolve(b *testing.B) {
	for _, n := range []int{1, 8, 64} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			in := signedIn("t0000", many(n)...)
			b.ReportAllocs()
			for b.Loop() {
				if d := resolve(in); d.Status() != tenant.StatusOK {
					b.Fatal(d)
				}
			}
		})
	}
}
