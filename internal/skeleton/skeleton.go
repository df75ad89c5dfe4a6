// Package skeleton writes tests to begin with. It goes by syntax alone, so that
// it works on code that does not compile yet, and writes to no file.
package skeleton

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/format"
	"go/parser"
	"go/printer"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// IsolationTest returns the text of a test of isolation for a type: "./store.Orders"
// in a directory below dir, or "Orders" in dir itself. The text compiles, in a file
// beside the type, and the test fails until it is filled in. The error says what
// cannot be found, and what there is instead.
func IsolationTest(dir, name string) ([]byte, error) {
	rel, typ := "", name
	if i := strings.LastIndexByte(name, '.'); i > 0 && strings.HasPrefix(name, ".") {
		rel, typ = name[:i], name[i+1:]
	}
	if !token.IsIdentifier(typ) {
		return nil, fmt.Errorf("%q is no type: write ./dir.Type, or Type for one in this directory", name)
	}
	at := filepath.Join(dir, filepath.FromSlash(rel))
	pkg, err := read(at)
	if err != nil {
		return nil, err
	}
	pkg.subject = typ
	if pkg.path, err = importPath(at); err != nil {
		return nil, err
	}
	found, ok := pkg.types[typ]
	switch {
	case !ok:
		return nil, fmt.Errorf("package %s in %s has no type %s%s", pkg.name, slashed(dir, at), typ, pkg.others())
	case found.TypeParams != nil:
		return nil, fmt.Errorf("%s has type parameters: declare a type for the instance that is to be tested, such as type %sOfText = %s[string]", typ, typ, typ)
	}
	return pkg.test()
}

// A source is a package as its files have it.
type source struct {
	name, path string
	types      map[string]*ast.TypeSpec
	funcs      []*ast.FuncDecl

	subject string // the type that the test is about
}

// read reads the files of a directory that are no tests.
func read(dir string) (*source, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	out := &source{types: map[string]*ast.TypeSpec{}}
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		if match, err := build.Default.MatchFile(dir, name); err != nil || !match {
			continue // a program to be run by itself, or for another system
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		out.name = file.Name.Name
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				out.funcs = append(out.funcs, d)
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if t, ok := spec.(*ast.TypeSpec); ok {
						out.types[t.Name.Name] = t
					}
				}
			}
		}
	}
	if out.name == "" {
		return nil, fmt.Errorf("there is no Go code in %s", dir)
	}
	return out, nil
}

// importPath returns the import path of a directory, by the go.mod above it.
func importPath(dir string) (string, error) {
	below := ""
	for at := dir; ; at = filepath.Dir(at) {
		data, err := os.ReadFile(filepath.Join(at, "go.mod"))
		if err == nil {
			mod := modfile.ModulePath(data)
			if mod == "" {
				return "", fmt.Errorf("%s names no module", filepath.Join(at, "go.mod"))
			}
			return path.Join(mod, below), nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("%s is in no module: there is no go.mod above it", dir)
		}
		below = path.Join(filepath.Base(at), below)
	}
}

func slashed(dir, at string) string {
	rel, err := filepath.Rel(dir, at)
	if err != nil {
		rel = at
	}
	return filepath.ToSlash(rel)
}

// others says which types there are.
func (s *source) others() string {
	var names []string
	for name := range s.types {
		names = append(names, name)
	}
	if len(names) == 0 {
		return ", and no other"
	}
	slices.Sort(names)
	return ": it has " + strings.Join(names[:min(len(names), 12)], ", ")
}

// test writes the test. It stands outside of the package where that will do.
func (s *source) test() ([]byte, error) {
	var b bytes.Buffer
	clause, qualified := s.name, s.subject
	outside := ast.IsExported(s.subject) && s.name != "main"
	if outside {
		clause, qualified = s.name+"_test", "subject."+s.subject
	}
	fmt.Fprintf(&b, "package %s\n\nimport (\n\t\"context\"\n\t\"errors\"\n\t\"testing\"\n\n\t\"github.com/tenantvet/tenantvet/runtime/scopetest\"\n", clause)
	if outside {
		fmt.Fprintf(&b, "\n\tsubject %q\n", s.path)
	}
	fmt.Fprintf(&b, ")\n\n// Test%sIsolation proves that what one tenant, environment or user keeps in %s is out\n// of reach of the others. Run it with -race.\nfunc Test%[1]sIsolation(t *testing.T) {\n", strings.ToUpper(s.subject[:1])+s.subject[1:], s.subject)
	for _, line := range s.makers() {
		fmt.Fprintf(&b, "\t// %s\n", line)
	}
	fmt.Fprintf(&b, "\tvar kept *%s // make one, on a store of the test's own\n\tif kept == nil {\n\t\tt.Fatal(\"not filled in: there is no %s yet\")\n\t}\n", qualified, s.subject)
	fmt.Fprintf(&b, `	errTODO := errors.New("not filled in")
	// The scope is in ctx, where tenant.FromContext finds it. What %s does not do is
	// left out, and the payload comes back as it went in.
`, s.subject)
	for _, line := range s.methods() {
		fmt.Fprintf(&b, "\t// %s\n", line)
	}
	b.WriteString(`	scopetest.Isolation(t, scopetest.Feature{
		Create: func(ctx context.Context, id, payload string) error {
			return errTODO
		},
		Read: func(ctx context.Context, id string) (payload string, err error) {
			return "", errTODO
		},
		Update: func(ctx context.Context, id, payload string) error {
			return errTODO
		},
		Delete: func(ctx context.Context, id string) error {
			return errTODO
		},
		NotFound: errTODO, // what Read returns for an id that there is not
	})
}
`)
	return format.Source(b.Bytes())
}

// makers returns the functions that return the type, as they are declared.
func (s *source) makers() []string {
	return s.signatures(func(fn *ast.FuncDecl) bool {
		return fn.Recv == nil && fn.Type.Results != nil && slices.ContainsFunc(fn.Type.Results.List, func(f *ast.Field) bool { return s.isSubject(f.Type) })
	})
}

// methods returns the exported methods of the type, as they are declared.
func (s *source) methods() []string {
	return s.signatures(func(fn *ast.FuncDecl) bool {
		return fn.Recv != nil && len(fn.Recv.List) == 1 && fn.Name.IsExported() && s.isSubject(fn.Recv.List[0].Type)
	})
}

// isSubject reports whether t is the type that the test is about, or a pointer to it.
func (s *source) isSubject(t ast.Expr) bool {
	if p, ok := t.(*ast.StarExpr); ok {
		t = p.X
	}
	id, ok := t.(*ast.Ident)
	return ok && id.Name == s.subject
}

// signatures returns the functions that are wanted, each on one line.
func (s *source) signatures(wanted func(*ast.FuncDecl) bool) []string {
	var out []string
	for _, fn := range s.funcs {
		if !wanted(fn) {
			continue
		}
		var b strings.Builder
		if err := printer.Fprint(&b, token.NewFileSet(), &ast.FuncDecl{Name: fn.Name, Type: fn.Type}); err == nil {
			out = append(out, strings.Join(strings.Fields(strings.TrimPrefix(b.String(), "func ")), " "))
		}
	}
	return out
}
