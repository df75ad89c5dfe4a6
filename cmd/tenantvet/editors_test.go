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

// The configurations for editors in docs/editors.md are JSON, and the pattern of the
// task reads every line that tenantvet prints, findings and steps.
func TestEditors(t *testing.T) {
	var tasks struct {
		Tasks []struct {
			ProblemMatcher struct{ Pattern struct{ Regexp string } }
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
	pattern, err := regexp.Compile(tasks.Tasks[0].ProblemMatcher.Pattern.Regexp)
	if err != nil {
		t.Fatal(err)
	}
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
		m := pattern.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if m == nil {
			t.Errorf("the pattern does not read %q", line)
			continue
		}
		if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(m[1]))); err != nil {
			t.Errorf("%q: %v", line, err)
		}
	}
}
