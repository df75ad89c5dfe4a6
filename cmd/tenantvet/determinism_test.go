package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/tenantvet/tenantvet/internal/command"
)

// Ten runs over the corpus say the same, byte for byte, findings and notes,
// with more and less parallelism, without a cache, with an empty one, and out
// of one, whole or in part.
func TestDeterminism(t *testing.T) {
	if testing.Short() {
		t.Skip("analyses the corpus ten times")
	}
	root, err := filepath.Abs("../../testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	cache := t.TempDir()
	half := t.TempDir()
	run := func(cache string, patterns ...string) []byte {
		t.Helper()
		var out bytes.Buffer
		cmd := command.Cmd{
			Suite: suite(), Args: patterns, Dir: root, Stdout: &out, Stderr: &out,
			Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=", "TENANTVET_CACHE="+cache, "TENANTVET_POLICY="),
		}
		if code := cmd.Run(t.Context()); code != command.ExitFindings {
			t.Fatalf("exit code %d\n%s", code, &out)
		}
		return out.Bytes()
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	run(half, "./flow/...")
	first := run("off", "./...")
	for i, cache := range []string{"off", "off", cache, half, cache, cache, half, cache, half} {
		runtime.GOMAXPROCS([]int{1, 4, 2, 16}[i%4])
		if out := run(cache, "./..."); !bytes.Equal(first, out) {
			t.Fatalf("run %d, cache %s, differs from the first:\n%s", i+2, cache, firstDifference(first, out))
		}
	}
}

func firstDifference(a, b []byte) string {
	as, bs := bytes.Split(a, []byte("\n")), bytes.Split(b, []byte("\n"))
	for i := range min(len(as), len(bs)) {
		if !bytes.Equal(as[i], bs[i]) {
			return fmt.Sprintf("line %d\n%s\n%s", i+1, as[i], bs[i])
		}
	}
	return "one is longer"
}
