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
	case "rawenv":
		m.environments(fn)
	case "tokenlog":
		m.credentials(fn)
	case "event":
		m.events(fn)
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
			if !bare && obj.Pkg().Path() != "context" && !ownScope(obj.Name()) {
				m.add(arg, "bare context", m.oneLine(arg)+" becomes a bare one", arg.Pos(), arg.End(), "context.Background()")
			}
		}
		return true
	})
}

// ownScope reports whether functions of that name take no scope out of their context, or
// store it again.
func ownScope(name string) bool {
	switch name {
	case "WithTenant", "ReadMessage", "FetchMessage", "Count", "opened":
		return true
	}
	return false
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
			obj := m.callee(n)
			switch v := n.Args; {
			case obj == nil || len(v) == 0:
			case obj.Name() == "enter" || obj.Name() == "Remember":
				last := v[len(v)-1]
				m.add(last, "raw scope", m.oneLine(last)+" becomes "+raw, last.Pos(), last.End(), raw)
			case obj.Name() == "WithLang":
				m.add(n, "second source", m.oneLine(n)+" becomes an organisation", n.Pos(), n.End(), "choice.With("+m.text(v[0])+`, r.Header.Get("X-Org"))`)
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
	text := m.text(fn.Body) // what came with an error becomes the scope, or a key
	begins := strings.Contains(text, "WithTenant(r.Context(), tenant)") || strings.Contains(text, "sign(key")
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
		if b, ok := s.Cond.(*ast.BinaryExpr); ok && b.Op == token.LOR && strings.Contains(m.text(b.X), `ey == ""`) {
			m.add(s, "drop check", m.oneLine(b.X)+" is dropped", s.Cond.Pos(), s.Cond.End(), m.text(b.Y))
			return true
		}
		m.dropCheck(s, func(id *ast.Ident) bool { return filled(id.Name) || begins && id.Name == "err" })
		return true
	})
}

// filled reports whether variables of that name must not be empty.
func filled(name string) bool {
	switch name {
	case "ownerID", "secret", "eventSecret", "key":
		return true
	}
	return false
}

// environments makes texts of environments, and literals of tenants: what is
// compared with a name, handed over or stored is spelt out.
func (m *mutator) environments(fn *ast.FuncDecl) {
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			lit, ok := n.Y.(*ast.BasicLit)
			switch {
			case n.Op != token.EQL && n.Op != token.NEQ || ok && lit.Value != `""`:
			case isString(m.pkg.TypesInfo.TypeOf(n.X)) && m.pkg.TypesInfo.Types[n.Y].Value == nil:
			case isString(m.pkg.TypesInfo.TypeOf(n.X)):
				m.add(n.Y, "raw text", m.oneLine(n.Y)+" becomes a text", n.Y.Pos(), n.Y.End(), `"live"`)
			default:
				m.add(n, "raw text", m.oneLine(n)+" becomes a comparison of texts", n.Pos(), n.End(), m.text(n.X)+`.String() == "prod"`)
			}
		case *ast.CaseClause:
			for _, x := range n.List {
				m.add(x, "raw case", m.oneLine(x)+" becomes a text", x.Pos(), x.End(), `"live"`)
			}
		case *ast.CallExpr:
			m.environmentCall(n)
		case *ast.KeyValueExpr:
			m.literalTenant(n.Key, n.Value)
		case *ast.AssignStmt:
			if sel, ok := n.Lhs[0].(*ast.SelectorExpr); ok {
				m.literalTenant(sel.Sel, n.Rhs[0])
			}
		}
		return true
	})
}

// environmentCall changes a call that asks an environment, or is handed one.
func (m *mutator) environmentCall(call *ast.CallExpr) {
	obj := m.callee(call)
	if obj == nil {
		return
	}
	switch obj.Name() {
	case "IsProd":
		sel := call.Fun.(*ast.SelectorExpr)
		m.add(call, "raw question", m.oneLine(call)+" becomes a comparison of texts", call.Pos(), call.End(), m.text(sel.X)+`.String() == "prod"`)
	case "ParseEnv", "set":
		arg := call.Args[0]
		m.add(call, "misspelt", m.oneLine(arg)+" becomes another text", arg.Pos(), arg.End(), `"prodution"`)
	case "WithTenant":
		arg := call.Args[1]
		m.add(call, "literal tenant", m.oneLine(arg)+" becomes a literal", arg.Pos(), arg.End(), `"acme"`)
	}
}

// literalTenant makes a literal of what is stored as a tenant or environment.
func (m *mutator) literalTenant(field ast.Node, v ast.Expr) {
	_, lit := v.(*ast.BasicLit)
	switch name := m.text(field); {
	case name == "TenantID" && !lit:
		m.add(v, "literal tenant", m.oneLine(v)+" becomes a literal", v.Pos(), v.End(), `"acme"`)
	case name == "Stage":
		m.add(v, "misspelt", m.oneLine(v)+" becomes another text", v.Pos(), v.End(), `"prodution"`)
	}
}

// credentials shows them: what hides one is left out, and what is shown becomes
// one. Where a handler takes them out, that is left out instead.
func (m *mutator) credentials(fn *ast.FuncDecl) {
	quiet := strings.Contains(string(m.src), "scopelog.NewHandler")
	takesRequest := strings.Contains(m.text(fn.Type), "r *http.Request")
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IfStmt:
			if strings.Contains(m.text(n.Cond), "EqualFold(name") {
				m.add(n, "drop check", m.oneLine(n)+" is dropped", n.Pos(), n.End(), "")
			}
		case *ast.IndexExpr:
			if lit, ok := n.Index.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				m.add(lit, "credential", m.oneLine(n)+" becomes a credential", lit.Pos(), lit.End(), `"X-Api-Key"`)
			}
		case *ast.SliceExpr:
			m.add(n, "whole", m.oneLine(n)+" is not cut", n.Pos(), n.End(), m.text(n.X))
		case *ast.CallExpr:
			sel, ok := n.Fun.(*ast.SelectorExpr)
			name := m.text(n.Fun)
			switch {
			case quiet && name == "slog.New":
				m.add(n, "bare handler", m.oneLine(n)+" has a bare handler", n.Pos(), n.End(), "slog.New(slog.NewJSONHandler(os.Stdout, nil))")
			case name == "say.Fingerprint", name == "say.Mask", name == "say.Token", name == "len" && strings.Contains(m.text(n), "say.Bearer"):
				m.add(n, "unhidden", m.oneLine(n)+" is not hidden", n.Pos(), n.End(), m.text(n.Args[0]))
			case ok && takesRequest && !quiet && len(n.Args) > 0 && shows(sel.Sel.Name):
				m.showRequest(n.Args[min(1, len(n.Args)-1):])
			}
		case *ast.KeyValueExpr:
			if takesRequest && m.text(n.Value) == "r.Method" {
				m.showRequest([]ast.Expr{n.Value})
			}
		}
		return true
	})
}

// shows reports whether calls of functions of that name show what they are handed.
func shows(name string) bool {
	switch name {
	case "Info", "InfoContext", "Debug", "Warn", "Printf", "Infow", "WithField", "WithLabelValues", "Error":
		return true
	}
	return false
}

// showRequest makes what is shown a credential of the request, where it is a text.
func (m *mutator) showRequest(args []ast.Expr) {
	for _, arg := range args {
		if isString(m.pkg.TypesInfo.TypeOf(arg)) {
			m.add(arg, "credential", m.oneLine(arg)+" becomes a credential", arg.Pos(), arg.End(), `r.Header.Get("Authorization")`)
		}
	}
}

// events takes the tenant out of what is published: its field is left out, and so
// is what fills it or what else carries it. What is sent to some is sent to all.
func (m *mutator) events(fn *ast.FuncDecl) {
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			if text := m.text(n.Value); text == "auth.TenantID(ctx)" {
				m.add(n.Value, "no tenant", m.oneLine(n)+" is empty", n.Value.Pos(), n.Value.End(), `""`)
			} else if strings.Contains(text, "auth.TenantID(") {
				m.add(n.Value, "sent tenant", m.oneLine(n)+" is what the client sent", n.Value.Pos(), n.Value.End(), `r.Header.Get("X-Tenant-ID")`)
			}
		case *ast.AssignStmt:
			if strings.HasSuffix(m.text(n.Lhs[0]), ".TenantID") {
				m.add(n, "no tenant", m.oneLine(n)+" is dropped", n.Pos(), n.End(), "_ = "+m.text(n.Rhs[0]))
			}
		case *ast.CallExpr:
			m.eventCall(n)
		case *ast.IfStmt:
			m.sendToAll(n)
		case *ast.IndexExpr:
			if m.text(n) == "h.rooms[tenant]" {
				m.add(n, "all clients", m.oneLine(n)+" becomes all of them", n.Pos(), n.End(), "h.clients")
			}
		}
		return true
	})
}

// eventCall changes a call that makes an event the caller's.
func (m *mutator) eventCall(call *ast.CallExpr) {
	switch name := m.text(call.Fun); name {
	case "soldBy":
		m.add(call, "no tenant", m.oneLine(call)+" makes nobody's", call.Pos(), call.End(), "sold(id)")
	case "s.bus.SendOwn", "s.bus.SendKeyed":
		m.add(call.Fun, "no tenant", name+" becomes Send", call.Fun.Pos(), call.Fun.End(), "s.bus.Send")
	case "bus.Fill":
		m.add(call, "no tenant", m.oneLine(call)+" is dropped", call.Pos(), call.End(), "_ = ctx")
	case "s.pub.Publish":
		if topic := call.Args[1]; strings.Contains(m.text(topic), "auth.TenantID") {
			m.add(topic, "no tenant", m.oneLine(topic)+" is one for all", topic.Pos(), topic.End(), `"events"`)
		}
	}
}

// sendToAll leaves out a choice of subscribers.
func (m *mutator) sendToAll(s *ast.IfStmt) {
	cond := m.text(s.Cond)
	switch {
	case strings.Contains(cond, "!= tenant"):
		m.add(s, "all clients", m.oneLine(s)+" is dropped", s.Pos(), s.End(), "_ = tenant")
	case strings.Contains(cond, "enant"):
		m.add(s.Cond, "all clients", m.oneLine(s.Cond)+" becomes true", s.Cond.Pos(), s.Cond.End(), "true")
	}
}

func isContext(t types.Type) bool { return t != nil && t.String() == "context.Context" }
