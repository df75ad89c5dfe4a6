package guards_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/tenantvet/tenantvet/internal/command"
	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/guards"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/routes"
)

var update = flag.Bool("update", false, "write the golden table anew")

// list runs "tenantvet routes" on the corpus.
func list(t *testing.T, cache string, args ...string) []byte {
	t.Helper()
	var stdout, stderr bytes.Buffer
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	cmd := command.Cmd{
		Suite:  driver.Suite{Routes: guards.Listing, PolicyDigest: policy.Digest},
		Args:   append([]string{"routes", "-C", "../../testdata/src"}, args...),
		Dir:    dir,
		Stdout: &stdout, Stderr: &stderr,
		Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=vendor", "TENANTVET_CACHE="+cache, "TENANTVET_POLICY="),
	}
	if code := cmd.Run(t.Context()); code != command.ExitClean {
		t.Fatalf("exit code %d\n%s", code, &stderr)
	}
	return stdout.Bytes()
}

// The verdicts on the corpus are the golden ones, whatever the parallelism.
func TestCorpus(t *testing.T) {
	got := list(t, "off", "./guarded/...")
	const golden = "testdata/corpus.golden"
	if *update {
		if err := os.WriteFile(golden, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the table is\n%s\n%s has\n%s\nIf it is right: go test ./internal/guards -update", got, golden, want)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, n := range []int{1, 4} {
		runtime.GOMAXPROCS(n)
		if again := list(t, "off", "./guarded/..."); !bytes.Equal(again, got) {
			t.Errorf("with %d processors the table is\n%s", n, again)
		}
	}
}

// In the files of clean cases no mounted route is without its guard, and every
// route has a verdict.
func TestVerdicts(t *testing.T) {
	var table routes.Routes
	if err := json.Unmarshal(list(t, "off", "-format", "json", "./guarded/..."), &table); err != nil {
		t.Fatal(err)
	}
	seen, required := map[string]int{}, map[string]int{}
	for _, e := range table.Routes {
		if e.Contract == nil {
			t.Errorf("%s %s at %s has no verdict", e.Methods, e.Path, e.At)
			continue
		}
		seen[e.Verdict]++
		if e.Requires != nil {
			required[e.Requires.Caller]++
		}
		if sound := e.Verdict != "unguarded" && e.Verdict != "opaque"; e.Requires != nil && !sound {
			t.Errorf("%s %s at %s is %s, and said to require %s", e.Methods, e.Path, e.At, e.Verdict, e.Requires.Caller)
		}
		if e.Verdict == "unguarded" && strings.HasSuffix(e.At.File, "/good.go") && e.At.File != "guarded/mux/good.go" {
			t.Errorf("%s %s at %s is %s", e.Methods, e.Path, e.At, e.Verdict)
		}
	}
	for _, verdict := range []string{"guarded", "unguarded", "public", "free"} {
		if seen[verdict] == 0 {
			t.Errorf("no route is %s: %v", verdict, seen)
		}
	}
	for _, caller := range []string{"nothing", "sign-in", "membership", "role"} {
		if required[caller] == 0 {
			t.Errorf("no route requires %s: %v", caller, required)
		}
	}
}

// What is kept of a package is small, the same in every run, and leads to the
// same verdicts.
func TestFacts(t *testing.T) {
	var first map[string]bool
	for range 2 {
		dir := t.TempDir()
		fresh := list(t, dir, "./guarded/...")
		if again := list(t, dir, "./guarded/..."); !bytes.Equal(again, fresh) {
			t.Errorf("from the cache the table is\n%s", again)
		}
		kept := map[string]bool{}
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(path, "-d") { // named by their content
				info, err := d.Info()
				if err != nil {
					return err
				}
				if info.Size() > 60_000 {
					t.Errorf("a record has %d bytes", info.Size())
				}
				kept[filepath.Base(path)] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(kept) < 5 {
			t.Fatalf("%d records are kept", len(kept))
		}
		for name := range kept {
			if first != nil && !first[name] {
				t.Errorf("record %s differs from run to run", name)
			}
		}
		first = kept
	}
}
