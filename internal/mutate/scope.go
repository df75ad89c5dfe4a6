package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/tenantvet/tenantvet/internal/corpus"
)

// Of files that are not about keys, but about where scope begins and where it
// gets lost, other things are removed.

// topicsOf returns the topic of each file's cases, what stands before the slash
// of their names.
func topicsOf(cases []corpus.Case) map[string]string {
	topics := map[string]string{}
	for _, c := range cases {
		topics[c.File], _, _ = strings.Cut(c.Name, "/")
	}
	return topics
}

// anything is the topic of files that are about nothing in particular.
const anything = "anything"

// about collects the edits of one function of a file about a topic.
func (m *mutator) about(topic string, fn *ast.FuncDecl) {
	m.fn = fn
	switch topic {
	case anything:
		m.function(fn)
		m.guards(fn)
		m.bareContexts(fn)
	case "guarded":
		m.guards(fn)
	case "lost":
		m.contexts(fn)
	case "entry":
		m.entries(fn)
	case "failopen":
		m.absences(fn)
	case "rls", "schema":
		m.function(fn)
		m.settings(fn)
	default:
		m.function(fn)
	}
}

// contexts takes the scope out of contexts: it hands over bare ones, and leaves
// out what stores scope in one. Functions that hand over bare ones anyway show
// what does not matter, so that only the storing is changed in them.
func (m *mutator) contexts(fn *ast.FuncDecl) {
	bare := strings.Contains(m.text(fn.Body), "context.Background()")
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		obj, ok := m.callee(call).(*types.Func)
		if !ok || obj.Pkg() == nil {
			return true
		}
		for _, arg := range call.Args {
			if !isContext(m.pkg.TypesInfo.TypeOf(arg)) {
				continue
			}
			if obj.Name() == "WithTenant" {
				m.add(call, "drop store", m.oneLine(call)+" is left out", call.Pos(), call.End(), m.text(arg))
			}
			if !bare && obj.Pkg().Path() != "context" {
				m.add(arg, "bare context", m.oneLine(arg)+" becomes a bare one", arg.Pos(), arg.End(), "context.Background()")
			}
		}
		return true
	})
}

// entries lets the client in: what is stored as scope becomes a header, and the
// checks of what the client sent are left out.
func (m *mutator) entries(fn *ast.FuncDecl) {
	if !strings.Contains(m.text(fn), "r *http.Request") {
		return
	}
	const raw = `r.Header.Get("X-Raw")`
	sent := map[types.Object]bool{}
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if strings.Contains(m.text(n.Rhs[0]), "Header.Get") {
				for _, lhs := range n.Lhs {
					if id, ok := lhs.(*ast.Ident); ok && isString(m.pkg.TypesInfo.TypeOf(id)) {
						sent[m.pkg.TypesInfo.ObjectOf(id)] = true
					}
				}
			}
		case *ast.CallExpr:
			if obj := m.callee(n); obj != nil && (obj.Name() == "enter" || obj.Name() == "Remember") {
				v := n.Args[len(n.Args)-1]
				m.add(v, "raw scope", m.oneLine(v)+" becomes "+raw, v.Pos(), v.End(), raw)
			}
		case *ast.KeyValueExpr:
			if id, ok := n.Key.(*ast.Ident); ok && (id.Name == "OrgID" || id.Name == "Tenant") {
				m.add(n.Value, "raw field", m.oneLine(n.Value)+" becomes "+raw, n.Value.Pos(), n.Value.End(), raw)
			}
		case *ast.IfStmt:
			m.dropCheck(n, func(id *ast.Ident) bool { return sent[m.pkg.TypesInfo.ObjectOf(id)] })
		}
		return true
	})
}

// dropCheck leaves out a check whose condition, or the call that it looks at, is
// about one of the variables.
func (m *mutator) dropCheck(s *ast.IfStmt, about func(*ast.Ident) bool) {
	var of ast.Node = s.Cond
	text := fmt.Sprintf("_ = %s", m.text(s.Cond))
	if init, ok := s.Init.(*ast.AssignStmt); ok {
		of, text = init.Rhs[0], fmt.Sprintf("_ = %s", m.text(init.Rhs[0]))
	}
	found := false
	ast.Inspect(of, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && about(id)
		return !found
	})
	if found && s.Else == nil {
		m.add(s, "drop check", "if "+m.oneLine(s.Cond)+" is dropped", s.Pos(), s.End(), text)
	}
}

// absences goes on where there is nothing: checks of what must not be empty are
// left out, and what is refused for want of a scope is let through.
func (m *mutator) absences(fn *ast.FuncDecl) {
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		s, ok := n.(*ast.IfStmt)
		if !ok {
			return true
		}
		if b, ok := s.Cond.(*ast.BinaryExpr); ok && b.Op == token.LOR && strings.Contains(m.text(b.X), "tenant") {
			// Whoever has no tenant is refused; now only who has another one is.
			x, ok := b.X.(*ast.BinaryExpr)
			if ok && x.Op == token.EQL {
				m.add(s, "skip check", m.oneLine(s.Cond)+" needs a tenant", s.Cond.Pos(), s.Cond.End(), m.text(x.X)+` != "" && `+m.text(b.Y))
			}
		}
		if b, ok := s.Cond.(*ast.BinaryExpr); ok && b.Op == token.EQL && m.text(b.X) == "tenant" {
			m.add(s, "default", m.oneLine(s.Body)+" becomes a default", s.Body.Pos(), s.Body.End(), `{ tenant = "shared" }`)
		}
		m.dropCheck(s, func(id *ast.Ident) bool { return id.Name == "ownerID" })
		return true
	})
}

func isContext(t types.Type) bool { return t != nil && t.String() == "context.Context" }
