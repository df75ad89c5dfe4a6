package starter

import (
	"cmp"
	"go/ast"
	"go/token"
	"maps"
	"slices"
	"strings"

	"github.com/tenantvet/tenantvet/internal/routes"
)

// A role is a constant that is called one.
type role struct {
	text string
	at   place
}

// readRole keeps a constant that names a role: by its type, or by its own name.
func (m *module) readRole(typ ast.Expr, text string, at place) {
	words := split(at.name)
	named := typ != nil && slices.Contains(split(typeText(typ)), "role")
	last := words[len(words)-1]
	if slices.Contains([]string{"id", "key", "name", "names", "prefix", "param", "group"}, last) {
		return // it speaks of roles
	}
	if (named || words[0] == "role" || last == "role") && columnName.MatchString(strings.ToLower(text)) {
		m.roles = append(m.roles, role{text, at})
	}
}

// readRefusal notes that a function speaks of what is answered to those who may not
// pass.
func (m *module) readRefusal(f *function, n ast.Node, text string) {
	name := m.name(f)
	if !slices.Contains([]string{"StatusUnauthorized", "StatusForbidden", "Unauthenticated", "PermissionDenied", "ErrUnauthorized", "ErrForbidden", "401", "403"}, text) {
		if strings.HasPrefix(text, "Status") && len(text) > len("Status") || isStatus(text) {
			m.answers[name] = true
		}
		return
	}
	if _, known := m.refuses[name]; !known && name != "" {
		at := f.at(n)
		at.name = text
		m.refuses[name] = at
	}
}

// isStatus reports whether text is a number that may be the status of an answer.
func isStatus(text string) bool {
	return len(text) == 3 && strings.Trim(text, "0123456789") == "" && text >= "200" && text < "600"
}

// A handOff is a place where a function answers a request by a call and returns: what
// it answers is known by what it calls.
type handOff struct {
	from   string   // the function that calls, as a policy names it
	to     []string // what it may call
	helper string   // what that is called
	check  bool     // the function returns if the call says so, and goes on otherwise
	at     place
}

// readHandOffs notes the calls that a function, its literals included, makes in branches
// that return, or last of all: "deny(w); return", "return s.deny(c)", and
// "if !check(w, r) { return }".
func (m *module) readHandOffs(f *function) {
	from := m.name(f)
	if from == "" {
		return
	}
	note := func(e ast.Expr, check bool) {
		if call, ok := ast.Unparen(e).(*ast.CallExpr); ok {
			if to, helper := m.callees(f, call.Fun); len(to) > 0 {
				m.handOffs = append(m.handOffs, handOff{from, to, helper, check, f.at(call)})
			}
		}
	}
	calls := func(list []ast.Stmt) {
		for _, s := range list {
			if x, ok := s.(*ast.ExprStmt); ok {
				note(x.X, false)
			}
		}
	}
	// leaves looks at a branch that returns: all that it calls on the way.
	leaves := func(list []ast.Stmt) {
		if len(list) > 0 {
			if _, ok := list[len(list)-1].(*ast.ReturnStmt); ok {
				calls(list)
			}
		}
	}
	// ends looks at the body of a function: what it does last.
	ends := func(body *ast.BlockStmt) {
		list := body.List
		if n := len(list); n > 0 {
			if _, ok := list[n-1].(*ast.ReturnStmt); ok {
				list = list[:n-1]
			}
		}
		calls(list[max(0, len(list)-1):])
	}
	ends(f.decl.Body)
	ast.Inspect(f.decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			ends(n.Body)
		case *ast.ReturnStmt:
			for _, e := range n.Results {
				note(e, false)
			}
		case *ast.CaseClause:
			leaves(n.Body)
		case *ast.IfStmt:
			leaves(n.Body.List)
			if len(n.Body.List) != 1 {
				break
			}
			if ret, ok := n.Body.List[0].(*ast.ReturnStmt); ok && len(ret.Results) == 0 {
				if not, ok := ast.Unparen(n.Cond).(*ast.UnaryExpr); ok && not.Op == token.NOT {
					note(not.X, true)
				}
			}
			if other, ok := n.Else.(*ast.BlockStmt); ok {
				leaves(other.List)
			}
		}
		return true
	})
}

// callees returns what a call may call: a function by its package, and, of methods,
// those of that name that the package declares, or another if it is the only one of
// the module.
func (m *module) callees(f *function, fun ast.Expr) (to []string, name string) {
	switch x := ast.Unparen(fun).(type) {
	case *ast.Ident:
		return m.declared[f.pkg+"."+x.Name], x.Name
	case *ast.SelectorExpr:
		if id, ok := x.X.(*ast.Ident); ok && f.paths[id.Name] != "" {
			return m.declared[f.paths[id.Name]+"."+x.Sel.Name], x.Sel.Name
		}
		if here := m.declared[f.pkg+"#"+x.Sel.Name]; len(here) > 0 {
			return here, x.Sel.Name
		}
		if all := m.declared["#"+x.Sel.Name]; len(all) == 1 {
			return all, x.Sel.Name
		}
	}
	return nil, ""
}

// maxHandOffs is through how many helpers a refusal is followed.
const maxHandOffs = 2

// passRefusals lets functions refuse whose helpers do. A helper that has other answers,
// too, says nothing of who calls it, unless that one goes by what it says.
func (m *module) passRefusals() {
	for range maxHandOffs {
		found := map[string]place{}
		for _, h := range m.handOffs {
			if _, known := m.refuses[h.from]; known || found[h.from].file != "" {
				continue
			}
			for _, to := range h.to {
				if at, ok := m.refuses[to]; ok && to != h.from && (h.check || !m.answers[to]) {
					at := place{at.name + " by " + h.helper, h.at.file, h.at.line}
					found[h.from] = at
					break
				}
			}
		}
		maps.Copy(m.refuses, found)
	}
}

// A guard is middleware that may keep requests off.
type guard struct {
	fn     string // as a policy names it
	routes int    // that it stands before
	grants string
	args   bool // it is made by a call with arguments
	at     place
}

// guards returns the middleware of routes that refuses requests.
func (m *module) guards(table *routes.Routes) []guard {
	var out []guard
	for _, e := range table.Routes {
		var seen []string
		for _, s := range e.Middleware {
			for _, fn := range append([]string{s.Func, s.From}, s.Via...) {
				fn = m.local(fn)
				at, refuses := m.refuses[fn]
				if !refuses || slices.Contains(seen, fn) {
					continue
				}
				seen = append(seen, fn)
				i := slices.IndexFunc(out, func(g guard) bool { return g.fn == fn })
				if i < 0 {
					i = len(out)
					out = append(out, guard{fn: fn, at: at, grants: grants(fn)})
				}
				out[i].routes++
				out[i].args = out[i].args || s.Kind == "call" && len(s.Args) > 0 && s.Func != "" && m.local(s.Func) == fn
			}
		}
	}
	slices.SortFunc(out, func(a, b guard) int { return cmp.Or(b.routes-a.routes, strings.Compare(a.fn, b.fn)) })
	return out
}

// local returns a function of the module as a policy names it; others stay as they
// are.
func (m *module) local(fn string) string {
	fn = strings.Replace(fn, m.path+"/", "./", 1)
	return strings.Replace(fn, m.path+".", "..", 1)
}

// grants guesses from the name of a guard what is known of who passes it.
func grants(fn string) string {
	words := split(fn[strings.LastIndexByte(fn, '.')+1:])
	for _, w := range words {
		if slices.Contains([]string{"role", "roles", "admin", "owner", "permission", "permissions"}, w) {
			return "role"
		}
	}
	return "membership"
}

// routers counts the routes by the library whose router they are of.
func routers(table *routes.Routes) (names []string, count map[string]int) {
	count = map[string]int{}
	for _, e := range table.Routes {
		count[cmp.Or(e.Router, "others")]++
	}
	for name := range count {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(count[b]-count[a], strings.Compare(a, b)) })
	return names, count
}

// admin returns the beginning of the paths that are called so, "" if none is.
func admin(table *routes.Routes) (pattern string, n int, at routes.Source) {
	for _, e := range table.Routes {
		elems := strings.Split(strings.Trim(e.Path, "/"), "/")
		i := slices.Index(elems, "admin")
		if i < 0 {
			continue
		}
		p := "/" + strings.Join(elems[:i+1], "/") + "/**"
		if pattern == "" {
			pattern, at = p, e.At
		}
		if p == pattern {
			n++
		}
	}
	return pattern, n, at
}
