package models

import (
	"go/types"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// What a symbol names is found by each of the names that it stands for: with
// braces, with stars, promoted, generic.
func TestFinder(t *testing.T) {
	prog := newProgram()
	pkg := prog.add(t, "lib", `package lib

type Inner struct{ ID, Org string }

func (*Inner) Load(key string) {}

type Outer struct{ Inner }

type Key struct{}

type Cache[K comparable] struct{}

func (*Cache[K]) Get(key K) {}

func (*Cache[K]) GetAll(key K) {}

func Set(key string) {}

func Other(key string) {}

var s Cache[string]

var tenantKey = Key{}
`)
	set, err := Decode("p.toml", []byte(`[[sink]]
func = ["lib.{Set,Gone}", "(*lib.Outer).Load"]
key = "arg0"
kind = "cache"

[[sink]]
func = "(*lib.Cache).Get*"
key = "arg0"
kind = "cache"

[[source]]
field = "(lib.Inner).Org"
dimension = "tenant"

[[source]]
type = "lib.Key"
dimension = "tenant"

[[source]]
contextkey = "lib.tenantKey"
dimension = "tenant"
`), DecodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	ix, _ := Build([]*Set{set}, nil, func(string) *types.Package { return pkg }, pkg, nil)
	f := ix.Finder()
	lookup := func(typ, name string) types.Object {
		obj, _, _ := types.LookupFieldOrMethod(pkg.Scope().Lookup(typ).Type(), true, pkg, name)
		return obj
	}
	if got := f.Naming(pkg.Scope().Lookup("Set")); got != nil {
		t.Errorf("a package that was not seen has %v", got)
	}
	f.See(pkg)
	for name, obj := range map[string]types.Object{
		"1:lib.Set": pkg.Scope().Lookup("Set"), "": pkg.Scope().Lookup("Other"), "1:(lib.Outer).Load": lookup("Outer", "Load"),
		"6:(lib.Cache).Get*": lookup("s", "GetAll"), "11:(lib.Inner).Org": lookup("Inner", "Org"), "15:lib.Key": pkg.Scope().Lookup("Key"),
		"19:lib.tenantKey": pkg.Scope().Lookup("tenantKey"),
	} {
		var got []string
		for _, n := range f.Naming(obj) {
			if n.Set != set {
				t.Errorf("%s is of another set", n.Text)
			}
			got = append(got, strconv.Itoa(n.Row)+":"+n.Text)
		}
		slices.Sort(got)
		if s := strings.Join(got, " "); s != name {
			t.Errorf("%v: got %q, want %q", obj, s, name)
		}
	}
	if got := f.Naming(lookup("Inner", "ID")); got != nil {
		t.Errorf("a field that no row names has %v", got)
	}
}
