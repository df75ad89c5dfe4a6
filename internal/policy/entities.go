package policy

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/tenantvet/tenantvet/internal/models"
)

// Entities are the Go files of [schema] that declare entities for a generator: what
// those are mixed of. They are read as syntax alone, since a package with statements
// does not import them: what the generator makes of them does that at run time. It is
// safe for concurrent use. Whoever asks must look at Err when done.
type Entities struct {
	*entitySources
	asked atomic.Bool // by this package
}

// entitySources is the files, for all packages that have the policy.
type entitySources struct {
	files       []globFile
	dir, module string

	once  sync.Once
	types map[typeRef]*declaredType
	funcs map[typeRef]*declaredFunc
	err   error
}

// view returns the entities as one package sees them: what another asks is not its
// business.
func (t *Entities) view() *Entities {
	if t == nil {
		return nil
	}
	return &Entities{entitySources: t.entitySources}
}

// typeRef is a type, or a function, by its package and name.
type typeRef struct{ pkg, name string }

// A declaredType is a struct type of the files.
type declaredType struct {
	embeds  []typeRef
	methods map[string]*declaredFunc
}

// A declaredFunc is a function or method of the files.
type declaredFunc struct {
	decl    *ast.FuncDecl
	pkg     string
	imports map[string][]string
}

// Entities returns the files that declare entities, nil if the policy names none.
func (p *Policy) Entities() *Entities { return p.entities }

// Err returns the error of reading the files, nil if all could be read or nobody has
// asked.
func (t *Entities) Err() error {
	if t == nil || !t.asked.Load() {
		return nil
	}
	t.once.Do(t.read)
	return t.err
}

// Names returns the names of the struct types that the files declare, entities among
// them, sorted.
func (t *Entities) Names() []string {
	t.asked.Store(true)
	t.once.Do(t.read)
	var out []string
	for ref := range t.types {
		out = append(out, ref.name)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Package returns the import path of the package that declares an entity, "" if none
// does, or more than one.
func (t *Entities) Package(entity string) string {
	t.asked.Store(true)
	t.once.Do(t.read)
	own, _ := t.entity(entity)
	return own.pkg
}

// Methods returns the methods of that name of what an entity is mixed of, in the order
// in which its method list has that, and then its own: each as it is declared, which may
// be on a type that another embeds. It is empty if there is no such entity, or more than
// one, or if what it is mixed of cannot be told.
func (t *Entities) Methods(entity, list, name string) []models.Name {
	t.asked.Store(true)
	t.once.Do(t.read)
	own, ok := t.entity(entity)
	if !ok {
		return nil
	}
	parts := []typeRef{}
	if f := t.method(own, list); f != nil {
		if parts, ok = t.listed(f, 0); !ok {
			return nil
		}
	}
	var out []models.Name
	for _, part := range append(parts, own) {
		if holder, ok := t.declares(part, name, 0); ok {
			out = append(out, models.Name{Package: holder.pkg, Type: holder.name, Name: name})
		}
	}
	return out
}

// entity returns the one type of that name.
func (t *Entities) entity(name string) (out typeRef, ok bool) {
	for ref := range t.types {
		if ref.name == name {
			if ok {
				return typeRef{}, false
			}
			out, ok = ref, true
		}
	}
	return out, ok
}

// maxEmbedded bounds how deep types and lists are followed into one another.
const maxEmbedded = 8

// declares returns the type that declares the method of that name of a type, itself or
// one that it embeds. Of a type that is declared elsewhere it is taken to be itself.
func (t *Entities) declares(ref typeRef, name string, depth int) (typeRef, bool) {
	d := t.types[ref]
	switch {
	case d == nil:
		return ref, depth == 0 || strings.HasPrefix(ref.pkg, t.module+"/")
	case d.methods[name] != nil:
		return ref, true
	case depth > maxEmbedded:
		return typeRef{}, false
	}
	for _, inner := range d.embeds {
		if holder, ok := t.declares(inner, name, depth+1); ok {
			return holder, true
		}
	}
	return typeRef{}, false
}

// method returns the method of that name of a type, nil if the files declare none.
func (t *Entities) method(ref typeRef, name string) *declaredFunc {
	holder, ok := t.declares(ref, name, 0)
	if d := t.types[holder]; ok && d != nil {
		return d.methods[name]
	}
	return nil
}

// listed returns the types of the elements of the list that a function returns; ok is
// false if they cannot be told.
func (t *Entities) listed(f *declaredFunc, depth int) (out []typeRef, ok bool) {
	result := f.returned()
	if result == nil || depth > maxEmbedded {
		return nil, false
	}
	return t.elements(f, result, depth)
}

// elements returns the types of the elements of a list.
func (t *Entities) elements(f *declaredFunc, list ast.Expr, depth int) (out []typeRef, ok bool) {
	switch x := ast.Unparen(list).(type) {
	case *ast.Ident:
		return nil, x.Name == "nil"
	case *ast.CompositeLit:
		for _, el := range x.Elts {
			ref, ok := t.typeOf(f, el, depth)
			if !ok {
				return nil, false
			}
			out = append(out, ref)
		}
		return out, true
	case *ast.CallExpr:
		if id, isIdent := x.Fun.(*ast.Ident); isIdent && id.Name == "append" && len(x.Args) > 0 {
			return t.appended(f, x, depth)
		}
		if g := t.callee(f, x); g != nil {
			return t.listed(g, depth+1)
		}
	}
	return nil, false
}

// appended returns the types of the elements of a list to which others are appended.
func (t *Entities) appended(f *declaredFunc, call *ast.CallExpr, depth int) (out []typeRef, ok bool) {
	if out, ok = t.elements(f, call.Args[0], depth); !ok {
		return nil, false
	}
	for i, arg := range call.Args[1:] {
		if call.Ellipsis.IsValid() && i == len(call.Args)-2 {
			more, ok := t.elements(f, arg, depth)
			return append(out, more...), ok
		}
		ref, ok := t.typeOf(f, arg, depth)
		if !ok {
			return nil, false
		}
		out = append(out, ref)
	}
	return out, true
}

// typeOf returns the type of an expression: of a literal, or of what a function of the
// files returns. A call of another function is of a type that nothing is known of.
func (t *Entities) typeOf(f *declaredFunc, expr ast.Expr, depth int) (typeRef, bool) {
	switch x := ast.Unparen(expr).(type) {
	case *ast.UnaryExpr:
		return t.typeOf(f, x.X, depth)
	case *ast.CompositeLit:
		return f.named(x.Type)
	case *ast.CallExpr:
		if g := t.callee(f, x); g != nil && depth < maxEmbedded {
			if result := g.returned(); result != nil {
				return t.typeOf(g, result, depth+1)
			}
		}
		return typeRef{}, true
	}
	return typeRef{}, false
}

// callee returns the function of the files, or the method of a literal of one of their
// types, that a call calls; nil if it is none.
func (t *Entities) callee(f *declaredFunc, call *ast.CallExpr) *declaredFunc {
	if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
		if lit, ok := ast.Unparen(sel.X).(*ast.CompositeLit); ok {
			if ref, ok := f.named(lit.Type); ok {
				return t.method(ref, sel.Sel.Name)
			}
			return nil
		}
	}
	ref, ok := f.named(call.Fun)
	if !ok {
		return nil
	}
	return t.funcs[ref]
}

// returned returns what a function returns that does nothing else, nil if it does.
func (f *declaredFunc) returned() ast.Expr {
	if f.decl.Body == nil || len(f.decl.Body.List) != 1 {
		return nil
	}
	ret, ok := f.decl.Body.List[0].(*ast.ReturnStmt)
	if !ok || len(ret.Results) != 1 {
		return nil
	}
	return ret.Results[0]
}

// named returns what an expression in a function names: a type or function of its
// package, or of one that its file imports.
func (f *declaredFunc) named(expr ast.Expr) (typeRef, bool) {
	return nameIn(expr, f.pkg, f.imports)
}

func nameIn(expr ast.Expr, pkg string, imports map[string][]string) (typeRef, bool) {
	switch x := expr.(type) {
	case *ast.StarExpr:
		return nameIn(x.X, pkg, imports)
	case *ast.IndexExpr:
		return nameIn(x.X, pkg, imports)
	case *ast.Ident:
		return typeRef{pkg, x.Name}, true
	case *ast.SelectorExpr:
		id, ok := x.X.(*ast.Ident)
		if !ok || len(imports[id.Name]) == 0 {
			return typeRef{}, false
		}
		return typeRef{imports[id.Name][0], x.Sel.Name}, true
	}
	return typeRef{}, false
}

func (t *Entities) read() {
	t.types, t.funcs = map[typeRef]*declaredType{}, map[typeRef]*declaredFunc{}
	var files []*ast.File
	var pkgs []string
	for _, f := range t.files {
		if filepath.Ext(f.name) != ".go" || strings.HasSuffix(f.name, "_test.go") {
			continue
		}
		text, err := f.read()
		if err != nil {
			t.err = err
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Base(f.name), text, parser.SkipObjectResolution)
		if err != nil {
			t.err = f.glob.error("cannot parse %s: %w", f.glob.relative(f.name), fmt.Errorf("%v", err))
			return
		}
		files, pkgs = append(files, file), append(pkgs, path.Join(t.module, path.Dir(slashed(t.dir, f.name))))
	}
	for i, file := range files {
		t.addTypes(file, pkgs[i])
	}
	for i, file := range files {
		t.addFuncs(file, pkgs[i])
	}
}

// addTypes takes in the struct types of a file.
func (t *Entities) addTypes(file *ast.File, pkg string) {
	imports := importsOf(file)
	for _, decl := range file.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range gen.Specs {
			ts, ok := spec.(*ast.TypeSpec)
			if !ok {
				continue
			}
			st, ok := ts.Type.(*ast.StructType)
			if !ok {
				continue
			}
			d := &declaredType{methods: map[string]*declaredFunc{}}
			for _, f := range st.Fields.List {
				if ref, ok := nameIn(f.Type, pkg, imports); ok && len(f.Names) == 0 {
					d.embeds = append(d.embeds, ref)
				}
			}
			t.types[typeRef{pkg, ts.Name.Name}] = d
		}
	}
}

// addFuncs takes in the functions of a file, and the methods of the types.
func (t *Entities) addFuncs(file *ast.File, pkg string) {
	imports := importsOf(file)
	for _, decl := range file.Decls {
		fd, ok := decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		f := &declaredFunc{fd, pkg, imports}
		if fd.Recv == nil {
			t.funcs[typeRef{pkg, fd.Name.Name}] = f
			continue
		}
		if ref, ok := nameIn(fd.Recv.List[0].Type, pkg, imports); ok && t.types[ref] != nil {
			t.types[ref].methods[fd.Name.Name] = f
		}
	}
}
