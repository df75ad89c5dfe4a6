package guest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tenantvet/tenantvet/internal/guest"
)

func edit(t *testing.T, name, old, new string) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(data), old, new, 1)
	if text == string(data) {
		t.Fatalf("%s has no %q", name, old)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// sourced returns a host that carries no facts, on a service of its own.
func sourced(t *testing.T) host {
	root := service(t)
	return host{
		root: root, policy: ofDir, analyzed: new(atomic.Int32),
		sources: &guest.Sources{Dir: root, Env: append(os.Environ(), "GOWORK=off"), CacheDir: t.TempDir(), TagsRemedy: "say the tags"},
	}
}

// finds runs the host, which must find just that, having analysed so many packages.
func (h host) finds(t *testing.T, what string, analyzed int, want ...string) {
	t.Helper()
	h.analyzed.Store(0)
	got, err := h.run(t)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: got\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if n := int(h.analyzed.Load()); n != analyzed {
		t.Errorf("%s: %d packages analysed, want %d", what, n, analyzed)
	}
}

// TestSources: without facts of the host the same is found, whatever it runs on and
// whatever is in the cache, and no more is analysed than changed for those that ask.
func TestSources(t *testing.T) {
	h := sourced(t)
	alone := h
	alone.patterns = []string{"./b"}
	alone.sources = &guest.Sources{Dir: h.root, Env: h.sources.Env}
	alone.finds(t, "b alone, no cache", 2, inService[1])
	alone.whole = true
	alone.finds(t, "b alone, whole types", 2, inService[1])
	h.finds(t, "all", 2, inService...)
	h.finds(t, "all again", 0, inService...)
	alone.sources = h.sources
	alone.finds(t, "b alone", 0, inService[1])

	a := filepath.Join(h.root, "a", "a.go")
	edit(t, a, `"all/" + id`, `"any/" + id`)
	later := slices.Clone(inService)
	later[1] = strings.Replace(later[1], "all/", "any/", 1)
	h.finds(t, "a fact changed", 2, later...)
	edit(t, a, "json.Marshal(key)", "json.Marshal(key); _ = len(text)")
	h.finds(t, "a body changed", 1, later...)
	edit(t, filepath.Join(h.root, "b", "b_test.go"), "TestPrice", "TestPrices")
	h.finds(t, "a test changed", 0, later...)
	edit(t, filepath.Join(h.root, "go.mod"), "go 1.26.0", "go 1.26.0 // and so on")
	h.finds(t, "go.mod changed", 2, later...)
}

// TestSourcesLines: findings whose places line directives make are told there, from the
// cache too.
func TestSourcesLines(t *testing.T) {
	h := sourced(t)
	edit(t, filepath.Join(h.root, "b", "b.go"), "func Price", "//line b.tmpl.go:70\nfunc Price")
	want := slices.Clone(inService)
	want[1] = strings.NewReplacer("b/b.go:10:6", "b/b.tmpl.go:71:0", "b/b.go:10:29", "b/b.tmpl.go:71").Replace(want[1]) // the directive has no column
	h.finds(t, "first", 2, want...)
	h.finds(t, "again", 2, want...) // b, alone and with its tests
}

// TestSourcesTags: other build tags than the host's are an error that says what to do.
func TestSourcesTags(t *testing.T) {
	h := sourced(t)
	name := filepath.Join(h.root, "a", "extra.go")
	if err := os.WriteFile(name, []byte("//go:build extra\n\npackage a\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	h.flags = []string{"-tags=extra"}
	if _, err := h.run(t); err == nil || !strings.Contains(err.Error(), name+" is analysed") || !strings.Contains(err.Error(), "say the tags") {
		t.Errorf("the host has a tag more: %v", err)
	}
	h.sources.Tags = []string{"extra"}
	h.finds(t, "the same tags", 2, inService...)
	h.flags = nil
	if _, err := h.run(t); err == nil || !strings.Contains(err.Error(), name+" is left out") {
		t.Errorf("the host has a tag less: %v", err)
	}
	h.sources.Tags, h.sources.Env = nil, append(h.sources.Env, "GOFLAGS=-tags=extra")
	h.flags = []string{"-tags=extra"}
	h.finds(t, "tags of GOFLAGS", 2, inService...)
}

// TestSourcesCgo: a package that uses cgo is read as the compiler reads it.
func TestSourcesCgo(t *testing.T) {
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("no C compiler")
	}
	h := sourced(t)
	h.sources.Env = append(h.sources.Env, "CGO_ENABLED=1")
	t.Setenv("CGO_ENABLED", "1")
	edit(t, filepath.Join(h.root, "a", "a.go"), "type tenantKey", "// static int one(void) { return 1; }\nimport \"C\"\n\nvar One = int(C.one())\n\ntype tenantKey")
	want := inService[1]
	h.patterns = []string{"./b"}
	h.finds(t, "b alone", 2, want)
	h.finds(t, "b again", 0, want)
	h.patterns = nil
	h.finds(t, "all", 0, inService...)
}

// TestSourcesBroken: what cannot be read is an error, not silence.
func TestSourcesBroken(t *testing.T) {
	h := sourced(t)
	h.sources.CacheDir = filepath.Join(h.root, "go.mod")
	if _, err := h.run(t); err == nil || !strings.Contains(err.Error(), "cache") {
		t.Errorf("no place for a cache: %v", err)
	}
	h = sourced(t)
	h.sources.Dir = filepath.Join(h.root, "none")
	if _, err := h.run(t); err == nil || !strings.Contains(err.Error(), h.sources.Dir) {
		t.Errorf("a go command that does not run: %v", err)
	}
}
