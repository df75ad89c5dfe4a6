package corpus

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	// The tool is built by a command, which go test does not see: a result is
	// out of date when the tool is.
	_ "github.com/tenantvet/tenantvet/internal/command"
)

// TestDrivers runs tenantvet over the corpus as a command and as a vet tool.
// Both must find what the want comments say and nothing else, in the same
// words.
func TestDrivers(t *testing.T) {
	tool := build(t)
	command := findings(t, exec.Command(tool, "-json", "./..."))
	vet := findings(t, exec.Command("go", "vet", "-vettool="+tool, "-json", "./..."))
	if !slices.Equal(command, vet) {
		t.Errorf("the command and the vet tool disagree:\n%s", difference(command, vet))
	}
	check(t, command)
}

// TestPackageScope runs the vet tool on one package after all of them and
// before: go vet's cache must not swallow findings.
func TestPackageScope(t *testing.T) {
	tool := build(t)
	one := exec.Command("go", "vet", "-vettool="+tool, "-json", "./flow/helperpkg/...")
	if len(findings(t, one)) == 0 {
		t.Errorf("no findings in ./flow/helperpkg/... by itself")
	}
}

func build(t *testing.T) string {
	t.Helper()
	tool := filepath.Join(t.TempDir(), "tenantvet")
	if runtime.GOOS == "windows" {
		tool += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", tool, "../../cmd/tenantvet").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return tool
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

// findings runs a command that prints go vet's JSON and returns its findings,
// one line each, sorted.
func findings(t *testing.T, cmd *exec.Cmd) []string {
	t.Helper()
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TENANTVET_CACHE=off")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if code := exitCode(cmd.Run()); code != 0 && code != 1 {
		t.Fatalf("%v: exit code %d\n%s", cmd.Args, code, stderr.Bytes())
	}
	var clean bytes.Buffer
	for line := range bytes.Lines(append(stdout.Bytes(), stderr.Bytes()...)) {
		if !bytes.HasPrefix(line, []byte("#")) {
			clean.Write(line)
		}
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for dec := json.NewDecoder(&clean); ; {
		var tree map[string]map[string][]struct {
			Category, Posn, Message string
			Related                 []struct{ Posn, Message string }
		}
		if err := dec.Decode(&tree); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("%v: %v", cmd.Args, err)
		}
		for _, byAnalyzer := range tree {
			for name, list := range byAnalyzer {
				for _, d := range list {
					line := fmt.Sprintf("%s: %s (%s/%s)", rel(abs, d.Posn), d.Message, name, d.Category)
					for _, r := range d.Related {
						line += fmt.Sprintf(" | %s: %s", rel(abs, r.Posn), r.Message)
					}
					out = append(out, line)
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

func rel(root, posn string) string {
	return filepath.ToSlash(strings.TrimPrefix(posn, root+string(filepath.Separator)))
}

func difference(a, b []string) string {
	var out strings.Builder
	for _, x := range a {
		if !slices.Contains(b, x) {
			fmt.Fprintf(&out, "only the first: %s\n", x)
		}
	}
	for _, x := range b {
		if !slices.Contains(a, x) {
			fmt.Fprintf(&out, "only the second: %s\n", x)
		}
	}
	return out.String()
}

var (
	wantRE    = regexp.MustCompile("(?://|/\\*) want ((?:`[^`]*`|\"(?:[^\"\\\\]|\\\\.)*\")(?:\\s+(?:`[^`]*`|\"(?:[^\"\\\\]|\\\\.)*\"))*)")
	patternRE = regexp.MustCompile("`([^`]*)`|\"((?:[^\"\\\\]|\\\\.)*)\"")
	placeRE   = regexp.MustCompile(`^(.*?):(\d+):\d+: (.*)$`)
)

// check matches findings against the want comments.
func check(t *testing.T, found []string) {
	t.Helper()
	wants := map[string][]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == "vendor" {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".go" {
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		for i, line := range strings.Split(string(src), "\n") {
			if m := wantRE.FindStringSubmatch(line); m != nil {
				for _, p := range patternRE.FindAllStringSubmatch(m[1], -1) {
					key := fmt.Sprintf("%s:%d", filepath.ToSlash(name), i+1)
					wants[key] = append(wants[key], p[1]+p[2])
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	met := 0
	for _, f := range found {
		head, _, _ := strings.Cut(f, " | ")
		m := placeRE.FindStringSubmatch(head)
		if m == nil {
			t.Errorf("unexpected form: %s", f)
			continue
		}
		key := m[1] + ":" + m[2]
		i := slices.IndexFunc(wants[key], func(p string) bool { return regexp.MustCompile(p).MatchString(m[3]) })
		if i < 0 {
			t.Errorf("not expected: %s", head)
			continue
		}
		wants[key] = slices.Delete(wants[key], i, i+1)
		met++
	}
	for key, list := range wants {
		for _, p := range list {
			t.Errorf("%s: no finding matches %q", key, p)
		}
	}
	t.Logf("%d findings as expected", met)
}
