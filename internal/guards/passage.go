package guards

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

// A Passage is what a function says of its caller: an object fact. It holds
// slices only, in a fixed order, and is immutable once exported.
type Passage struct {
	Outcome []scopeflow.Grant // where it comes out well: its last result is nil, or true
	Next    []scopeflow.Grant // of a middleware: wherever it lets a request on
	Leaks   []Leak            // of a middleware: checks after which it does so though they came out badly
	Aborts  bool              // it keeps the handlers behind it from running, always
	Reaches []Reach           // the data of tenants that it gets to
	// Of a function that wires routes: what is known of the functions that it wires
	// and that importers cannot ask about, and where the routers are made that are
	// judged there, and the routes registered that were found wanting.
	Parts []Part
	Told  []scopeflow.Position
}

// A Leak is a check that a middleware does not heed.
type Leak struct {
	Kind  models.Grant
	Check string
	// CheckAt is where it is made, At where the request goes on.
	CheckAt, At scopeflow.Position
	Dropped     bool
}

// A Reach is a way from a function to data of tenants, or to an operation that is
// for holders of a role.
type Reach struct {
	What  string
	Dims  models.Dims       // that the data has; none for an operation
	Roles []string          // of an operation: one of these is needed; none: any
	Have  []scopeflow.Grant // that every such way has passed
	// Missed says how a membership check of the function is missed, if there is one:
	// see the categories Late, Partial, FailOpen and Ignored. By is that check.
	Missed Category
	By     scopeflow.Step
	Steps  []scopeflow.Step // from the function on
}

// A Part is what is known of a function by its name, or of a literal by its place.
type Part struct {
	Name    string         // routes.Ident.Full
	Guards  []models.Guard // that rows declare of it
	Passage Passage
}

// AFact marks Passage as a fact.
func (*Passage) AFact() {}

// String is short: facts are shown in tests by it.
func (f *Passage) String() string {
	var parts []string
	if len(f.Outcome) > 0 {
		parts = append(parts, "proves "+grantText(f.Outcome))
	}
	if len(f.Next) > 0 {
		parts = append(parts, "lets on "+grantText(f.Next))
	}
	for _, r := range f.Reaches {
		parts = append(parts, fmt.Sprintf("%s with [%s]", r.What, grantText(r.Have)))
	}
	return strings.Join(parts, "; ")
}

func (f *Passage) empty() bool {
	return len(f.Outcome)+len(f.Next)+len(f.Leaks)+len(f.Reaches)+len(f.Parts)+len(f.Told) == 0 && !f.Aborts
}

// join is what is known of a call that runs one of two functions; f may be nil,
// for none so far.
func (f *Passage) join(g *Passage) *Passage {
	if f == nil {
		return &Passage{Outcome: g.Outcome, Next: g.Next, Leaks: g.Leaks, Aborts: g.Aborts, Reaches: g.Reaches}
	}
	out := &Passage{Outcome: common(f.Outcome, g.Outcome), Next: common(f.Next, g.Next), Aborts: f.Aborts && g.Aborts}
	out.Leaks = append(slices.Clip(f.Leaks), g.Leaks...)
	for _, r := range slices.Concat(f.Reaches, g.Reaches) {
		out.reach(r)
	}
	return out
}

// maxReaches bounds what is kept of the ways to data: one for each state of the
// checks that were passed.
const maxReaches = 6

// reach adds a way to data, unless there is one like it.
func (f *Passage) reach(r Reach) {
	i := slices.IndexFunc(f.Reaches, func(o Reach) bool {
		return o.Missed == r.Missed && (o.Dims == 0) == (r.Dims == 0) && slices.Equal(o.Roles, r.Roles) && sameGrants(o.Have, r.Have)
	})
	if i >= 0 {
		f.Reaches[i].Dims |= r.Dims
		return
	}
	if len(f.Reaches) < maxReaches {
		f.Reaches = append(f.Reaches, r)
	}
}

func sameGrants(a, b []scopeflow.Grant) bool {
	return slices.EqualFunc(a, b, sameGrant)
}

func sameGrant(a, b scopeflow.Grant) bool { return a.Kind == b.Kind && slices.Equal(a.Roles, b.Roles) }

func compareGrants(a, b scopeflow.Grant) int {
	if a.Kind != b.Kind {
		return int(a.Kind) - int(b.Kind)
	}
	return slices.Compare(a.Roles, b.Roles)
}

// with returns the grants of both lists, sorted, each once, with what they need of
// one another taken as given.
func with(a, b []scopeflow.Grant) []scopeflow.Grant {
	if len(b) == 0 {
		return a
	}
	out := slices.Concat(a, b)
	kinds := kindsOf(out)
	for i := range out {
		out[i].Needs &^= kinds
	}
	slices.SortFunc(out, compareGrants)
	return slices.CompactFunc(out, sameGrant)
}

func kindsOf(list []scopeflow.Grant) models.Grant {
	var out models.Grant
	for _, g := range list {
		out |= g.Kind
	}
	return out
}

// needsOf returns what has to be known before some of the grants.
func needsOf(list []scopeflow.Grant) models.Grant {
	var out models.Grant
	for _, g := range list {
		out |= g.Needs
	}
	return out
}

// common returns the grants that are in both lists.
func common(a, b []scopeflow.Grant) []scopeflow.Grant {
	var out []scopeflow.Grant
	for _, g := range a {
		if slices.ContainsFunc(b, func(h scopeflow.Grant) bool { return sameGrant(g, h) }) {
			out = append(out, g)
		}
	}
	return out
}

// has reports whether a grant of the kind is among the list.
func has(list []scopeflow.Grant, kind models.Grant) bool {
	return slices.ContainsFunc(list, func(g scopeflow.Grant) bool { return g.Kind == kind })
}

// grantText lists grants for people: membership, role(admin, owner).
func grantText(list []scopeflow.Grant) string {
	var out []string
	for _, g := range list {
		s := g.Kind.String()
		if len(g.Roles) > 0 {
			s += "(" + strings.Join(g.Roles, ", ") + ")"
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}
