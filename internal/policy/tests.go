package policy

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/tenantvet/tenantvet/internal/models"
)

// scopetestPath is the package of the isolation test kit.
const scopetestPath = "github.com/tenantvet/tenantvet/runtime/scopetest"

// Tests is the test files that the policy names. It is safe for concurrent use.
// The files are read when they are first asked about, and as syntax alone: tests
// need not be compiled to see what they are about.
type Tests struct {
	files []globFile

	once sync.Once
	runs []mentions // of the functions that run scopetest
	err  error
}

// Mentions are what a function, with those of its file that it names, speaks of.
type mentions struct {
	dir     string
	pkg     string              // of the package clause
	names   map[string]bool     // identifiers
	through map[string][]string // names behind an imported package, by its path
}

// Tests returns the tests that the policy names for the types of a package, nil if
// it wants none for them.
func (p *Policy) Tests(pkg string) *Tests {
	if len(p.wantTests) > 0 && !slices.ContainsFunc(p.wantTests, func(pattern string) bool { return models.MatchPackage(pattern, pkg) }) {
		return nil
	}
	return p.tests
}

// Cover reports whether a test that runs scopetest's Isolation speaks of one of the
// names that pkg, in the directory dir, declares. The error names a file that cannot
// be read, and the place in the policy.
func (t *Tests) Cover(pkg *types.Package, dir string, names []string) (bool, error) {
	t.once.Do(t.read)
	if t.err != nil {
		return false, t.err
	}
	return slices.ContainsFunc(t.runs, func(f mentions) bool {
		return slices.ContainsFunc(names, func(name string) bool {
			return slices.Contains(f.through[pkg.Path()], name) || f.dir == dir && f.pkg == pkg.Name() && f.names[name]
		})
	}), nil
}

func (t *Tests) read() {
	for _, f := range t.files {
		text, err := f.read()
		if err != nil {
			t.err = err
			return
		}
		if !strings.Contains(text, scopetestPath) {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Base(f.name), text, parser.SkipObjectResolution)
		if err != nil {
			t.err = f.glob.error("cannot parse %s: %w", f.glob.relative(f.name), fmt.Errorf("%v", err))
			return
		}
		t.runs = append(t.runs, isolations(file, filepath.Dir(f.name))...)
	}
}

// isolations returns what the functions of a file speak of that run a test of
// isolation, by themselves or through others of the file.
func isolations(file *ast.File, dir string) []mentions {
	imports := importsOf(file)
	declared := map[string][]mentions{}
	var order []string
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			order = append(order, decl.Name.Name)
			declared[decl.Name.Name] = append(declared[decl.Name.Name], speaksOf(decl, imports))
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok {
					for _, name := range v.Names {
						declared[name.Name] = append(declared[name.Name], speaksOf(v, imports))
					}
				}
			}
		}
	}
	var out []mentions
	for _, name := range order {
		all := mentions{dir: dir, pkg: file.Name.Name, names: map[string]bool{}, through: map[string][]string{}}
		all.add(name, declared)
		kit := all.through[scopetestPath]
		if slices.Contains(kit, "Isolation") || slices.Contains(kit, "CheckIsolation") {
			out = append(out, all)
		}
	}
	return out
}

// add adds what the functions and variables of that name speak of, and what those
// that they name do.
func (m *mentions) add(name string, declared map[string][]mentions) {
	if m.names[name] {
		return
	}
	m.names[name] = true
	for _, d := range declared[name] {
		for p, names := range d.through {
			m.through[p] = append(m.through[p], names...)
		}
		for other := range d.names {
			m.add(other, declared)
		}
	}
}

// importsOf returns the paths of the imports of a file by what they may be called.
func importsOf(file *ast.File) map[string][]string {
	imports := map[string][]string{}
	for _, spec := range file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		for _, name := range callings(spec, p) {
			imports[name] = append(imports[name], p)
		}
	}
	return imports
}

// speaksOf returns the names in a declaration.
func speaksOf(decl ast.Node, imports map[string][]string) mentions {
	out := mentions{names: map[string]bool{}, through: map[string][]string{}}
	ast.Inspect(decl, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if id, ok := n.X.(*ast.Ident); ok {
				for _, p := range imports[id.Name] {
					out.through[p] = append(out.through[p], n.Sel.Name)
				}
			}
		case *ast.Ident:
			out.names[n.Name] = true
		}
		return true
	})
	return out
}

// callings returns what an imported package may be called in a file: as the
// import says, or like an element of its path, since nobody has read its clause.
func callings(spec *ast.ImportSpec, p string) []string {
	if spec.Name != nil {
		return []string{spec.Name.Name}
	}
	base := path.Base(p)
	out := []string{base, strings.TrimPrefix(base, "go-"), strings.TrimSuffix(base, "-go")}
	if dir := path.Base(path.Dir(p)); len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789") == "" {
		out = append(out, dir)
	}
	return slices.Compact(out)
}
