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
	runs []testFile // those that run scopetest
	err  error
}

// A testFile is what a file with a test of isolation speaks of.
type testFile struct {
	dir     string
	pkg     string              // of its package clause
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
	return slices.ContainsFunc(t.runs, func(f testFile) bool {
		return slices.ContainsFunc(names, func(name string) bool {
			return slices.Contains(f.through[pkg.Path()], name) || f.dir == dir && f.pkg == pkg.Name() && f.names[name]
		})
	}), nil
}

func (t *Tests) read() {
	for _, f := range t.files {
		text, err := readDDL(f.name)
		if err != nil {
			t.err = f.glob.error("cannot read %s: %w; make it readable, or narrow the pattern so that it leaves the file out", f.glob.relative(f.name), cause(err))
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
		if one := speaksOf(file); slices.Contains(one.through[scopetestPath], "Isolation") || slices.Contains(one.through[scopetestPath], "CheckIsolation") {
			one.dir = filepath.Dir(f.name)
			t.runs = append(t.runs, one)
		}
	}
}

// speaksOf returns the names in a file.
func speaksOf(file *ast.File) testFile {
	out := testFile{pkg: file.Name.Name, names: map[string]bool{}, through: map[string][]string{}}
	imports := map[string][]string{} // paths by what they may be called
	for _, spec := range file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		for _, name := range callings(spec, p) {
			imports[name] = append(imports[name], p)
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
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
