package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tenantvet/tenantvet/internal/command"
)

// The configurations for editors in docs/editors.md are JSON, and of the patterns of the
// task one reads what tenantvet prints of findings, and the other what it prints of
// steps, as the editor's terminal draws them: it has no tabs.
func TestEditors(t *testing.T) {
	var tasks struct {
		Tasks []struct {
			ProblemMatcher []struct {
				Owner   string
				Pattern struct{ Regexp string }
			}
		}
	}
	blocks := regexp.MustCompile("(?s)```json\n(.*?)```").FindAllStringSubmatch(page(t, "docs/editors.md"), -1)
	if len(blocks) < 2 {
		t.Fatalf("%d configurations: what do they look like now?", len(blocks))
	}
	for _, b := range blocks {
		if err := json.Unmarshal([]byte(b[1]), &tasks); err != nil {
			t.Errorf("%v in\n%s", err, b[1])
		}
	}
	if len(tasks.Tasks) != 1 {
		t.Fatalf("%d tasks", len(tasks.Tasks))
	}
	matchers := tasks.Tasks[0].ProblemMatcher
	if len(matchers) != 2 || matchers[0].Owner == matchers[1].Owner {
		t.Fatalf("%+v: one for findings and one for steps, with lists of their own", matchers)
	}
	findings, steps := regexp.MustCompile(matchers[0].Pattern.Regexp), regexp.MustCompile(matchers[1].Pattern.Regexp)
	dir, err := filepath.Abs("../../examples/leaky")
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	cmd := command.Cmd{
		Suite: suite(), Args: []string{"./internal/invoices", "./internal/account"}, Dir: dir, Stdout: &stdout, Stderr: &stderr,
		Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=", "TENANTVET_CACHE=off", "TENANTVET_POLICY="),
	}
	if code := cmd.Run(t.Context()); code != command.ExitFindings {
		t.Fatalf("exit code %d\n%s", code, &stderr)
	}
	for line := range strings.Lines(stdout.String()) {
		line = strings.TrimSuffix(line, "\n")
		pattern, other := findings, steps
		if rest, ok := strings.CutPrefix(line, "\t"); ok {
			line, pattern, other = strings.Repeat(" ", 8)+rest, steps, findings
		}
		m := pattern.FindStringSubmatch(line)
		if m == nil || other.MatchString(line) {
			t.Errorf("%q is not read by the one pattern that it is for", line)
			continue
		}
		if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(m[1]))); err != nil {
			t.Errorf("%q: %v", line, err)
		}
	}
}
