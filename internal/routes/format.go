package routes

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tenantvet/tenantvet/internal/report"
)

// Text writes the routes as a table for people.
func (r *Routes) Text(w io.Writer) error {
	var b strings.Builder
	var widths [3]int
	for _, list := range [][]Entry{r.Routes, r.Unmounted} {
		for i := range list {
			for c, s := range list[i].cells() {
				widths[c] = min(max(widths[c], utf8.RuneCountInString(s)), maxWidth)
			}
		}
	}
	line := func(cells [3]string, at string) {
		for c, s := range cells {
			b.WriteString(s + strings.Repeat(" ", max(0, widths[c]-utf8.RuneCountInString(s))+2))
		}
		b.WriteString(at + "\n")
	}
	rows := func(list []Entry) {
		for i := range list {
			e := &list[i]
			line(e.cells(), e.At.String())
			if len(e.Middleware) > 0 {
				fmt.Fprintf(&b, "    behind %s\n", names(e.Middleware))
			}
			if e.Contract != nil && e.Verdict != "free" {
				fmt.Fprintf(&b, "    %s\n", e.summary())
			}
			for _, n := range e.notes() {
				fmt.Fprintf(&b, "    %s\n", n)
			}
		}
	}
	rows(r.Routes)
	if len(r.Unmounted) > 0 {
		b.WriteString("\nNot mounted: nothing here hands these routers on, or it cannot be told which\n")
		rows(r.Unmounted)
	}
	if len(r.Gaps) > 0 {
		b.WriteString("\nNot followed: routes or middleware may be missing\n")
		for _, g := range r.Gaps {
			fmt.Fprintf(&b, "%s: %s is handed to %s\n", g.At, orRouter(g.Router), g.To)
		}
	}
	if b.Len() == 0 {
		b.WriteString("no routes\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Rows returns the routes as rows of a table for people: those that are mounted,
// and the others.
func (r *Routes) Rows() []report.Route {
	out := []report.Route{}
	for _, list := range [][]Entry{r.Routes, r.Unmounted} {
		for i := range list {
			e := &list[i]
			row := report.Route{
				Method: e.method(), Path: e.place(), Handler: e.Handler.Name, Place: e.At.String(), Notes: e.notes(), Unmounted: e.On != "",
			}
			for k := range e.Middleware {
				row.Behind = append(row.Behind, e.Middleware[k].mark())
			}
			if e.Contract != nil {
				row.Verdict, row.Why, row.Guards = e.Verdict, e.Why, strings.Join(e.grants(), ", ")
			}
			out = append(out, row)
		}
	}
	return out
}

// maxWidth bounds the columns, so that one long path does not push the others away.
const maxWidth = 60

func (e *Entry) cells() [3]string {
	return [3]string{e.method(), e.place(), e.Handler.Name}
}

func orRouter(s string) string {
	if s == "" {
		return "a router"
	}
	return "a router of " + s
}

func (e *Entry) method() string {
	if len(e.Methods) == 0 {
		return "ANY"
	}
	return strings.Join(e.Methods, ",")
}

func (e *Entry) place() string {
	if e.Host+e.Path == "" {
		return "-"
	}
	return e.Host + e.Path
}

// names lists middleware; what is there on some paths only has a ? behind it.
func names(list []Step) string {
	var out []string
	for i := range list {
		out = append(out, list[i].mark())
	}
	return strings.Join(out, ", ")
}

func (s *Step) mark() string {
	n := s.Name
	if s.If != nil {
		n += "?"
	}
	if s.Only != "" {
		n += " (" + s.Only + ")"
	}
	return n
}

// notes are what else there is to say of a route.
func (e *Entry) notes() []string {
	var out []string
	if e.On != "" {
		out = append(out, "on "+e.On)
	}
	if e.If != nil {
		out = append(out, "only if so decided at "+e.If.String())
	}
	if e.Loop {
		out = append(out, "for each of a list that is not known")
	}
	for _, m := range e.Middleware {
		if m.If != nil {
			out = append(out, m.Name+" only if so decided at "+m.If.String())
		}
	}
	for _, d := range e.Dead {
		out = append(out, "not applied, since it comes later: "+d.Name+" at "+d.At.String())
	}
	return append(out, e.Opaque...)
}

// Markdown writes the routes as a table in Markdown.
func (r *Routes) Markdown(w io.Writer) error {
	var b strings.Builder
	cell := func(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
	code := func(s string) string {
		if s == "" {
			return ""
		}
		return "`" + cell(s) + "`"
	}
	judged := slices.ContainsFunc(slices.Concat(r.Routes, r.Unmounted), func(e Entry) bool { return e.Contract != nil })
	table := func(list []Entry) {
		if judged {
			b.WriteString("| method | path | handler | guards | tenant | roles | verdict | middleware | registered | |\n|---|---|---|---|---|---|---|---|---|---|\n")
		} else {
			b.WriteString("| method | path | handler | middleware | registered | |\n|---|---|---|---|---|---|\n")
		}
		for i := range list {
			e := &list[i]
			var mws []string
			for j := range e.Middleware {
				mws = append(mws, code(e.Middleware[j].mark()))
			}
			fmt.Fprintf(&b, "| %s | %s | %s | ", e.method(), code(e.place()), code(e.Handler.Name))
			if judged {
				c := cmp.Or(e.Contract, &Contract{})
				fmt.Fprintf(&b, "%s | %s | %s | %s | ", cell(strings.Join(c.grants(), ", ")), c.Tenant, cell(strings.Join(c.Roles, ", ")), cell(strings.TrimSuffix(c.Verdict+": "+c.Why, ": ")))
			}
			fmt.Fprintf(&b, "%s | %s | %s |\n", strings.Join(mws, ", "), code(e.At.String()), cell(strings.Join(e.notes(), "; ")))
		}
	}
	b.WriteString("# Routes\n\n")
	table(r.Routes)
	if len(r.Unmounted) > 0 {
		b.WriteString("\n## Not mounted\n\n")
		table(r.Unmounted)
	}
	if len(r.Gaps) > 0 {
		b.WriteString("\n## Not followed\n\n")
		for _, g := range r.Gaps {
			fmt.Fprintf(&b, "- %s: %s is handed to %s\n", code(g.At.String()), cell(orRouter(g.Router)), code(g.To))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// JSON writes the routes as they are.
func (r *Routes) JSON(w io.Writer) error {
	return encode(w, r)
}

func encode(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "\t")
	return enc.Encode(v)
}

// isHTTPMethod reports whether m is a method that an OpenAPI path item may have.
func isHTTPMethod(m string) bool {
	switch m {
	case "GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE":
		return true
	}
	return false
}

type parameter struct {
	Name     string            `json:"name"`
	In       string            `json:"in"`
	Required bool              `json:"required"`
	Schema   map[string]string `json:"schema"`
}

type operation struct {
	OperationID string            `json:"operationId"`
	Parameters  []parameter       `json:"parameters,omitempty"`
	Responses   map[string]answer `json:"responses"`
	Servers     []server          `json:"servers,omitempty"` // if it is not on every host
	Handler     string            `json:"x-handler"`
	Middleware  []string          `json:"x-middleware"`
	At          string            `json:"x-registered"`
	Tenant      string            `json:"x-tenant,omitempty"`
	Env         string            `json:"x-env,omitempty"`
	Roles       []string          `json:"x-roles,omitempty"`
	Guards      []string          `json:"x-guards,omitempty"`
	Requires    *Requirement      `json:"x-requires,omitempty"`
	Verdict     string            `json:"x-verdict,omitempty"`
}

type server struct {
	URL string `json:"url"`
}

type answer struct {
	Description string `json:"description"`
}

// OpenAPI writes a fragment of an OpenAPI 3.1 document: paths, methods and
// parameters of the mounted HTTP routes whose path is known, with handler and
// middleware as extensions. A route for any method stands under x-any; of those that
// only their hosts tell apart all but the first have the host behind the method, as in
// x-get@example.com.
func (r *Routes) OpenAPI(w io.Writer) error {
	paths := map[string]map[string]operation{}
	ids := map[string]int{}
	for i := range r.Routes {
		e := &r.Routes[i]
		if strings.Contains(e.Path, "‹") {
			continue
		}
		name, params := template(e.Path, "")
		if !strings.HasPrefix(name, "/") {
			name = "/" + name
		}
		var keys []string
		for _, m := range e.Methods {
			if isHTTPMethod(m) {
				keys = append(keys, strings.ToLower(m))
			}
		}
		if len(e.Methods) == 0 {
			keys = []string{"x-any"}
		}
		if len(keys) == 0 {
			continue // RPC, TASK and the like
		}
		if paths[name] == nil {
			paths[name] = map[string]operation{}
		}
		for _, k := range keys {
			var servers []server
			if e.Host != "" {
				servers = []server{{"//" + e.Host}}
			}
			if first, dup := paths[name][k]; dup && !slices.Equal(first.Servers, servers) {
				k = "x-" + strings.TrimPrefix(k, "x-") + "@" + e.Host
			}
			if _, dup := paths[name][k]; dup {
				continue // the same, conditional on something
			}
			op := operation{OperationID: e.Handler.Name, Handler: e.Handler.Func, Middleware: []string{}, At: e.At.String(),
				Responses: map[string]answer{"default": {"not described here"}}, Servers: servers}
			if ids[op.OperationID]++; ids[op.OperationID] > 1 {
				op.OperationID += fmt.Sprintf("#%d", ids[op.OperationID])
			}
			for _, p := range params {
				op.Parameters = append(op.Parameters, parameter{p, "path", true, map[string]string{"type": "string"}})
			}
			for j := range e.Middleware {
				op.Middleware = append(op.Middleware, e.Middleware[j].mark())
			}
			if c := e.Contract; c != nil {
				op.Tenant, op.Env, op.Roles, op.Guards, op.Verdict, op.Requires = c.Tenant, c.Env, c.Roles, c.grants(), c.Verdict, c.Requires
			}
			paths[name][k] = op
		}
	}
	// Maps are written in the order of their keys.
	return encode(w, map[string]any{
		"openapi": "3.1.0",
		"info":    map[string]string{"title": "routes found by tenantvet", "version": "0"},
		"paths":   paths,
	})
}

var (
	braced = regexp.MustCompile(`\{([^{}:]*)(:(?:[^{}]|\{[^{}]*\})*)?\}`)
	colon  = regexp.MustCompile(`/([:*+])([A-Za-z0-9_]*)\??`)
)

// template writes a path of any router with its parameters in braces, and lists
// them. One for all that follows has rest behind its name; OpenAPI knows none.
func template(p, rest string) (string, []string) {
	p = strings.TrimSuffix(p, "{$}")
	p = braced.ReplaceAllStringFunc(p, func(s string) string {
		name := strings.TrimSpace(braced.FindStringSubmatch(s)[1])
		if rest, ok := strings.CutPrefix(name, "*"); ok {
			name = rest + "..."
		}
		return "{" + name + "}"
	})
	p = colon.ReplaceAllStringFunc(p, func(s string) string {
		m := colon.FindStringSubmatch(s)
		name := cmp.Or(m[2], "rest")
		if m[1] != ":" {
			name += "..."
		}
		return "/{" + name + "}"
	})
	var params []string
	p = braced.ReplaceAllStringFunc(p, func(s string) string {
		name, all := strings.CutSuffix(s[1:len(s)-1], "...")
		if !slices.Contains(params, name) {
			params = append(params, name)
		}
		if all {
			name += rest
		}
		return "{" + name + "}"
	})
	return cmp.Or(p, "/"), params
}
