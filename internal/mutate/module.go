package main

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/packages"
)

// Of a module that is no corpus, contexts are changed wherever it matters.

// bareContexts hands a bare context to functions that take scope out of it.
func (m *mutator) bareContexts(fn *ast.FuncDecl) {
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if obj, ok := m.callee(call).(*types.Func); ok && m.scopedFuncs[obj.FullName()] {
			arg := call.Args[0]
			m.add(arg, "bare context", m.oneLine(arg)+" becomes a bare one", arg.Pos(), arg.End(), "context.Background()")
		}
		return true
	})
}

// scopedFuncs returns the functions of packages that take scope out of their first
// parameter, a context, by their full names.
func scopedFuncs(pkgs []*packages.Package) map[string]bool {
	out := map[string]bool{}
	for _, pkg := range pkgs {
		for _, file := range pkg.Syntax {
			for _, decl := range file.Decls {
				fn, ok := decl.(*ast.FuncDecl)
				if !ok || fn.Body == nil || !takesScopeOut(pkg, fn) {
					continue
				}
				if obj, ok := pkg.TypesInfo.Defs[fn.Name].(*types.Func); ok {
					out[obj.FullName()] = true
				}
			}
		}
	}
	return out
}

// takesScopeOut reports whether a function calls FromContext of the runtime with
// its first parameter.
func takesScopeOut(pkg *packages.Package, fn *ast.FuncDecl) bool {
	obj, ok := pkg.TypesInfo.Defs[fn.Name].(*types.Func)
	if !ok || obj.Signature().Params().Len() == 0 {
		return false
	}
	first := obj.Signature().Params().At(0)
	found := false
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && len(call.Args) == 1 {
			sel, ok := call.Fun.(*ast.SelectorExpr)
			arg, ok2 := call.Args[0].(*ast.Ident)
			if ok && ok2 && pkg.TypesInfo.Uses[arg] == first {
				callee, ok := pkg.TypesInfo.Uses[sel.Sel].(*types.Func)
				found = found || ok && callee.FullName() == runtimePath+".FromContext"
			}
		}
		return !found
	})
	return found
}
