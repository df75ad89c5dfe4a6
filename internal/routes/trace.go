package routes

import (
	"fmt"
	"slices"

	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

// An Op is one step of wiring: what a call did to a router. Its references are
// in terms of the function that the trace is of.
type Op struct {
	Kind string // as in the models, and "new" for a router that is made, "lost" for one that is handed on out of sight
	On   Value  // the router, or the route that is amended
	Obj  int    // the object that is made: a router, a route; 0 is none

	Path       Value
	HasPath    bool
	Pattern    bool
	Prefix     bool
	Strip      bool
	Methods    []string
	AnyMethod  bool // the methods are not constant: Method says what they are
	Method     Value
	Handler    Value
	HasHandler bool
	Middleware []Value
	Text       string // the reason of a router that is lost; the library of a new one
	Only       string // of a route: unary or stream
	Serves     string // the method that a handler of a named type serves by
	// Leads are the objects of a schema that a field leads to; of a field below
	// another one, the object that it is of.
	Leads []string
	Rule  Rule // of the router that is made or used
	Loop  bool // an unknown number of times

	At   scopeflow.Position
	Cond *scopeflow.Position // where it is decided whether this is done; nil: always
	// Under names all places where that is decided, outermost first.
	Under string

	// Public is the reason of a directive that calls it public, Roles those that a
	// directive demands.
	Public string
	Roles  []string

	// Via is the call in this package that led to it, if it is done in another, or by
	// generated code; facts do not keep it.
	Via scopeflow.Position
}

// A Rule says how a router applies middleware: see models.RouterType.
type Rule struct {
	Known, Before, Live, Strict, Stack, Inside bool
}

// A Place is what a function leaves behind at a reference.
type Place struct {
	Base Value // without a path
	Path string
	Val  Value
}

// A List is an object that is a list: how long it is.
type List struct {
	Obj, Len int
	Open     bool // it may be longer
}

// A Trace is what a function does to routers, with all that it calls: the
// steps in order, what it leaves in the objects that it knows of, and its
// results. It is the fact about a function.
type Trace struct {
	Objs    int // objects are numbered from 1 to Objs
	Ops     []Op
	Places  []Place
	Lists   []List
	Types   []Value // objects of known type: references with Type set
	Results []Value
	Relays  []Relay  // of the types of those objects, sorted by type
	Calls   []string // functions whose traces are part of this one, sorted
}

// waiting reports whether a function does nothing to routers but what only its callers
// know: it calls what they hand it.
func (t *Trace) waiting() bool {
	return len(t.Ops) > 0 && !slices.ContainsFunc(t.Ops, func(op Op) bool { return op.Kind != opCall || op.Obj == 0 })
}

// fact is the trace as importers get it.
func (t *Trace) fact() *Trace {
	out := *t
	out.Ops = slices.Clone(t.Ops)
	for i := range out.Ops {
		out.Ops[i].Via = scopeflow.Position{}
	}
	return &out
}

// AFact marks Trace as a fact.
func (*Trace) AFact() {}

// String is short: facts are shown in tests by it.
func (t *Trace) String() string {
	n := 0
	for _, op := range t.Ops {
		if op.Kind == "route" {
			n++
		}
	}
	return fmt.Sprintf("routes(%d)", n)
}
