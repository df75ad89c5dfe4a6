package corpus

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/tenantvet/tenantvet/analyzers"
	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/guest"
	"github.com/tenantvet/tenantvet/internal/policy"

	// The tool is built by a command, which go test does not see: a result is
	// out of date when the tool is.
	_ "github.com/tenantvet/tenantvet/internal/command"
)

// TestDrivers runs tenantvet over the corpus as a command, as a vet tool and
// in the driver of x/tools. All must find what the want comments say and nothing
// else, in the same words, in every directory.
func TestDrivers(t *testing.T) {
	tool := build(t)
	root := t.TempDir()
	n, err := CopyWithCanaries(root, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d directories", n)
	command := findings(t, root, exec.Command(tool, "-json", "./..."))
	vet := findings(t, root, exec.Command("go", "vet", "-vettool="+tool, "-json", "./..."))
	if d := Difference(Lines(command), Lines(vet)); d != "" {
		t.Errorf("the command and the vet tool disagree:\n%s", d)
	}
	if d := Difference(Lines(command), checkerFindings(t, root)); d != "" {
		t.Errorf("the command and x/tools' driver disagree:\n%s", d)
	}
	problems, err := Check(root, command)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
	t.Logf("%d findings", len(command))
}

// TestPackageScope runs the vet tool on one package after all of them and
// before: go vet's cache must not swallow findings.
func TestPackageScope(t *testing.T) {
	tool := build(t)
	one := exec.Command("go", "vet", "-vettool="+tool, "-json", "./flow/helperpkg/...")
	if len(findings(t, dir, one)) == 0 {
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

// findings runs a command that prints go vet's JSON in the corpus at root, and
// returns its findings.
func findings(t *testing.T, root string, cmd *exec.Cmd) []Found {
	t.Helper()
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "TENANTVET_CACHE=off")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if code := exitCode(cmd.Run()); code != 0 && code != 1 {
		t.Fatalf("%v: exit code %d\n%s", cmd.Args, code, stderr.Bytes())
	}
	found, err := ReadJSON(root, append(stdout.Bytes(), stderr.Bytes()...))
	if err != nil {
		t.Fatalf("%v: %v", cmd.Args, err)
	}
	return found
}

// checkerFindings runs the suite as a guest of x/tools' driver, the one behind
// multichecker and analysistest, over the corpus at root.
func checkerFindings(t *testing.T, root string) []string {
	t.Helper()
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax | packages.NeedModule, Dir: root, Tests: true}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	show := guest.Analyzers(guest.Config{
		Name: "tenantvet", Doc: "all of it", Suite: driver.Suite{Analyzers: analyzers.Suite()}, Getenv: os.Getenv,
		Policy: func(_, dir string) (*policy.Policy, error) { return policy.ForDir(dir, os.Getenv) },
	})
	graph, err := checker.Analyze(show, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for act := range graph.All() {
		if act.Err != nil {
			t.Fatalf("%v: %v", act, act.Err)
		}
		for _, d := range act.Diagnostics {
			p := act.Package.Fset.Position(d.Pos)
			name, err := filepath.Rel(root, p.Filename)
			if err != nil {
				t.Fatal(err)
			}
			// A package with tests is looked at twice, and told of once, as by
			// x/tools' own printer.
			if line := fmt.Sprintf("%s:%d:%d: %s", filepath.ToSlash(name), p.Line, p.Column, d.Message); !slices.Contains(out, line) {
				out = append(out, line)
			}
		}
	}
	return out
}
