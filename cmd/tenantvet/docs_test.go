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
	"github.com/tenantvet/tenantvet/internal/policy"
)

// pages are the documents that a user reads.
var pages = []string{"README.md", "CHANGELOG.md", "docs/policy.md", "docs/limits.md", "docs/how-it-works.md", "docs/performance.md", "docs/routes.md", "docs/rules.md", "docs/runtime.md"}

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
