package starter

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/tenantvet/tenantvet/internal/models"
)

// A module is what the text of a module says: gathered in two passes, first of its
// migrations and statements, which tell what tenants are called there, then of its
// declarations.
type module struct {
	root, path string
	words      []string // what a tenant is called here beside the usual
	migrations []migrations
	tables     []table // that statements in Go files tell of

	funcs   []*function
	calls   map[string]int     // by the name called
	selects map[string]int     // by the name selected
	fields  map[string][]field // by package directory and struct: "./internal/auth.Claims"
	consts  map[string]string  // texts, by package directory and name
	rows    map[string]bool    // structs that are rows of tables, as in fields
	structs map[string][]place // with a tenant's column, by the library whose tag they have
	keys    map[string]*contextKey
	// interfaces are those that have methods of their own.
	interfaces []contract
	refuses    map[string]place // where a function refuses a request, by its name in policies
	answers    map[string]bool  // functions that speak of other answers, too
	handOffs   []handOff
	// declared are functions and methods as policies name them: a function by
	// "./pkg.Name", methods by "./pkg#Name" and by "#Name".
	declared map[string][]string
	roles    []role
}

// A place is a line of a file, relative to the module's root, with /.
type place struct {
	name string // of what stands there
	file string
	line int
}

type function struct {
	decl  *ast.FuncDecl
	pkg   string // "./internal/auth"
	file  string
	fset  *token.FileSet
	paths map[string]string // imports of its file: name to directory, for those of the module
}

// at returns the place of a node of the function.
func (f *function) at(n ast.Node) place {
	return place{file: f.file, line: f.fset.Position(n.Pos()).Line}
}

// A contract is an interface, with the names of the methods that it declares itself.
type contract struct {
	name    string // "./internal/db.Reader"
	methods []string
	at      place
}

// field is a field that a dimension's name stands in.
type field struct {
	name string
	dim  models.Dims
	at   place
}

// read gathers what the module at root says. Files that do not parse are passed
// over: the go command will speak of them.
func read(root string) (*module, error) {
	data, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return nil, err
	}
	m := &module{
		root: root, path: modfile.ModulePath(data), calls: map[string]int{}, selects: map[string]int{}, fields: map[string][]field{}, consts: map[string]string{},
		rows: map[string]bool{}, structs: map[string][]place{}, keys: map[string]*contextKey{}, refuses: map[string]place{},
		answers: map[string]bool{}, declared: map[string][]string{},
	}
	var ddl []string
	err = m.walk(".sql", func(name string) error {
		text, err := os.ReadFile(name)
		if err == nil && declaresTables(string(text)) {
			ddl = append(ddl, m.relative(name))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	m.readMigrations(ddl)
	if err := m.walk(".go", m.readTexts); err != nil {
		return nil, err
	}
	m.learn()
	if err := m.walk(".go", m.readFile); err != nil {
		return nil, err
	}
	m.readFuncs()
	return m, nil
}

// walk calls visit for the module's files of that kind that may be its own.
func (m *module) walk(ext string, visit func(name string) error) error {
	return filepath.WalkDir(m.root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			if errors.Is(err, fs.ErrPermission) {
				return fs.SkipDir
			}
			return err
		}
		base := d.Name()
		hidden := strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_")
		if d.IsDir() {
			skip := hidden || base == "vendor" || base == "testdata" || base == "node_modules" || base == "mocks" || isFile(filepath.Join(name, "go.mod"))
			if skip && name != m.root {
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() || hidden || filepath.Ext(base) != ext || strings.HasSuffix(base, "_test.go") {
			return nil
		}
		return visit(name)
	})
}

// relative returns a name relative to the module's root, with slashes.
func (m *module) relative(name string) string {
	rel, err := filepath.Rel(m.root, name)
	if err != nil {
		return filepath.ToSlash(name)
	}
	return filepath.ToSlash(rel)
}

// readTexts keeps what the statements in a file tell of tables.
func (m *module) readTexts(name string) error {
	data, err := os.ReadFile(name)
	if err != nil || !statement.Match(data) {
		return err
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, data, parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if text, err := strconv.Unquote(lit.Value); err == nil {
				m.readStatement(text, place{"", m.relative(name), fset.Position(n.Pos()).Line})
			}
		}
		return true
	})
	return nil
}

func (m *module) readFile(name string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, data, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	rel := m.relative(name)
	pkg := "."
	if i := strings.LastIndexByte(rel, '/'); i >= 0 {
		pkg = "./" + rel[:i]
	}
	paths := map[string]string{}
	for _, imp := range f.Imports {
		path := strings.Trim(imp.Path.Value, `"`)
		rest, ok := strings.CutPrefix(path, m.path+"/")
		if !ok {
			continue
		}
		local := path[strings.LastIndexByte(path, '/')+1:]
		if imp.Name != nil {
			local = imp.Name.Name
		}
		paths[local] = "./" + rest
	}
	generated := ast.IsGenerated(f)
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if !generated {
				m.funcs = append(m.funcs, &function{d, pkg, rel, fset, paths})
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					m.readType(pkg, s, func(n ast.Node) place { return place{s.Name.Name, rel, fset.Position(n.Pos()).Line} })
				case *ast.ValueSpec:
					if d.Tok == token.CONST && !generated {
						m.readConst(pkg, s, place{"", rel, fset.Position(s.Pos()).Line})
					}
				}
			}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			m.calls[calledName(n)]++
		case *ast.SelectorExpr:
			m.selects[n.Sel.Name]++
		}
		return true
	})
	return nil
}

// calledName returns the name of what is called, without its package or receiver.
func calledName(call *ast.CallExpr) string {
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		return fun.Name
	case *ast.SelectorExpr:
		return fun.Sel.Name
	}
	return ""
}

// readConst keeps what a constant text is, for context keys and roles.
func (m *module) readConst(pkg string, s *ast.ValueSpec, at place) {
	for i, name := range s.Names {
		if i >= len(s.Values) {
			continue
		}
		lit, ok := s.Values[i].(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			continue
		}
		text, err := strconv.Unquote(lit.Value)
		if err != nil {
			continue
		}
		m.consts[pkg+"."+name.Name] = text
		at.name = name.Name
		m.readRole(s.Type, text, at)
	}
}

// readType keeps what the fields of a struct say of whose it is.
func (m *module) readType(pkg string, ts *ast.TypeSpec, at func(ast.Node) place) {
	if it, ok := ts.Type.(*ast.InterfaceType); ok {
		m.readInterface(pkg+"."+ts.Name.Name, it, at(ts))
	}
	st, ok := ts.Type.(*ast.StructType)
	if !ok {
		return
	}
	library, owned := "", false
	for _, f := range st.Fields.List {
		if f.Tag != nil && library == "" {
			library = tagLibrary(f.Tag.Value)
		}
		for _, name := range f.Names {
			words := split(name.Name)
			if name.Name == "ID" {
				words = split(ts.Name.Name) // of a tenant, the tenant's
			}
			d := m.identifies(words)
			if d == 0 || d == models.User {
				continue
			}
			owned = owned || d == models.Tenant
			if isIdentifier(f.Type) {
				key := pkg + "." + ts.Name.Name
				m.fields[key] = append(m.fields[key], field{name.Name, d, at(name)})
			}
		}
	}
	m.rows[pkg+"."+ts.Name.Name] = library != ""
	if library != "" && owned {
		m.structs[library] = append(m.structs[library], at(ts))
	}
}

func (m *module) readInterface(name string, it *ast.InterfaceType, at place) {
	c := contract{name: name, at: at}
	for _, f := range it.Methods.List {
		for _, method := range f.Names {
			c.methods = append(c.methods, method.Name)
		}
	}
	if len(c.methods) > 0 {
		m.interfaces = append(m.interfaces, c)
	}
}
