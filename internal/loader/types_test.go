package loader

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// api describes what an importer can see of a package, all the way down.
func api(pkg *types.Package) []string {
	var out []string
	q := func(p *types.Package) string { return p.Path() }
	seen := make(map[*types.TypeName]bool)
	var visit func(t types.Type)
	named := func(n *types.Named) {
		n = n.Origin()
		if seen[n.Obj()] || n.Obj().Pkg() == nil {
			return
		}
		seen[n.Obj()] = true
		out = append(out, types.ObjectString(n.Obj(), q)+" = "+types.TypeString(n.Underlying(), q))
		for m := range n.Methods() {
			out = append(out, types.ObjectString(m, q))
			visit(m.Type())
		}
		visit(n.Underlying())
	}
	visit = func(t types.Type) {
		switch t := t.(type) {
		case *types.Named:
			named(t)
		case *types.Pointer:
			visit(t.Elem())
		case *types.Slice:
			visit(t.Elem())
		case *types.Array:
			visit(t.Elem())
		case *types.Map:
			visit(t.Key())
			visit(t.Elem())
		case *types.Chan:
			visit(t.Elem())
		case *types.Alias:
			visit(types.Unalias(t))
		case *types.Signature:
			for v := range t.Params().Variables() {
				visit(v.Type())
			}
			for v := range t.Results().Variables() {
				visit(v.Type())
			}
		case *types.Struct:
			for f := range t.Fields() {
				visit(f.Type())
			}
		case *types.Interface:
			for m := range t.Methods() {
				visit(m.Type())
			}
		}
	}
	for _, name := range pkg.Scope().Names() {
		obj := pkg.Scope().Lookup(name)
		if !obj.Exported() {
			continue
		}
		s := types.ObjectString(obj, q)
		if c, ok := obj.(*types.Const); ok {
			s += " = " + c.Val().ExactString()
		}
		out = append(out, s)
		visit(obj.Type())
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Reading lightly must lose nothing that an importer can see.
func TestLightTypesAreWhole(t *testing.T) {
	if testing.Short() {
		t.Skip("type-checks much of the standard library twice")
	}
	paths := []string{"net/http", "go/types", "encoding/json", "sync/atomic", "slices", "syscall",
		"golang.org/x/tools/go/analysis/passes/inspect"}
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	cfg := &Config{Patterns: paths, Dir: dir, Env: append(os.Environ(), "CGO_ENABLED=0")}
	env, err := ReadEnv(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	pkgs, err := list(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	l, err := newLoader(t.Context(), cfg, env, pkgs)
	if err != nil {
		t.Fatal(err)
	}
	// The whole of everything, in order, bodies included.
	full := make(map[string]*types.Package)
	fset := token.NewFileSet()
	for _, n := range l.order {
		if n.ImportPath == "unsafe" {
			continue
		}
		var files []*ast.File
		for _, name := range n.abs(n.GoFiles) {
			f, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
		conf := types.Config{Sizes: l.sizes, GoVersion: l.goVersion(n), IgnoreFuncBodies: true, Error: func(error) {},
			Importer: importerFunc(func(path string) (*types.Package, error) {
				if path == "unsafe" {
					return types.Unsafe, nil
				}
				if dep := l.resolve(n, path); dep != nil && full[dep.ImportPath] != nil {
					return full[dep.ImportPath], nil
				}
				return nil, fmt.Errorf("no %s", path)
			})}
		full[n.ImportPath], _ = conf.Check(n.ImportPath, fset, files, nil)
	}
	read := 0
	for _, path := range paths {
		light := l.types(l.nodes[path])
		want, got := api(full[path]), api(light)
		if len(want) == 0 {
			t.Errorf("%s: nothing to compare", path)
		}
		if !slices.Equal(want, got) {
			for _, s := range want {
				if !slices.Contains(got, s) {
					t.Errorf("%s: lost %s", path, s)
				}
			}
			for _, s := range got {
				if !slices.Contains(want, s) {
					t.Errorf("%s: made up %s", path, s)
				}
			}
		}
	}
	for _, n := range l.order {
		if n.light != nil {
			read++
		}
	}
	t.Logf("read %d of %d packages", read, len(l.order))
	if read >= len(l.order) {
		t.Error("no package was spared")
	}
}
