package guest_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/tenantvet/tenantvet/analyzers"
	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/guest"
	"github.com/tenantvet/tenantvet/internal/policy"
)

// service is a module in which package b makes a leak of what package a hands
// out. Its tests have leaks and declarations of their own.
func service(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.com/shop\n\ngo 1.26.0\n",
		".tenantvet.toml": `[[source]]
func = "./a.Tenant"
result = "result0"
dimension = "tenant"

[[sink]]
func = "./a.Get"
key = "arg0"
kind = "cache"

[[exempt]]
category = "unscopedkey"
func = "./a.Key"
reason = "once it was needed"
`,
		"a/a.go": `package a

import (
	"context"
	"encoding/json" // which importers of the package do not see
)

type tenantKey struct{}

func Tenant(ctx context.Context) string { return ctx.Value(tenantKey{}).(string) }

func Get(key string) string {
	text, _ := json.Marshal(key)
	return string(text)
}

func Key(id string) string { return "all/" + id }
`,
		"b/b.go": `package b

import (
	"net/http"

	"example.com/shop/a"
)

func Price(w http.ResponseWriter, r *http.Request) {
	_ = a.Get(a.Key(r.PathValue("id")))
}
`,
		"b/b_test.go": `package b

import (
	"net/http"
	"testing"

	"example.com/shop/a"
)

type probe struct{}

func (probe) ServeHTTP(w http.ResponseWriter, r *http.Request) { _ = a.Get(r.PathValue("id")) }

func TestPrice(t *testing.T) { var h http.Handler = probe{}; _ = h }
`,
		"b/x_test.go": "package b_test\n",
	} {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// host is a driver that runs the suite on the module at root.
type host struct {
	root     string
	policy   func(path, dir string) (*policy.Policy, error)
	sources  *guest.Sources // nil if it carries facts
	whole    bool           // types of dependencies are complete
	analyzed *atomic.Int32  // counts what the suite was run on
	flags    []string
	patterns []string
}

// run returns what is found.
func (h host) run(t *testing.T) ([]string, error) {
	t.Helper()
	root := h.root
	mode := packages.LoadAllSyntax // of all dependencies, for facts
	if h.sources != nil && !h.whole {
		mode = packages.LoadSyntax // types of dependencies come from export data, as far as they are needed
	}
	if h.patterns == nil {
		h.patterns = []string{"./..."}
	}
	pkgs, err := packages.Load(&packages.Config{
		Mode: mode | packages.NeedModule, Dir: root, Tests: true, Env: append(os.Environ(), "GOWORK=off"), BuildFlags: h.flags,
	}, h.patterns...)
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(pkgs) > 0 {
		t.Fatal("the service does not compile")
	}
	suite := driver.Suite{Analyzers: analyzers.Suite()}
	if h.analyzed != nil {
		suite.Analyzers = append(suite.Analyzers, &analysis.Analyzer{
			Name: "counter", Doc: "count packages", Run: func(*analysis.Pass) (any, error) { h.analyzed.Add(1); return nil, nil },
		})
	}
	list := guest.Analyzers(guest.Config{
		Name: "tenantvet", Doc: "all of it", Suite: suite, Getenv: os.Getenv, Policy: h.policy, Digest: "0123", Sources: h.sources,
	})
	if err := analysis.Validate(list); err != nil {
		t.Fatal(err)
	}
	graph, err := checker.Analyze(list, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for act := range graph.All() {
		if act.Err != nil {
			return nil, act.Err
		}
		for _, d := range act.Diagnostics {
			p := act.Package.Fset.Position(d.Pos)
			name, err := filepath.Rel(root, p.Filename)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, fmt.Sprintf("%s:%d:%d: %s", filepath.ToSlash(name), p.Line, p.Column, d.Message))
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil // a package and its double with tests
}

func ofDir(_, dir string) (*policy.Policy, error) { return policy.ForDir(dir, os.Getenv) }

// inService is what there is to find in the service.
var inService = []string{
	"a/a.go:1:1: .tenantvet.toml:11:1: unused: nothing is found that [[exempt]] func example.com/shop/a.Key could take out; remove the entry (tenantdirective/unused)",
	`b/b.go:10:6: cache key has no tenant: it is made of Request.PathValue("id") and "all/" alone (unscopedkey/missing) [b/b.go:10:29: Request.PathValue("id") (from the request) comes from here]`,
}

// TestGuest: tests are not looked at, facts reach the packages that import, and a
// finding about the policy is told at the package that has it.
func TestGuest(t *testing.T) {
	got, err := host{root: service(t), policy: ofDir}.run(t)
	if err != nil {
		t.Fatal(err)
	}
	want := inService
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestGuestFailure: what goes wrong is an error, not silence.
func TestGuestFailure(t *testing.T) {
	_, err := host{root: service(t), policy: func(_, _ string) (*policy.Policy, error) { return nil, errors.New("no such policy") }}.run(t)
	if err == nil || !strings.Contains(err.Error(), "no such policy") {
		t.Errorf("got %v", err)
	}
	_, err = host{root: service(t), policy: func(_, dir string) (*policy.Policy, error) {
		return policy.ForText("p.toml", "[[source]]\nfunc = \"./a.Owner\"\nresult = \"result0\"\ndimension = \"tenant\"\n", dir)
	}}.run(t)
	if err == nil || !strings.Contains(err.Error(), "p.toml:2:") {
		t.Errorf("got %v", err)
	}
}
