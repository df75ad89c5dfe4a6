package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
)

// A declaration is the lines of a function, a variable or a constant. Its name, as
// in T.m, is how it is found in another commit.
type declaration struct {
	file, name string
	from, to   int
}

func (d declaration) holds(p place) bool {
	file := filepath.ToSlash(p.file)
	return (file == d.file || strings.HasSuffix(file, "/"+d.file)) && d.from <= p.line && p.line <= d.to
}

// standFor returns the declarations that stand for a place: the one around it, and
// a method of its name in another case, which a generator wrote for a query's text.
// Outside of declarations it is the lines around the place.
func standFor(dir string, p place) []declaration {
	all := declarations(dir, p.file)
	i := slices.IndexFunc(all, func(d declaration) bool { return d.holds(p) })
	if i < 0 {
		return []declaration{{p.file, "", p.line - 2, p.line + 2}}
	}
	out := []declaration{all[i]}
	for k, d := range all {
		if k != i && strings.EqualFold(member(d.name), member(all[i].name)) {
			out = append(out, d)
		}
	}
	return out
}

func member(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// again returns the declarations of the same names in another commit.
func again(dir string, decls []declaration) []declaration {
	var out []declaration
	for _, want := range decls {
		for _, d := range declarations(dir, want.file) {
			if d.name == want.name && !slices.Contains(out, d) {
				out = append(out, d)
			}
		}
	}
	return out
}

// declarations returns those of a file, none if it cannot be read.
func declarations(dir, file string) []declaration {
	fset := token.NewFileSet()
	f, _ := parser.ParseFile(fset, filepath.Join(dir, file), nil, parser.SkipObjectResolution)
	if f == nil {
		return nil
	}
	var out []declaration
	add := func(name string, n ast.Node) {
		out = append(out, declaration{file, name, fset.Position(n.Pos()).Line, fset.Position(n.End()).Line})
	}
	for _, decl := range f.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			name := decl.Name.Name
			if decl.Recv != nil && len(decl.Recv.List) > 0 {
				name = receiver(decl.Recv.List[0].Type) + "." + name
			}
			add(name, decl)
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok {
					add(v.Names[0].Name, v)
				}
			}
		}
	}
	return out
}

// receiver returns the name of a receiver's type.
func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.IndexListExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return "?"
}
