package routes

import (
	"encoding/json"
	"fmt"
	"go/types"
	"path"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

// NewListing returns an analyzer that puts the tables of a package into lines of
// text, for [Gather]. It reports nothing. The result of judge, a [Judge], says what
// is known of the guards of routes; with a nil judge nothing is.
func NewListing(judge *analysis.Analyzer) *analysis.Analyzer {
	a := &analysis.Analyzer{
		Name:       "tenantvetroutelist",
		Doc:        "list the routes that code registers",
		Requires:   []*analysis.Analyzer{Analyzer},
		ResultType: reflect.TypeFor[driver.Lines](),
	}
	if judge != nil {
		a.Requires = append(a.Requires, judge)
	}
	a.Run = func(pass *analysis.Pass) (any, error) {
		var j Judge
		if judge != nil {
			j = pass.ResultOf[judge].(Judge)
		}
		return listing(pass, j)
	}
	return a
}

// A Judge says what is known of the guards of a route; nil if nothing is.
type Judge interface {
	Contract(r *Route) *Contract
}

// A Contract is what is known of the guards of a route.
type Contract struct {
	Verdict string   `json:"verdict"`          // guarded, public, unguarded, opaque or free
	Why     string   `json:"why,omitempty"`    // of all but guarded and free
	Guards  []Passed `json:"guards,omitempty"` // in the order in which a request passes them
	// Tenant and Env are "required" if the handler gets to data that is kept apart by
	// them.
	Tenant string   `json:"tenant,omitempty"`
	Env    string   `json:"env,omitempty"`
	Roles  []string `json:"roles,omitempty"` // that guards ask for, sorted
	// Requires is what a caller needs to pass the guards; nil if they are not as they
	// should be, or if that cannot be told.
	Requires *Requirement `json:"requires,omitempty"`
}

// A Requirement is what a caller needs to pass all guards of a route.
type Requirement struct {
	// Caller is nothing, sign-in, membership or role, each of which takes in those
	// before it.
	Caller string `json:"caller"`
	// Roles are those of which one is needed, sorted, if Caller is role. One of each
	// list is, where several guards ask.
	Roles [][]string `json:"roles,omitempty"`
}

// Passed is a guard of a [Contract].
type Passed struct {
	Name   string   `json:"name"`
	Grants []string `json:"grants"` // membership, role(admin, owner)
}

// grants lists what the guards of a contract say, sorted, each once.
func (c *Contract) grants() []string {
	var out []string
	if c == nil {
		return nil
	}
	for _, g := range c.Guards {
		out = append(out, g.Grants...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// summary is a contract in one line.
func (c *Contract) summary() string {
	out := c.Verdict
	if grants := slices.DeleteFunc(c.grants(), func(g string) bool { return g == "scope" }); len(grants) > 0 {
		out += ", with " + strings.Join(grants, " and ")
	}
	if c.Why != "" {
		out += ": " + c.Why
	}
	return out
}

// A Place of the source: a file, relative to the root of its module, and a line.
type Source struct {
	File string `json:"file"`
	Line int    `json:"line"`
}

func (s Source) String() string { return fmt.Sprintf("%s:%d", s.File, s.Line) }

// A Step is a middleware of an [Entry].
type Step struct {
	Name string   `json:"name"` // as people call it, with the arguments of a factory
	Func string   `json:"func"` // with its whole import path; empty if not known
	Kind string   `json:"kind"` // as in Func
	Args []string `json:"args,omitempty"`
	Via  []string `json:"via,omitempty"`  // the functions that it comes down to
	From string   `json:"from,omitempty"` // the function that it is a part of
	At   Source   `json:"at"`
	If   *Source  `json:"if,omitempty"` // where it is decided whether it is there
	Only string   `json:"only,omitempty"`
}

// An Entry is a route as the command prints it.
type Entry struct {
	Methods    []string `json:"methods"` // none is any
	Host       string   `json:"host,omitempty"`
	Path       string   `json:"path"`
	Template   string   `json:"template,omitempty"`   // the path with {name} for parameters, {name...} for all that follows; empty if it is not known
	Parameters []string `json:"parameters,omitempty"` // their names, in order
	Router     string   `json:"router,omitempty"`
	Handler    Step     `json:"handler"`
	Middleware []Step   `json:"middleware"`
	Dead       []Step   `json:"dead,omitempty"`
	At         Source   `json:"at"`
	If         *Source  `json:"if,omitempty"`
	Loop       bool     `json:"loop,omitempty"`
	On         string   `json:"on,omitempty"` // of a route that is not mounted: what it hangs on
	Opaque     []string `json:"opaque,omitempty"`
	Programs   []string `json:"programs,omitempty"` // the main packages that it is in
	*Contract
}

// A Gap is a router that was handed to something that is not followed: routes
// or middleware may be missing.
type Gap struct {
	Router string `json:"router,omitempty"`
	To     string `json:"to"`
	At     Source `json:"at"`
}

// Routes is what a whole program wires. Everything in it is sorted.
type Routes struct {
	Routes    []Entry `json:"routes"`
	Unmounted []Entry `json:"unmounted,omitempty"`
	Gaps      []Gap   `json:"gaps,omitempty"`
}

// record is a line of the listing.
type record struct {
	Func   string
	Main   string // the main package that the function is of
	Calls  []string
	Routes []Entry
	Open   []Entry
	Gaps   []Gap
}

func listing(pass *analysis.Pass, judge Judge) (any, error) {
	res := pass.ResultOf[Analyzer].(*Result)
	module := ""
	if pass.Module != nil {
		module = pass.Module.Path
	}
	var out driver.Lines
	for _, t := range res.Tables {
		if offered(pass, res.Func(t.Func)) {
			continue
		}
		rec := record{Func: t.Func.Full(), Calls: t.Calls}
		if pass.Pkg.Name() == "main" {
			rec.Main = pass.Pkg.Path()
		}
		for i := range t.Routes {
			e := entry(&t.Routes[i], module)
			if rec.Main != "" && adrift(&t.Routes[i]) {
				if slices.ContainsFunc(t.Routes, t.Routes[i].servedAs) {
					continue
				}
				e.Opaque = append(slices.Clip(e.Opaque), "nothing in sight serves its router, which may be handed to what stands in front of it")
			}
			if judge != nil {
				e.Contract = judge.Contract(&t.Routes[i])
			}
			if t.Routes[i].Open == "" {
				rec.Routes = append(rec.Routes, e)
			} else {
				rec.Open = append(rec.Open, e)
			}
		}
		for _, l := range t.Lost {
			rec.Gaps = append(rec.Gaps, Gap{l.Router, l.To, source(l.At, module)})
		}
		data, err := json.Marshal(rec)
		if err != nil {
			return nil, err
		}
		out = append(out, string(data))
	}
	return out, nil
}

// adrift reports whether a route that HTTP asks for is on a router of which it is not
// seen how it serves, though it should be: in a whole program.
func adrift(r *Route) bool {
	asked := len(r.Methods) == 0 || slices.ContainsFunc(r.Methods, isHTTPMethod)
	return asked && r.Open == "" && len(r.Routers) > 0 && !served(*r)
}

// servedAs reports whether other is what r is, registered by the same code, on a router
// that serves: r is then on a copy that something else is done with.
func (r *Route) servedAs(other Route) bool {
	return served(other) && r.At == other.At && slices.Equal(r.Methods, other.Methods) && strings.HasSuffix(other.Path, r.Path) &&
		r.Handler.Text == other.Handler.Text
}

// offered reports whether a generator wrote fn: there are several such functions,
// for everybody's taste, and what they wire counts where one is called.
func offered(pass *analysis.Pass, fn *types.Func) bool {
	if fn == nil || pass.Pkg.Name() == "main" {
		return false
	}
	return generatedAt(pass, fn.Pos())
}

func source(p scopeflow.Position, module string) Source {
	pkg := p.Pkg
	if rest, ok := strings.CutPrefix(pkg, module); ok && module != "" && (rest == "" || rest[0] == '/') {
		pkg = strings.TrimPrefix(rest, "/")
	}
	return Source{path.Join(pkg, p.File), p.Line}
}

func sourceIf(p *scopeflow.Position, module string) *Source {
	if p == nil {
		return nil
	}
	s := source(*p, module)
	return &s
}

func entry(r *Route, module string) Entry {
	e := Entry{
		Methods: r.Methods, Host: r.Host, Path: r.Path, Router: r.Router, At: source(r.At, module), If: sourceIf(r.Cond, module),
		Loop: r.Loop, On: r.Open, Opaque: r.Opaque, Middleware: []Step{},
	}
	if e.Methods == nil {
		e.Methods = []string{}
	}
	if !strings.Contains(r.Path, "‹") {
		e.Template, e.Parameters = template(r.Path, "...")
	}
	e.Handler = step(&r.Handler)
	e.Handler.At = source(r.Handler.Ident.Pos, module)
	for _, m := range r.Middleware {
		e.Middleware = append(e.Middleware, stepOf(&m, module))
	}
	for _, m := range r.Dead {
		e.Dead = append(e.Dead, stepOf(&m, module))
	}
	return e
}

func step(f *Func) Step {
	s := Step{Name: f.Text, Kind: f.Kind, Args: f.Args}
	if f.Kind != "unknown" {
		s.Func = f.Ident.Full()
	}
	for i := range f.Via {
		s.Via = append(s.Via, f.Via[i].Full())
	}
	if f.From != nil {
		s.From = f.From.Full()
	}
	return s
}

func stepOf(m *Middleware, module string) Step {
	s := step(&m.Func)
	s.At, s.If, s.Only = source(m.At, module), sourceIf(m.Cond, module), m.Only
	return s
}

// Gather joins the lines of all packages of a program. A function that another
// one calls is left out: its routes are among the caller's, with the prefix and
// the middleware that they have there.
func Gather(lines []string) (*Routes, error) {
	var recs []record
	called := map[string]bool{}
	for _, l := range lines {
		var r record
		if err := json.Unmarshal([]byte(l), &r); err != nil {
			return nil, fmt.Errorf("the listing of a package cannot be read: %w", err)
		}
		recs = append(recs, r)
		for _, c := range r.Calls {
			if c != r.Func {
				called[c] = true
			}
		}
	}
	out := &Routes{Routes: []Entry{}}
	add := func(list []Entry, e Entry, main string) []Entry {
		key := e.key()
		i := slices.IndexFunc(list, func(o Entry) bool { return o.key() == key })
		if i < 0 {
			list = append(list, e)
			i = len(list) - 1
		}
		if main != "" && !slices.Contains(list[i].Programs, main) {
			list[i].Programs = append(list[i].Programs, main)
			slices.Sort(list[i].Programs)
		}
		return list
	}
	for _, r := range recs {
		if called[r.Func] {
			continue
		}
		for _, e := range r.Routes {
			out.Routes = add(out.Routes, e, r.Main)
		}
		for _, e := range r.Open {
			out.Unmounted = add(out.Unmounted, e, r.Main)
		}
		for _, g := range r.Gaps {
			if !slices.Contains(out.Gaps, g) {
				out.Gaps = append(out.Gaps, g)
			}
		}
	}
	slices.SortFunc(out.Routes, compareEntries)
	slices.SortFunc(out.Unmounted, compareEntries)
	slices.SortFunc(out.Gaps, func(a, b Gap) int {
		return strings.Compare(fmt.Sprint(a), fmt.Sprint(b))
	})
	return out, nil
}

// key is all of the entry but where it is.
func (e *Entry) key() string {
	c := *e
	c.Programs = nil
	data, err := json.Marshal(c)
	if err != nil {
		return err.Error() // cannot be: the struct holds texts and numbers
	}
	return string(data)
}

func compareEntries(a, b Entry) int {
	if c := strings.Compare(a.Host+a.Path, b.Host+b.Path); c != 0 {
		return c
	}
	if c := slices.Compare(a.Methods, b.Methods); c != 0 {
		return c
	}
	if c := strings.Compare(a.At.File, b.At.File); c != 0 {
		return c
	}
	if a.At.Line != b.At.Line {
		return a.At.Line - b.At.Line
	}
	return strings.Compare(a.key(), b.key())
}
