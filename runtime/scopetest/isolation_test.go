package scopetest_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	goruntime "runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	tenant "github.com/tenantvet/tenantvet/runtime"
	"github.com/tenantvet/tenantvet/runtime/scopetest"
)

// mapFeature is a tenant.Map under test: what takes a scope as an argument gets
// the invalid one where there is none.
func mapFeature(m *tenant.Map[string]) scopetest.Feature {
	return scopetest.Feature{
		Create: func(ctx context.Context, id, payload string) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			sc, _ := tenant.FromContext(ctx)
			return m.Store(sc, id, payload)
		},
		Read: func(ctx context.Context, id string) (string, error) {
			sc, _ := tenant.FromContext(ctx)
			payload, ok, err := m.Load(sc, id)
			if err == nil && !ok {
				err = scopetest.ErrNotFound
			}
			return payload, err
		},
		Update: func(ctx context.Context, id, payload string) error {
			sc, _ := tenant.FromContext(ctx)
			return m.Store(sc, id, payload)
		},
		Delete: func(ctx context.Context, id string) error {
			sc, _ := tenant.FromContext(ctx)
			return m.Delete(sc, id)
		},
		List: func(ctx context.Context) ([]scopetest.Record, error) {
			sc, _ := tenant.FromContext(ctx)
			var records []scopetest.Record
			err := m.Range(sc, func(id, payload string) bool {
				records = append(records, scopetest.Record{ID: id, Payload: payload})
				return true
			})
			return records, err
		},
	}
}

func TestIsolationOfMap(t *testing.T) {
	t.Parallel()
	scopetest.Isolation(t, mapFeature(new(tenant.Map[string])))
}

func TestIsolationOfUsers(t *testing.T) {
	t.Parallel()
	_, f := rightForUsers()
	scopetest.Isolation(t, f)
}

// TestIsolationInSharedStore runs several features on one store at the same
// time, as tests of a service do that share a database.
func TestIsolationInSharedStore(t *testing.T) {
	t.Parallel()
	var m tenant.Map[string]
	for range 3 {
		t.Run("feature", func(t *testing.T) {
			t.Parallel()
			scopetest.Isolation(t, mapFeature(&m))
		})
	}
}

// TestIsolationTwice runs the same test twice on one store, as with -count=2.
func TestIsolationTwice(t *testing.T) {
	t.Parallel()
	f := mapFeature(new(tenant.Map[string]))
	for range 2 {
		violations, err := scopetest.CheckIsolation(t.Context(), t.Name(), f)
		if len(violations) > 0 || err != nil {
			t.Fatal(violations, err)
		}
	}
}

// uuid makes ids of the form that a uuid column wants.
func uuid(text string) string {
	sum := sha256.Sum256([]byte(text))
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// TestIsolationOfForms is for features that take ids of one form only.
func TestIsolationOfForms(t *testing.T) {
	t.Parallel()
	check := func(ctx context.Context, id string) error {
		sc, err := tenant.FromContext(ctx)
		if err != nil {
			return err
		}
		for _, text := range []string{sc.Tenant(), sc.User(), id} {
			if len(text) != 36 {
				return fmt.Errorf("%q is not a uuid", text)
			}
		}
		return nil
	}
	f := right().feature()
	create, read := f.Create, f.Read
	f.Create = func(ctx context.Context, id, payload string) error {
		return errors.Join(check(ctx, id), create(ctx, id, payload))
	}
	f.Read = func(ctx context.Context, id string) (string, error) {
		if err := check(ctx, id); err != nil {
			return "", err
		}
		return read(ctx, id)
	}
	f.Update, f.Delete, f.List = nil, nil, nil
	f.Tenant, f.User, f.ID = uuid, uuid, uuid
	scopetest.Isolation(t, f)
}

// TestIsolationOfGivenIDs is for features that choose ids themselves.
func TestIsolationOfGivenIDs(t *testing.T) {
	t.Parallel()
	f := right().feature()
	create := f.Create
	var serial atomic.Int64
	f.Create = nil
	f.Add = func(ctx context.Context, payload string) (string, error) {
		id := strconv.FormatInt(serial.Add(1), 10)
		return id, create(ctx, id, payload)
	}
	scopetest.Isolation(t, f)
}

func TestFeatureRefused(t *testing.T) {
	t.Parallel()
	good := right().feature()
	for _, test := range []struct {
		change func(*scopetest.Feature)
		want   string
	}{
		{func(f *scopetest.Feature) { f.Create = nil }, "neither Create nor Add"},
		{func(f *scopetest.Feature) { f.Add = func(context.Context, string) (string, error) { return "", nil } }, "both Create and Add"},
		{func(f *scopetest.Feature) { f.Read, f.List = nil, nil }, "neither Read nor List"},
		{func(f *scopetest.Feature) { f.Envs = []string{} }, "no Envs"},
		{func(f *scopetest.Feature) { f.Envs = []string{"prod", "production"} }, "Envs name prod twice"},
		{func(f *scopetest.Feature) { f.Envs = []string{"prod", "moon"} }, "invalid environment"},
	} {
		f := good
		test.change(&f)
		violations, err := scopetest.CheckIsolation(t.Context(), t.Name(), f)
		if err == nil || !strings.Contains(err.Error(), test.want) || violations != nil {
			t.Errorf("error %v, want %q; %d violations", err, test.want, len(violations))
		}
	}
	_, err := scopetest.CheckIsolation(t.Context(), t.Name(), scopetest.Feature{})
	if err == nil || !strings.Contains(err.Error(), "nothing can be written") || !strings.Contains(err.Error(), "nothing can be seen") {
		t.Errorf("error of an empty feature: %v; want all that is wrong", err)
	}
	var none context.Context
	if _, err := scopetest.CheckIsolation(none, t.Name(), good); err == nil {
		t.Error("a nil context is taken")
	}
}

// TestFeatureOfBadForms is for functions of the test that are wrong themselves.
func TestFeatureOfBadForms(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		change func(*scopetest.Feature)
		want   string
	}{
		{func(f *scopetest.Feature) { f.Tenant = func(string) string { return "" } }, "its function Tenant returns the same for different texts"},
		{func(f *scopetest.Feature) { f.ID = func(string) string { return "same" } }, "its function ID returns the same for different texts"},
		{func(f *scopetest.Feature) { f.User = func(text string) string { return text + " " } }, "Tenant and User return what makes no scope"},
		{func(f *scopetest.Feature) {
			n := 0
			f.User = func(text string) string { n++; return fmt.Sprint(text, n) }
		}, "its function User returns something else each time"},
		{func(f *scopetest.Feature) {
			f.Create = nil
			f.Add = func(context.Context, string) (string, error) { return "7", nil }
		}, "the ids \"7\" of two records are the same"},
		{func(f *scopetest.Feature) { f.Read = func(context.Context, string) (string, error) { panic("oh") } }, "panic: oh"},
		{func(f *scopetest.Feature) {
			f.List = func(context.Context) ([]scopetest.Record, error) { return make([]scopetest.Record, 1), nil }
		}, "without id and payload"},
	} {
		f := right().feature()
		test.change(&f)
		violations, err := scopetest.CheckIsolation(t.Context(), t.Name(), f)
		if err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("error %v, want %q", err, test.want)
		}
		if err == nil && !slices.ContainsFunc(violations, func(v scopetest.Violation) bool { return strings.Contains(v.String(), test.want) }) {
			t.Errorf("want %q, got %v", test.want, violations)
		}
	}
}

// TestFunctionThatEndsItsGoroutine is for functions that call t.Fatal, which
// they are told not to: the kit must not wait for ever.
func TestFunctionThatEndsItsGoroutine(t *testing.T) {
	t.Parallel()
	f := right().feature()
	create := f.Create
	f.Create = func(ctx context.Context, id, payload string) error {
		if strings.Contains(payload, "-concurrent-") {
			goruntime.Goexit()
		}
		return create(ctx, id, payload)
	}
	violations, err := scopetest.CheckIsolation(t.Context(), t.Name(), f)
	if err != nil || len(violations) != 1 || !strings.Contains(violations[0].Detail, "ended its goroutine") {
		t.Errorf("got %v, %v", violations, err)
	}
}

// TestChild is run by the tests below, in a process of its own, to see a test
// fail.
func TestChild(t *testing.T) {
	f := right().feature()
	switch os.Getenv("SCOPETEST_CHILD") {
	case "leaky":
		f = joined(func(parts ...string) string { return parts[2] })
	case "useless":
		f.Create = func(context.Context, string, string) error { return nil }
	case "incomplete":
		f.Read, f.List = nil, nil
	case "scope":
		scopetest.Scope(t, "acme", "moon", "", "")
	case "context":
		scopetest.Context(t, " acme", "prod", "", "")
	default:
		t.Skip("for TestIsolationFails")
	}
	scopetest.Isolation(t, f)
}

// TestChildRoutes is the same for Permutations.
func TestChildRoutes(t *testing.T) {
	s := newService(t)
	c := contract(t)
	h := http.Handler(s.routes(s.guards()))
	as := s.as
	switch os.Getenv("SCOPETEST_CHILD") {
	case "routes":
		g := s.guards()
		g.owner = g.member
		h = s.routes(g)
	case "markers":
		c.Home = append(c.Home, "nowhere")
	case "personas":
		as = func(r *http.Request, p scopetest.Persona) (*http.Request, error) {
			if p == scopetest.Outage {
				return nil, scopetest.ErrNoPersona
			}
			return s.as(r, p)
		}
		c.Routes[0].Path = "/nowhere"
	case "version":
		c.Version = 2
	case "sometimes":
		n := 0
		as = func(r *http.Request, p scopetest.Persona) (*http.Request, error) {
			if n++; n == len(scopetest.Personas())+3 {
				return nil, errors.New("no key today")
			}
			return s.as(r, p)
		}
	default:
		t.Skip("for TestPermutationsFails")
	}
	scopetest.Permutations(t, h, c, as)
}

func TestPermutationsFails(t *testing.T) {
	t.Parallel()
	for _, test := range []child{
		{"routes", []string{
			"--- FAIL: TestChildRoutes/DELETE_/invoices/{id}", "--- PASS: TestChildRoutes/GET_/healthz",
			"guarded: who must not pass a route is refused, with the status that the contract names, but DELETE /invoices/{id} as member answers 204, want 403",
		}, nil},
		{"markers", []string{"markers: the markers of the contract are seen by those they belong to, but nobody of the home tenant saw \"nowhere\""}, []string{"--- FAIL: TestChildRoutes/"}},
		{"personas", []string{"not driven: outage", "reached: every route of the contract is there, but GET /nowhere as nobody answers 404, want 2xx"}, nil},
		{"version", []string{"the version is 2; this package reads version 1"}, []string{"--- PASS: TestChildRoutes/"}},
		{"sometimes", []string{"GET /healthz as wrong-env: no request could be made: no key today"}, nil},
	} {
		test.run(t, "TestChildRoutes")
	}
}

// child is a test in a process of its own, which has to fail.
type child struct {
	name       string
	want, deny []string
}

func (c child) run(t *testing.T, test string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^"+test+"$", "-test.v")
	cmd.Env = append(os.Environ(), "SCOPETEST_CHILD="+c.name)
	out, err := cmd.CombinedOutput()
	if err == nil {
		t.Errorf("%s: the test passes:\n%s", c.name, out)
	}
	for _, want := range c.want {
		if !strings.Contains(string(out), want) {
			t.Errorf("%s: the output lacks %q:\n%s", c.name, want, out)
		}
	}
	for _, deny := range c.deny {
		if strings.Contains(string(out), deny) {
			t.Errorf("%s: the output has %q:\n%s", c.name, deny, out)
		}
	}
}

func TestIsolationFails(t *testing.T) {
	t.Parallel()
	for _, test := range []child{
		{"leaky", []string{
			"--- PASS: TestChild/works", "--- FAIL: TestChild/read/tenant", "--- FAIL: TestChild/same-id/env", "--- SKIP: TestChild/delete/user", "--- SKIP: TestChild/list/tenant",
			"read (tenant): no scope reads what another one wrote, but after tenant",
			"not proved: a list holds exactly what its own scope wrote; the feature has no List",
		}, []string{"panic"}},
		{"useless", []string{
			"--- FAIL: TestChild/works", "works: a scope finds, changes and removes what it wrote itself, but",
			"the feature does not work within a single scope",
		}, []string{"TestChild/read"}},
		{"incomplete", []string{"--- FAIL: TestChild", "neither Read nor List"}, []string{"TestChild/works"}},
		{"scope", []string{"--- FAIL: TestChild", "invalid environment"}, []string{"TestChild/works"}},
		{"context", []string{"--- FAIL: TestChild", "the tenant starts or ends with white space"}, []string{"TestChild/works"}},
	} {
		test.run(t, "TestChild")
	}
}

func TestScope(t *testing.T) {
	t.Parallel()
	sc := scopetest.Scope(t, "acme", "production", "ann", "admin")
	if sc.Tenant() != "acme" || !sc.Env().IsProd() || sc.User() != "ann" || sc.Role() != "admin" {
		t.Errorf("got %q %v %q %q", sc.Tenant(), sc.Env(), sc.User(), sc.Role())
	}
	if again := scopetest.Scope(t, "acme", "prod", "ann", "admin"); again != sc {
		t.Error("the same ids make different scopes")
	}
	if got, err := tenant.FromContext(scopetest.Context(t, "acme", "prod", "ann", "admin")); got != sc || err != nil {
		t.Errorf("the context carries %v, %v", got, err)
	}
	if sc := scopetest.Scope(t, "acme", "dev", "", ""); sc.User() != "" || sc.Role() != "" {
		t.Errorf("got %q %q", sc.User(), sc.Role())
	}
}

// TestViolationsAreTheSame runs a leaky feature twice under one name.
func TestViolationsAreTheSame(t *testing.T) {
	t.Parallel()
	var first []scopetest.Violation
	for range 2 {
		s := right()
		f := s.feature()
		f.Read = func(ctx context.Context, id string) (string, error) {
			if k, ok := s.first(id); ok {
				s.mu.Lock()
				defer s.mu.Unlock()
				return s.values[k][1], nil
			}
			return s.read(ctx, id)
		}
		violations, err := scopetest.CheckIsolation(t.Context(), "same", f)
		if err != nil {
			t.Fatal(err)
		}
		violations = slices.DeleteFunc(violations, func(v scopetest.Violation) bool { return v.Guarantee == scopetest.Concurrent })
		if first == nil {
			first = violations
		}
		if len(first) == 0 || !slices.Equal(first, violations) {
			t.Errorf("got %v\nthen %v", first, violations)
		}
	}
}

// TestCallsThatFail has one call of a feature fail, each in turn. Where the call
// was one that has to succeed the kit says so; it never takes it for a leak, and
// never stops working.
func TestCallsThatFail(t *testing.T) {
	t.Parallel()
	injected := errors.New("injected")
	for _, name := range []string{"create", "read", "update", "delete", "list"} {
		silent := 0
		for nth := range 6 {
			f := mapFeature(new(tenant.Map[string]))
			var calls atomic.Int64
			fails := func(op string) bool { return op == name && calls.Add(1) == int64(nth+1) }
			create, read, update, remove, list := f.Create, f.Read, f.Update, f.Delete, f.List
			f.Create = func(ctx context.Context, id, payload string) error {
				if fails("create") {
					return injected
				}
				return create(ctx, id, payload)
			}
			f.Read = func(ctx context.Context, id string) (string, error) {
				if fails("read") {
					return "", injected
				}
				return read(ctx, id)
			}
			f.Update = func(ctx context.Context, id, payload string) error {
				if fails("update") {
					return injected
				}
				return update(ctx, id, payload)
			}
			f.Delete = func(ctx context.Context, id string) error {
				if fails("delete") {
					return injected
				}
				return remove(ctx, id)
			}
			f.List = func(ctx context.Context) ([]scopetest.Record, error) {
				if fails("list") {
					return nil, injected
				}
				return list(ctx)
			}
			violations, err := scopetest.CheckIsolation(t.Context(), t.Name(), f)
			if err != nil {
				t.Fatal(err)
			}
			if len(violations) == 0 {
				silent++
			}
			for _, v := range violations {
				// Nothing but this was wrong.
				if strings.Contains(v.Detail, "wrote under") || strings.Contains(v.Detail, "holds what") {
					t.Errorf("%s %d fails, and the kit says: %s", name, nth, v)
				}
			}
		}
		// Of the first calls, all lists and all creates but few are of an own record.
		if silent > 1 && (name == "create" || name == "list") {
			t.Errorf("%d of 6 failures of %s go unnoticed", silent, name)
		}
	}
}
