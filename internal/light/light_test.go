package light

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

func TestBlankBodies(t *testing.T) {
	const src = "package p\n" +
		"func a() { x := \"}\" /* } */ // }\n return }\n" +
		"func b(f func(interface{ M() }) struct{ X int }) interface{ N() } { return nil }\n" +
		"func c[T interface{ ~int | ~string }](x map[string]struct{}) (y [2]struct{}, err error) { { } }\n" +
		"func asm(x int) int\n" +
		"func d() chan struct{} { r := '}'; s := `}\n}`; _, _ = r, s; return nil }\n" +
		"var e = func() int { return 1 }()\n" +
		"func (t *T) m(\n\tx int,\n) {\n\tx++\n}\n" +
		"type T struct{ f func() }\n"
	got := string(blankBodies([]byte(src)))
	if len(got) != len(src) || strings.Count(got, "\n") != strings.Count(src, "\n") {
		t.Fatalf("positions moved:\n%s", got)
	}
	for _, gone := range []string{"return nil", "x++", "{ }", "return }"} {
		if strings.Contains(got, gone) {
			t.Errorf("%q is left in:\n%s", gone, got)
		}
	}
	for _, kept := range []string{"interface{ M() }", "struct{ X int }", "~int | ~string", "func() int { return 1 }()", "type T struct{ f func() }", "func asm(x int) int\n"} {
		if !strings.Contains(got, kept) {
			t.Errorf("%q is gone from:\n%s", kept, got)
		}
	}
	same(t, []byte(src))
}

// same wants every declaration of a source that parses to be where it was
// after blanking.
func same(t *testing.T, src []byte) {
	t.Helper()
	shape := func(src []byte) (string, error) {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, "x.go", src, parser.SkipObjectResolution)
		if err != nil {
			return "", err
		}
		var b strings.Builder
		for _, d := range f.Decls {
			fmt.Fprintf(&b, "%T %d-%d\n", d, fset.Position(d.Pos()).Offset, fset.Position(d.End()).Offset)
			ast.Inspect(d, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok {
					fmt.Fprintf(&b, "%s ", id.Name)
				}
				if fd, ok := d.(*ast.FuncDecl); ok && n != nil && n == ast.Node(fd.Body) {
					return false
				}
				return true
			})
		}
		return b.String(), nil
	}
	want, err := shape(src)
	if err != nil {
		return
	}
	got, err := shape(blankBodies(src))
	if err != nil {
		t.Errorf("no longer parses: %v\n%s", err, blankBodies(src))
	} else if got != want {
		t.Errorf("got\n%s\nwant\n%s\nof\n%s", got, want, src)
	}
}

func FuzzBlankBodies(f *testing.F) {
	f.Add([]byte("package p\nfunc f() interface{} { return struct{}{} }\nfunc g() (x func() struct{}) {}"))
	f.Add([]byte("package p\nfunc f[T any, P interface{*T}](\n) [len(\"}\")]struct{} {\n}\n"))
	f.Fuzz(func(t *testing.T, src []byte) { same(t, src) })
}

func TestSelectAPI(t *testing.T) {
	const src = `package p
import ("a"; "b"; c "cc"; "d"; "e"; _ "f"; "g")
const ( unused = iota; Used )
type T struct { x inner; y a.T }
type inner struct{ z b.T }
func (inner) m() { d.Call() }
type dropped struct { d.T }
func (dropped) M(c.T) {}
var V c.T = d.New()
var W = e.New(func() { d.Call() })
func helper() g.T { return nil }
func F() { helper() }
var _ = d.X
func init() { d.Call() }
`
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	sel := Select([]*ast.File{f}, func(path string) string { return path })
	if got, want := fmt.Sprint(sel.Paths), "[a b cc e]"; got != want {
		t.Errorf("imports %s, want %s", got, want)
	}
	light := sel.File(f)
	var names []string
	for _, d := range light.Decls {
		if fd, ok := d.(*ast.FuncDecl); ok {
			names = append(names, fd.Name.Name)
			if fd.Body != nil {
				t.Errorf("%s has a body", fd.Name.Name)
			}
		}
	}
	if got, want := fmt.Sprint(names), "[m F]"; got != want {
		t.Errorf("functions %s, want %s", got, want)
	}
	if f.Decls[len(f.Decls)-1].(*ast.FuncDecl).Body == nil {
		t.Error("the file itself was changed")
	}

	digest := func(src string) string {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, "p.go", src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files := []*ast.File{f}
		return Select(files, func(path string) string { return path }).Digest(fset, files, map[*ast.File][]byte{f: []byte(src)})
	}
	was := digest(src)
	for old, new := range map[string]string{
		"func F() { helper() }": "func F() { helper(); helper() }",
		"type dropped struct":   "type dr0pped struct",
		"func init() { d":       "func init() { dd",
	} {
		if digest(strings.Replace(strings.Replace(src, "(dropped)", "(dr0pped)", strings.Count(new, "dr0pped")), old, new, 1)) != was {
			t.Errorf("%q for %q changes the API", new, old)
		}
	}
	for old, new := range map[string]string{
		"func F()":         "func F(int)",
		"z b.T":            "z b.U",
		"type T":           "\ntype T", // the line counts: positions are part of it
		"iota; Used":       "iota; x; Used",
		"func (inner) m()": "func (inner) m(int)",
	} {
		if digest(strings.Replace(src, old, new, 1)) == was {
			t.Errorf("%q for %q does not change the API", new, old)
		}
	}
}
