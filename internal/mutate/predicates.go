package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// predicates takes one predicate at a time out of the statements of a function:
// out of their text, a chain of calls, or a list of conditions.
func (m *mutator) predicates(fn *ast.FuncDecl) {
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			m.textPredicates(n)
		case *ast.CallExpr:
			m.link(n)
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok && narrows.MatchString(sel.Sel.Name) && len(n.Args) > 1 && !isString(m.pkg.TypesInfo.TypeOf(n.Args[0])) {
				m.conditions(n.Args)
			}
		case *ast.CompositeLit:
			if m.isCondition(n) {
				m.conditions(n.Elts)
			}
		}
		return true
	})
}

// scopeColumn matches a predicate on one of the columns that the code calls a
// tenant or an environment by: against a placeholder, or another such column.
var scopeColumn = regexp.MustCompile(`(?i)\b(?:\w+\.)?(?:tenant|org|env|environment)(?:_id)?\s*=\s*(\$\d+|\?|[:@]\w+|\w+\.(?:tenant|org|env|environment)(?:_id)?\b)`)

// assigning matches the text before what is no predicate but an assignment.
var assigning = regexp.MustCompile(`(?is)\bset\b[^()]*$`)

// textPredicates takes predicates out of a text. Its placeholders stay.
func (m *mutator) textPredicates(lit *ast.BasicLit) {
	if lit.Kind != token.STRING {
		return
	}
	text, err := strconv.Unquote(lit.Value)
	if err != nil {
		return
	}
	for _, loc := range scopeColumn.FindAllStringSubmatchIndex(text, -1) {
		before, mark := text[:loc[0]], text[loc[2]:loc[3]]
		if assigning.MatchString(before) && !strings.Contains(strings.ToLower(before), "where") {
			continue
		}
		instead := "TRUE"
		if !strings.Contains(mark, ".") {
			instead = mark + " IS NOT NULL"
		}
		m.addNew(lit, "drop text predicate", text[loc[0]:loc[1]]+" is dropped", lit.Pos(), lit.End(), strconv.Quote(before+instead+text[loc[1]:]))
	}
}

// narrows matches the names of methods that take conditions.
var narrows = regexp.MustCompile(`^(Where|And|AndWhere|Filter|Scope|Apply|In$|Having|Must|Match|Eq|And[A-Z]\w*)`)

// link takes one call out of a chain that narrows a statement by scope. What an OR
// adds narrows nothing.
func (m *mutator) link(call *ast.CallExpr) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !narrows.MatchString(sel.Sel.Name) || strings.HasSuffix(sel.Sel.Name, "Or") || !slices.ContainsFunc(call.Args, m.carries) {
		return
	}
	alone := false
	if path := m.path(call); len(path) > 1 {
		_, alone = path[1].(*ast.ExprStmt)
	}
	text := m.text(sel.X)
	if types.Identical(m.pkg.TypesInfo.TypeOf(sel.X), m.pkg.TypesInfo.TypeOf(call)) {
		if alone {
			text = "_ = " + text
		}
	} else if tv, ok := m.pkg.TypesInfo.Types[call]; ok && tv.IsVoid() && alone {
		text = "_, _ = " + text + ", " + m.text(call.Args[0]) // what it uses is used
	} else {
		return
	}
	m.addNew(call, "drop link predicate", "."+sel.Sel.Name+"("+m.oneLine(call.Args[0])+") is dropped", call.Pos(), call.End(), text)
}

// conditions takes each condition that scope is in out of a list of several.
func (m *mutator) conditions(list []ast.Expr) {
	if len(list) < 2 {
		return
	}
	for _, e := range list {
		if m.dimension(e) == "" && m.carries(e) {
			m.dropElement(e, list, "drop listed predicate", m.oneLine(e)+" is dropped")
		}
	}
}

// isCondition reports whether a literal is a list or a table of conditions that all
// have to hold: of a library's type that is made for them.
func (m *mutator) isCondition(lit *ast.CompositeLit) bool {
	t := m.pkg.TypesInfo.TypeOf(lit)
	if s, ok := t.(*types.Slice); ok {
		t = s.Elem()
	}
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return false
	}
	if _, ok := named.Underlying().(*types.Struct); ok && named.Obj().Name() == "Eq" {
		return false // without its value it asks for rows of nobody
	}
	switch named.Obj().Name() {
	case "And", "Eq", "Ex", "M", "D", "Cond", "Condition", "Query":
		return true
	}
	return false
}

// carries reports whether scope is in an expression, or comes from a function of
// the package that it calls.
func (m *mutator) carries(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			found = found || m.carriers[m.callee(n)]
		}
		if x, ok := n.(ast.Expr); ok {
			found = found || m.need[m.dimension(x)]
		}
		return !found
	})
	return found
}

// carriersOf returns the functions of a package that scope is in.
func carriersOf(m *mutator) map[types.Object]bool {
	out := map[types.Object]bool{}
	for _, file := range m.pkg.Syntax {
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Body != nil && m.mentions(fn.Body) {
				out[m.pkg.TypesInfo.Defs[fn.Name]] = true
			}
		}
	}
	return out
}

// addNew adds an edit unless there is one that comes to the same.
func (m *mutator) addNew(n ast.Node, op, what string, start, end token.Pos, text string) {
	from, to := m.offset(start), m.offset(end)
	if !slices.ContainsFunc(m.edits, func(e edit) bool { return e.start == from && e.end == to && e.text == text }) {
		m.add(n, op, what, start, end, text)
	}
}
