package policy

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// entitiesIn returns the entities that files declare, by their names.
func entitiesIn(t *testing.T, files map[string]string) *Entities {
	t.Helper()
	dir := t.TempDir()
	files["go.mod"] = "module example.com/shop\n\ngo 1.26\n"
	files[FileName] = "[schema]\nentities = [\"ent/schema/*.go\", \"ent/mixins/*.go\"]\n"
	for name, text := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	p, err := load(filepath.Join(dir, FileName), dir)
	if err != nil {
		t.Fatal(err)
	}
	return p.Entities()
}

// TestEntities reads what entities are mixed of, in the ways in which that may be written.
func TestEntities(t *testing.T) {
	files := map[string]string{
		"ent/mixins/tenant.go": `package mixins

import "entgo.io/ent/schema/mixin"

type Tenant struct{ mixin.Schema }

func (*Tenant) Hooks() []any { return nil }

type Audit struct{ Tenant }

func NewTenant() *Tenant { return &Tenant{} }
`,
		"ent/schema/all.go": `package schema

import (
	"entgo.io/ent"

	mixed "example.com/shop/ent/mixins"
	"example.com/shop/kit"
)

type Order struct{ ent.Schema }

func (Order) Mixin() []ent.Mixin { return []ent.Mixin{mixed.Tenant{}} }

type Invoice struct{ ent.Schema }

func (Invoice) Mixin() []ent.Mixin { return append(common(), mixed.NewTenant(), &Local{}) }
func (Invoice) Hooks() []any        { return nil }

func common() []ent.Mixin { return append([]ent.Mixin{}, Early{}) }

type Early struct{}

func (Early) Hooks() []any { return nil }

type Local struct{}

type Base struct{ ent.Schema }

func (Base) Mixin() []ent.Mixin { return []ent.Mixin{mixed.Audit{}} }

type Customer struct{ Base }

type Region struct{ ent.Schema }

type Made struct{ ent.Schema }

func (Made) Mixin() []ent.Mixin {
	list := []ent.Mixin{mixed.Tenant{}}
	return list
}

type Foreign struct{ ent.Schema }

func (Foreign) Mixin() []ent.Mixin { return []ent.Mixin{kit.Mixin{}, kit.Make()} }
`,
		"ent/schema/all_test.go": "package schema\n\ntype Test struct{}\n\nfunc (Test) Hooks() []any { return nil }\n",
	}
	e := entitiesIn(t, files)
	const mixins, schema = "(example.com/shop/ent/mixins.", "(example.com/shop/ent/schema."
	for entity, want := range map[string][]string{
		"Order":    {mixins + "Tenant).Hooks"},
		"Invoice":  {schema + "Early).Hooks", mixins + "Tenant).Hooks", schema + "Invoice).Hooks"},
		"Customer": {mixins + "Tenant).Hooks"},
		"Region":   nil,
		"Made":     nil, // its list cannot be told
		"Foreign":  {"(example.com/shop/kit.Mixin).Hooks", "(.).Hooks"},
		"Test":     nil,
		"Nothing":  nil,
	} {
		var got []string
		for _, n := range e.Methods(entity, "Mixin", "Hooks") {
			got = append(got, "("+n.Package+"."+n.Type+")."+n.Name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q; want %q", entity, got, want)
		}
	}
	if err := e.Err(); err != nil {
		t.Error(err)
	}
	if got := e.Package("Order"); got != "example.com/shop/ent/schema" {
		t.Errorf("Order is declared in %q", got)
	}
	if got := e.Names(); !slices.Contains(got, "Order") || slices.Contains(got, "Test") || !slices.IsSorted(got) {
		t.Errorf("names: %q", got)
	}
}

// Of two entities with one name nothing is known, and nothing of any if a file cannot be
// parsed.
func TestEntitiesAmiss(t *testing.T) {
	const order = "type Order struct{}\n\nfunc (Order) Hooks() []any { return nil }\n"
	e := entitiesIn(t, map[string]string{"ent/schema/a.go": "package schema\n\n" + order, "ent/mixins/b.go": "package mixins\n\n" + order})
	if got := e.Methods("Order", "Mixin", "Hooks"); got != nil {
		t.Errorf("of two: %v", got)
	}
	e = entitiesIn(t, map[string]string{"ent/schema/a.go": "package schema\n\n" + order, "ent/mixins/b.go": "package mixins\n\nfunc {"})
	if got := e.Methods("Order", "Mixin", "Hooks"); got != nil || e.Err() == nil || !strings.Contains(e.Err().Error(), "cannot parse ent/mixins/b.go") {
		t.Errorf("of none: %v, %v", got, e.Err())
	}
}

// TestEntitiesDigest: who keeps results asks again when an entity is mixed of something else.
func TestEntitiesDigest(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	digest := func() string {
		t.Helper()
		d, err := Digest(dir, func(string) string { return "" })
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	write("go.mod", "module example.com/shop\n\ngo 1.26\n")
	write(FileName, "[schema]\nentities = \"*.go\"\n")
	write("a.go", "package shop\n")
	before := digest()
	write("a.go", "package shop\n\ntype Order struct{}\n")
	if digest() == before {
		t.Error("the digest is the same")
	}
}
