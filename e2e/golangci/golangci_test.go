package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/tenantvet/tenantvet/internal/corpus"
)

// linter and command are the programs under test.
var linter, command string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "golangci")
	if err == nil {
		linter, command = program(dir, "golangci-lint"), program(dir, "tenantvet")
		err = build(linter, ".")
	}
	if err == nil {
		err = build(command, "github.com/tenantvet/tenantvet/cmd/tenantvet")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

func program(dir, name string) string {
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return filepath.Join(dir, name)
}

func build(out, pkg string) error {
	if text, err := exec.Command("go", "build", "-o", out, pkg).CombinedOutput(); err != nil {
		return fmt.Errorf("go build %s: %w\n%s", pkg, err, text)
	}
	return nil
}

// example is the configuration that users start from; the tests run it as it
// stands but for the other linters.
func example(t *testing.T, settings ...string) string {
	t.Helper()
	data, err := os.ReadFile("../../.golangci.example.yml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(data), "default: standard", "default: none", 1)
	text = regexp.MustCompile(`(?m)^    - (contextcheck|noctx) .*\n`).ReplaceAllString(text, "")
	if len(settings) > 0 {
		const after = "        original-url: https://github.com/tenantvet/tenantvet\n"
		if !strings.Contains(text, after) {
			t.Fatalf("the example has no line %q", after)
		}
		text = strings.Replace(text, after, after+"        settings:\n          "+strings.Join(settings, "\n          ")+"\n", 1)
	}
	return text
}

// A run is one call of golangci-lint.
type run struct {
	lines  []string // its findings: see corpus.Lines
	code   int
	stderr string
}

// lint runs golangci-lint in root, which holds a .golangci.yml. All runs
// share a cache.
func lint(t *testing.T, root string, args ...string) run {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out.json")
	cmd := exec.Command(linter, append([]string{"run", "--output.json.path=" + out, "--show-stats=false"}, args...)...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOLANGCI_LINT_CACHE="+filepath.Join(filepath.Dir(linter), "cache"), "TENANTVET_POLICY=", "GOWORK=off")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	r := run{code: exitCode(cmd.Run()), stderr: stderr.String()}
	if r.code != 0 && r.code != 1 {
		return r
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatalf("%v\n%s", err, r.stderr)
	}
	var doc struct {
		Issues []struct {
			FromLinter, Text string
			Pos              struct {
				Filename     string
				Line, Column int
			}
		}
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	for _, i := range doc.Issues {
		if i.FromLinter != "tenantvet" {
			t.Errorf("%s reports %s", i.FromLinter, i.Text)
		}
		r.lines = append(r.lines, fmt.Sprintf("%s:%d:%d: %s", filepath.ToSlash(i.Pos.Filename), i.Pos.Line, i.Pos.Column, i.Text))
	}
	slices.Sort(r.lines)
	return r
}

func exitCode(err error) int {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	if err != nil {
		return -1
	}
	return 0
}

// vet runs the command in root and returns its findings.
func vet(t *testing.T, root string) []corpus.Found {
	t.Helper()
	cmd := exec.Command(command, "-json", "./...")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "TENANTVET_CACHE=off", "TENANTVET_POLICY=", "GOWORK=off")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if code := exitCode(err); code != 0 && code != 1 {
		t.Fatalf("tenantvet: exit code %d\n%s", code, stderr.Bytes())
	}
	found, err := corpus.ReadJSON(root, out)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// same fails the test unless golangci-lint finds what the command does.
func same(t *testing.T, root string) run {
	t.Helper()
	r := lint(t, root)
	if d := corpus.Difference(corpus.Lines(vet(t, root)), r.lines); d != "" {
		t.Errorf("the command and golangci-lint disagree:\n%s%s", d, r.stderr)
	}
	return r
}

func write(t *testing.T, root string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCorpus: what golangci-lint finds in the corpus is what its want comments
// say and what the command finds, in every directory, with the example as the
// configuration; and so again from its cache.
func TestCorpus(t *testing.T) {
	root := t.TempDir()
	n, err := corpus.CopyWithCanaries(root, "../../testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	write(t, root, map[string]string{".golangci.yml": example(t)})
	found, cold := vet(t, root), lint(t, root)
	if d := corpus.Difference(corpus.Lines(found), cold.lines); d != "" {
		t.Errorf("the command and golangci-lint disagree:\n%s%s", d, cold.stderr)
	}
	if warm := lint(t, root); !slices.Equal(warm.lines, cold.lines) {
		t.Errorf("another answer from the cache:\n%s", corpus.Difference(cold.lines, warm.lines))
	}
	problems, err := corpus.Check(root, found)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
	t.Logf("%d findings in %d directories", len(cold.lines), n)
}

// TestExample: the example works as it stands, beside the linters that it switches
// on.
func TestExample(t *testing.T) {
	data, err := os.ReadFile("../../.golangci.example.yml")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(linter, "run", "--allow-parallel-runners")
	cmd.Dir = service(t, string(data))
	cmd.Env = append(os.Environ(), "GOLANGCI_LINT_CACHE="+filepath.Join(filepath.Dir(linter), "cache"), "TENANTVET_POLICY=", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if want := "b/b.go:11:6: cache key has no tenant"; exitCode(err) != 1 || !strings.Contains(string(out), want) {
		t.Errorf("exit code %d; want findings with %q\n%s", exitCode(err), want, out)
	}
}

// TestVersion: what users are told to build is what is tested here.
func TestVersion(t *testing.T) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		t.Fatal("no build information")
	}
	i := slices.IndexFunc(info.Deps, func(m *debug.Module) bool { return m.Path == "github.com/golangci/golangci-lint/v2" })
	if i < 0 {
		t.Fatal("golangci-lint is not part of the test")
	}
	want := "version: " + info.Deps[i].Version + "\nname: custom-gcl\nplugins:\n"
	for _, name := range []string{".custom-gcl.yml", ".custom-gcl.example.yml", "docs/golangci.md"} {
		data, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			t.Fatal(err)
		}
		if text := strings.ReplaceAll(string(data), "\n   ", "\n"); !strings.Contains(text, want) {
			t.Errorf("%s does not say\n%s", name, want)
		}
	}
}

// TestFix: "golangci-lint run --fix" makes of the corpus what "tenantvet -fix"
// does.
func TestFix(t *testing.T) {
	fixed := func(fix func(root string)) map[string]string {
		root := t.TempDir()
		if err := os.CopyFS(root, os.DirFS("../../testdata/src")); err != nil {
			t.Fatal(err)
		}
		write(t, root, map[string]string{".golangci.yml": example(t)})
		before := read(t, root)
		fix(root)
		after := read(t, root)
		for name := range after {
			if before[name] == after[name] {
				delete(after, name)
			}
		}
		return after
	}
	ours := fixed(func(root string) {
		cmd := exec.Command(command, "-fix", "./...")
		cmd.Dir = root
		cmd.Env = append(os.Environ(), "TENANTVET_CACHE=off", "GOWORK=off")
		if out, err := cmd.CombinedOutput(); exitCode(err) > 1 {
			t.Fatalf("%v\n%s", err, out)
		}
	})
	theirs := fixed(func(root string) { lint(t, root, "--fix") })
	if len(ours) == 0 {
		t.Fatal("no fixes in the corpus")
	}
	for name, text := range ours {
		if theirs[name] != text {
			t.Errorf("%s: golangci-lint makes of it\n%s", name, theirs[name])
		}
	}
	for name := range theirs {
		if _, ok := ours[name]; !ok {
			t.Errorf("%s: only golangci-lint changes it", name)
		}
	}
	t.Logf("%d files", len(ours))
}

func read(t *testing.T, root string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(root, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".go" {
			return err
		}
		data, err := os.ReadFile(name)
		out[strings.TrimPrefix(name, root)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// service is a small module: package b finds a key in what a hands out.
func service(t *testing.T, config string) string {
	root := t.TempDir()
	write(t, root, map[string]string{
		".golangci.yml": config,
		"go.mod":        "module example.com/shop\n\ngo 1.26.0\n",
		".tenantvet.toml": `[[source]]
func = "./a.Tenant"
result = "result0"
dimension = "tenant"

[[sink]]
func = "./store.Get"
key = "arg0"
kind = "cache"
`,
		"store/store.go": "package store\n\nfunc Get(key string) string { return key }\n",
		"a/a.go": `package a

import "context"

type ctxKey struct{}

func Tenant(ctx context.Context) string { return ctx.Value(ctxKey{}).(string) }

func Caller(ctx context.Context) string { return "x" }

func Key(ctx context.Context, id string) string { return Caller(ctx) + "/" + id }
`,
		"b/b.go": `package b

import (
	"net/http"

	"example.com/shop/a"
	"example.com/shop/store"
)

func Price(w http.ResponseWriter, r *http.Request) {
	_ = store.Get(a.Key(r.Context(), r.PathValue("id")))
}
`,
	})
	return root
}

func edit(t *testing.T, root, name, old, new string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), old) {
		t.Fatalf("%s has no %q", name, old)
	}
	write(t, root, map[string]string{name: strings.Replace(string(data), old, new, 1)})
}

// TestPolicyEdit: an edited policy shows in the next answer, though golangci-lint
// knows of no policy; and it changes what a package says of itself to another
// that alone is asked about.
func TestPolicyEdit(t *testing.T) {
	root := service(t, example(t))
	if r := same(t, root); len(r.lines) != 1 {
		t.Fatalf("want one finding: %q\n%s", r.lines, r.stderr)
	}
	// The caller counts as a source from now on: facts about a change.
	edit(t, root, ".tenantvet.toml", `func = "./a.Tenant"`, `func = "./a.Caller"`)
	if r := lint(t, root, "./b"); len(r.lines) != 0 {
		t.Errorf("the edit is not seen: %q", r.lines)
	}
	edit(t, root, ".tenantvet.toml", `func = "./a.Caller"`, `func = "./a.Tenant"`)
	if r := lint(t, root, "./b"); len(r.lines) != 1 {
		t.Errorf("the edit back is not seen: %q\n%s", r.lines, r.stderr)
	}
	edit(t, root, ".tenantvet.toml", `kind = "cache"`, `kind = "cash"`)
	if r := lint(t, root, "./b"); r.code != 3 || !strings.Contains(r.stderr, ".tenantvet.toml:9") {
		t.Errorf("a broken policy: exit code %d\n%s", r.code, r.stderr)
	}
}

// TestEmbeddedEdit: an edited statement shows in the next answer, though golangci-lint
// knows of no files but those of Go.
func TestEmbeddedEdit(t *testing.T) {
	root := service(t, example(t))
	edit(t, root, ".tenantvet.toml", "[[source]]", "[[table]]\nname = \"cards\"\ncolumns = [\"id\", \"tenant_id\"]\n\n[[source]]")
	write(t, root, map[string]string{
		"c/cards.sql": "SELECT name FROM cards WHERE tenant_id = $1 AND id = $2",
		"c/c.go": `package c

import (
	"database/sql"
	_ "embed"
	"net/http"

	"example.com/shop/a"
)

var (
	//go:embed cards.sql
	byID string
)

func Name(db *sql.DB, r *http.Request) *sql.Row {
	return db.QueryRowContext(r.Context(), byID, a.Tenant(r.Context()), r.PathValue("id"))
}
`,
	})
	if r := lint(t, root, "./c"); len(r.lines) != 0 {
		t.Fatalf("want no finding: %q\n%s", r.lines, r.stderr)
	}
	edit(t, root, "c/cards.sql", "tenant_id = $1 AND id", "name <> $1 AND id")
	if r := lint(t, root, "./c"); len(r.lines) != 1 {
		t.Errorf("the edit is not seen: %q\n%s", r.lines, r.stderr)
	}
	edit(t, root, "c/cards.sql", "name <> $1 AND id", "tenant_id = $1 AND id")
	if r := lint(t, root, "./c"); len(r.lines) != 0 {
		t.Errorf("the edit back is not seen: %q", r.lines)
	}
}

// TestPolicySettings: a policy named or written in the settings is in force in
// the place of the one at the root.
func TestPolicySettings(t *testing.T) {
	root := service(t, example(t, `policy: build/policy.toml`))
	if r := lint(t, root); r.code != 3 || !strings.Contains(r.stderr, "policy.toml") {
		t.Errorf("a policy that is not there: exit code %d\n%s", r.code, r.stderr)
	}
	data, err := os.ReadFile(filepath.Join(root, ".tenantvet.toml"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(data), "./a.Tenant", "./a.Caller", 1)
	write(t, root, map[string]string{"build/policy.toml": text})
	if r := lint(t, root); len(r.lines) != 0 || r.code != 0 {
		t.Errorf("a policy by name: %q, exit code %d\n%s", r.lines, r.code, r.stderr)
	}
	inline := func(text string) string {
		return example(t, append([]string{"inline-policy: |"}, strings.Split("  "+strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n            "), "\n          ")...)...)
	}
	write(t, root, map[string]string{".golangci.yml": inline(text)})
	if r := lint(t, root); len(r.lines) != 0 || r.code != 0 {
		t.Errorf("a policy inline: %q, exit code %d\n%s", r.lines, r.code, r.stderr)
	}
	write(t, root, map[string]string{".golangci.yml": inline(string(data))})
	if r := lint(t, root); len(r.lines) != 1 {
		t.Errorf("another policy inline: %q\n%s", r.lines, r.stderr)
	}
	write(t, root, map[string]string{".golangci.yml": inline(string(data) + "\n[[exempt]]\ncategory = \"unscopedkey\"\nfunc = \"./store.Get\"\nreason = \"x\"\n")})
	if r := lint(t, root); len(r.lines) != 2 || !strings.Contains(strings.Join(r.lines, "\n"), "store/store.go:1:1: inline-policy:11:1: unused: ") {
		t.Errorf("an entry that nothing needs: %q\n%s", r.lines, r.stderr)
	}
}

// TestPolicyFinding: a finding about a line of the policy is shown at the package
// that tells, since golangci-lint drops what is not in a Go file.
func TestPolicyFinding(t *testing.T) {
	root := service(t, example(t))
	edit(t, root, ".tenantvet.toml", "[[sink]]", "[[exempt]]\ncategory = \"unscopedkey\"\nfunc = \"./store.Get\"\nreason = \"x\"\n\n[[sink]]")
	r := lint(t, root)
	if want := "store/store.go:1:1: .tenantvet.toml:6:1: unused: "; !slices.ContainsFunc(r.lines, func(s string) bool { return strings.HasPrefix(s, want) }) {
		t.Errorf("no finding begins with %q: %q", want, r.lines)
	}
}

// TestBaseline: the baseline that the policy names is in force, and an edit of it
// shows in the next answer.
func TestBaseline(t *testing.T) {
	root := service(t, example(t))
	cmd := exec.Command(command, "-write-baseline", "known.txt", "./...")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	edit(t, root, ".tenantvet.toml", "[[source]]", "baseline = \"known.txt\"\n\n[[source]]")
	if r := same(t, root); len(r.lines) != 0 || r.code != 0 {
		t.Errorf("what is known: %q, exit code %d\n%s", r.lines, r.code, r.stderr)
	}
	write(t, root, map[string]string{"known.txt": ""})
	if r := same(t, root); len(r.lines) != 1 {
		t.Errorf("the edit is not seen: %q\n%s", r.lines, r.stderr)
	}
}

// TestTests: test files change nothing, in whatever package they are.
func TestTests(t *testing.T) {
	root := service(t, example(t))
	write(t, root, map[string]string{
		"b/b_test.go": `package b

import (
	"testing"

	"example.com/shop/store"
)

var seen = map[string]string{}

type probe struct{}

func (probe) Price(id string) { seen[id] = store.Get(id) }

func TestPrice(t *testing.T) { Price(nil, nil); probe{}.Price("1") }
`,
		"b/x_test.go": `package b_test

import (
	"testing"

	"example.com/shop/store"
)

func TestGet(t *testing.T) { store.Get("1") }
`,
	})
	if r := same(t, root); len(r.lines) != 1 || !strings.HasPrefix(r.lines[0], "b/b.go:11:") {
		t.Errorf("want the one finding of b.go: %q\n%s", r.lines, r.stderr)
	}
}

// TestExemptions: golangci-lint's comments take findings out, as ours do.
func TestExemptions(t *testing.T) {
	for _, comment := range []string{"//nolint:tenantvet // prices are public", "//tenantvet:ignore unscopedkey/missing prices are public"} {
		root := service(t, example(t))
		edit(t, root, "b/b.go", `r.PathValue("id")))`, `r.PathValue("id"))) `+comment)
		if r := lint(t, root); len(r.lines) != 0 || r.code != 0 {
			t.Errorf("%s: %q, exit code %d\n%s", comment, r.lines, r.code, r.stderr)
		}
	}
}

// TestAnalyzers: analyzers are switched off by the settings.
func TestAnalyzers(t *testing.T) {
	root := service(t, example(t, "analyzers:", "  unscopedkey: false"))
	if r := lint(t, root); len(r.lines) != 0 || r.code != 0 {
		t.Errorf("%q, exit code %d\n%s", r.lines, r.code, r.stderr)
	}
}

// TestBadSettings: settings that are not understood stop the run, and name the
// remedy.
func TestBadSettings(t *testing.T) {
	for setting, want := range map[string]string{
		"polcy: x.toml":               `unknown field "polcy"; there are policy, inline-policy, analyzers and build-tags`,
		"analyzers: {unscoped: true}": `there is no "unscoped"; there are unscopedkey, `,
		`inline-policy: "[[sink"`:     "inline-policy:1:",
	} {
		root := service(t, example(t, setting))
		if r := lint(t, root); r.code != 3 || !strings.Contains(r.stderr, want) {
			t.Errorf("%s: exit code %d; want an error with %q\n%s", setting, r.code, want, r.stderr)
		}
	}
}
