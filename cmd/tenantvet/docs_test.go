package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tenantvet/tenantvet/internal/command"
	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/sqlscope"
)

// pages are the documents that a user reads.
var pages = []string{"README.md", "CHANGELOG.md", "docs/policy.md", "docs/limits.md", "docs/how-it-works.md", "docs/ci.md", "docs/command.md", "docs/golangci.md", "docs/bazel.md", "docs/editors.md", "docs/scale.md", "docs/start.md", "docs/pre-commit.md", "docs/performance.md", "docs/routes.md", "docs/rules.md", "docs/runtime.md", "examples/leaky/README.md", "examples/service/README.md"}

func page(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../..", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// Every TOML block of the documents is a policy that tenantvet accepts.
func TestPolicyExamples(t *testing.T) {
	count := 0
	for _, name := range pages {
		text := page(t, name)
		for {
			_, rest, ok := strings.Cut(text, "```toml\n")
			if !ok {
				break
			}
			block, after, _ := strings.Cut(rest, "```")
			if _, err := policy.Parse(name, []byte(block), "example.com/shop"); err != nil {
				t.Errorf("a block of %s: %v\n%s", name, err, block)
			}
			count++
			text = after
		}
	}
	if count < 10 {
		t.Errorf("%d examples found: what do they look like now?", count)
	}
}

// Those that show how a file about a library begins are such files.
func TestLibraryExamples(t *testing.T) {
	blocks := strings.Split(page(t, "docs/policy.md"), "```toml library\n")[1:]
	if len(blocks) == 0 {
		t.Error("no examples found: what do they look like now?")
	}
	for _, b := range blocks {
		block, _, _ := strings.Cut(b, "```")
		if set, err := models.Decode("docs/policy.md", []byte(block), models.DecodeOptions{}); err != nil {
			t.Errorf("%v\n%s", err, block)
		} else if set.Rows() == 0 {
			t.Errorf("an example without a row:\n%s", block)
		}
	}
}

// docs/policy.md lists every way of flow that there is, as the complaint about
// one that is missing does.
func TestFlowsAreListed(t *testing.T) {
	_, err := models.Decode("p", []byte("[[flow]]\nfunc = \"example.com/x.F\"\n"), models.DecodeOptions{})
	if err == nil {
		t.Fatal("a flow without how is accepted")
	}
	_, list, ok := strings.Cut(err.Error(), "it is one of ")
	if !ok {
		t.Fatalf("the complaint does not list them: %v", err)
	}
	list, _, _ = strings.Cut(list, "\n")
	text := page(t, "docs/policy.md")
	for how := range strings.SplitSeq(list, ", ") {
		if !strings.Contains(text, "\n| `"+how+"` | ") {
			t.Errorf("docs/policy.md has no line about how = %q", how)
		}
	}
}

// What docs/how-it-works.md says of conditions is what becomes of them.
func TestConditions(t *testing.T) {
	_, table, ok := strings.Cut(page(t, "docs/how-it-works.md"), "| of `SELECT id FROM invoices …` | `tenant_id` is |\n|---|---|\n")
	if !ok {
		t.Fatal("the table of conditions is gone: what does it look like now?")
	}
	table, _, _ = strings.Cut(table, "\n\n")
	for row := range strings.Lines(table) {
		m := regexp.MustCompile("^\\| `(.*)` \\| ([a-z ]+) \\|$").FindStringSubmatch(strings.TrimSpace(row))
		if m == nil {
			t.Errorf("unexpected form: %s", row)
			continue
		}
		res := sqlscope.Scan(sqlscope.Plain("SELECT id FROM invoices "+m[1]), sqlscope.Options{})
		if len(res.Statements) != 1 {
			t.Errorf("%s: %d statements", m[1], len(res.Statements))
		} else if got := res.Statements[0].Restricted(0, "tenant_id").Kind.String(); got != m[2] {
			t.Errorf("%s: the page says %s, and it is %s", m[1], m[2], got)
		}
	}
}

// Relative links lead to files that are there.
func TestLinks(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^):#]+)(#[^)]*)?\)`)
	for _, name := range pages {
		for _, m := range link.FindAllStringSubmatch(page(t, name), -1) {
			target := filepath.Join("../..", filepath.Dir(filepath.FromSlash(name)), filepath.FromSlash(m[1]))
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links to %s: %v", name, m[1], err)
			}
		}
	}
}

// docs/limits.md names every limit of the corpus, and tenantvet is silent on
// each: one that is reported is no limit any more.
func TestLimits(t *testing.T) {
	root, err := filepath.Abs("../../testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	dirs, err := filepath.Glob(filepath.Join(root, "limits", "*"))
	if err != nil || len(dirs) == 0 {
		t.Fatal(dirs, err)
	}
	var want []string
	for _, d := range dirs {
		want = append(want, filepath.Base(d))
	}
	var got []string
	for _, m := range regexp.MustCompile(`\[limits/(\w+)\]\(\.\./testdata/src/limits/(\w+)\)`).FindAllStringSubmatch(page(t, "docs/limits.md"), -1) {
		if m[1] == m[2] {
			got = append(got, m[1])
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("docs/limits.md speaks of %v, testdata/src/limits holds %v", got, want)
	}
	var stdout, stderr bytes.Buffer
	cmd := command.Cmd{
		Suite: suite(), Args: []string{"./limits/..."}, Dir: root, Stdout: &stdout, Stderr: &stderr,
		Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=", "TENANTVET_CACHE=off", "TENANTVET_POLICY="),
	}
	if code := cmd.Run(t.Context()); code != command.ExitClean {
		t.Errorf("exit code %d: these are found now, and belong elsewhere in the corpus:\n%s%s", code, &stdout, &stderr)
	}
}
