package guards

import (
	"cmp"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/routes"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

// A Category says what is wrong with a route: one of the constants below, which
// are the categories of the findings of analyzer missingtenant. "" is nothing.
type Category string

// The categories.
const (
	Unguarded      Category = "unguarded"
	NoRole         Category = "norole"
	FailOpen       Category = "failopen"
	Ignored        Category = "ignored"
	Late           Category = "late"
	Order          Category = "order"
	DeadMiddleware Category = "deadmiddleware"
	Partial        Category = "partial"
)

// State is the verdict on a route in one word.
type State string

// The states.
const (
	Guarded State = "guarded"   // it stands behind what it needs
	Public  State = "public"    // it is said to be for everybody
	Open    State = "unguarded" // it does not stand behind what it needs
	Opaque  State = "opaque"    // it cannot be told
	Free    State = "free"      // it needs no guard: it gets to no data of tenants
)

// A Verdict is what is known of a route.
type Verdict struct {
	State    State
	Category Category // what is wrong, of an open route
	Why      string   // of a public one, the reason; of an opaque one, what cannot be told
	Guards   []Guard  // in the order in which a request passes them, those in the handler last
	Dims     models.Dims
	Demands  [][]string // the roles of which one is needed, for each demand; none: any
	// Tried: a membership guard is meant to be there, whether or not it does its work.
	Tried bool

	Reach *Reach             // an unguarded way to data
	Leak  *Leak              // a check that is not heeded
	At    scopeflow.Position // where the cause is, if that is not the route: of a dead middleware, a leak
	Name  string             // of what At is about

	passed []scopeflow.Grant // where the handler came out well
}

// A Guard is a guard that a route stands behind.
type Guard struct {
	Name   string
	Grants []scopeflow.Grant
	At     scopeflow.Position
}

// Roles returns the roles that guards ask for, sorted.
func (v *Verdict) Roles() []string {
	var out []string
	for _, g := range v.Guards {
		for _, one := range g.Grants {
			out = append(out, one.Roles...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// contract is the verdict as lists of routes have it.
func (v *Verdict) contract() *routes.Contract {
	out := &routes.Contract{Verdict: string(v.State), Why: v.Why, Roles: v.Roles()}
	if v.State == Open {
		out.Why = string(v.Category)
		if v.Category == Unguarded {
			out.Why = ""
		}
	}
	if v.Dims&models.Tenant != 0 {
		out.Tenant = "required"
	}
	if v.Dims&models.Env != 0 {
		out.Env = "required"
	}
	for _, g := range v.Guards {
		one := routes.Passed{Name: g.Name}
		for _, grant := range g.Grants {
			one.Grants = append(one.Grants, grantText([]scopeflow.Grant{grant}))
		}
		out.Guards = append(out.Guards, one)
	}
	if v.State != Open && v.State != Opaque {
		out.Requires = v.requirement()
	}
	return out
}

// requirement returns what a caller needs to pass the guards, nil if one of them
// asks for a role that is not known.
func (v *Verdict) requirement() *routes.Requirement {
	out := &routes.Requirement{Caller: "nothing"}
	var all []scopeflow.Grant
	for _, g := range v.Guards {
		all = append(all, g.Grants...)
	}
	switch kinds := kindsOf(all); {
	case kinds&models.Holder != 0:
		out.Caller = "role"
	case kinds&models.Member != 0:
		out.Caller = "membership"
	case kinds&models.Signed != 0:
		out.Caller = "sign-in"
	}
	for _, g := range all {
		if g.Kind != models.Holder {
			continue
		}
		if len(g.Roles) == 0 {
			return nil
		}
		out.Roles = append(out.Roles, g.Roles)
	}
	return out
}

// judge holds the routes of the package against their guards.
func (p *program) judge() {
	if p.index.Grants() == 0 {
		return // nothing that could be asked for
	}
	for _, t := range p.wires.Tables {
		told := p.told(t.Calls)
		first := len(p.result.Routes)
		verdicts := p.verdicts(t)
		for i := range t.Routes {
			r := &t.Routes[i]
			j := Judged{Route: r, Table: t, Verdict: verdicts[i]}
			j.Here = r.Open == "" && !slices.Contains(told, r.At) && !slices.ContainsFunc(r.Routers, func(h routes.Hook) bool {
				return h.At.File != "" && slices.Contains(told, h.At)
			})
			p.result.Routes = append(p.result.Routes, j)
		}
		p.handOn(t, p.result.Routes[first:])
	}
}

// verdicts judges the routes of a table, those first that lead to others.
func (p *program) verdicts(t *routes.Table) []Verdict {
	out := make([]Verdict, len(t.Routes))
	for i := range t.Routes {
		if r := &t.Routes[i]; !r.Below {
			out[i] = p.verdict(t, r, nil)
		}
	}
	for i := range t.Routes {
		r := &t.Routes[i]
		if !r.Below {
			continue
		}
		var above []*Verdict
		for k := range t.Routes {
			if o := &t.Routes[k]; !o.Below && o.Root == r.Root && slices.Contains(o.Leads, r.Leads[0]) {
				above = append(above, &out[k])
			}
		}
		out[i] = p.verdict(t, r, above)
	}
	return out
}

// handOn leaves the routes of a router to who is handed it, if no membership guard
// is put on it and nothing serves it here.
func (p *program) handOn(t *routes.Table, list []Judged) {
	if p.pass.Pkg.Name() == "main" {
		return
	}
	mine := map[string]bool{}
	for _, j := range list {
		mine[j.Root] = mine[j.Root] || j.Verdict.Tried || slices.ContainsFunc(j.Routers, func(h routes.Hook) bool { return h.Served }) ||
			!slices.ContainsFunc(j.Routers, func(h routes.Hook) bool { return h.Passed })
	}
	for i := range list {
		if n := len(list[i].Routers); n > 0 && list[i].Routers[n-1].At.File != "" {
			list[i].Here = list[i].Here && mine[list[i].Root]
		}
	}
}

// told returns where the routers are made that functions have judged, and the
// routes registered that their packages have told of.
func (p *program) told(calls []string) []scopeflow.Position {
	var out []scopeflow.Position
	for _, f := range p.tellers(calls) {
		out = append(out, f.Told...)
	}
	return out
}

// verdict judges a route. One that is below others is behind what guards all of those
// that lead to it.
func (p *program) verdict(t *routes.Table, r *routes.Route, above []*Verdict) Verdict {
	v := Verdict{}
	b := &bench{p: p, t: t, r: r, v: &v, lost: r.Below && len(above) == 0}
	for i, o := range above {
		if i > 0 {
			b.have = common(b.have, o.passed)
		} else {
			b.have = o.passed
		}
	}
	b.guards(r.Middleware)
	v.Tried = v.Tried || b.granting(slices.Concat(r.Dead, r.Others), func(grants []scopeflow.Grant) bool { return has(grants, models.Member) }) != nil
	b.handler()
	b.demands()
	b.decide()
	if v.State == Open {
		if why := cmp.Or(r.Public, p.policy.PublicRoute(Subject(b.r))); why != "" {
			v.State, v.Why = Public, why
		}
	}
	v.passed = with(b.have, b.outcome)
	return v
}

// A bench is a route while it is judged.
type bench struct {
	p *program
	t *routes.Table
	r *routes.Route
	v *Verdict

	have    []scopeflow.Grant  // on every way to the handler
	some    *routes.Middleware // a membership guard that is there on some paths only
	early   []early            // guards that stand before what they build on
	leak    *Leak
	reaches []Reach
	outcome []scopeflow.Grant // of the handler: without these it comes out badly
	known   bool              // of the handler
	lost    bool              // what leads to it is not known
}

// early is a guard that stands before what it builds on.
type early struct {
	name  string
	at    scopeflow.Position
	lacks models.Grant
}

// Subject is the route as the entries of a policy know it.
func Subject(r *routes.Route) *policy.Route {
	s := &policy.Route{Methods: r.Methods, Path: r.Path}
	if id := &r.Handler.Ident; id.Name != "" {
		s.Handler = models.Name{Package: id.Pkg, Type: id.Recv, Name: id.Name}
	}
	return s
}

// need is what a caller of the route has to be: a member, or for tasks and the
// like, which nobody calls, somebody at all.
func (b *bench) need() models.Grant {
	if slices.ContainsFunc(b.r.Methods, IsTask) {
		return models.Signed
	}
	return models.Member
}

// IsTask reports whether a method of a route stands for something that no request
// starts.
func IsTask(method string) bool {
	switch method {
	case "TASK", "TOPIC", "JOB", "WORKFLOW", "ACTIVITY":
		return true
	}
	return false
}

// guards passes the middleware in order.
func (b *bench) guards(list []routes.Middleware) {
	for i := range list {
		m := &list[i]
		grants, leaks := b.p.middleware(b.t, &m.Func)
		needs := needsOf(grants)
		for k := range leaks {
			if b.leak == nil && leaks[k].Kind&b.need() != 0 {
				b.leak, b.v.Tried = &leaks[k], true
			}
		}
		b.v.Tried = b.v.Tried || kindsOf(grants)&(models.Signed|models.Member) != 0
		if len(grants) == 0 {
			continue
		}
		if m.Cond != nil && !m.Either() {
			if has(grants, models.Member) && b.some == nil {
				b.some = m
			}
			continue
		}
		b.v.Guards = append(b.v.Guards, Guard{m.Text, grants, m.At})
		if !has(grants, models.Member) && has(grants, models.Holder) {
			needs |= models.Member // a role is one in a tenant
		}
		for _, kind := range []models.Grant{models.Signed, models.Member} {
			if needs&kind != 0 && !has(b.have, kind) {
				b.early = append(b.early, early{m.Text, m.At, kind})
			}
		}
		b.have = with(b.have, grants)
	}
}

// middleware returns what is known of a caller whom a middleware lets on, and the
// checks that it does not heed.
func (p *program) middleware(t *routes.Table, f *routes.Func) (grants []scopeflow.Grant, leaks []Leak) {
	if alts := f.Alternatives(); len(alts) > 0 {
		grants, leaks = p.middleware(t, &alts[0])
		for i := range alts[1:] {
			g, l := p.middleware(t, &alts[i+1])
			grants, leaks = common(grants, g), append(leaks, l...)
		}
		return grants, leaks
	}
	layers := f.Layers()
	for i := range layers {
		part := p.part(t, *layers[i].Fn)
		for k := range part.Guards {
			grants = with(grants, scopeflow.GrantsOf(&part.Guards[k], layers[i].Texts))
		}
		if len(grants) > 0 {
			return grants, nil
		}
	}
	if f.From != nil {
		for _, g := range p.part(t, *f.From).Guards {
			grants = with(grants, scopeflow.GrantsOf(&g, func(models.Place) []string { return nil }))
		}
		if len(grants) > 0 {
			return grants, nil
		}
	}
	for i := range layers {
		g := p.part(t, *layers[i].Fn).Passage
		leaks = append(leaks, g.Leaks...)
		if len(g.Next) > 0 {
			return g.Next, leaks
		}
	}
	if f.Kind == "type" {
		if g := p.methods(t, f.Ident); g != nil {
			return g.Next, g.Leaks
		}
	}
	return nil, leaks
}

// methods returns what is known of the methods of a type of middleware, all of
// them together.
func (p *program) methods(t *routes.Table, id routes.Ident) *Passage {
	var out *Passage
	for _, name := range []string{"ServeHTTP", "WrapUnary", "WrapStreamingHandler", "Handle", "Process", "Wrap", "Middleware", "InterceptOperation", "InterceptResponse", "InterceptRootField", "InterceptField"} {
		id.Name = name
		if g := p.part(t, id).Passage; len(g.Next)+len(g.Leaks) > 0 {
			out = out.join(&g)
		}
	}
	return out
}

// part returns what is known of a function that a table names. Of packages that
// this one does not import itself, the functions tell that led to the table: under
// go vet, most of these could not be asked.
func (p *program) part(t *routes.Table, id routes.Ident) Part {
	if lit := p.wires.Literal(id); lit != nil {
		return Part{Passage: *p.passage(lit)}
	}
	fn := p.wires.Func(id)
	if fn == nil || !p.near(fn) || fn.Pkg() != p.pass.Pkg && !exported(id) {
		if part, ok := p.handed(t.Calls, id.Full()); ok {
			return part
		}
	}
	var out Part
	if fn == nil {
		return out
	}
	if m := p.index.Func(fn); m != nil {
		out.Guards = m.Guards
	}
	if g := p.of(fn); g != nil {
		out.Passage = *g
	}
	return out
}

// exported reports whether other packages may name a function.
func exported(id routes.Ident) bool {
	return token.IsExported(id.Name) && (id.Recv == "" || token.IsExported(id.Recv))
}

// handed returns what one of the functions tells of another, by its name.
func (p *program) handed(calls []string, name string) (Part, bool) {
	for _, f := range p.tellers(calls) {
		for i := range f.Parts {
			if f.Parts[i].Name == name {
				return f.Parts[i], true
			}
		}
	}
	return Part{}, false
}

// near reports whether fn is of this package, or of one that it imports itself.
func (p *program) near(fn *types.Func) bool {
	return fn.Pkg() == p.pass.Pkg || slices.Contains(p.pass.Pkg.Imports(), fn.Pkg())
}

// tellers returns what is known of those of the functions that this package can
// ask about: those that it calls itself are among them.
func (p *program) tellers(calls []string) []*Passage {
	var out []*Passage
	for _, c := range calls {
		if fn := p.wires.Named(c); fn != nil && (p.near(fn) || fn.Signature().Recv() != nil) {
			if f := p.fact(fn); f != nil {
				out = append(out, f)
			}
		}
	}
	return out
}

// of returns what is known of a declared function.
func (p *program) of(fn *types.Func) *Passage {
	if fn.Pkg() != p.pass.Pkg {
		return p.fact(fn)
	}
	if body := p.res.Pkg.Prog.FuncValue(fn); body != nil && body.Blocks != nil {
		return p.passage(body)
	}
	return nil
}

// handler finds what the handler gets to.
func (b *bench) handler() {
	b.known = b.r.Handler.Kind != "unknown"
	for i, id := range b.r.Handler.Functions() {
		g := b.p.part(b.t, id).Passage
		b.reaches = append(b.reaches, g.Reaches...)
		if i == 0 {
			b.outcome = g.Outcome
		}
	}
	for _, r := range b.reaches {
		b.v.Dims |= r.Dims
	}
	var inside []scopeflow.Grant
	for i, r := range b.reaches {
		if i == 0 {
			inside = r.Have
		} else {
			inside = common(inside, r.Have)
		}
	}
	if len(inside) > 0 {
		b.v.Guards = append(b.v.Guards, Guard{Name: "the handler", Grants: inside})
	}
}

// demands finds the roles that are needed.
func (b *bench) demands() {
	demands, marks := b.p.policy.RouteRoles(Subject(b.r))
	for _, m := range marks {
		b.p.marks[m] = true
	}
	b.v.Demands = demands
	if len(b.r.Roles) > 0 {
		b.v.Demands = append(slices.Clip(b.v.Demands), b.r.Roles)
	}
	for _, r := range b.reaches {
		if r.Dims == 0 {
			b.v.Demands = append(slices.Clip(b.v.Demands), r.Roles)
		}
	}
}

// decide says what is wrong, if anything.
func (b *bench) decide() {
	v := b.v
	need := b.need()
	for i := range b.reaches {
		r := &b.reaches[i]
		have := with(b.have, r.Have)
		if r.Dims == 0 || need&b.p.index.Grants() == 0 || has(have, need) || need == models.Signed && len(have) > 0 {
			continue
		}
		if v.Reach == nil || v.Reach.Missed == "" && r.Missed != "" {
			v.Reach = r
		}
	}
	wanted := b.p.policy.AllRoutes && need == models.Member && b.known && len(b.reaches) == 0
	switch {
	case v.Reach != nil, wanted && !has(b.have, need):
		b.open(need)
	case b.misplaced() && len(b.reaches) > 0:
		v.State = Open
	case b.lacksRole():
		b.norole()
	case len(b.reaches) > 0 || has(b.have, need):
		v.State = Guarded
	case !b.known:
		v.State, v.Why = Opaque, "the handler is not known"
	default:
		v.State = Free
	}
}

// open says in which way a route is not guarded.
func (b *bench) open(need models.Grant) {
	v := b.v
	v.State = Open
	if b.lost {
		v.State, v.Why = Opaque, "what leads to it is not known"
		return
	}
	if i := slices.IndexFunc(b.r.Middleware, func(m routes.Middleware) bool { return m.Kind == "unknown" && len(m.Alternatives()) == 0 }); i >= 0 {
		v.State, v.Why = Opaque, "a middleware is not known: "+b.r.Middleware[i].Text
		return
	}
	member := func(grants []scopeflow.Grant) bool { return has(grants, need) }
	dead, other := b.granting(b.r.Dead, member), b.granting(b.r.Others, member)
	switch {
	case dead != nil:
		v.Category, v.At, v.Name = DeadMiddleware, dead.At, dead.Text
	case b.misplaced():
	case b.some != nil:
		v.Category, v.At, v.Name = Partial, *b.some.Cond, b.some.Text
	case other != nil:
		v.Category, v.Name = Partial, other.Text
	case b.leak != nil:
		v.Category, v.Leak = FailOpen, b.leak
		if b.leak.Dropped {
			v.Category = Ignored
		}
	case v.Reach != nil && v.Reach.Missed != "":
		v.Category = v.Reach.Missed
	default:
		v.Category = Unguarded
	}
}

// misplaced reports, and says so in the verdict, whether a guard stands before
// what it builds on: a scope, or a membership that is asked for behind it.
func (b *bench) misplaced() bool {
	for _, e := range b.early {
		if e.lacks == models.Signed || has(b.have, e.lacks) {
			b.v.Category, b.v.At, b.v.Name = Order, e.at, e.name
			return true
		}
	}
	return false
}

// granting returns a middleware of the list that would do, nil if there is none.
func (b *bench) granting(list []routes.Middleware, ok func([]scopeflow.Grant) bool) *routes.Middleware {
	for i := range list {
		if grants, _ := b.p.middleware(b.t, &list[i].Func); ok(grants) {
			return &list[i]
		}
	}
	return nil
}

// lacksRole reports whether a demand for a role is not met.
func (b *bench) lacksRole() bool {
	for _, roles := range b.v.Demands {
		if !holds(b.have, roles) && !b.heldInside(roles) {
			return true
		}
	}
	return false
}

// heldInside reports whether the handler asks for one of the roles on every way
// to what it gets to.
func (b *bench) heldInside(roles []string) bool {
	for i := range b.reaches {
		if r := &b.reaches[i]; !holds(r.Have, roles) && (r.Dims != 0 || slices.Equal(r.Roles, roles)) {
			return false
		}
	}
	return len(b.reaches) > 0 || holds(b.outcome, roles)
}

func (b *bench) norole() {
	v := b.v
	v.State, v.Category = Open, NoRole
	for _, roles := range v.Demands {
		if holds(b.have, roles) {
			continue
		}
		v.Name = strings.Join(roles, " or ")
		for i := range b.reaches {
			// What the role is for, or else any data.
			if r := &b.reaches[i]; v.Reach == nil || r.Dims == 0 && slices.Equal(r.Roles, roles) {
				v.Reach = r
			}
		}
		if dead := b.granting(b.r.Dead, func(grants []scopeflow.Grant) bool { return holds(grants, roles) }); dead != nil {
			v.Category, v.At, v.Name = DeadMiddleware, dead.At, dead.Text
		}
		return
	}
}

// parts returns what importers need to know of a function that wires routes,
// beside its own passage: of the functions that it wires, and what has been told
// of its routes.
func (p *program) parts(fn *types.Func) (parts []Part, told []scopeflow.Position) {
	mentions, calls := p.wires.Mentions(fn)
	if len(mentions) == 0 {
		return nil, nil
	}
	registers := p.wires.Registers(fn)
	told = p.told(calls)
	tell := func(at scopeflow.Position) {
		if at.File != "" && !slices.Contains(told, at) {
			told = append(told, at)
		}
	}
	table := &routes.Table{Calls: calls}
	done := true                // nobody else has to judge
	opaque := map[string]bool{} // by router
	unknown := map[scopeflow.Position]bool{}
	var own []Judged
	for _, j := range p.result.Routes {
		if p.wires.Func(j.Table.Func) == fn {
			table, own = j.Table, append(own, j)
			opaque[j.Root] = opaque[j.Root] || j.Verdict.State == Opaque
			unknown[j.At] = unknown[j.At] || j.Verdict.State == Opaque
			done = done && j.Here && j.Verdict.State != Opaque
		}
		if j.Here && j.Verdict.State == Open && slices.Contains(registers, j.At) {
			tell(j.At)
		}
	}
	for _, j := range own {
		switch {
		case !j.Here || unknown[j.At]:
			// Who hands the function what is not known here can tell.
		case opaque[j.Root]:
			tell(j.At)
		default:
			for _, h := range j.Routers {
				tell(h.At)
			}
		}
	}
	for _, id := range mentions {
		part := p.part(table, id)
		part.Name = id.Full()
		if id.Pkg == p.pass.Pkg.Path() && exported(id) {
			continue // whoever can call fn can ask about it
		}
		if done {
			part.Passage.Reaches = brief(part.Passage.Reaches)
		}
		if len(part.Guards) > 0 || !part.Passage.empty() {
			parts = append(parts, part)
		}
	}
	return parts, told
}

// brief is what lists of routes need to know of ways to data.
func brief(list []Reach) []Reach {
	out := slices.Clone(list)
	for i := range out {
		out[i].What, out[i].Steps, out[i].By = "", nil, scopeflow.Step{}
	}
	return out
}
