package policy

import (
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// TestPolicies: packages of a module share what was read, and each knows what it asked
// itself; another module has another policy.
func TestPolicies(t *testing.T) {
	root := tree(t,
		"one/go.mod", "module one.example\n",
		"one/"+FileName, "[schema]\nddl = \"*.sql\"\n",
		"one/a.sql", "CREATE TABLE cards (id int, owner_id int);",
		"one/a/a.go", "package a\n", "one/b/b.go", "package b\n",
		"two/go.mod", "module two.example\n", "two/a/a.go", "package a\n",
	)
	ps := NewPolicies(env())
	dir := func(name string) string { return filepath.Join(root, filepath.FromSlash(name)) }
	var wg sync.WaitGroup
	got := make([]*Policy, 3)
	for i, name := range []string{"one/a", "one/b", "two/a"} {
		wg.Go(func() {
			p, err := ps.For(dir(name))
			if err != nil {
				t.Errorf("%s: %v", name, err)
				return
			}
			if s := p.Schema(); s != nil && name == "one/a" {
				if cols, ok := s.Columns("cards"); !ok || len(cols) != 2 {
					t.Errorf("%s: columns %v, %v", name, cols, ok)
				}
			}
			got[i] = p
		})
	}
	wg.Wait()
	if t.Failed() {
		return
	}
	a, b, other := got[0], got[1], got[2]
	if a.Set != b.Set || a.Schema().declared != b.Schema().declared {
		t.Error("two packages of a module have read the policy twice")
	}
	if !a.Schema().asked.Load() || b.Schema().asked.Load() {
		t.Error("what one package asked counts for the other")
	}
	if other.IsSet() || other.Module != "two.example" {
		t.Errorf("the other module: %q, %q", other.Path, other.Module)
	}
}

// TestPoliciesBroken: a broken policy is an error for each package, and what is broken
// in the files that it names for those that ask.
func TestPoliciesBroken(t *testing.T) {
	root := tree(t, "go.mod", "module one.example\n", FileName, "[schema]\nnope = 1\n", "a/a.go", "package a\n", "b/b.go", "package b\n")
	ps := NewPolicies(env())
	for _, name := range []string{"a", "b"} {
		if _, err := ps.For(filepath.Join(root, name)); err == nil || !strings.Contains(err.Error(), "nope") {
			t.Errorf("%s: %v", name, err)
		}
	}
	root = tree(t, "go.mod", "module one.example\n", FileName,
		"[schema]\nddl = \"*.sql\"\n[[table]]\nname = \"cards\"\nreferences = { owner = \"ghosts\" }\n", "a.sql", "CREATE TABLE cards (id int);",
		"a/a.go", "package a\n", "b/b.go", "package b\n")
	a, err := NewPolicies(env()).For(filepath.Join(root, "a"))
	if err != nil {
		t.Fatal(err)
	}
	b := a.view()
	a.Schema().Columns("cards")
	if err := a.Schema().Err(); err == nil {
		t.Error("who asked is not told")
	}
	if err := b.Schema().Err(); err != nil {
		t.Errorf("who did not ask is told %v", err)
	}
}

// TestTextPolicies: a policy that is given holds in each module, for what "./" means
// there.
func TestTextPolicies(t *testing.T) {
	root := tree(t, "one/go.mod", "module one.example\n", "one/a/a.go", "package a\n", "two/go.mod", "module two.example\n", "two/a/a.go", "package a\n")
	ps := TextPolicies("given", "[[source]]\nfunc = \"./a.Owner\"\nresult = \"result0\"\ndimension = \"tenant\"\n")
	for _, name := range []string{"one", "two"} {
		p, err := ps.For(filepath.Join(root, name, "a"))
		if err != nil {
			t.Fatal(err)
		}
		if p.Path != "given" || p.Module != name+".example" {
			t.Errorf("%s: %q of %q", name, p.Path, p.Module)
		}
	}
}
