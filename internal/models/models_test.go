package models

import (
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Builtin skips checks that cost time; this test makes them, and holds what it
// reads to what the decoder reads.
func TestBuiltinDecodes(t *testing.T) {
	sets, err := Builtin(func(string) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	if len(sets) < 60 {
		t.Errorf("only %d sets", len(sets))
	}
	for _, s := range sets {
		text, err := data.ReadFile("data" + s.Name[len("models"):])
		if err != nil {
			t.Fatal(err)
		}
		strict, err := Decode(s.Name, text, DecodeOptions{})
		if err != nil {
			t.Error(err)
			continue
		}
		strict.builtin = true
		if !reflect.DeepEqual(s, strict) {
			t.Errorf("%s: Builtin and Decode read it differently", s.Name)
		}
		if got := headerPackages(string(text)); !slices.Equal(got, s.Packages) {
			t.Errorf("%s: the header scan found %v, decoding %v", s.Name, got, s.Packages)
		}
	}
}

func TestBuiltinDecodesOnlyWhatIsImported(t *testing.T) {
	names := func(imported ...string) string {
		sets, err := Builtin(func(p string) bool { return slices.Contains(imported, p) })
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, s := range sets {
			out = append(out, s.Name)
		}
		return strings.Join(out, " ")
	}
	if got, want := names(), "models/std.toml"; got != want {
		t.Errorf("nothing imported: %s, want %s", got, want)
	}
	if got, want := names("github.com/redis/go-redis/v9", "golang.org/x/sync/errgroup"), "models/go-redis-v9.toml models/std.toml models/x-sync.toml"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestLibraryDecodesOnce(t *testing.T) {
	var l Library
	var wg sync.WaitGroup
	got := make([][]*Set, 4)
	for i := range got {
		wg.Go(func() {
			sets, err := l.Sets(func(p string) bool { return i%2 == 0 && p == "github.com/redis/go-redis/v9" })
			if err != nil {
				t.Error(err)
			}
			got[i] = sets
		})
	}
	wg.Wait()
	if len(got[0]) != 2 || len(got[1]) != 1 || got[0][0] != got[2][0] || got[0][1] != got[1][0] {
		t.Errorf("got %d, %d, %d and %d sets, or different ones", len(got[0]), len(got[1]), len(got[2]), len(got[3]))
	}
}

func TestExpand(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"a", "a"},
		{"(*C).{Get,Set}", "(*C).Get (*C).Set"},
		{"({A,B}).{x, y}", "(A).x (A).y (B).x (B).y"},
		{"{a", "a { without }"},
		{"a}", "a } without {"},
		{"{a,{b}}", "braces within braces"},
		{"{a,}", "an empty choice in {a,}"},
		{strings.Repeat("{a,b}", 20), "braces that stand for more than 4096 names"},
	} {
		got, err := expand(test.in)
		text := strings.Join(got, " ")
		if err != nil {
			text = err.Error()
		}
		if text != test.want {
			t.Errorf("%s: %s, want %s", test.in, text, test.want)
		}
	}
}

func TestParseSymbol(t *testing.T) {
	opts := DecodeOptions{ModulePath: "example.com/m", DefaultPackage: "lib/pkg"}
	for _, test := range []struct {
		in   string
		kind symKind
		want string
	}{
		{"Get", symFunc, "lib/pkg.Get"},
		{"Get*", symFunc, "lib/pkg.Get*"},
		{"(T).M", symFunc, "(lib/pkg.T).M"},
		{"(*T).M", symFunc, "(lib/pkg.T).M"},
		{"strings.Join", symFunc, "strings.Join"},
		{"gopkg.in/yaml.v3.Unmarshal", symFunc, "gopkg.in/yaml.v3.Unmarshal"},
		{"(*gopkg.in/yaml.v3.Node).Decode", symFunc, "(gopkg.in/yaml.v3.Node).Decode"},
		{"./internal/x.F", symFunc, "example.com/m/internal/x.F"},
		{"./.F", symFunc, "example.com/m.F"},
		{"(*./internal/x.T).M", symFunc, "(example.com/m/internal/x.T).M"},
		{"(./internal/x.T).*", symFunc, "(example.com/m/internal/x.T).*"},
		{"(a/b.*).Key", symFunc, "(a/b.*).Key"},
		{"(T).F", symField, "(lib/pkg.T).F"},
		{"./x.T", symType, "example.com/m/x.T"},
		{"T", symType, "lib/pkg.T"},
		{"T.F", symField, `"T.F" names no struct: write (Type).Field`},
		{"(T)", symFunc, `"(T)" is not of the form (T).method`},
		{"(T).M", symType, `"(T).M" names a method or field, not a type`},
		{"a/b", symFunc, `"a/b" names a package only: add .Name`},
		{"../x.F", symFunc, `"../x" is not an import path`},
		{"./../x.F", symFunc, `"./../x" leaves the module`},
		{"a b.F", symFunc, `"a b" is not an import path`},
		{"(T).M()", symFunc, `"(T).M()": "M()" is not a method name`},
		{"a.b-c", symFunc, `"a.b-c": "b-c" is not a function name; methods are written (T).M`},
		{"", symFunc, `"": "" is not a function name; methods are written (T).M`},
	} {
		s, err := parseSymbol(test.in, test.kind, opts)
		got := s.String()
		if err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s: %s, want %s", test.in, got, test.want)
		}
	}
	if _, err := parseSymbol("F", symFunc, DecodeOptions{}); err == nil || !strings.Contains(err.Error(), "has no package") {
		t.Errorf("no default package: %v", err)
	}
	if _, err := parseSymbol("./x.F", symFunc, DecodeOptions{}); err == nil || !strings.Contains(err.Error(), "belongs to no module") {
		t.Errorf("no module: %v", err)
	}
}

func TestMatchGlob(t *testing.T) {
	for _, test := range []struct {
		pattern, name string
		want          bool
	}{
		{"Get", "Get", true}, {"Get", "GetX", false}, {"Get*", "Get", true}, {"Get*", "GetX", true},
		{"*Get", "mustGet", true}, {"*Get", "GetX", false}, {"*", "", true}, {"a*b*c", "a1b2c", true},
		{"a*b*c", "acb", false}, {"a*a", "a", false}, {"**", "x", true},
	} {
		if got := matchGlob(test.pattern, test.name); got != test.want {
			t.Errorf("%s %s: %t", test.pattern, test.name, got)
		}
	}
}

func TestParsePlace(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"arg0", "arg0"},
		{"arg1.Key", "arg1.Key"},
		{"recv", "recv"},
		{"recv.A.B", "recv.A.B"},
		{"result2", "result2"},
		{"arg1...", "arg1[*]"},
		{"arg0[*].Topic", "arg0[*].Topic"},
		{"arg1[even]", "arg1[even]"},
		{"arg2[key]", "arg2[key]"},
		{"arg1[1]", "arg1[1]"},
		{"cacheKey", "cacheKey"},
		{"opts.Key?", "opts.Key?"},
		{"argument", "argument"},
		{"arg", `"arg" needs a number: arg0 is the first`},
		{"arg1x", `"arg1x": there is no parameter 1x`},
		{"arg999", `"arg999": there is no parameter 999`},
		{"result0...", `"result0...": only a parameter can be variadic`},
		{"arg0.", `"arg0.": "" is not a field name`},
		{"arg0[", `"arg0[": a [ without ]`},
		{"arg0[x]", `"arg0[x]": [x] is no step; steps are [*], [even], [key] and [N]`},
		{"arg0[01]", `"arg0[01]": [01] is no step; steps are [*], [even], [key] and [N]`},
		{"", `"" is not a place; places are argN, recv, resultN or a parameter's name, then .Field, [*], [key] or [N]`},
		{"arg0[*]x", `"arg0[*]x": cannot read "x"`},
	} {
		p, err := parsePlace(test.in)
		got := p.Place.String()
		if err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s: %s, want %s", test.in, got, test.want)
		}
	}
}

func TestDecodeComplaints(t *testing.T) {
	for _, test := range []struct{ name, src, want string }{
		{"unknown table", "[[sinks]]\nfunc = \"F\"\n", `x.toml:1:1: unknown key "sinks" at the top of the file; did you mean "sink"?`},
		{"unknown key", "[[func]]\nfunc = \"F\"\nno_return = true\nnoreturn = true\n", `x.toml:3:1: unknown key "no_return" in [[func]]; did you mean "noreturn"?`},
		{"wrong type", "[[func]]\nfunc = 3\nnoreturn = 1\n", "x.toml:2:8: func must be a string or a list of strings, not the number 3\nx.toml:3:12: noreturn must be true or false, not the number 1\nx.toml:1:1: [[func]] says nothing; write noreturn, pure, equal, fails, waits, next, abort, redacts, receives or owncontext = true, or filled or signs = \"arg1\""},
		{"a name for a secret type", "[[secret]]\ntype = \"T\"\nnamed = \"arg0\"\n", `x.toml:3:1: named belongs to a secret with func; remove it`},
		{"an unknown output", "[[output]]\nfunc = \"F\"\nkind = \"logs\"\nvalue = \"arg0\"\n", `x.toml:3:8: there is no kind "logs"; did you mean "log"?`},
		{"an output of nothing", "[[output]]\nfunc = \"F\"\nkind = \"log\"\n", `x.toml:1:1: [[output]] needs value; write value = ["arg0", "arg1..."]`},
		{"a guard of nothing", "[[guard]]\nfunc = \"F\"\n", `x.toml:1:1: [[guard]] needs grants; write grants = "membership", or value = "arg2" for the tenant that it checks`},
		{"an unknown grant", "[[guard]]\nfunc = \"F\"\ngrants = \"member\"\n", `x.toml:3:10: grants: there is no "member"; there are scope, membership and role; did you mean "membership"?`},
		{"roles of no role", "[[guard]]\nfunc = \"F\"\ngrants = \"membership\"\nrole = \"admin\"\n", `x.toml:4:1: role belongs to a guard that grants a role; write grants = "role"`},
		{"operators without a place", "[[flow]]\nfunc = \"F\"\nhow = \"hash\"\nto = \"result0\"\nfrom = \"arg0\"\nequalities = [\"==\"]\n", `x.toml:1:1: equals and equalities of a [[flow]] go together; write equals = "arg1" and equalities = ["=="]`},
		{"half a value", "[[guard]]\nfunc = \"F\"\nvalue = \"arg0\"\n", `x.toml:1:1: [[guard]] needs dimension; write dimension = "tenant"`},
		{"sink without everything", "[[sink]]\n", "x.toml:1:1: [[sink]] needs func; write func = \"(*./internal/cache.Cache).Get\"\nx.toml:1:1: [[sink]] needs kind; kinds are cache, lock, blob, topic, store, task and query\nx.toml:1:1: [[sink]] needs key; write key = \"arg1\", or key = \"-\" if the call cannot carry one"},
		{"bad kind and op", "[[sink]]\nfunc = \"F\"\nkind = \"cash\"\nop = \"reed\"\nkey = \"arg0\"\n", "x.toml:3:8: there is no kind \"cash\"; did you mean \"cache\"?\nx.toml:4:6: there is no op \"reed\"; did you mean \"read\"?"},
		{"key is a result", "[[sink]]\nfunc = \"F\"\nkind = \"cache\"\nkey = \"result0\"\n", `x.toml:4:7: key "result0": it must be a parameter (argN) or the receiver (recv)`},
		{"empty key", "[[sink]]\nfunc = \"F\"\nkind = \"cache\"\nkey = []\n", `x.toml:4:7: key is empty; write key = "-" if the call cannot carry one`},
		{"place in a list", "[[sink]]\nfunc = \"F\"\nkind = \"cache\"\nkey = [\"arg0\",\n \"arg 1\"]\n", `x.toml:5:2: key "arg 1" is not a place; places are argN, recv, resultN or a parameter's name, then .Field, [*], [key] or [N]`},
		{"duplicate", "[[sink]]\nfunc = \"{F,G}\"\nkind = \"cache\"\nkey = \"arg0\"\n[[sink]]\nfunc = \"G\"\nkind = \"lock\"\nkey = \"arg0\"\n", `x.toml:6:8: [[sink]] lib.G is there already, at line 2; remove it here or at line 2`},
		{"two keys of one func are two rows", "[[sink]]\nfunc = \"G\"\nkind = \"cache\"\nkey = \"arg0\"\n[[sink]]\nfunc = \"G\"\nkind = \"cache\"\nkey = \"arg1\"\n", ""},
		{"bad dimension", "[[source]]\nfunc = \"F\"\nresult = \"result0\"\ndimension = [\"tenant\", \"org\"]\n", `x.toml:4:24: dimension: there is no dimension "org"; dimensions are tenant, env and user`},
		{"source without dimension", "[[source]]\ntype = \"T\"\n", `x.toml:1:1: [[source]] needs dimension; write dimension = "tenant"`},
		{"two subjects", "[[source]]\ntype = \"T\"\nfunc = \"F\"\ndimension = \"tenant\"\n", `x.toml:2:1: [[source]] has both func and type; write two [[source]] rows`},
		{"packages without param", "[[source]]\ntype = \"T\"\npackages = \"lib/...\"\ndimension = \"tenant\"\n", `x.toml:3:1: packages belongs to a source with param; remove it`},
		{"copy of two", "[[flow]]\nfunc = \"F\"\nhow = \"copy\"\nto = \"result0\"\nfrom = [\"arg0\", \"arg1\"]\n", `x.toml:5:1: how = "copy" has one source, not 2; write how = "concat"`},
		{"reset with from", "[[flow]]\nfunc = \"F\"\nhow = \"reset\"\nto = \"recv\"\nfrom = \"arg0\"\n", `x.toml:5:1: from has no meaning with how = "reset"; remove it`},
		{"sep without join", "[[flow]]\nfunc = \"F\"\nhow = \"copy\"\nto = \"result0\"\nfrom = \"arg0\"\nsep = \"arg1\"\n", `x.toml:6:1: sep belongs to how = "join" and how = "condition"; remove it`},
		{"joined to nothing", "[[flow]]\nfunc = \"F\"\nhow = \"joined\"\nto = \"result0\"\nfrom = \"arg0\"\n", `x.toml:5:1: how = "joined" takes two sources, three or four; write from = ["arg0", "arg1", "arg2"] for the table, its ON and arguments`},
		{"ignoring with from", "[[flow]]\nfunc = \"F\"\nhow = \"ignoring\"\nto = \"recv\"\nfrom = \"arg0\"\n", `x.toml:5:1: from has no meaning with how = "ignoring"; remove it`},
		{"state and benign", "[[type]]\ntype = \"T\"\nstate = true\nbenign = true\n", `x.toml:4:1: a type is either state or benign, not both; keep one`},
		{"single table", "[sink]\nfunc = \"F\"\n", `x.toml:1:1: sink must be a list of tables, not a single table; write [[sink]]`},
		{"empty func list", "[[func]]\nfunc = []\npure = true\n", `x.toml:2:8: func is empty; name at least one`},
		{"context key of a method", "[[source]]\ncontextkey = \"(T).M\"\ndimension = \"tenant\"\n", `x.toml:2:14: contextkey "(T).M" names a method or field, not a context key`},
		{"context key with a star", "[[source]]\ncontextkey = \"K*\"\ndimension = \"tenant\"\n", `x.toml:2:14: contextkey "K*": "K*" is not the name of a variable, constant or type`},
		{"context string twice", "[[source]]\ncontextstring = \"k\"\ndimension = \"tenant\"\n[[source]]\ncontextstring = \"k\"\ndimension = \"env\"\n", `x.toml:5:17: [[source]] contextstring "k" is there already, at line 2; remove it here or at line 2`},
		{"bad param", "[[source]]\nparam = [\"ok\", \"not ok\"]\ndimension = \"tenant\"\n", `x.toml:2:16: param "not ok" is not a parameter name`},
		{"duplicate param", "[[source]]\nparam = \"a\"\ndimension = \"tenant\"\n[[source]]\nparam = \"a\"\ndimension = \"env\"\n", `x.toml:5:9: [[source]] param a is there already, at line 2; remove it here or at line 2`},
		{"everything matches everything", "[[source]]\nparam = \"a\"\npackages = \"...\"\ndimension = \"tenant\"\n", `x.toml:3:12: packages: "..." is every package there is: write ./... for the module's`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Decode("x.toml", []byte(test.src), DecodeOptions{DefaultPackage: "lib"})
			got := ""
			if err != nil {
				got = err.Error()
				var e *Error
				if !errors.As(err, &e) {
					t.Errorf("%T is no *Error", err)
				}
			}
			// The table lists what belongs together; the file's order is
			// strictoml's business.
			if sortLines(got) != sortLines(test.want) {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func sortLines(s string) string {
	lines := strings.Split(s, "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// program type-checks small packages that may import each other.
type program struct {
	fset *token.FileSet
	pkgs map[string]*types.Package
	std  types.Importer
}

func (p *program) Import(path string) (*types.Package, error) {
	if pkg := p.pkgs[path]; pkg != nil {
		return pkg, nil
	}
	return p.std.Import(path)
}

func (p *program) add(t testing.TB, path, src string) *types.Package {
	t.Helper()
	file, err := parser.ParseFile(p.fset, path+".go", src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	conf := types.Config{Importer: p}
	pkg, err := conf.Check(path, p.fset, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	p.pkgs[path] = pkg
	return pkg
}

func newProgram() *program {
	fset := token.NewFileSet()
	return &program{fset: fset, pkgs: map[string]*types.Package{}, std: importer.ForCompiler(fset, "source", nil)}
}

// newLib is a program with the package lib and as much of context as it needs.
func newLib(t testing.TB) *program {
	p := newProgram()
	p.add(t, "context", "package context\n\ntype Context interface { Done() <-chan struct{} }\n")
	p.add(t, "lib", libSrc)
	return p
}

const libSrc = `package lib

import "context"

type base struct{ Prefix string }
type cmdable func() 
func (c cmdable) Get(ctx context.Context, key string) string { return "" }
func (c cmdable) Set(ctx context.Context, key string, value any) {}
type Client struct { cmdable; base }
type Ring struct { cmdable }
func (*Client) Close() {}

type Getter interface { Get(ctx context.Context, key string) string }
type Cmdable interface { Getter; Set(ctx context.Context, key string, value any) }

type Cache[K comparable, V any] struct { m map[K]V }
func (c *Cache[K, V]) Get(key K) (V, bool) { v, ok := c.m[key]; return v, ok }

type Input struct { *Inner; Items []Inner }
type Inner struct { Key *string; Tags map[string]string }
func Put(in *Input) {}
func MGet(ctx context.Context, keys ...string) {}
func Do(ctx context.Context, args ...any) {}
func Make[T any](v T) T { return v }
type Scope struct { id string; OrgID string }
func FromContext(ctx context.Context) (Scope, error) { return Scope{}, nil }
type Alias = Scope
`

func build(t *testing.T, src string, opts DecodeOptions) (*Index, *program, []Problem) {
	t.Helper()
	prog := newLib(t)
	self := prog.add(t, "example.com/m/app", `package app

import "lib"

type Store struct { c *lib.Client }

type Wrap struct { lib.Client }

func (s *Store) Find(organizationID, id string) {}

func Use(c *lib.Cache[string, int]) { c.Get("x") }
`)
	set, err := Decode("x.toml", []byte(src), opts)
	if err != nil {
		t.Fatal(err)
	}
	ix, problems := Build([]*Set{set}, set.Params(), func(path string) *types.Package { return prog.pkgs[path] }, self, func(path string) bool { return strings.HasPrefix(path, "example.com/m") })
	return ix, prog, problems
}

func method(t *testing.T, pkg *types.Package, typ, name string) *types.Func {
	t.Helper()
	obj, _, _ := types.LookupFieldOrMethod(pkg.Scope().Lookup(typ).Type(), true, pkg, name)
	f, ok := obj.(*types.Func)
	if !ok {
		t.Fatalf("no method %s.%s", typ, name)
	}
	return f
}

func keys(f *Func) string {
	if f == nil {
		return "nothing"
	}
	var out []string
	for _, s := range f.Sinks {
		for _, k := range s.Key {
			out = append(out, fmt.Sprintf("%s@%d", k, k.Index))
		}
	}
	return strings.Join(out, " ")
}

func TestBuild(t *testing.T) {
	ix, prog, problems := build(t, `
package = "lib"

[[sink]]
func = ["(*Client).Get", "(Cmdable).{Get,Set}"]
kind = "cache"
op = "read"
key = "key"

[[sink]]
func = "(*Cache).Get"
kind = "cache"
key = "arg0"
process = true

[[sink]]
func = "Put"
kind = "blob"
key = ["arg0.Key", "in.Items[*].Tags[key]"]
also = "arg0.Items[0].Key"
require = ["tenant", "user"]

[[sink]]
func = "MGet"
kind = "cache"
key = "arg1..."

[[sink]]
func = "Do"
kind = "cache"
key = "arg1[1]"

[[source]]
func = "FromContext"
result = ["result0", "result0.OrgID"]
dimension = "tenant"

[[source]]
type = "Alias"
dimension = ["tenant", "env"]

[[source]]
field = "(Scope).OrgID"
dimension = "tenant"

[[origin]]
func = "FromContext"
kind = "request"

[[flow]]
func = "Make"
how = "copy"
to = "result0"
from = "arg0"

[[type]]
type = "Cache"
state = true

[[func]]
func = "(*Client).Clo*"
pure = true
`, DecodeOptions{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	lib, app := prog.pkgs["lib"], prog.pkgs["example.com/m/app"]
	for _, test := range []struct{ typ, name, want string }{
		{"Client", "Get", "key@1"},
		{"Ring", "Get", "key@1"},   // promoted from the same unexported type
		{"Getter", "Get", "key@1"}, // embedded in Cmdable
		{"Cmdable", "Set", "key@1"},
		{"Client", "Set", "nothing"},
		{"Cache", "Get", "arg0@0"},
	} {
		if got := keys(ix.Func(method(t, lib, test.typ, test.name))); got != test.want {
			t.Errorf("%s.%s: %s, want %s", test.typ, test.name, got, test.want)
		}
	}
	if got := keys(ix.Func(method(t, app, "Wrap", "Get"))); got != "key@1" {
		t.Errorf("a method promoted into another package: %s", got)
	}
	fn := func(name string) *Func { return ix.Func(lib.Scope().Lookup(name).(*types.Func)) }
	if got, want := keys(fn("Put")), "arg0.Inner.Key@0 in.Items[*].Tags[key]@0"; got != want {
		t.Errorf("Put: %s, want %s", got, want)
	}
	if s := fn("Put").Sinks[0]; s.Require != Tenant|User || len(s.Also) != 1 || s.Also[0].String() != "arg0.Items[0].Key" || s.Kind != Blob || s.At != (At{"x.toml", 17}) {
		t.Errorf("Put: %+v", s)
	}
	if got, want := keys(fn("MGet")), "arg1[*]@1"; got != want {
		t.Errorf("MGet: %s, want %s", got, want)
	}
	if got, want := keys(fn("Do")), "arg1[1]@1"; got != want {
		t.Errorf("Do: %s, want %s", got, want)
	}
	from := fn("FromContext")
	if len(from.Sources) != 2 || from.Sources[1].Place.String() != "result0.OrgID" || len(from.Origins) != 1 || from.Origins[0].Place.String() != "result0" {
		t.Errorf("FromContext: %+v", from)
	}
	if !method2(ix, t, lib, "Client", "Close").Pure {
		t.Error("Close is not pure")
	}

	// An instance answers for its origin.
	inst := app.Scope().Lookup("Use").(*types.Func).Signature().Params().At(0).Type()
	if ty := ix.Type(inst); ty == nil || !ty.State {
		t.Errorf("instance of Cache: %+v", ty)
	}
	obj, _, _ := types.LookupFieldOrMethod(inst, true, lib, "Get")
	if got := keys(ix.Func(obj.(*types.Func))); got != "arg0@0" {
		t.Errorf("method of an instance: %s", got)
	}
	scope := lib.Scope().Lookup("Scope").Type()
	if ty := ix.Type(types.NewPointer(scope)); ty == nil || ty.Source != Tenant|Env {
		t.Errorf("Scope: %+v", ty)
	}
	if f := ix.Field(scope.Underlying().(*types.Struct).Field(1)); f == nil || f.Source != Tenant {
		t.Errorf("OrgID: %+v", f)
	}
	if f := ix.Field(scope.Underlying().(*types.Struct).Field(0)); f != nil {
		t.Errorf("id: %+v", f)
	}
	if ix.Type(types.Universe.Lookup("error").Type()) != nil || ix.Func(nil) != nil || ix.Field(nil) != nil || ix.Type(nil) != nil {
		t.Error("an answer about nothing")
	}
}

func method2(ix *Index, t *testing.T, pkg *types.Package, typ, name string) *Func {
	f := ix.Func(method(t, pkg, typ, name))
	if f == nil {
		t.Fatalf("nothing about %s.%s", typ, name)
	}
	return f
}

func TestBuildProblems(t *testing.T) {
	_, _, problems := build(t, `
[[sink]]
func = "lib.MGett"
kind = "cache"
key = "arg0"

[[sink]]
func = "(*lib.Client).Gat"
kind = "cache"
key = "arg0"

[[sink]]
func = "(*lib.Client).Get"
kind = "cache"
key = "ctx"

[[sink]]
func = "(*lib.Client).Set"
kind = "cache"
key = "id"

[[sink]]
func = "lib.Put"
kind = "cache"
key = "arg0.Kee"

[[sink]]
func = "lib.Put"
kind = "cache"
key = "arg0..."

[[sink]]
func = "lib.Do"
kind = "cache"
key = "arg7"

[[type]]
type = "lib.Cash"
state = true

[[source]]
field = "(lib.Scope).Org"
dimension = "tenant"

[[sink]]
func = "./app.Nope*"
kind = "cache"
key = "arg0"

[[sink]]
func = "lib.Client"
kind = "cache"
key = "arg0"

[[sink]]
func = "./notloaded.F"
kind = "cache"
key = "arg0"

[[sink]]
func = "(./app.Store).*"
kind = "cache"
key = "id?"
`, DecodeOptions{ModulePath: "example.com/m"})
	var got []string
	for _, p := range problems {
		got = append(got, fmt.Sprintf("%s:%d: %s", p.At.File, p.At.Line, p.Msg))
	}
	want := []string{
		`x.toml:3: lib.MGett: package lib has no function MGett; did you mean "MGet"?`,
		`x.toml:8: (*lib.Client).Gat: lib.Client has no method Gat; did you mean "Get"?`,
		`x.toml:13: (*lib.Client).Get, func(ctx context.Context, key string) string: key ctx is a context.Context, which cannot be a key`,
		`x.toml:18: (*lib.Client).Set, func(ctx context.Context, key string, value any): there is no parameter "id"; its parameters are ctx, key, value`,
		`x.toml:23: lib.Put, func(in *lib.Input): arg0.Kee: *lib.Input has no field Kee; known here: Inner, Items`,
		`x.toml:28: lib.Put, func(in *lib.Input): arg0...: the parameter is not variadic`,
		`x.toml:33: lib.Do, func(ctx context.Context, args ...any): arg7: it has 2 parameter(s), the first is arg0`,
		`x.toml:38: lib.Cash: package lib has no type Cash; did you mean "Cache"?`,
		`x.toml:42: (lib.Scope).Org: lib.Scope has no field Org; did you mean "OrgID"?`,
		`x.toml:46: ./app.Nope*: package example.com/m/app has no function like that`,
		`x.toml:51: lib.Client: lib.Client is not a function`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A built-in row that a library of another version lacks is nobody's mistake,
// also where a policy speaks of the same package.
func TestBuiltinRowsAreNoProblems(t *testing.T) {
	prog := newLib(t)
	builtin, err := Decode("models/lib.toml", []byte("package = \"lib\"\n[[func]]\nfunc = [\"Gone\", \"Do\"]\npure = true\n"), DecodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	builtin.builtin = true
	policy, err := Decode("p.toml", []byte("[[func]]\nfunc = [\"lib.GoneToo\", \"lib.MGet\"]\npure = true\n"), DecodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	lib := prog.pkgs["lib"]
	ix, problems := Build([]*Set{builtin, policy}, nil, func(string) *types.Package { return nil }, lib, nil)
	if len(problems) != 1 || !strings.Contains(problems[0].Msg, "GoneToo") {
		t.Errorf("problems: %v", problems)
	}
	for _, name := range []string{"Do", "MGet"} {
		if f := ix.Func(lib.Scope().Lookup(name).(*types.Func)); f == nil || !f.Pure {
			t.Errorf("%s: %+v", name, f)
		}
	}
	if n := len(Check(builtin, func(string) *types.Package { return lib })); n != 1 {
		t.Errorf("Check found %d problems in the built-in set, want 1", n)
	}
}

func TestParams(t *testing.T) {
	ix, prog, _ := build(t, `
[[source]]
param = ["organizationID", "orgID"]
paramtype = "string"
dimension = "tenant"

[[source]]
param = "id"
packages = "./other/..."
dimension = "tenant"
`, DecodeOptions{ModulePath: "example.com/m"})
	app := prog.pkgs["example.com/m/app"]
	find := method(t, app, "Store", "Find")
	if d := ix.Param(find, 0); d != Tenant {
		t.Errorf("organizationID: %v", d)
	}
	if d := ix.Param(find, 1); d != 0 {
		t.Errorf("id is declared for another package: %v", d)
	}
	if d := ix.Param(find, 2); d != 0 {
		t.Errorf("no third parameter: %v", d)
	}
	lib := prog.pkgs["lib"]
	v := types.NewVar(token.NoPos, lib, "organizationID", types.Typ[types.String])
	if d := ix.ParamVar(lib, v); d != 0 {
		t.Errorf("a package outside the main module: %v", d)
	}
	v = types.NewVar(token.NoPos, app, "orgID", types.Typ[types.Int])
	if d := ix.ParamVar(app, v); d != 0 {
		t.Errorf("another type: %v", d)
	}
}

func TestIndexIsSafeForConcurrentUse(t *testing.T) {
	prog := newLib(t)
	lib := prog.pkgs["lib"]
	set, err := Decode("x.toml", []byte("package = \"lib\"\n[[sink]]\nfunc = \"(Cmdable).*\"\nkind = \"cache\"\nkey = \"arg1\"\n"), DecodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	set.builtin = true // resolved on demand
	ix, _ := Build([]*Set{set}, nil, func(path string) *types.Package { return prog.pkgs[path] }, nil, nil)
	f := method(t, lib, "Cmdable", "Get")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if keys(ix.Func(f)) != "arg1@1" {
				t.Error("no answer")
			}
		})
	}
	wg.Wait()
}

// FuzzDecode: whatever the text, no panic; an error has places; the same text
// gives the same answer.
func FuzzDecode(f *testing.F) {
	for _, name := range []string{"std.toml", "rueidis.toml", "tenantvet-runtime.toml"} {
		text, err := data.ReadFile("data/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte("[[source]]\nparam = [\"a\"]\nparamtype = \"*./x.T\"\npackages = \"./...\"\ndimension = [\"tenant\", \"env\"]\n"))
	f.Add([]byte("sink = [{func = 1, key = \"-\"}, 3]\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		opts := DecodeOptions{ModulePath: "example.com/m", DefaultPackage: "lib"}
		set, err := Decode("x.toml", text, opts)
		again, err2 := Decode("x.toml", text, opts)
		if fmt.Sprint(err) != fmt.Sprint(err2) {
			t.Fatalf("%v\n%v", err, err2)
		}
		if err != nil {
			var es Errors
			if !errors.As(err, &es) || len(es) == 0 {
				t.Fatalf("%T", err)
			}
			for _, e := range es {
				if e.Line < 1 || e.Col < 1 || e.Msg == "" {
					t.Fatalf("%+v", e)
				}
			}
			return
		}
		if fmt.Sprint(set.Symbols()) != fmt.Sprint(again.Symbols()) {
			t.Fatal("two answers")
		}
		prog := newProgram()
		pkg := types.NewPackage("lib", "lib")
		Build([]*Set{set}, set.Params(), func(path string) *types.Package { return prog.pkgs[path] }, pkg, func(string) bool { return true })
	})
}

func BenchmarkDecodeStd(b *testing.B) { benchmarkDecode(b) }

func BenchmarkDecodeRedis(b *testing.B) { benchmarkDecode(b, "github.com/redis/go-redis/v9") }

func BenchmarkLibraryWarm(b *testing.B) {
	var l Library
	for b.Loop() {
		if _, err := l.Sets(func(p string) bool { return p == "github.com/redis/go-redis/v9" }); err != nil {
			b.Fatal(err)
		}
	}
}

func benchmarkDecode(b *testing.B, imported ...string) {
	for b.Loop() {
		if _, err := Builtin(func(p string) bool { return slices.Contains(imported, p) }); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBuild is what one package costs beyond decoding: an index over
// decoded sets, and one question to each of a handful of packages.
func BenchmarkBuild(b *testing.B) {
	sets, err := Builtin(func(p string) bool { return strings.Contains(p, "redis") })
	if err != nil {
		b.Fatal(err)
	}
	prog := newProgram()
	self := prog.add(b, "example.com/m/app", "package app\n\nimport (\n\"fmt\"\n\"strings\"\n\"net/http\"\n)\n\nvar (\n_ = fmt.Sprint\n_ = strings.Join\n_ http.Handler\n)\n")
	imports := map[string]*types.Package{}
	for _, p := range self.Imports() {
		imports[p.Path()] = p
	}
	for b.Loop() {
		ix, _ := Build(sets, nil, func(path string) *types.Package { return imports[path] }, self, func(string) bool { return true })
		for path, name := range map[string]string{"fmt": "Sprintf", "strings": "Join", "net/http": "Get"} {
			ix.Func(imports[path].Scope().Lookup(name).(*types.Func))
		}
	}
}
