package routes_test

import (
	"bytes"
	"flag"
	"os"
	"runtime"
	"testing"

	"github.com/tenantvet/tenantvet/internal/command"
	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/routes"
)

var update = flag.Bool("update", false, "write the golden table anew")

// list runs "tenantvet routes" on the corpus.
func list(t *testing.T, args ...string) []byte {
	t.Helper()
	var stdout, stderr bytes.Buffer
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	cmd := command.Cmd{
		Suite:  driver.Suite{Routes: routes.Listing, PolicyDigest: policy.Digest},
		Args:   append([]string{"routes", "-C", "../../testdata/src"}, args...),
		Dir:    dir,
		Stdout: &stdout, Stderr: &stderr,
		Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=vendor", "TENANTVET_CACHE=off", "TENANTVET_POLICY="),
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

// Packages without routers have no routes: nothing is taken for one.
func TestNoRouters(t *testing.T) {
	if got := string(list(t, "./keys/...", "./global/...", "./orm/...")); got != "no routes\n" {
		t.Errorf("got\n%s", got)
	}
}
