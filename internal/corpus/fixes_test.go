package corpus

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/fixes.diff")

// TestStatementFixes compares the fixes of the corpus's statements with
// testdata/fixes.diff.
func TestStatementFixes(t *testing.T) {
	const golden = "testdata/fixes.diff"
	got, err := run(dir, build(t), "-diff", "./orm/notes", "./orm/orders", "./sqlstore")
	if exitCode(err) != 1 {
		t.Fatalf("tenantvet -diff: %v\n%s", err, got)
	}
	if *update {
		if err := os.MkdirAll(filepath.Dir(golden), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, bytes.ReplaceAll(want, []byte("\r\n"), []byte("\n"))) {
		t.Errorf("the fixes are not those of %s; if they are better, run: go test ./internal/corpus -run TestStatementFixes -update\n%s", golden, got)
	}
}

// TestFixes applies every fix that the corpus offers to a copy of it. What comes
// out must compile, and a second run must find what the first one found, less
// the findings that had a fix.
func TestFixes(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and analyses a copy of the corpus")
	}
	tool := build(t)
	root := t.TempDir()
	if err := os.CopyFS(root, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	before, fixes := fixable(t, tool, root)
	for _, category := range []string{"unscopedkey/missing", "tenantdirective/unused"} {
		if fixes[category] == 0 {
			t.Errorf("no finding of %s has a fix: is there none any more?", category)
		}
	}
	if out, err := run(root, tool, "-fix", "./..."); exitCode(err) != 0 && exitCode(err) != 1 {
		t.Fatalf("tenantvet -fix: %v\n%s", err, out)
	}
	if out, err := run(root, "go", "vet", "-mod=vendor", "./..."); err != nil {
		t.Fatalf("what comes out does not pass go vet: %v\n%s", err, out)
	}
	after, left := fixable(t, tool, root)
	if len(left) > 0 {
		t.Errorf("a second run has fixes as well: %v", left)
	}
	for _, f := range slices.Sorted(maps.Keys(after)) {
		if n := after[f] - before[f]; n > 0 {
			t.Errorf("found after the fixes, and not before: %s", f)
		}
	}
	for _, f := range slices.Sorted(maps.Keys(before)) {
		if n := before[f] - after[f]; n > 0 {
			t.Errorf("lost, though it had no fix: %s", f)
		}
	}
	t.Logf("fixed: %v", fixes)
}

// fixable runs the tool in dir and returns how often each finding without a fix
// occurs, told without lines, and how many of each category have one.
func fixable(t *testing.T, tool, root string) (without, fixes map[string]int) {
	t.Helper()
	out, err := run(root, tool, "-json", "./...")
	if code := exitCode(err); code != 0 && code != 1 {
		t.Fatalf("exit code %d\n%s", code, out)
	}
	without, fixes = map[string]int{}, map[string]int{}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var tree map[string]map[string][]struct {
			Category, Posn, Message string
			Fixes                   []json.RawMessage `json:"suggested_fixes"`
		}
		if err := dec.Decode(&tree); err == io.EOF {
			return without, fixes
		} else if err != nil {
			t.Fatal(err)
		}
		for _, byAnalyzer := range tree {
			for name, list := range byAnalyzer {
				for _, d := range list {
					if len(d.Fixes) > 0 {
						fixes[name+"/"+d.Category]++
						continue
					}
					file, _, _ := strings.Cut(d.Posn[len(root)+1:], ":")
					without[fmt.Sprintf("%s: %s (%s/%s)", filepath.ToSlash(file), d.Message, name, d.Category)]++
				}
			}
		}
	}
}

func run(root, name string, args ...string) ([]byte, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "TENANTVET_CACHE=off", "TENANTVET_POLICY=", "GOFLAGS=-mod=vendor", "GOPROXY=off", "GOWORK=off")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil && (name == "go" || exitCode(err) != 1) {
		out = append(out, stderr.Bytes()...)
	}
	return out, err
}
