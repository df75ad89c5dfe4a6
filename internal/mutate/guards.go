package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// isGuard reports whether obj is one of the guards that the corpus uses, declared
// where its services cannot change them.
func isGuard(obj types.Object) bool {
	if obj == nil || obj.Pkg() == nil {
		return false
	}
	name := obj.Name()
	switch obj.Pkg().Path() {
	case runtimePath:
		return strings.HasPrefix(name, "RequireTenant") || strings.HasPrefix(name, "CheckTenant") || strings.HasPrefix(name, "AdmitTenant") ||
			name == "Admit" || name == "Middleware" || name == "Open"
	case "corpus/guarded/house/auth":
		return true
	}
	return false
}

// guards collects the edits of one function that take guards away, move them or
// turn their checks round.
func (m *mutator) guards(fn *ast.FuncDecl) {
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			m.dropMiddleware(n)
			m.swapMiddleware(n)
			m.unwrap(n)
			m.weaken(n)
		case *ast.ExprStmt:
			m.moveUse(n)
			m.mountTwice(n)
		case *ast.IfStmt:
			m.guardCheck(n)
		}
		return true
	})
}

// guarding reports whether an expression is a guard, or is made of one: a guard of
// the corpus, or a function of the package that calls one.
func (m *mutator) guarding(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			obj := m.pkg.TypesInfo.Uses[id]
			found = found || isGuard(obj) || m.guardFuncs()[obj]
		}
		return !found
	})
	return found
}

// guardFuncs returns the functions, and variables that hold literals, of the
// package that call a guard: middleware and helpers, not what wires routes.
func (m *mutator) guardFuncs() map[types.Object]bool {
	if m.guardsOf != nil {
		return m.guardsOf
	}
	m.guardsOf = map[types.Object]bool{}
	for changed := true; changed; {
		changed = false
		for _, f := range m.pkg.Syntax {
			for _, decl := range f.Decls {
				fn, ok := decl.(*ast.FuncDecl)
				if !ok || fn.Body == nil || fn.Name.IsExported() || m.addsMiddleware(fn) {
					continue
				}
				obj := m.pkg.TypesInfo.Defs[fn.Name]
				if !m.guardsOf[obj] && m.callsGuard(fn.Body) {
					m.guardsOf[obj], changed = true, true
				}
			}
		}
	}
	return m.guardsOf
}

// addsMiddleware reports whether a function wires routes.
func (m *mutator) addsMiddleware(fn *ast.FuncDecl) bool {
	found := false
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		found = found || ok && len(m.wires(call)) > 0
		return !found
	})
	return found
}

func (m *mutator) callsGuard(body ast.Node) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			obj := m.pkg.TypesInfo.Uses[id]
			found = found || isGuard(obj) || m.guardsOf[obj]
		}
		return !found
	})
	return found
}

// wires returns the arguments of a call that are middleware, by the name of what
// is called.
func (m *mutator) wires(call *ast.CallExpr) []ast.Expr {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	switch sel.Sel.Name {
	case "Use", "With", "ChainUnaryInterceptor", "ChainStreamInterceptor":
		return call.Args
	case "Group":
		if len(call.Args) > 1 {
			return call.Args[1:]
		}
	case "GET", "POST", "DELETE":
		return call.Args[1:]
	}
	return nil
}

// dropMiddleware takes a guard out of a list of middleware.
func (m *mutator) dropMiddleware(call *ast.CallExpr) {
	for _, arg := range m.wires(call) {
		if m.guarding(arg) && !m.isHandler(arg) {
			m.dropElement(arg, call.Args, "drop guard", m.oneLine(arg)+" is dropped")
		}
	}
}

// isHandler reports whether an argument is what is served: a method whose own name
// says nothing of guards, such as the handlers that ask for themselves.
func (m *mutator) isHandler(arg ast.Expr) bool {
	path := m.path(arg)
	call, ok := path[1].(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	_, gin := m.pkg.TypesInfo.TypeOf(arg).Underlying().(*types.Signature)
	switch sel.Sel.Name {
	case "GET", "POST", "DELETE":
		// gin: the last; echo: the first.
		if strings.Contains(m.pkg.PkgPath, "echo") {
			return arg == call.Args[1]
		}
		return gin && arg == call.Args[len(call.Args)-1]
	}
	return false
}

// swapMiddleware turns two neighbours of a list round.
func (m *mutator) swapMiddleware(call *ast.CallExpr) {
	list := slices.DeleteFunc(slices.Clone(m.wires(call)), m.isHandler)
	for i := 1; i < len(list); i++ {
		a, b := list[i-1], list[i]
		if m.guarding(a) && m.guarding(b) {
			m.add(a, "swap guards", m.oneLine(a)+" and "+m.oneLine(b)+" are swapped", a.Pos(), b.End(), m.text(b)+", "+m.text(a))
		}
	}
}

// unwrap takes a guard off a handler.
func (m *mutator) unwrap(call *ast.CallExpr) {
	if h := m.wrapped(call); h != nil {
		m.add(call, "unwrap", m.oneLine(call.Fun)+" is taken off", call.Pos(), call.End(), m.text(h))
	}
}

// wrapped returns the handler that a guard is put around, nil if an expression is not
// that.
func (m *mutator) wrapped(e ast.Expr) ast.Expr {
	call, ok := e.(*ast.CallExpr)
	if !ok || len(call.Args) != 1 || !m.guarding(call.Fun) {
		return nil
	}
	sig, ok := m.pkg.TypesInfo.TypeOf(call.Fun).Underlying().(*types.Signature)
	if !ok || sig.Params().Len() != 1 || sig.Results().Len() != 1 || !types.AssignableTo(m.pkg.TypesInfo.TypeOf(call.Args[0]), sig.Results().At(0).Type()) {
		return nil
	}
	return call.Args[0]
}

// mountTwice registers a handler a second time, with /again behind its path, without the
// guard that stands before it: around it, beside it, or on the group that it is in.
func (m *mutator) mountTwice(s *ast.ExprStmt) {
	call, ok := s.X.(*ast.CallExpr)
	if !ok || len(call.Args) < 2 {
		return
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	lit, isLit := call.Args[0].(*ast.BasicLit)
	if !ok || !isLit || !strings.Contains(lit.Value, "/") || strings.ContainsAny(lit.Value, "*$") {
		return
	}
	switch sel.Sel.Name {
	case "Get", "Post", "Delete", "GET", "POST", "DELETE", "Handle", "HandleFunc":
	default:
		return
	}
	on, bare, after := m.text(sel.X), false, s.End()
	if with, ok := sel.X.(*ast.CallExpr); ok {
		fun, ok := with.Fun.(*ast.SelectorExpr)
		if !ok || fun.Sel.Name != "With" || !slices.ContainsFunc(with.Args, m.guarding) {
			return
		}
		on, bare = m.text(fun.X), true
	}
	args := []string{strings.TrimRight(lit.Value, `/"`) + `/again"`}
	for _, arg := range call.Args[1:] {
		h := m.wrapped(arg)
		switch {
		case h != nil:
			args, bare = append(args, m.text(h)), true
		case m.guarding(arg) && slices.Contains(m.wires(call), arg) && !m.isHandler(arg):
			bare = true
		default:
			args = append(args, m.text(arg))
		}
	}
	if !bare {
		if on, after = m.outside(s); on == "" {
			return
		}
	}
	m.add(s, "mount twice", m.oneLine(s)+" is done again, without its guard", after, after, "; "+on+"."+sel.Sel.Name+"("+strings.Join(args, ", ")+")")
}

// outside returns the router around the group that a statement is in, and where the
// group ends, if it is the group that has the guard, and it alone.
func (m *mutator) outside(s ast.Stmt) (on string, end token.Pos) {
	path := m.path(s)
	if len(path) < 5 {
		return "", 0
	}
	body, ok := path[1].(*ast.BlockStmt)
	group, isCall := path[3].(*ast.CallExpr)
	around, isStmt := path[4].(*ast.ExprStmt)
	if !ok || !isCall || !isStmt || !m.uses(body) {
		return "", 0
	}
	sel, ok := group.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", 0
	}
	for _, n := range path[5:] {
		if block, ok := n.(*ast.BlockStmt); ok && m.uses(block) {
			return "", 0
		}
	}
	return m.text(sel.X), around.End()
}

// uses reports whether a block puts a guard of more than a scope on a router.
func (m *mutator) uses(block *ast.BlockStmt) bool {
	return slices.ContainsFunc(block.List, func(s ast.Stmt) bool {
		expr, ok := s.(*ast.ExprStmt)
		if !ok {
			return false
		}
		call, ok := expr.X.(*ast.CallExpr)
		if !ok {
			return false
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		return ok && sel.Sel.Name == "Use" && slices.ContainsFunc(call.Args, func(arg ast.Expr) bool {
			return m.guarding(arg) && !strings.HasSuffix(m.text(arg), ".Middleware")
		})
	})
}

// weaken asks for a membership where a role was asked for.
func (m *mutator) weaken(call *ast.CallExpr) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return
	}
	to := map[string]string{"RequireTenantRole": "RequireTenantMembership", "Role": "Require"}[sel.Sel.Name]
	if obj := m.pkg.TypesInfo.Uses[sel.Sel]; to != "" && isGuard(obj) {
		m.add(call, "weaken", m.oneLine(call)+" becomes "+to, call.Pos(), call.End(), m.text(sel.X)+"."+to)
	}
}

// moveUse puts a Use at the end of its block, behind the routes.
func (m *mutator) moveUse(s *ast.ExprStmt) {
	call, ok := s.X.(*ast.CallExpr)
	if !ok {
		return
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Use" || !slices.ContainsFunc(call.Args, m.guarding) {
		return
	}
	if t := m.pkg.TypesInfo.TypeOf(sel.X); strings.HasSuffix(t.String(), "echo/v4.Echo") {
		return // applies whenever it was added
	}
	block, ok := m.path(s)[1].(*ast.BlockStmt)
	if !ok {
		return
	}
	rest := block.List[slices.Index(block.List, ast.Stmt(s))+1:]
	if n := len(rest); n > 0 {
		if _, ok := rest[n-1].(*ast.ReturnStmt); ok {
			rest = rest[:n-1]
		}
	}
	if len(rest) == 0 {
		return
	}
	end := rest[len(rest)-1].End()
	text := "\n" + string(m.src[m.offset(rest[0].Pos()):m.offset(end)]) + "; " + m.text(s)
	m.add(s, "move use", m.oneLine(s)+" comes last", s.Pos(), end, text)
}

// guardCheck drops or turns round the check of what a guard says.
func (m *mutator) guardCheck(s *ast.IfStmt) {
	if s.Init != nil && m.asks(s.Init) || s.Init == nil && (m.guarding(s.Cond) || m.follows(s)) {
		if s.Else == nil {
			m.add(s.Body, "drop refusal", "what is done if "+m.oneLine(s.Cond)+" is dropped", s.Body.Lbrace+1, s.Body.Rbrace, "")
		}
		m.turn(s.Cond)
	}
}

// turn turns a condition round, or each side of one that has two.
func (m *mutator) turn(cond ast.Expr) {
	switch c := cond.(type) {
	case *ast.BinaryExpr:
		switch c.Op {
		case token.NEQ:
			m.add(c, "invert check", m.oneLine(c)+" is turned round", c.OpPos, c.OpPos+2, "==")
		case token.LOR:
			m.add(c, "invert check", "|| becomes &&", c.OpPos, c.OpPos+2, "&&")
		}
	case *ast.UnaryExpr:
		if c.Op == token.NOT {
			m.add(c, "invert check", m.oneLine(c)+" is turned round", c.Pos(), c.X.Pos(), "")
		}
	}
}

// asks reports whether a statement takes what a guard says.
func (m *mutator) asks(s ast.Stmt) bool {
	assign, ok := s.(*ast.AssignStmt)
	if !ok || len(assign.Rhs) != 1 {
		return false
	}
	_, call := assign.Rhs[0].(*ast.CallExpr)
	return call && m.guarding(assign.Rhs[0])
}

// follows reports whether a statement looks at the error that the one before it
// took from a guard.
func (m *mutator) follows(s *ast.IfStmt) bool {
	block, ok := m.path(s)[1].(*ast.BlockStmt)
	if !ok {
		return false
	}
	at := slices.Index(block.List, ast.Stmt(s))
	if at < 1 || !m.asks(block.List[at-1]) {
		return false
	}
	id, ok := block.List[at-1].(*ast.AssignStmt).Lhs[0].(*ast.Ident)
	return !ok || id.Name == "_" || !isScope(m.pkg.TypesInfo.TypeOf(id)) || !m.onlyRuntime(m.pkg.TypesInfo.ObjectOf(id))
}
