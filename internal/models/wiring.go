package models

import (
	"errors"
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/tenantvet/tenantvet/internal/strictoml"
)

// RouterType says how the values of a type, routers, apply middleware.
type RouterType struct {
	// Before: a middleware applies only to routes that are registered after
	// it. If not set, it applies to all of the router's, whenever.
	Before bool
	// Live: what is added to a router later still applies to routes that its
	// sub-routers register after that. If not set, a sub-router has what its
	// parent had when it was made, and no more.
	Live bool
	// Aside: a function that takes one as what it is, and returns a handler, makes no
	// handler of it: it wants to know the parameters of requests.
	Aside bool
	// Inside: its routes are no paths of requests, but within what answers at the path
	// that it is mounted at.
	Inside bool
	// Strict: the router panics if a middleware comes after a route.
	Strict bool
	// Stack: middleware and routes of all its sub-routers stand in one list, in
	// the order in which they were added.
	Stack bool
}

// WireKind says what a call does to a router.
type WireKind string

// The kinds of wiring.
const (
	Route   WireKind = "route"   // registers a handler
	Amend   WireKind = "amend"   // completes a route that an earlier call began
	Group   WireKind = "group"   // makes a router below another
	Use     WireKind = "use"     // adds middleware to a router
	Mount   WireKind = "mount"   // hangs a router, or any handler, below a path
	Wrap    WireKind = "wrap"    // makes a handler of a handler
	Chain   WireKind = "chain"   // makes a list of middleware
	Path    WireKind = "path"    // makes a path of a program that matches it
	Serve   WireKind = "serve"   // lets a handler serve
	Service WireKind = "service" // registers the methods of an interface
)

// A Stage says when a middleware runs, if its router has several kinds of them: all of
// one kind before those of the next, whenever they were added. Those of no stage come
// first.
type Stage int

// The stages of what answers by a schema, outermost first.
const (
	StageOperation Stage = iota + 1
	StageResponse
	StageRoot
	StageInput // decodes what clients hand to a field
	StageField
	StageResolver // of one field
)

// stageOf returns the stage of that name, 0 if there is no name.
func stageOf(name string) Stage {
	switch name {
	case "operation":
		return StageOperation
	case "response":
		return StageResponse
	case "root":
		return StageRoot
	case "field":
		return StageField
	}
	return 0
}

// Wire: how a call wires routers. Which places are set depends on the kind.
type Wire struct {
	Kind WireKind
	// Router is the router that the call is about: by default its receiver. If
	// Global is set, it is that variable of the function's package.
	Router *Place
	Global string
	Path   *Place
	// Pattern: the path may begin with a method and a host, as ServeMux's do.
	Pattern bool
	Prefix  bool     // the path is one of many: what is below it is meant, too
	Strip   bool     // the path is taken away before the handler sees it
	Direct  bool     // there is no router: the handler serves as soon as it is registered
	Method  *Place   // of the request
	Verbs   []string // the methods, if they are the same in every call
	Handler *Place
	// List holds functions in the order in which they run; the last is the handler.
	List       []Place
	Middleware []Place
	// Options are options of a server: those that a [[chain]] makes hold
	// middleware, the others do not matter.
	Options []Place
	Adds    []string // middleware that the call adds by itself, by name
	To      *Place   // the router, route, handler or list that is made
	Call    *Place   // a function that is called, at once, with the router that is made
	Only    string   // calls that the middleware is for: "unary", "stream", "" for all
	Stage   Stage    // of the middleware
	// Name is the pattern of the constants that hold the paths of a service,
	// with ? for the name of the method. Base, in its place, is the constant that
	// names the service: its methods are below that.
	Name, Base string
	// Directives, in the place of both, are the functions that stand before the
	// resolvers of a schema, in the fields of a struct.
	Directives *Place
	// Ops and Pool are the program of a compiled path and the texts that it names by
	// number, Suffix what stands behind a colon at its end.
	Ops, Pool, Suffix *Place
	// Serves is the method that handlers of a named type serve by: ServeHTTP if
	// empty, all of them if *.
	Serves string
	At     At
}

type wireRow struct {
	router, path, method, handler, to, call *place
	directives, ops, pool, suffix           *place
	list, middleware, options               []place
	global                                  string
	pattern, prefix, strip, direct          bool
	verbs, adds                             []string
	only, stage, name, base, serves         string
	order, inherit                          string
	aside, inside                           bool
}

func (d *decoder) router(t *strictoml.Table) {
	r := row{table: "router", at: t.At(), wire: &wireRow{}}
	r.syms = d.symbols(t, "type", symType)
	d.need(t, "router", "type", `write type = "./internal/web.Router"`)
	r.wire.order = word(d, t, "order", "before", "any", "strict", "stack")
	d.need(t, "router", "order", `write order = "before" if a middleware applies to later routes only, "stack" if that holds across groups, "strict" if the router refuses it after a route, "any" if it does not matter`)
	r.wire.inherit = word(d, t, "inherit", "copy", "live")
	r.wire.aside, r.wire.inside = t.Bool("aside"), t.Bool("inside")
	d.add(r, "")
}

// wiring returns the reader of one of the tables that describe wiring.
func (d *decoder) wiring(kind WireKind) func(*strictoml.Table) {
	return func(t *strictoml.Table) {
		w := &wireRow{}
		r := row{table: string(kind), at: t.At(), wire: w}
		fn := d.symbols(t, "func", symFunc)
		if kind == Serve {
			field := d.symbols(t, "field", symField)
			if t.Has("field") && !t.Has("func") {
				r.syms = field
				d.add(r, "")
				return
			}
		}
		r.syms = fn
		d.need(t, r.table, "func", `write func = "(*./internal/web.Router).Get"`)
		takes := func(kinds ...WireKind) bool { return slices.Contains(kinds, kind) }
		if takes(Route, Group, Use, Mount, Amend, Service, Chain) {
			w.router = d.place(t, "router", Recv, Arg, Result)
			w.global = t.String("global").S
		}
		if takes(Route, Group, Use, Mount, Amend, Wrap, Path) {
			w.path = d.place(t, "path", Arg, Recv)
		}
		if takes(Route, Group, Use, Mount, Amend, Wrap) {
			w.strip = t.Bool("strip")
		}
		if takes(Path) {
			w.ops, w.pool, w.suffix = d.place(t, "ops", Arg), d.place(t, "pool", Arg), d.place(t, "suffix", Arg)
			d.one(t, r.table, "path", "ops")
		}
		if takes(Use, Service) {
			w.options = d.places(t, "options", Arg)
		}
		if takes(Route, Amend) {
			w.serves = t.String("serves").S
			w.pattern, w.prefix = t.Bool("pattern"), t.Bool("prefix")
			w.direct = t.Bool("direct")
			w.method = d.place(t, "method", Arg, Recv)
			for _, s := range t.Strings("verb") {
				if s.S != "name" && (s.S == "" || s.S != strings.ToUpper(s.S)) {
					d.doc.Complain(s.At, `write verb = "GET", or verb = "name" if the function is called like it`, "verb %q is not in capitals", s.S)
				}
				w.verbs = append(w.verbs, s.S)
			}
			w.list = d.places(t, "list", Arg)
		}
		if takes(Route, Mount, Wrap, Serve, Amend, Service) {
			w.handler = d.place(t, "handler", Arg, Recv)
		}
		if takes(Route, Group, Use, Chain, Wrap, Mount, Service, Amend) {
			w.middleware = d.places(t, "middleware", Arg, Recv)
		}
		if takes(Use, Chain) {
			for _, s := range t.Strings("adds") {
				w.adds = append(w.adds, s.S)
			}
			w.only = word(d, t, "only", "unary", "stream")
		}
		if takes(Use) {
			w.stage = word(d, t, "stage", "operation", "response", "root", "field")
		}
		if takes(Route, Amend, Group, Wrap, Chain, Service, Use, Mount) {
			w.to = d.place(t, "to", Result)
		}
		if takes(Group) {
			w.call = d.place(t, "call", Arg)
		}
		if takes(Service) {
			w.name, w.base = t.String("name").S, t.String("base").S
			w.directives = d.place(t, "directives", Arg)
			d.one(t, r.table, "name", "base", "directives")
		}
		switch kind {
		case Wrap, Mount, Serve, Service:
			d.need(t, r.table, "handler", `write handler = "arg0"`)
		}
		what := ""
		if w.to != nil {
			what = w.to.text
		}
		d.add(r, what)
	}
}

// applyRouter adds what the row says of a type of routers.
func (r *row) applyRouter(t *Type) {
	stack := r.wire.order == "stack"
	t.Router = &RouterType{Before: r.wire.order != "any", Strict: r.wire.order == "strict", Live: stack || r.wire.inherit == "live", Stack: stack, Aside: r.wire.aside, Inside: r.wire.inside}
}

// wireOf resolves a row about wiring for the function.
func (r *row) wireOf(fn *types.Func, sym symbol, at At) (Wire, error) {
	sig := fn.Signature()
	w := Wire{
		Kind: WireKind(r.table), Global: r.wire.global, Pattern: r.wire.pattern, Prefix: r.wire.prefix, Strip: r.wire.strip, Direct: r.wire.direct,
		Verbs: r.wire.verbs, Adds: r.wire.adds, Only: r.wire.only, Stage: stageOf(r.wire.stage), At: at,
	}
	if len(w.Verbs) == 1 && w.Verbs[0] == "name" {
		w.Verbs = []string{strings.ToUpper(fn.Name())}
	}
	if w.Serves = r.wire.serves; w.Serves == "" {
		w.Serves = "ServeHTTP"
	}
	if r.wire.name != "" {
		star, _ := captured(sym.name, fn.Name())
		w.Name = strings.Replace(r.wire.name, "*", star, 1)
		if err := w.fits(fn); err != nil {
			return w, err
		}
	}
	if w.Base = r.wire.base; w.Base != "" {
		if _, err := constantText(fn.Pkg(), w.Base); err != nil {
			return w, err
		}
	}
	for _, p := range []struct {
		from *place
		to   **Place
	}{
		{r.wire.router, &w.Router}, {r.wire.path, &w.Path}, {r.wire.method, &w.Method},
		{r.wire.handler, &w.Handler}, {r.wire.to, &w.To}, {r.wire.call, &w.Call}, {r.wire.directives, &w.Directives},
		{r.wire.ops, &w.Ops}, {r.wire.pool, &w.Pool}, {r.wire.suffix, &w.Suffix},
	} {
		if p.from == nil {
			continue
		}
		got, err := one(*p.from, sig)
		if err != nil {
			if errors.Is(err, errAbsent) {
				continue
			}
			return w, err
		}
		*p.to = got
	}
	for _, p := range []struct {
		from []place
		to   *[]Place
	}{{r.wire.list, &w.List}, {r.wire.middleware, &w.Middleware}, {r.wire.options, &w.Options}} {
		for _, from := range p.from {
			got, err := one(from, sig)
			if errors.Is(err, errAbsent) {
				continue
			}
			if err != nil {
				return w, err
			}
			*p.to = append(*p.to, *got)
		}
	}
	if w.Router == nil && w.Global == "" && sig.Recv() != nil {
		w.Router = &Place{Base: Recv}
	}
	if w.Global != "" {
		if _, ok := fn.Pkg().Scope().Lookup(w.Global).(*types.Var); !ok {
			return w, fmt.Errorf("package %s has no variable %s", fn.Pkg().Path(), w.Global)
		}
	}
	switch w.Kind {
	case Route, Group, Use, Mount, Amend:
		if w.Router == nil && w.Global == "" {
			return w, errors.New(`it has no receiver: say which parameter is the router, such as router = "arg0"`)
		}
	}
	return w, nil
}

// fits says why fn does not register a service of that name: it takes no
// interface, or none whose methods have a constant.
func (w *Wire) fits(fn *types.Func) error {
	for p := range fn.Signature().Params().Variables() {
		iface, ok := p.Type().Underlying().(*types.Interface)
		if !ok {
			continue
		}
		for m := range iface.Methods() {
			if _, err := constantText(fn.Pkg(), strings.Replace(w.Name, "?", m.Name(), 1)); err == nil {
				return nil
			}
		}
	}
	return fmt.Errorf("package %s has no constant like %s for a method", fn.Pkg().Path(), w.Name)
}

// Wires reports whether rows about routers speak of the package.
func (ix *Index) Wires(pkg *types.Package) bool {
	for _, s := range ix.sets {
		path := pkg.Path()
		if s.Importing != "" {
			if !slices.ContainsFunc(pkg.Imports(), func(p *types.Package) bool { return p.Path() == s.Importing }) {
				continue
			}
			path = importers
		}
		for _, r := range s.byPkg[path] {
			if row := &s.rows[r.row]; row.wire != nil && row.table != "type" {
				return true
			}
		}
	}
	return false
}
