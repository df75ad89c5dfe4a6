package runtime_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite api.txt")

// TestAPI compares what the package exports with api.txt. The analyzers' model
// of this package is checked against the same file, so neither moves alone.
func TestAPI(t *testing.T) {
	got := strings.Join(exportedAPI(t), "\n") + "\n"
	if *update {
		if err := os.WriteFile("api.txt", []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile("api.txt")
	if err != nil {
		t.Fatal(err)
	}
	// Git may have changed the line ends.
	if want := string(bytes.ReplaceAll(want, []byte("\r\n"), []byte("\n"))); got != want {
		t.Errorf("api.txt is not what the package exports; if the change is meant, run: go test ./runtime -run '^TestAPI$' -update, "+
			"and change the analyzers' model of the package with it\n%s", lineDiff(want, got))
	}
}

// exportedAPI lists what the package in this folder exports, one line each:
// constants with their value, variables, functions, types, their exported fields
// and their methods.
func exportedAPI(t *testing.T) []string {
	pkg := checkPackage(t)
	qualify := func(p *types.Package) string {
		if p == pkg {
			return ""
		}
		return p.Path()
	}
	str := func(typ types.Type) string { return types.TypeString(typ, qualify) }
	signature := func(f *types.Func) string { return strings.TrimPrefix(str(f.Type()), "func") }

	var lines []string
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	for _, name := range pkg.Scope().Names() {
		if !token.IsExported(name) {
			continue
		}
		switch obj := pkg.Scope().Lookup(name).(type) {
		case *types.Const:
			add("const %s %s = %s", name, str(obj.Type()), obj.Val())
		case *types.Var:
			add("var %s %s", name, str(obj.Type()))
		case *types.Func:
			add("func %s%s", name, signature(obj))
		case *types.TypeName:
			kind := ""
			switch u := obj.Type().Underlying().(type) {
			case *types.Struct:
				kind = "struct"
				for f := range u.Fields() {
					if f.Exported() {
						add("field %s.%s %s", name, f.Name(), str(f.Type()))
					}
				}
			case *types.Interface:
				kind = "interface"
				for m := range u.Methods() {
					add("method (%s) %s%s", name, m.Name(), signature(m))
				}
			default:
				kind = str(u)
			}
			add("type %s %s", str(obj.Type()), kind)
			named := obj.Type().(*types.Named)
			for m := range named.Methods() {
				if m.Exported() {
					add("method (%s) %s%s", str(m.Signature().Recv().Type()), m.Name(), signature(m))
				}
			}
			// Promoted methods are exported as well, and none is meant to be.
			for sel := range types.NewMethodSet(types.NewPointer(named)).Methods() {
				if sel.Obj().Exported() && len(sel.Index()) > 1 {
					t.Errorf("%s.%s is promoted from an embedded field", name, sel.Obj().Name())
				}
			}
		}
	}
	slices.Sort(lines)
	return lines
}

func checkPackage(t *testing.T) *types.Package {
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	conf := types.Config{Importer: importer.ForCompiler(fset, "source", nil), IgnoreFuncBodies: true}
	pkg, err := conf.Check("github.com/tenantvet/tenantvet/runtime", fset, files, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pkg.Imports() {
		if first, _, _ := strings.Cut(p.Path(), "/"); strings.Contains(first, ".") {
			t.Errorf("imports %s; this package imports the standard library only", p.Path())
		}
	}
	return pkg
}

// lineDiff lists the lines that only one of two texts has.
func lineDiff(old, new string) string {
	var b strings.Builder
	a, c := strings.Split(old, "\n"), strings.Split(new, "\n")
	for _, line := range a {
		if !slices.Contains(c, line) {
			fmt.Fprintf(&b, "-%s\n", line)
		}
	}
	for _, line := range c {
		if !slices.Contains(a, line) {
			fmt.Fprintf(&b, "+%s\n", line)
		}
	}
	return b.String()
}
