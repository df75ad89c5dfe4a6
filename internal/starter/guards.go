package starter

import (
	"cmp"
	"go/ast"
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
	if !slices.Contains([]string{"StatusUnauthorized", "StatusForbidden", "Unauthenticated", "PermissionDenied", "ErrUnauthorized", "ErrForbidden", "401", "403"}, text) {
		return
	}
	name := m.name(f)
	if _, known := m.refuses[name]; !known && name != "" {
		at := f.at(n)
		at.name = text
		m.refuses[name] = at
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
