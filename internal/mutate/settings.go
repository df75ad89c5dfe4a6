package main

import (
	"go/ast"
	"go/token"
	"strings"
)

// settings takes away what keeps tenants apart in the database: the setting, and
// that it ends with its transaction.
func (m *mutator) settings(fn *ast.FuncDecl) {
	m.fn = fn
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			m.lasting(n)
		case *ast.IfStmt:
			if n.Init != nil && m.sets(n.Init) {
				m.add(n, "drop setting", m.oneLine(n.Init)+" is left out", n.Pos(), n.End(), "")
			}
		}
		return true
	})
}

// sets reports whether a statement sets a run-time parameter.
func (m *mutator) sets(s ast.Stmt) bool {
	text := m.text(s)
	return strings.Contains(text, "SET LOCAL") || strings.Contains(text, "set_config(") || strings.Contains(text, "setTenant") || strings.Contains(text, "tenantdb.Set")
}

// lasting makes a setting one that stays with the connection.
func (m *mutator) lasting(lit *ast.BasicLit) {
	if lit.Kind != token.STRING {
		return
	}
	text := m.text(lit)
	changed := strings.Replace(text, "SET LOCAL", "SET", 1)
	if strings.Contains(text, "set_config(") {
		changed = strings.Replace(text, ", true)", ", false)", 1)
	}
	if changed != text {
		m.add(lit, "lasting", text+" becomes "+changed, lit.Pos(), lit.End(), changed)
	}
}
