package skeleton_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenantvet/tenantvet/internal/skeleton"
)

// files is a module with types to be tested.
var files = map[string]string{
	"store/store.go": `// Package store keeps things.
package store

import "context"

// Orders keeps orders.
type Orders struct{ notes map[string]string }

// NewOrders returns one.
func NewOrders(
	notes map[string]string,
) (*Orders, error) {
	return &Orders{notes}, nil
}

// Create keeps one.
func (o *Orders) Create(ctx context.Context, id, note string) error { return nil }

func (o *Orders) hidden() {}

// Keeper is an interface.
type Keeper interface{ Keep() }

// Box holds anything.
type Box[T any] struct{ in T }

type drafts struct{}
`,
	"store/tool.go": "//go:build ignore\n\npackage main\n\ntype Tool struct{}\n",
	"empty/doc.txt": "",
}

func module(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name, text string) {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module example.com/shop\n\ngo 1.26\n\nrequire github.com/tenantvet/tenantvet v0.0.0\n\nreplace github.com/tenantvet/tenantvet => "+root+"\n")
	for name, text := range files {
		write(name, text)
	}
	return dir
}

// What is printed compiles, and the test fails until it is filled in.
func TestIsolationTest(t *testing.T) {
	dir := module(t)
	for i, name := range []string{"./store.Orders", "./store.Keeper", "./store.drafts"} {
		text, err := skeleton.IsolationTest(dir, name)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, "store", string(rune('a'+i))+"_test.go")
		if err := os.WriteFile(file, text, 0o666); err != nil {
			t.Fatal(err)
		}
		if i > 0 {
			continue
		}
		for _, want := range []string{"package store_test\n", "\tsubject \"example.com/shop/store\"\n", "// NewOrders(notes map[string]string) (*Orders, error)\n", "// Create(ctx context.Context, id, note string) error\n"} {
			if !strings.Contains(string(text), want) {
				t.Errorf("there is no %q in\n%s", want, text)
			}
		}
		if strings.Contains(string(text), "hidden") {
			t.Errorf("a test from outside speaks of what is not exported:\n%s", text)
		}
	}
	if testing.Short() {
		t.Skip("runs the go command")
	}
	cmd := exec.Command("go", "test", "./store")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	for _, want := range []string{"--- FAIL: TestOrdersIsolation", "not filled in: there is no Orders yet", "--- FAIL: TestKeeperIsolation", "--- FAIL: TestDraftsIsolation"} {
		if err == nil || !strings.Contains(string(out), want) {
			t.Errorf("go test: %v: there is no %q in\n%s", err, want, out)
		}
	}
}

func TestComplaints(t *testing.T) {
	dir := module(t)
	for name, want := range map[string]string{
		"./store.Order":   "package store in store has no type Order: it has Box, Keeper, Orders, drafts",
		"./store.Tool":    "package store in store has no type Tool: it has",
		"./store.Box":     "Box has type parameters: declare a type for the instance",
		"./store":         `"./store" is no type: write ./dir.Type`,
		"store.Orders":    `"store.Orders" is no type: write ./dir.Type`,
		"./empty.Orders":  "there is no Go code in ",
		"./nothing.Order": "no such file or directory",
		"":                `"" is no type`,
	} {
		if text, err := skeleton.IsolationTest(dir, name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q\n%s", name, err, want, text)
		}
	}
	if _, err := skeleton.IsolationTest(filepath.Join(dir, "store"), "Orders"); err != nil {
		t.Errorf("a type of the directory itself: %v", err)
	}
}
