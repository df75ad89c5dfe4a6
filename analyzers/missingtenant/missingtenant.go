package missingtenant

import (
	_ "embed"
	"fmt"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/internal/guards"
	"github.com/tenantvet/tenantvet/internal/report"
	"github.com/tenantvet/tenantvet/internal/routes"
	"github.com/tenantvet/tenantvet/internal/rule"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

//go:embed doc.go
var doc string

// Analyzer reports routes that get to data of tenants past their guards. It is
// safe for concurrent use by drivers and has no flags.
var Analyzer = &analysis.Analyzer{
	Name:       "missingtenant",
	Doc:        rule.Doc(doc, "missingtenant"),
	URL:        "https://github.com/tenantvet/tenantvet/blob/main/docs/rules.md#missingtenant",
	Run:        run,
	Requires:   append(rule.Requires(), guards.Analyzer, routes.Analyzer),
	ResultType: reflect.TypeFor[*rule.Outcome](),
}

func run(pass *analysis.Pass) (any, error) {
	base, ok := rule.NewReporter(pass)
	if !ok {
		return new(rule.Outcome), nil
	}
	res := pass.ResultOf[guards.Analyzer].(*guards.Result)
	r := &reporter{Reporter: base, wires: pass.ResultOf[routes.Analyzer].(*routes.Result)}
	base.Exempt().Use(res.Marks...)
	for _, c := range res.Dropped {
		r.ignored(c)
	}
	var open []*finding
	seen := map[string]bool{}
	for i := range res.Routes {
		j := &res.Routes[i]
		r.directives(j)
		f := r.finding(j)
		if f == nil {
			continue
		}
		if by, ok := r.taken(f); ok {
			r.AddTaken(*r.word(&group{list: []*finding{f}}), by)
			continue
		}
		if j.Verdict.State == guards.Public || j.Verdict.Category == guards.Ignored {
			continue // for everybody by custom, or told where the check is called
		}
		// Two functions may serve what another package makes: that is one defect.
		id := ""
		if n := len(j.Routers); n > 0 && j.Routers[n-1].At.Pkg != pass.Pkg.Path() {
			id = j.Route.Name() + " " + j.Routers[n-1].At.String() + " " + string(j.Verdict.Category)
		}
		if id == "" || !seen[id] {
			seen[id] = true
			open = append(open, f)
		}
	}
	for _, g := range groups(res.Routes, open) {
		r.Add(*r.word(g))
	}
	return r.Flush(), nil
}

type reporter struct {
	*rule.Reporter
	wires *routes.Result
}

// A finding is a route on which something is wrong.
type finding struct {
	*guards.Judged
	pos token.Pos
}

// finding returns what is wrong with a route, nil if nothing is, or if it is told
// elsewhere.
func (r *reporter) finding(j *guards.Judged) *finding {
	v := &j.Verdict
	if !j.Here || v.State != guards.Open && v.State != guards.Public {
		return nil
	}
	f := &finding{j, r.place(j)}
	if !f.pos.IsValid() {
		return nil
	}
	return f
}

// taken reports whether an exemption takes the finding out, and which: an entry of
// the policy, or a directive, which may be in another package.
func (r *reporter) taken(f *finding) (by report.Exemption, ok bool) {
	if by, ok = r.Taken(r.begin(f)); !ok && f.Public != "" && f.Verdict.State == guards.Public {
		return report.Exemption{Reason: f.Public, InSource: true}, true
	}
	return by, ok
}

// place returns where a route is registered, as far as this package knows.
func (r *reporter) place(j *guards.Judged) token.Pos {
	at := j.At
	if at.Pkg != r.Pass.Pkg.Path() || j.Via.File != "" {
		at = j.Via
	}
	pos, _ := r.Pos(at)
	return r.CallAt(pos)
}

// begin is the beginning of a finding about a route.
func (r *reporter) begin(f *finding) *rule.Finding {
	subject := guards.Subject(f.Route)
	category := f.Verdict.Category
	if category == "" {
		category = guards.Unguarded
	}
	return &rule.Finding{Pos: f.pos, Category: string(category), Route: subject, Owner: r.Around(f.pos)}
}

// directives marks the directives at a route that are needed, or that importers
// may need.
func (r *reporter) directives(j *guards.Judged) {
	places := []scopeflow.Position{j.At}
	for _, h := range j.Routers {
		places = append(places, h.At)
	}
	for _, at := range places {
		if at.Pkg != r.Pass.Pkg.Path() {
			continue
		}
		if pos, ok := r.Pos(at); ok {
			r.Exempt().Demands(pos)
			if !j.Here || j.Verdict.State == guards.Public {
				r.Exempt().Public(pos)
			}
		}
	}
}

// ignored reports a check whose word nobody looks at.
func (r *reporter) ignored(c scopeflow.Check) {
	pos := r.CallAt(c.At.Pos())
	r.Add(rule.Finding{Pos: pos, Category: string(guards.Ignored), Owner: r.Around(pos), What: c.Name,
		Message: fmt.Sprintf("nobody looks at what %s says: whom it refuses gets on", c.Name)})
}

// A group is findings with one cause.
type group struct {
	list []*finding
	key  string
	all  string // the library of a router, if nothing on it is guarded
}

// groups puts the findings together that have one cause, in the order of the first
// of each.
func groups(judged []guards.Judged, open []*finding) []*group {
	bare := bareRouters(judged, open)
	var out []*group
	for _, f := range open {
		key, all := cause(f, bare)
		i := slices.IndexFunc(out, func(g *group) bool { return g.key == key })
		if i < 0 {
			out = append(out, &group{key: key, all: all})
			i = len(out) - 1
		}
		out[i].list = append(out[i].list, f)
	}
	for _, g := range out {
		slices.SortStableFunc(g.list, func(a, b *finding) int { return int(a.pos) - int(b.pos) })
	}
	return out
}

// cause names what is wrong, so that findings with the same name are one; all is
// the library of the router that it is about.
func cause(f *finding, bare map[string]bool) (key, all string) {
	v := &f.Verdict
	key = string(v.Category)
	switch {
	case v.Leak != nil:
		return key + v.Leak.At.String(), ""
	case v.At.File != "":
		return key + v.At.String(), ""
	case v.Reach != nil && v.Reach.Missed != "" && v.Category == v.Reach.Missed:
		return key + v.Reach.By.Pos.String(), ""
	}
	for i, h := range slices.Backward(f.Routers) {
		if bare[hookKey(f.Judged, h, v)] {
			if i == len(f.Routers)-1 {
				all = f.Router
			}
			return key + hookKey(f.Judged, h, v), all
		}
	}
	if f.Via.File != "" {
		return key + f.Via.String(), ""
	}
	return key + f.At.String() + f.Path + strings.Join(f.Methods, ","), ""
}

// hookKey names a router with what is wrong on it.
func hookKey(j *guards.Judged, h routes.Hook, v *guards.Verdict) string {
	return j.Table.Func.Full() + " " + h.Key + " " + string(v.Category) + " " + v.Name
}

// bareRouters returns the routers on which the same is wrong with every route that
// needs a guard.
func bareRouters(judged []guards.Judged, open []*finding) map[string]bool {
	bad := map[*guards.Judged]bool{}
	for _, f := range open {
		bad[f.Judged] = true
	}
	needing, wrong := map[string]int{}, map[string]int{}
	for i := range judged {
		j := &judged[i]
		for _, h := range j.Routers {
			id := j.Table.Func.Full() + " " + h.Key
			if bad[j] {
				needing[id]++
				wrong[hookKey(j, h, &j.Verdict)]++
			} else if j.Verdict.State == guards.Guarded {
				needing[id]++
			}
		}
	}
	out := map[string]bool{}
	for _, f := range open {
		for _, h := range f.Routers {
			key := hookKey(f.Judged, h, &f.Verdict)
			out[key] = wrong[key] == needing[f.Table.Func.Full()+" "+h.Key]
		}
	}
	return out
}

// word returns the finding of a group in words.
func (r *reporter) word(g *group) *rule.Finding {
	f := g.list[0]
	out := r.begin(f)
	out.Message, out.Steps = r.message(g), r.steps(g)
	out.Cause, out.What = g.key, f.Route.Name()
	if at := r.elsewhere(f); at.IsValid() {
		out.AlsoAt, out.Pos = append(out.AlsoAt, out.Pos), at
		out.Owner = r.Around(at)
	}
	for _, f := range g.list {
		out.About = append(out.About, f.Route)
	}
	return out
}

// elsewhere returns the place of the cause, if that is in this package and not
// where the route is.
func (r *reporter) elsewhere(f *finding) token.Pos {
	at := f.Verdict.At
	if l := f.Verdict.Leak; l != nil {
		at = l.At
	}
	if at.File == "" || at.Pkg != r.Pass.Pkg.Path() || f.Verdict.Category == guards.Partial {
		return token.NoPos
	}
	pos, _ := r.Pos(at)
	return r.CallAt(pos)
}

// names lists the routes of a group.
func (g *group) names() string {
	var out []string
	for _, f := range g.list {
		if n := f.Route.Name(); !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	if len(out) > 4 {
		out = append(out[:3], fmt.Sprintf("and %d more", len(out)-3))
	}
	return strings.Join(out, ", ")
}

// message words what is wrong.
func (r *reporter) message(g *group) string {
	f := g.list[0]
	v := &f.Verdict
	what := "data of tenants"
	if v.Reach != nil && v.Reach.Dims != 0 {
		what = v.Reach.What
	}
	handler := f.Handler.Text
	many := len(g.list) > 1
	switch v.Category {
	case guards.NoRole:
		need := "a role"
		if v.Name != "" {
			need = "role " + v.Name
		}
		asked := "no guard asks for it"
		if roles := v.Roles(); len(roles) > 0 {
			asked = "its guards ask for " + strings.Join(roles, " or ")
		}
		if many {
			return fmt.Sprintf("%d routes are for %s, and %s: %s", len(g.list), need, strings.Replace(asked, "its", "their", 1), g.names())
		}
		return fmt.Sprintf("%s is for %s, and %s", f.Route.Name(), need, asked)
	case guards.FailOpen:
		if l := v.Leak; l != nil {
			return fmt.Sprintf("requests go on that %s refused, and nothing else guards %s", l.Check, g.names())
		}
		return fmt.Sprintf("%s fails open: its handler %s %s though a check refused", f.Route.Name(), handler, what)
	case guards.Ignored:
		return fmt.Sprintf("%s is not guarded: nobody looks at what the check says", f.Route.Name())
	case guards.Late:
		return fmt.Sprintf("the guard of %s comes too late: its handler %s %s first", f.Route.Name(), handler, what)
	case guards.Order:
		return fmt.Sprintf("%s stands before what it builds on, so it proves nothing: %s", v.Name, g.names())
	case guards.DeadMiddleware:
		return fmt.Sprintf("%s comes too late for %s: it applies to what is registered after it", v.Name, g.names())
	case guards.Partial:
		if v.At.File != "" {
			return fmt.Sprintf("%s guards %s on some paths only, and the handler %s %s", v.Name, g.names(), handler, what)
		}
		if v.Name != "" {
			return fmt.Sprintf("%s is for calls of the other kind, and nothing else guards %s", v.Name, g.names())
		}
		return fmt.Sprintf("%s is guarded on some paths only: its handler %s also %s without a check", f.Route.Name(), handler, what)
	}
	need := "no membership guard"
	if v.Category == guards.Unguarded && isTask(f.Route) {
		need = "nothing that establishes a scope"
	}
	switch {
	case v.Reach == nil && many:
		return fmt.Sprintf("%d routes are behind %s, as every route has to be: %s", len(g.list), need, g.names())
	case v.Reach == nil:
		return fmt.Sprintf("%s is behind %s, as every route has to be", f.Route.Name(), need)
	case g.all != "" && many:
		return fmt.Sprintf("none of the %d routes of this %s router that get to data of tenants is behind a membership guard: %s", len(g.list), g.all, g.names())
	case many:
		return fmt.Sprintf("%d routes are behind %s, and get to data of tenants: %s", len(g.list), need, g.names())
	}
	return fmt.Sprintf("%s is behind %s, and its handler %s %s", f.Route.Name(), need, handler, what)
}

func isTask(r *routes.Route) bool {
	return slices.ContainsFunc(r.Methods, guards.IsTask)
}

// maxShown bounds how many further routes a finding lists as steps.
const maxShown = 12

// steps explains a finding: the route, the handler, the way to the data, the check
// that does not do its work, and the other routes.
func (r *reporter) steps(g *group) []scopeflow.Step {
	f := g.list[0]
	v := &f.Verdict
	out := []scopeflow.Step{{Pos: f.At, Msg: f.Route.Name() + " is registered here"}}
	if fn := r.handler(f); fn != nil {
		out = append(out, r.Declared(fn)...)
	}
	if v.Reach != nil {
		out = append(out, v.Reach.Steps...)
		if v.Category == v.Reach.Missed {
			out = append(out, v.Reach.By)
		}
	}
	if v.Leak != nil {
		out = append(out, scopeflow.Step{Pos: v.Leak.CheckAt, Msg: v.Leak.Check + " is asked here"}, scopeflow.Step{Pos: v.Leak.At, Msg: "the request goes on here"})
	}
	if v.At.File != "" {
		out = append(out, scopeflow.Step{Pos: v.At, Msg: v.Name + " is put here"})
	}
	for i, o := range g.list[1:] {
		if i == maxShown {
			break
		}
		at := o.At
		if fn := r.handler(o); at == f.At && fn != nil && fn.Pkg() == r.Pass.Pkg {
			at = r.Position(fn.Pos()) // a service: its methods are registered in one place
		}
		out = append(out, scopeflow.Step{Pos: at, Msg: o.Route.Name() + " as well"})
	}
	return out
}

// handler returns the declared function that serves a route, nil if none does that
// is in sight.
func (r *reporter) handler(f *finding) *types.Func {
	if f.Handler.Kind == "literal" {
		return nil
	}
	return r.wires.Func(f.Handler.Ident)
}
