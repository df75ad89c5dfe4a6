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

// TestEmbeddings: files that a variable holds the text of, and nothing else that looks
// like it.
func TestEmbeddings(t *testing.T) {
	const text = "package p\n\n" +
		"//go:embed a.sql\nvar a string\n\n" +
		"var (\n\t//go:embed q/b.sql\n\tb []byte\n\n\t//go:embed c.sql\n\tc, d string\n)\n\n" +
		"//go:embed \"e.sql\"\nvar e string\n\n" +
		"//go:embed *.sql\nvar f string\n\n" +
		"//go:embed g.sql h.sql\nvar g embed.FS\n\n" +
		"//go:embed i.sql\nvar i embed.FS\n\n" +
		"// see //go:embed j.sql\nvar j string\n\n" +
		"var k = \"//go:embed k.sql\"\nvar l string\n" +
		"//go:embed m.sql"
	if got, want := embeddings([]byte(text)), []string{"a.sql", "q/b.sql", "e.sql"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestEmbeddedDigest: the digest changes with the text of what is embedded and with
// nothing else.
func TestEmbeddedDigest(t *testing.T) {
	files := []string{
		"go.mod", gomod, "a/a.go", "package a\n\nimport _ \"embed\"\n\n//go:embed a.sql\nvar a string\n",
		"a/a.sql", "SELECT 1", "a/b.sql", "SELECT 2", "sub/go.mod", "module example.com/sub\n", "sub/x.go", "package sub\n\n//go:embed x.sql\nvar x string\n", "sub/x.sql", "SELECT 3",
	}
	digest := func(name, text string) string {
		changed := slices.Clone(files)
		if i := slices.Index(changed, name); i >= 0 {
			changed[i+1] = text
		}
		got, err := EmbeddedDigest([]string{tree(t, changed...)})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	base := digest("", "")
	if digest("a/a.sql", "SELECT 4") == base {
		t.Error("what is embedded does not count")
	}
	for _, name := range []string{"a/b.sql", "sub/x.sql"} {
		if digest(name, "SELECT 4") != base {
			t.Errorf("%s counts", name)
		}
	}
	if got, err := EmbeddedDigest([]string{"/there/is/none"}); err != nil || got == "" {
		t.Errorf("a root that is not there: %q, %v", got, err)
	}
}
