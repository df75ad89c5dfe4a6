package policy

import (
	"go/types"
	"slices"
	"strings"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/strictoml"
)

// Public takes routes out that need no guard. All targets that are set must
// match; within one, any of its entries.
type Public struct {
	Index    int      // as in Shared
	Paths    []string // patterns: see [Route]
	Handlers []models.Name
	Reason   string
	At       models.At
}

// Role says which routes are for holders of a role, or which functions only such
// may get to. One of Paths, Handlers and Funcs is set.
type Role struct {
	Index    int // as in Shared
	Paths    []string
	Handlers []models.Name
	Funcs    []models.Name
	Roles    []string // any of these will do; none: any role
	At       models.At
}

// A Route is what entries about routes are matched with. A pattern is a path,
// perhaps behind methods and a blank: "GET,HEAD /v1/users/{id}". In it * stands
// for any text within one element and ** for any number of elements; a parameter
// of a path, however the router writes it, matches {…}, :… and *.
type Route struct {
	Methods []string // none is any
	Path    string
	Handler models.Name // the zero Name if it is not known
}

func (r *Route) matches(pattern string) bool {
	if methods, rest, ok := strings.Cut(pattern, " "); ok {
		pattern = strings.TrimLeft(rest, " ")
		wanted := strings.Split(methods, ",")
		if len(r.Methods) == 0 || slices.ContainsFunc(r.Methods, func(m string) bool { return !slices.Contains(wanted, m) }) {
			return false
		}
	}
	return matchElems(elements(pattern), elements(r.Path))
}

// elements splits a path and writes its parameters in one way.
func elements(path string) []string {
	list := strings.Split(strings.Trim(path, "/"), "/")
	for i, e := range list {
		if strings.HasPrefix(e, "{") || strings.HasPrefix(e, ":") && len(e) > 1 {
			list[i] = "{}"
		}
	}
	return list
}

// wellKnown are the routes that are for everybody by custom: probes, metrics,
// profiles for operators, and files that are the same for all.
func wellKnown() []string {
	return []string{
		"/health", "/health/**", "/healthz", "/healthz/**", "/_health", "/livez", "/readyz", "/live", "/ready", "/liveness", "/readiness",
		"/ping", "/version", "/status", "/metrics", "/debug/pprof/**", "/debug/vars",
		"/favicon.ico", "/robots.txt", "/.well-known/**", "/static/**", "/assets/**",
		"/openapi.json", "/openapi.yaml", "/swagger/**", "/docs", "/docs/**",
		"/grpc.health.v1.Health/*", "/grpc.reflection.v1.ServerReflection/*", "/grpc.reflection.v1alpha.ServerReflection/*",
	}
}

// PublicRoute returns the reason for which a route needs no guard; "" if it needs
// one. Entries count as used only by [Policy.Takes].
func (p *Policy) PublicRoute(r *Route) string {
	for i := range p.Publics {
		e := p.publicEntry(&p.Publics[i])
		if len(e.takes(&Subject{Route: r})) > 0 {
			return p.Publics[i].Reason
		}
	}
	if !p.noWellKnown && slices.ContainsFunc(wellKnown(), r.matches) {
		return "well known"
	}
	return ""
}

// RouteRoles returns the roles of which a route demands one, for each entry that
// says so, and the marks of those entries. An empty list is any role.
func (p *Policy) RouteRoles(r *Route) (demands [][]string, marks []Mark) {
	return p.roles(&Subject{Route: r})
}

// FuncRoles is [Policy.RouteRoles] for a function.
func (p *Policy) FuncRoles(fn *types.Func) (demands [][]string, marks []Mark) {
	return p.roles(&Subject{needed: fn})
}

func (p *Policy) roles(s *Subject) (demands [][]string, marks []Mark) {
	for i := range p.Roles {
		e := p.roleEntry(&p.Roles[i])
		if found := e.takes(s); len(found) > 0 {
			demands, marks = append(demands, p.Roles[i].Roles), append(marks, found...)
		}
	}
	return demands, marks
}

func (p *Policy) publicEntry(e *Public) entry {
	return entry{e.Index, "public", e.At, []list{pathList(e.Paths), handlerList("handler", e.Handlers)}}
}

func (p *Policy) roleEntry(e *Role) entry {
	return entry{e.Index, "role", e.At, []list{pathList(e.Paths), handlerList("handler", e.Handlers),
		{"func", nameText(e.Funcs), func(i int, s *Subject) bool { return e.Funcs[i].MatchFunc(s.needed) }, none}}}
}

// Routes may be mounted in another package than the one of their handlers.
func pathList(patterns []string) list {
	return list{"path", patterns, func(i int, s *Subject) bool { return s.Route != nil && s.Route.matches(patterns[i]) }, none}
}

func handlerList(key string, names []models.Name) list {
	return list{key, nameText(names), func(i int, s *Subject) bool { return s.Route != nil && names[i].Covers(s.Route.Handler) }, none}
}

func (r *reader) publics(p *Policy, root *strictoml.Table) {
	for _, t := range root.Tables("public") {
		e := Public{At: r.at(t), Paths: r.patterns(t), Handlers: r.names(t, "handler"), Reason: r.reason(t, "public")}
		r.count(t, "public", []string{"path", "handler"}, false)
		t.Done()
		p.Publics = append(p.Publics, e)
	}
}

func (r *reader) roleEntries(p *Policy, root *strictoml.Table) {
	for _, t := range root.Tables("role") {
		e := Role{At: r.at(t), Paths: r.patterns(t), Handlers: r.names(t, "handler"), Funcs: r.names(t, "func")}
		for _, s := range t.Strings("role") {
			e.Roles = append(e.Roles, s.S)
		}
		r.count(t, "role", []string{"path", "handler", "func"}, true)
		t.Done()
		p.Roles = append(p.Roles, e)
	}
}

// patterns reads the patterns of routes.
func (r *reader) patterns(t *strictoml.Table) []string {
	var out []string
	for _, s := range t.Strings("path") {
		_, path, ok := strings.Cut(s.S, " ")
		if !ok {
			path = s.S
		}
		if !strings.HasPrefix(strings.TrimLeft(path, " "), "/") {
			r.doc.Complain(s.At, `write path = "/webhooks/**" or path = "POST /webhooks/stripe"`, "path %q is no path", s.S)
			continue
		}
		out = append(out, s.S)
	}
	return out
}
