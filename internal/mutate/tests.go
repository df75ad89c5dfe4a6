package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Tests of isolation are read by untestedscope where they are, so a mutant of one is no
// package of its own: it takes the place of its file for a run of the tool.

const dropIsolation = "drop-isolation"

// testMutants returns the mutants of the tests in files whose path is wanted: each
// call that proves isolation, left out.
func (o *origin) testMutants(wanted choice) ([]*mutant, error) {
	var list []*mutant
	if !wanted.kind(dropIsolation) {
		return nil, nil
	}
	err := filepath.WalkDir(o.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(o.dir, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if rel == "vendor" {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(rel, "_test.go") || !wanted.run.MatchString(rel) {
			return nil
		}
		more, err := mutantsOfTest(path, rel)
		list = append(list, more...)
		return err
	})
	return list, err
}

// mutantsOfTest returns the mutants of one file.
func mutantsOfTest(path, rel string) ([]*mutant, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var list []*mutant
	for _, decl := range file.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			instead := provesNothing(call.Fun)
			if instead == "" {
				return true
			}
			from, to := fset.Position(call.Fun.Pos()), fset.Position(call.Fun.End())
			name := string(src[from.Offset:to.Offset])
			list = append(list, &mutant{
				Name: fmt.Sprintf("%s:%s:drop isolation", rel, fn.Name.Name), Kind: dropIsolation, What: name + " is not called",
				File: rel, Line: from.Line, Func: fn.Name.Name,
				src: slices.Concat(src[:from.Offset], []byte(instead), src[to.Offset:]),
			})
			return true
		})
	}
	return list, nil
}

// provesNothing returns a function to call in place of one that proves isolation; "" if
// the function does not.
func provesNothing(fun ast.Expr) string {
	sel, ok := fun.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	if pkg, ok := sel.X.(*ast.Ident); !ok || pkg.Name != "scopetest" {
		return ""
	}
	switch sel.Sel.Name {
	case "Isolation":
		return "func(...any) {}"
	case "CheckIsolation":
		return "func(...any) (any, error) { return nil, nil }"
	}
	return ""
}

// judgeTests puts each mutant of a test in the place of its file, in the copy of the
// code at root, runs the tool and returns the first finding that is new.
func (o *origin) judgeTests(tool, root string, list []*mutant, stderr io.Writer) ([]string, error) {
	killed := make([]string, len(list))
	before := map[string]map[string][]string{}
	for i, m := range list {
		pattern := "./..."
		if first, _, below := strings.Cut(m.File, "/"); below && !o.module {
			pattern = "./" + first + "/..."
		}
		if before[pattern] == nil {
			found, err := analyse(tool, root, pattern, o.env(), stderr)
			if err != nil {
				return nil, err
			}
			before[pattern] = found
		}
		found, err := o.withTest(tool, root, pattern, m, stderr)
		if err != nil {
			return nil, err
		}
		for dir, list := range found {
			for _, f := range list {
				if !slices.Contains(before[pattern][dir], f) && (killed[i] == "" || f < killed[i]) {
					killed[i] = f
				}
			}
		}
	}
	return killed, nil
}

// withTest returns what the tool finds with a mutant in the place of its file.
func (o *origin) withTest(tool, root, pattern string, m *mutant, stderr io.Writer) (map[string][]string, error) {
	name := filepath.Join(root, filepath.FromSlash(m.File))
	was, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(name, m.src, 0o644); err != nil {
		return nil, err
	}
	found, err := analyse(tool, root, pattern, o.env(), stderr)
	if back := os.WriteFile(name, was, 0o644); err == nil {
		err = back
	}
	return found, err
}
