package policy

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A packed policy says the same where none of its files are.
func TestPack(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":               "module example.com/shop\n\ngo 1.26\n",
		FileName:               "baseline = \"known.txt\"\n\n[schema]\nddl = \"migrations/*.sql\"\n",
		"known.txt":            "unscopedkey/missing example.com/shop/a.F 00\n",
		"migrations/2.sql":     "ALTER TABLE orders ADD COLUMN tenant_id text;",
		"migrations/10.sql":    "ALTER TABLE orders DROP COLUMN tenant_id; ALTER TABLE orders ADD COLUMN org_id text;",
		"migrations/1.sql":     "CREATE TABLE orders (id text);",
		"store/store.go":       "package store\n\nimport _ \"embed\"\n\n//go:embed own.sql\nvar own string\n\n//go:embed files\nvar files embed.FS\n",
		"store/own.sql":        "SELECT 1",
		"store/other.sql":      "SELECT 2",
		"vendor/x/x.go":        "package x\n\n//go:embed x.sql\nvar own string\n",
		"vendor/x/x.sql":       "SELECT 3",
		"migrations/notes.txt": "nothing",
	} {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	packed, err := Pack(filepath.Join(dir, "store"), func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Pack(dir, func(string) string { return "" }); err != nil || again != packed {
		t.Errorf("packed twice it differs: %v\n%v\n%v", err, packed, again)
	}
	elsewhere := filepath.Join(t.TempDir(), "gone")
	p, err := packed.Open(elsewhere)
	if err != nil {
		t.Fatal(err)
	}
	cols, known := p.Schema().Columns("orders")
	if !known || !slices.Equal(cols, []string{"id", "org_id"}) || p.Schema().Err() != nil {
		t.Errorf("columns %v, %v, %v", cols, known, p.Schema().Err())
	}
	if text, err := p.ReadFile(filepath.Join(elsewhere, "store", "own.sql")); err != nil || string(text) != "SELECT 1" {
		t.Errorf("the embedded file: %q, %v", text, err)
	}
	if _, err := p.ReadFile(filepath.Join(elsewhere, "store", "other.sql")); err == nil {
		t.Error("a file that nothing embeds can be read")
	}
	if text, ok := p.BaselineText(); !ok || !strings.HasPrefix(text, "unscopedkey/missing") {
		t.Errorf("the baseline: %q, %v", text, ok)
	}
	if p.Module != "example.com/shop" || p.Dir != elsewhere {
		t.Errorf("module %s in %s", p.Module, p.Dir)
	}
	if _, err := (Packed{Module: "m", Policy: "x = 1"}).Open("."); err == nil {
		t.Error("a broken policy can be opened")
	}
}
