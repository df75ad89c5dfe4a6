package driver

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
)

type allKinds struct {
	B   bool
	I   int
	I8  int8
	U   uint64
	F   float64
	S   string
	L   []string
	A   [2]int16
	P   *inner
	Nil *inner
	In  inner
	Ls  []inner
	E   []struct{}
	Own selfCoded
}

type inner struct {
	Name string
	Next *inner
}

// selfCoded encodes itself and so may have unexported fields.
type selfCoded struct{ n byte }

func (s selfCoded) MarshalBinary() ([]byte, error) { return []byte{s.n}, nil }
func (s *selfCoded) UnmarshalBinary(b []byte) error {
	if len(b) != 1 {
		return fmt.Errorf("%d bytes", len(b))
	}
	s.n = b[0]
	return nil
}

func (*allKinds) AFact() {}

func sample() *allKinds {
	return &allKinds{
		B: true, I: -1 << 62, I8: -128, U: 1<<64 - 1, F: 1.5, S: "a\x00b", L: []string{"", "x"}, A: [2]int16{1, -2},
		P: &inner{"p", &inner{"q", nil}}, In: inner{Name: "in"}, Ls: []inner{{}, {Name: "z"}}, E: make([]struct{}, 3), Own: selfCoded{7},
	}
}

func TestFactRoundTrip(t *testing.T) {
	want := sample()
	first, err := encodeFact(want)
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		again, err := encodeFact(sample())
		if err != nil || again != first {
			t.Fatalf("encoded differently: %x, %x, %v", first, again, err)
		}
	}
	got := new(allKinds)
	if err := decodeFact(first, reflect.ValueOf(got)); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for n := range len(first) {
		if err := decodeFact(first[:n], reflect.ValueOf(new(allKinds))); err == nil {
			t.Errorf("no error for the first %d of %d bytes", n, len(first))
		}
	}
}

func TestEncodable(t *testing.T) {
	for _, c := range []struct {
		v    any
		want string // part of the error, "" for none
	}{
		{&allKinds{}, ""},
		{&struct{ M map[string]int }{}, "sorted slice"},
		{&struct{ F func() }{}, "cannot be encoded"},
		{&struct{ L []struct{ x int } }{}, "x of"},
		{&struct{ I any }{}, "cannot be encoded"},
	} {
		err := encodable(reflect.TypeOf(c.v), nil)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%T: got %v, want %q", c.v, err, c.want)
		}
	}
}

func TestFile(t *testing.T) {
	f := File{Variant: true, Sections: []*Section{
		{Path: "b", Entries: []Entry{{"T.M0", "x.F", "1"}, {"T.M0", "x.G", ""}, {"T.M1", "x.F", "22"}}},
		{Path: "empty"},
		{Path: "a", Entries: []Entry{{"", "x.P", "p"}}},
	}}
	data := f.Encode()
	got, err := DecodeFile(data)
	if err != nil {
		t.Fatal(err)
	}
	want := &File{Variant: true, Sections: []*Section{f.Sections[2], f.Sections[0]}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	if string(got.Encode()) != string(data) {
		t.Error("encoding what was decoded gives other bytes")
	}
	if len((File{Sections: []*Section{{Path: "p"}}}).Encode()) != 0 {
		t.Error("a file without facts is not empty")
	}
	if len(data) > 100 {
		t.Errorf("%d bytes for four small facts", len(data))
	}
	for n := 1; n < len(data); n++ {
		if _, err := DecodeFile(data[:n]); err == nil {
			t.Errorf("no error for the first %d of %d bytes", n, len(data))
		}
	}
}

func FuzzDecodeFile(f *testing.F) {
	f.Add([]byte(nil))
	f.Add(File{Variant: true, Sections: []*Section{{Path: "b", Entries: []Entry{{"T", "x.F", "1"}}}}}.Encode())
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := DecodeFile(data)
		if err != nil {
			return
		}
		again, err := DecodeFile(got.Encode())
		if err != nil || string(again.Encode()) != string(got.Encode()) {
			t.Errorf("%q does not survive: %v", data, err)
		}
	})
}

func FuzzDecodeFact(f *testing.F) {
	data, err := encodeFact(sample())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data string) {
		_ = decodeFact(data, reflect.ValueOf(new(allKinds))) // must not panic
	})
}

// note is a fact for the tests below.
type note struct{ Text string }

func (*note) AFact()           {}
func (n *note) String() string { return n.Text }

// world type-checks packages that import each other.
type world struct {
	fset *token.FileSet
	pkgs map[string]*types.Package
	std  types.Importer
}

func (w *world) Import(path string) (*types.Package, error) {
	if p := w.pkgs[path]; p != nil {
		return p, nil
	}
	return w.std.Import(path)
}

func (w *world) add(t *testing.T, path, src string) *Unit {
	t.Helper()
	f, err := parser.ParseFile(w.fset, path+".go", src, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	info := NewInfo()
	pkg, err := (&types.Config{Importer: w}).Check(path, w.fset, []*ast.File{f}, info)
	if err != nil {
		t.Fatal(err)
	}
	w.pkgs[path] = pkg
	return &Unit{Path: path, Fset: w.fset, Files: []*ast.File{f}, Pkg: pkg, Info: info, Sizes: types.SizesFor("gc", "amd64")}
}

func newWorld() *world {
	return &world{token.NewFileSet(), make(map[string]*types.Package), importer.Default()}
}

// A fact about a method of a package that is not imported directly comes by
// way of the package that leads to it, and only if it does.
func TestReachable(t *testing.T) {
	noteAll := &analysis.Analyzer{
		Name: "noteall", Doc: "noteall", FactTypes: []analysis.Fact{new(note)},
		Run: func(pass *analysis.Pass) (any, error) {
			for _, obj := range pass.TypesInfo.Defs {
				switch obj := obj.(type) {
				case *types.Func, *types.TypeName:
					pass.ExportObjectFact(obj, &note{obj.Name()})
				case *types.Var:
					if obj.IsField() {
						pass.ExportObjectFact(obj, &note{"field " + obj.Name()})
					}
				}
			}
			return nil, nil
		},
	}
	s := Suite{Analyzers: []*analysis.Analyzer{noteAll}}
	w := newWorld()
	deep := w.add(t, "deep", `package deep
type Seen struct{ F int; G *inner }
type inner struct{ H int }
func (s *Seen) M() {}
type Unseen struct{}
func (Unseen) M() {}
func Fun() {}
func helper() {}
`)
	res, err := s.Run(deep, s.Analyzers)
	if err != nil || len(res.Failures) > 0 {
		t.Fatal(err, res.Failures)
	}
	var own []string
	for _, e := range res.Own.Entries {
		own = append(own, e.Object)
	}
	if got, want := fmt.Sprint(own), "[Fun Seen Seen.M0 Seen.UF0 Seen.UF1 Unseen Unseen.M0 inner inner.UF0]"; got != want {
		t.Errorf("facts about %s, want %s", got, want)
	}
	mid := w.add(t, "mid", `package mid
import "deep"
func Get() *deep.Seen { deep.Fun(); var u deep.Unseen; u.M(); return nil }
`)
	facts := NewFacts(nil)
	facts.Add([]*Section{res.Own})
	mid.Facts = facts
	var got []string
	for _, sec := range facts.Reachable(mid.Pkg) {
		for _, e := range sec.Entries {
			got = append(got, sec.Path+" "+e.Object)
		}
	}
	if got, want := strings.Join(got, ", "), "deep Seen, deep Seen.M0, deep Seen.UF0, deep Seen.UF1, deep inner, deep inner.UF0"; got != want {
		t.Errorf("passed on: %s, want %s", got, want)
	}
}

func TestRunOrderFailuresAndPanics(t *testing.T) {
	var ran []string
	mk := func(name string, run func() error, req ...*analysis.Analyzer) *analysis.Analyzer {
		return &analysis.Analyzer{Name: name, Doc: name, Requires: req, Run: func(pass *analysis.Pass) (any, error) {
			ran = append(ran, name)
			pass.Reportf(pass.Files[0].Pos(), "from %s", name)
			return nil, run()
		}}
	}
	ok := func() error { return nil }
	base := mk("base", ok)
	bad := mk("bad", func() error { return fmt.Errorf("cause") }, base)
	boom := mk("boom", func() error { panic("boo") })
	after := mk("after", ok, bad)
	good := mk("good", ok, base)
	s := Suite{Analyzers: []*analysis.Analyzer{after, boom, good}}
	u := newWorld().add(t, "p", "package p")
	for range 3 {
		ran = nil
		res, err := s.Run(u, s.Analyzers)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := fmt.Sprint(ran), "[base bad boom good]"; got != want {
			t.Errorf("ran %s, want %s", got, want)
		}
		if len(res.Findings) != 1 || res.Findings[0].Message != "from good" {
			t.Errorf("findings %v: helpers and failed analyzers must stay silent", res.Findings)
		}
		if len(res.Failures) != 2 || res.Failures[0].Err != "cause" ||
			!strings.Contains(res.Failures[1].Err, "analyzer boom panicked on package p: boo at facts_test.go:") {
			t.Errorf("failures %q", res.Failures)
		}
	}
}

func TestForeignFactPanicsAsFailure(t *testing.T) {
	a := &analysis.Analyzer{Name: "a", Doc: "a", FactTypes: []analysis.Fact{new(note)}, Run: func(pass *analysis.Pass) (any, error) {
		pass.ExportObjectFact(types.Universe.Lookup("error"), new(note))
		return nil, nil
	}}
	res, err := Suite{Analyzers: []*analysis.Analyzer{a}}.Run(newWorld().add(t, "p", "package p"), []*analysis.Analyzer{a})
	if err != nil || len(res.Failures) != 1 {
		t.Errorf("got %v, %v", res, err)
	}
}

func TestEnabled(t *testing.T) {
	a, b := &analysis.Analyzer{Name: "a"}, &analysis.Analyzer{Name: "b"}
	s := Suite{Analyzers: []*analysis.Analyzer{a, b}}
	for _, c := range []struct {
		on   map[string]bool
		want string
	}{
		{nil, "[a b]"},
		{map[string]bool{"a": true}, "[a]"},
		{map[string]bool{"a": false}, "[b]"},
		{map[string]bool{"a": true, "b": false}, "[a]"},
		{map[string]bool{"a": false, "b": false}, "[]"},
	} {
		if got := fmt.Sprint(s.Enabled(c.on)); got != c.want {
			t.Errorf("%v: got %s, want %s", c.on, got, c.want)
		}
	}
}
