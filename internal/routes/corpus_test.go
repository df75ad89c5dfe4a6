package routes_test

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/tenantvet/tenantvet/internal/command"
	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/routes"
)

var update = flag.Bool("update", false, "write the golden table anew")

// list runs "tenantvet routes" on the corpus.
func list(t *testing.T, args ...string) []byte { return listCached(t, "off", args...) }

func listCached(t *testing.T, cache string, args ...string) []byte {
	t.Helper()
	var stdout, stderr bytes.Buffer
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	cmd := command.Cmd{
		Suite:  driver.Suite{Routes: routes.NewListing(nil), PolicyDigest: policy.Digest},
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

// The table of the corpus is the golden one, whatever the parallelism.
func TestCorpus(t *testing.T) {
	got := list(t, "./routes/...")
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
		t.Errorf("the table is\n%s\n%s has\n%s\nIf it is right: go test ./internal/routes -update", got, golden, want)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, n := range []int{1, 4} {
		runtime.GOMAXPROCS(n)
		if again := list(t, "./routes/..."); !bytes.Equal(again, got) {
			t.Errorf("with %d processors the table is\n%s", n, again)
		}
	}
}

// What is kept of a package, its facts among it, is the same in every run, and
// small; and from it comes the same table.
func TestFacts(t *testing.T) {
	var first map[string]int64
	for range 2 {
		dir := t.TempDir()
		fresh := listCached(t, dir, "./routes/...")
		if again := listCached(t, dir, "./routes/..."); !bytes.Equal(again, fresh) {
			t.Errorf("from the cache the table is\n%s", again)
		}
		kept := map[string]int64{}
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(path, "-d") { // named by their content
				info, err := d.Info()
				if err != nil {
					return err
				}
				kept[filepath.Base(path)] = info.Size()
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(kept) < 5 {
			t.Fatalf("%d records are kept", len(kept))
		}
		for name, size := range kept {
			if size > 100_000 {
				t.Errorf("a record has %d bytes", size)
			}
			if _, ok := first[name]; first != nil && !ok {
				t.Errorf("record %s of %d bytes differs from run to run", name, size)
			}
		}
		first = kept
	}
}

// Packages without routers have no routes: nothing is taken for one.
func TestNoRouters(t *testing.T) {
	if got := string(list(t, "./keys/...", "./global/...", "./orm/...")); got != "no routes\n" {
		t.Errorf("got\n%s", got)
	}
}
