package routes

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

// A Func is a handler, a middleware or a guard as the table names it.
type Func struct {
	// Kind is "func" for a declared function or method, "literal", "call" for
	// what a call of a function returned, "type" for a value whose method
	// serves (of middleware: the name of the method is then *), "unknown" for
	// what cannot be told.
	Kind string
	// Ident is the function, or the one that is called; its Pos is set if the
	// package that wires the route declares it.
	Ident Ident
	Args  []string // of a call, as they are written or known
	// Via are the functions that it comes down to, outermost first: of Admin(),
	// which returns role("admin"), it is role.
	Via []Ident
	// From is the function that it is a part of: of protected(h), which returns
	// auth(tenant(h)), both auth and tenant are.
	From  *Ident
	Text  string // for people
	Value Value  // all that is known of it
}

// Functions returns the functions that f runs, as far as is known: itself, or the
// one that made it, and those that it was made with, as in respond(h.Create).
func (f *Func) Functions() []Ident {
	if f.Kind == "type" {
		return []Ident{f.Ident}
	}
	var out []Ident
	mapValue(f.Value, func(v Value) Value {
		if (v.Kind == kindFunc || v.Kind == kindMethod || v.Kind == kindLit || v.Kind == kindCall) && v.Fn != nil && !slices.Contains(out, *v.Fn) {
			out = append(out, *v.Fn)
		}
		return v
	})
	return out
}

// Alternatives returns what f may be, if that is decided when the program runs;
// nil if it is one function, or not known.
func (f *Func) Alternatives() []Func {
	if f.Value.Kind != kindAlt {
		return nil
	}
	var out []Func
	for _, v := range alternatives(f.Value) {
		out = append(out, funcOf(v))
	}
	return out
}

// Layers returns the values that f comes down to, outermost first: f itself, what
// it returned, what that returned. All are functions that are known by name or by
// place.
func (f *Func) Layers() []Value {
	var out []Value
	for v := &f.Value; v != nil && v.Fn != nil; v = v.Ret {
		out = append(out, *v)
	}
	return out
}

// Texts returns the constant texts at a place of the call that v is the result
// of, nil if they are not all known or v is no such result.
func (v *Value) Texts(p models.Place) []string {
	i := p.Index
	if v.Fn != nil && v.Fn.Recv != "" {
		i++
	}
	if v.Kind != kindCall || p.Base != models.Arg || i >= len(v.Args) {
		return nil
	}
	args := []Value{v.Args[i]}
	if args[0].Kind == kindMany {
		args = args[0].Args
	}
	var out []string
	for _, a := range args {
		if a.Kind != kindStr {
			return nil
		}
		out = append(out, a.Text)
	}
	return out
}

// A Middleware is what a request passes before it reaches the handler.
type Middleware struct {
	Func
	At   scopeflow.Position  // where it was put
	Cond *scopeflow.Position // where it is decided whether it is there; nil: always
	Only string              // "unary" or "stream": calls of that kind only

	seq   int // the step that put it there
	stage models.Stage
	below string // if set, it is for this path and what is below it only
}

// Either reports whether m is always there, and Cond only decides which of several
// middlewares it is.
func (m *Middleware) Either() bool {
	return m.Value.Kind == kindAlt && m.Cond == m.Value.Cond && !slices.ContainsFunc(m.Value.Args, func(v Value) bool { return v.Kind == kindNil })
}

// A Route is one line of the table.
type Route struct {
	Router     string   // the library: chi, gin, http …
	Methods    []string // sorted; none is any
	Host, Path string
	Handler    Func
	Middleware []Middleware // in the order in which a request passes them
	// Dead is middleware of the router, or of one above it, that does not
	// apply since it comes after the route.
	Dead []Middleware
	// Others is middleware of the server that is for calls of the other kind, unary
	// or streams.
	Others []Middleware
	At     scopeflow.Position
	// Cond is where it is decided whether the route is there; nil: always.
	Cond *scopeflow.Position
	// Loop: it is there for each element of a list that is not known.
	Loop bool
	// Open names what the route hangs on, if that is not a router whose making
	// is in sight: then there may be a prefix and more middleware.
	Open string
	// Opaque says what of the route cannot be told.
	Opaque []string
	Root   string // which router it hangs on in the end: for comparing routes of one table
	// Leads are the objects of a schema to whose fields this one leads; of a Below
	// one, the object that it is a field of, which others lead to.
	Leads []string
	Below bool

	// Via is the call in this package that led to the registration, if that is in
	// another package, or in generated code.
	Via scopeflow.Position
	// Routers are what it hangs on, the nearest first and Root last.
	Routers []Hook
	// Public is the reason that a directive gives for its being public, Roles those
	// that directives demand; each at the route or at a router that it hangs on.
	Public string
	Roles  []string
}

// Name is what messages call the route.
func (r *Route) Name() string {
	method := "ANY"
	if len(r.Methods) > 0 {
		method = strings.Join(r.Methods, ",")
	}
	return method + " " + r.Host + r.Path
}

// A Hook is a router that routes hang on.
type Hook struct {
	Key    string             // for comparing hooks of one table
	At     scopeflow.Position // where it is made; none if that is not in sight
	Served bool               // it is known to serve requests
	Passed bool               // the function of the table hands it on, to its caller or elsewhere
}

// Lost is a router that was handed to something that is not followed: routes
// may be missing from the table, or middleware.
type Lost struct {
	Router, To string
	At         scopeflow.Position
}

// A Table is what one function, and all that it calls, wires.
type Table struct {
	Func   Ident
	Routes []Route
	Lost   []Lost
	Calls  []string // functions whose routes are among these, sorted
}

type router struct {
	key     string
	value   Value
	parent  string
	prefix  []string
	initial []Middleware
	made    int // index of the step
	rule    Rule
	library string
	uses    []usage
	mounts  []mount
	serves  [][]Middleware
	served  bool
	known   bool // its making is in sight
	cond    *scopeflow.Position
	under   string // all that decides whether it is made, as in Op
	at      scopeflow.Position
	passed  bool
	public  string
	roles   []string
}

type usage struct {
	at   int
	list []Middleware
	path string
}

type mount struct {
	parent string
	at     int
	path   []string
	mws    []Middleware
	cond   *scopeflow.Position
	public string
	roles  []string
}

type draft struct {
	Op
	at     int
	onRoot string
	paths  []string
}

// table evaluates a trace.
func (t *Trace) table(fn Ident) *Table {
	out := &Table{Func: fn, Calls: t.Calls}
	e := &evaluator{t: t, routers: map[string]*router{}, drafts: map[int]*draft{}, types: map[int]string{}}
	for _, ty := range t.Types {
		e.types[ty.N] = ty.Type
	}
	for i := range t.Ops {
		e.step(i, &t.Ops[i])
	}
	for _, v := range t.Results {
		e.around(v, scopeflow.Position{}, false) // as it is handed on
		e.pass(v)
	}
	for i := range t.Places {
		e.pass(t.Places[i].Val)
	}
	// What hangs where has to be known of all before the first is read off.
	e.order = slices.DeleteFunc(e.order, e.mounts)
	for _, d := range e.order {
		out.Routes = append(out.Routes, e.emit(d)...)
	}
	out.Lost = e.lost
	return out
}

type evaluator struct {
	t       *Trace
	routers map[string]*router
	drafts  map[int]*draft // by the object that stands for the route
	order   []*draft
	lost    []Lost
	types   map[int]string
}

// router returns the router that a value is.
func (e *evaluator) router(v Value) *router {
	k := v.root()
	if v.Kind != kindRef {
		k = "?" + v.String()
	}
	r := e.routers[k]
	if r == nil {
		r = &router{key: k, value: v}
		e.routers[k] = r
	}
	return r
}

// alternatives returns what a value may be.
func alternatives(v Value) []Value {
	if v.Kind != kindAlt {
		return []Value{v}
	}
	if v.OrNil {
		v = v.Args[0] // what takes its place if nobody hands it over is not counted
		return alternatives(v)
	}
	var out []Value
	for _, a := range v.Args {
		if a.Kind != kindNil {
			a.Cond = v.Cond
			out = append(out, a)
		}
	}
	return out
}

func (e *evaluator) step(i int, op *Op) {
	alts := alternatives(op.On)
	for _, on := range alts {
		o := *op
		o.On = on
		if len(alts) > 1 && o.Cond == nil {
			o.Cond = on.Cond
			if o.Cond == nil {
				o.Cond = &o.At
			}
		}
		e.one(i, &o)
	}
	if op.Kind == string(models.Serve) {
		e.serve(op)
	}
}

func (e *evaluator) one(i int, op *Op) {
	switch op.Kind {
	case opNew:
		r := e.router(op.On)
		r.known, r.made, r.rule, r.library = true, i, op.Rule, op.Text
		r.under = op.Under
		r.at, r.public, r.roles = op.At, op.Public, op.Roles
	case string(models.Group):
		r := e.router(Value{Kind: kindRef, Base: baseObject, N: op.Obj})
		parent := e.router(op.On)
		r.known, r.made, r.rule, r.cond, r.under = true, i, op.Rule, op.Cond, op.Under
		r.at, r.public, r.roles = op.At, op.Public, op.Roles
		r.parent = parent.key
		r.initial = middlewares(op.Middleware, op.At, nil)
		if d := e.draftOf(op.On); d != nil {
			// The router below a route that was begun.
			r.parent = d.onRoot
			r.prefix = d.paths
			d.HasHandler = false
		}
		r.library = e.libraryOf(r.parent)
		if op.HasPath {
			var paths []string
			for _, p := range alternatives(op.Path) {
				paths = append(paths, pathText(p))
			}
			r.prefix = paths
		}
	case string(models.Use):
		r := e.router(op.On)
		if op.Rule.Known && !r.rule.Known {
			r.rule = op.Rule
		}
		u := usage{at: i}
		var list []Value
		for _, v := range op.Middleware {
			if v.Kind == kindStr || v.Kind == kindConcat {
				u.path = pathText(v) // fiber: for a part of the paths
				continue
			}
			if e.mountValue(r, i, op, v, u.path) {
				continue
			}
			list = append(list, v)
		}
		cond := op.Cond
		if op.Under != "" && op.Under == r.under {
			cond = nil // wherever there is the router, there is the middleware
		}
		u.list = middlewares(list, op.At, cond)
		if op.HasPath {
			u.path = pathText(op.Path)
		}
		r.uses = append(r.uses, u)
	case string(models.Mount):
		r, path := e.router(op.On), ""
		if op.HasPath {
			path = pathText(op.Path)
		}
		if !e.mountValue(r, i, op, op.Handler, path) {
			// Something that serves all below a path.
			e.add(i, op, true)
		}
	case string(models.Route):
		r := e.router(op.On)
		if op.Rule.Known && !r.rule.Known {
			r.rule = op.Rule
		}
		e.add(i, op, false)
	case string(models.Amend):
		d := e.draftOf(op.On)
		if d == nil {
			return
		}
		if op.HasPath {
			d.HasPath = true
			d.Prefix = op.Prefix
			if d.Path.Kind != kindUnknown {
				d.Path = concat(d.Path, op.Path)
			} else {
				d.Path = op.Path
			}
			d.paths = []string{pathText(d.Path)}
		}
		if len(op.Methods) > 0 || op.AnyMethod {
			d.Methods, d.AnyMethod = op.Methods, op.AnyMethod
		}
		if op.HasHandler {
			d.Handler, d.HasHandler = op.Handler, true
			d.At = op.At
		}
		d.Middleware = append(slices.Clone(d.Middleware), op.Middleware...)
		if op.Cond != nil && d.Cond == nil {
			d.Cond = op.Cond
		}
	case opLost, opCall:
		to := op.Text
		if op.Kind == opCall {
			list := op.Middleware
			to = op.On.String()
			if op.Text != "" {
				to += "." + op.Text
			}
			for _, v := range list {
				if v.Kind == kindRef && e.routers[v.root()] != nil {
					op.On = v
				}
			}
		}
		if op.Obj != 0 && e.routers[op.On.root()] == nil {
			return // what it returns matters where it is used
		}
		l := Lost{Router: e.libraryOf(e.router(op.On).key), To: to, At: op.At}
		if !slices.Contains(e.lost, l) {
			e.lost = append(e.lost, l)
		}
	}
}

func (e *evaluator) libraryOf(key string) string {
	for n := 0; n < 20; n++ {
		r := e.routers[key]
		if r == nil {
			return ""
		}
		if r.library != "" || r.parent == "" {
			return r.library
		}
		key = r.parent
	}
	return ""
}

func (e *evaluator) draftOf(v Value) *draft {
	if v.Kind != kindRef || v.Base != baseObject {
		return nil
	}
	return e.drafts[v.N]
}

func (e *evaluator) add(i int, op *Op, below bool) {
	d := &draft{Op: *op, at: i, onRoot: e.router(op.On).key}
	if dd := e.draftOf(op.On); dd != nil {
		d.onRoot = dd.onRoot
	}
	d.Prefix = d.Prefix || below
	for _, p := range alternatives(op.Path) {
		d.paths = append(d.paths, pathText(p))
	}
	if !op.HasPath {
		d.paths = []string{""}
	}
	if op.Obj != 0 {
		e.drafts[op.Obj] = d
	}
	e.order = append(e.order, d)
}

// peel takes the wrappers off a handler.
func peel(v Value) (mws []Value, strip string, stripped bool, inner Value) {
	for {
		switch v.Kind {
		case kindWrap:
			mws, v = append(mws, v.Args[0]), v.Args[1]
			continue
		case kindStrip:
			strip, stripped, v = strip+v.Text, true, v.Args[0]
			continue
		case kindCall:
			if v.Ret != nil && (v.Ret.Kind == kindWrap || v.Ret.Kind == kindStrip) {
				v = *v.Ret
				continue
			}
		case kindAlt:
			if more, in, ok := peelAll(v); ok {
				return append(mws, more...), strip, stripped, in
			}
		}
		return mws, strip, stripped, v
	}
}

// peelAll peels alternatives that are one handler, more or less wrapped: if
// strict { h = guard(h) }.
func peelAll(v Value) (mws []Value, inner Value, ok bool) {
	for i, a := range v.Args {
		m, strip, _, in := peel(a)
		if strip != "" || in.Kind == kindAlt || i > 0 && !same(in, inner) {
			return nil, v, false
		}
		if i == 0 {
			mws, inner = m, in
		} else {
			mws = mergeLists(mws, m, v.Cond)
		}
	}
	return mws, inner, len(v.Args) > 0
}

// mountValue hangs v below path, if it is a router.
func (e *evaluator) mountValue(on *router, i int, op *Op, v Value, path string) bool {
	mws, strip, stripped, inner := peel(v)
	found := false
	for _, a := range alternatives(inner) {
		if a.Kind != kindRef {
			continue
		}
		r := e.routers[a.root()]
		if r == nil || r.key == on.key {
			continue
		}
		found = true
		m := mount{parent: on.key, at: i, cond: op.Cond, public: op.Public, roles: op.Roles}
		switch {
		case stripped:
			m.path = []string{strip}
		case op.Strip || r.rule.Inside || op.Kind == string(models.Use):
			m.path = []string{path}
		}
		list := op.Middleware
		if op.Kind == string(models.Use) {
			list = nil
		}
		m.mws = middlewares(append(slices.Clone(list), mws...), op.At, nil)
		r.mounts = append(r.mounts, m)
	}
	return found
}

// serve notes the middleware around a router that serves.
func (e *evaluator) serve(op *Op) {
	for _, h := range alternatives(op.Handler) {
		if !e.around(h, op.At, true) {
			e.bare(op, h)
		}
	}
}

// bare adds the route that a handler is which serves without a router.
func (e *evaluator) bare(op *Op, h Value) {
	_, _, _, inner := peel(h)
	switch inner.Kind {
	case kindFunc, kindLit, kindCall:
	default:
		return
	}
	r := e.router(Value{Kind: kindRef, Base: baseGlobal, Text: "what serves at " + op.At.String()})
	r.known, r.served, r.library, r.at = true, true, "http", op.At
	d := &draft{Op: *op, at: len(e.t.Ops), onRoot: r.key, paths: []string{"/"}}
	d.Kind, d.Handler, d.HasHandler, d.Prefix = string(models.Mount), h, true, true
	e.order = append(e.order, d)
}

// around notes the middleware around a router, and reports whether h is one.
func (e *evaluator) around(h Value, at scopeflow.Position, served bool) bool {
	found := false
	mws, _, _, inner := peel(h)
	for _, a := range alternatives(inner) {
		if a.Kind != kindRef {
			continue
		}
		if r := e.routers[a.root()]; r != nil {
			found = true
			r.served = r.served || served
			r.serves = append(r.serves, middlewares(mws, at, nil))
		}
	}
	return found
}

// pass notes the routers that a value holds as handed on.
func (e *evaluator) pass(v Value) {
	mapValue(v, func(v Value) Value {
		if v.Kind == kindRef {
			if r := e.routers[v.root()]; r != nil {
				r.passed = true
			}
		}
		return v
	})
}

func middlewares(list []Value, at scopeflow.Position, cond *scopeflow.Position) []Middleware {
	var out []Middleware
	for _, v := range list {
		m := Middleware{Func: funcOf(v), At: at, Cond: v.Cond, Only: v.Only, stage: v.Stage}
		if m.Kind == "type" {
			m.Text, m.Ident.Name = strings.TrimSuffix(m.Text, ".ServeHTTP"), "*"
		}
		if m.Cond == nil {
			m.Cond = cond
		}
		if m.Cond != nil && m.Cond.File == "" {
			m.Cond = &at
		}
		out = append(out, m)
	}
	return out
}

// funcOf is a value as the table names it.
func funcOf(v Value) Func {
	f := Func{Value: v, Kind: "unknown", Text: v.String(), From: v.From}
	for r := v.Ret; r != nil && r.Fn != nil; r = r.Ret {
		f.Via = append(f.Via, *r.Fn)
	}
	switch v.Kind {
	case kindFunc, kindMethod:
		f.Kind, f.Ident, f.Text = "func", *v.Fn, v.Fn.String()
	case kindLit:
		f.Kind, f.Ident, f.Text = "literal", *v.Fn, v.Fn.String()
	case kindCall:
		if v.Fn == nil {
			return Func{Value: v, Kind: "unknown", Text: v.Args[0].String()} // a directive that nobody hands over in sight
		}
		f.Kind, f.Ident = "call", *v.Fn
		args := v.Args
		if v.Fn.Recv != "" && len(args) > 0 {
			args = args[1:]
		}
		for _, a := range args {
			f.Args = append(f.Args, a.String())
		}
	case kindWrap:
		// A handler around another one, among the middleware.
		outer := funcOf(v.Args[0])
		f.Kind, f.Ident, f.Args = outer.Kind, outer.Ident, outer.Args
	case kindMany:
		f.Text = v.String() + "..."
	case kindRef, kindUnknown:
		if v.Type != "" {
			pkg, name, _ := cutLast(strings.TrimPrefix(v.Type, "*"), ".")
			f.Kind = "type"
			f.Ident = Ident{Pkg: pkg, Recv: name, Name: "ServeHTTP", Ptr: strings.HasPrefix(v.Type, "*")}
			f.Text = f.Ident.String()
		}
	}
	return f
}

// chain is one way from a router up to a root.
type chain struct {
	path   string
	mws    []Middleware
	dead   []Middleware
	open   string
	root   string
	cond   *scopeflow.Position
	broken bool
	hooks  []Hook // the root first
	public string
	roles  []string
}

const maxChains = 32

// up returns the ways from a router to roots, as they look to a route that was
// registered at step t. full is the path so far, for middleware of a part of
// the paths.
func (e *evaluator) up(key string, t int, depth int) []chain {
	r := e.routers[key]
	if r == nil || depth > 24 {
		return []chain{{open: "a router that contains itself", root: key, broken: true}}
	}
	var own, dead []Middleware
	for _, u := range r.uses {
		if !r.rule.Before || u.at < t {
			for _, m := range u.list {
				m.seq, m.below = u.at, u.path
				own = append(own, m)
			}
		} else {
			for _, m := range u.list {
				m.below = u.path
				dead = append(dead, m)
			}
		}
	}
	var out []chain
	add := func(c chain, path string, mws []Middleware, cond *scopeflow.Position) {
		if len(out) >= maxChains {
			return
		}
		c.path = join(c.path, path)
		here := func(list []Middleware) []Middleware {
			list = slices.Clone(list)
			for i := range list {
				if list[i].below != "" {
					list[i].below = join(c.path, list[i].below)
				}
			}
			return list
		}
		initial := slices.Clone(r.initial)
		for i := range initial {
			initial[i].seq = r.made
		}
		c.mws = slices.Concat(c.mws, mws, initial, here(own))
		c.dead = slices.Concat(c.dead, here(dead))
		if r.rule.Stack {
			slices.SortStableFunc(c.mws, func(a, b Middleware) int { return cmp.Compare(a.seq, b.seq) })
		}
		if c.cond == nil {
			c.cond = cond
		}
		c.hooks = append(slices.Clip(c.hooks), Hook{r.key, r.at, r.served, r.passed})
		c.public = cmp.Or(c.public, r.public)
		c.roles = append(slices.Clip(c.roles), r.roles...)
		out = append(out, c)
	}
	if r.parent != "" {
		at := t
		if p := e.routers[r.parent]; p != nil && p.rule.Before && !p.rule.Live {
			at = r.made
		}
		prefixes := r.prefix
		if len(prefixes) == 0 {
			prefixes = []string{""}
		}
		for _, c := range e.up(r.parent, at, depth+1) {
			for _, p := range prefixes {
				add(c, p, nil, r.cond)
			}
		}
		return out
	}
	for _, m := range r.mounts {
		paths := m.path
		if len(paths) == 0 {
			paths = []string{""}
		}
		for _, c := range e.up(m.parent, m.at, depth+1) {
			for _, p := range paths {
				if len(m.path) == 0 {
					c.path = "" // the router sees the whole path
				}
				c.public, c.roles = cmp.Or(c.public, m.public), append(slices.Clip(c.roles), m.roles...)
				add(c, p, m.mws, m.cond)
			}
		}
	}
	if len(out) > 0 && (r.known || len(r.mounts) > 0) {
		return out
	}
	c := chain{root: key}
	switch {
	case r.known, r.value.Kind == kindRef && r.value.Base == baseGlobal:
	case r.value.Kind == kindRef && r.value.Base == baseParam:
		c.open = r.value.refText()
	default:
		c.open = r.value.String()
	}
	if len(r.serves) > 0 {
		// Only what is around it wherever it serves.
		for _, m := range r.serves[0] {
			every := true
			for _, other := range r.serves[1:] {
				every = every && slices.ContainsFunc(other, func(o Middleware) bool { return o.Text == m.Text })
			}
			if every {
				c.mws = append(c.mws, m)
			}
		}
	}
	add(c, "", nil, nil)
	return out
}

// mounts hangs a route's handler below the router, if it is one itself: its
// routes then stand for themselves.
func (e *evaluator) mounts(d *draft) bool {
	if !d.HasHandler {
		return true // a route that was begun, and made a sub-router of
	}
	if d.Kind == string(models.Mount) {
		return false
	}
	done := false
	for _, p := range d.paths {
		op := d.Op
		done = e.mountValue(e.routers[d.onRoot], d.at, &op, d.Handler, strings.TrimSuffix(p, "/")) || done
	}
	return done
}

// emit returns the lines of a route.
func (e *evaluator) emit(d *draft) []Route {
	on := e.routers[d.onRoot]
	wraps, _, _, inner := peel(d.Handler)
	own := middlewares(append(slices.Clone(d.Middleware), wraps...), d.At, nil)
	base := Route{Router: e.libraryOf(d.onRoot), Methods: slices.Clone(d.Methods), At: d.At, Via: d.Via, Cond: d.Cond, Loop: d.Loop,
		Leads: d.Leads, Below: slices.Contains(d.Methods, schemaField)}
	if base.Router == "" {
		base.Router = libraryText(on)
	}
	if inner.Kind == kindRef && inner.Type == "" && inner.Base == baseObject {
		inner.Type = e.types[inner.N]
	}
	base.Handler = funcOf(inner)
	if base.Handler.Kind == "type" && d.Serves != "" && d.Serves != "ServeHTTP" {
		base.Handler.Ident.Name = d.Serves
		base.Handler.Text = base.Handler.Ident.String()
	}
	if inner.Kind == kindAlt && base.Cond == nil {
		base.Opaque = append(base.Opaque, "the handler is one of several")
	}
	if base.Handler.Kind == "unknown" {
		base.Opaque = append(base.Opaque, "the handler is not known")
	}
	if d.AnyMethod {
		base.Opaque = append(base.Opaque, "the method is not a constant")
	}
	var out []Route
	for _, c := range e.up(d.onRoot, d.at, 0) {
		for _, p := range d.paths {
			r := base
			r.Opaque = slices.Clone(base.Opaque)
			path := p
			methods := r.Methods
			if d.Pattern {
				if m, rest, ok := strings.Cut(path, " "); ok && m != "" && m == strings.ToUpper(m) && !strings.ContainsAny(m, "/‹") {
					methods, path = []string{m}, strings.TrimLeft(rest, " \t")
				}
				if i := strings.IndexByte(path, '/'); i > 0 && !strings.Contains(path[:i], "‹") {
					r.Host, path = path[:i], path[i:]
				}
			}
			r.Methods = methods
			r.Path = join(c.path, path)
			if d.Prefix && !strings.HasSuffix(r.Path, "*") {
				r.Path = strings.TrimSuffix(r.Path, "/") + "/*"
			}
			if strings.Contains(r.Path, "‹") {
				r.Opaque = append(r.Opaque, "the path is not a constant")
			}
			passed := slices.Concat(c.mws, own)
			slices.SortStableFunc(passed, func(a, b Middleware) int { return int(a.stage - b.stage) })
			for _, m := range passed {
				if !covers(m.below, r.Path) {
					continue
				}
				if m.Only != "" && d.Only != "" && m.Only != d.Only {
					r.Others = append(r.Others, m)
					continue
				}
				if m.Kind == "unknown" {
					r.Opaque = append(r.Opaque, "a middleware is not known: "+m.Text)
				}
				r.Middleware = append(r.Middleware, m)
			}
			for _, m := range c.dead {
				if covers(m.below, r.Path) {
					r.Dead = append(r.Dead, m)
				}
			}
			r.Open, r.Root = c.open, c.root
			r.Routers = slices.Clone(c.hooks)
			slices.Reverse(r.Routers)
			r.Public, r.Roles = cmp.Or(d.Public, c.public), slices.Concat(c.roles, d.Roles)
			if c.broken {
				r.Opaque = append(r.Opaque, c.open)
			}
			if r.Cond == nil {
				r.Cond = c.cond
			}
			r.Opaque = compactText(r.Opaque)
			out = append(out, r)
		}
	}
	return out
}

// covers reports whether a middleware of the paths below prefix is one of path's.
func covers(prefix, path string) bool {
	if prefix = strings.TrimSuffix(prefix, "/"); prefix == "" {
		return true
	}
	rest, ok := strings.CutPrefix(path, prefix)
	return ok && (rest == "" || rest[0] == '/') || strings.Contains(prefix+path, "‹")
}

func compactText(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func libraryText(r *router) string {
	if r == nil {
		return ""
	}
	if r.value.Kind == kindRef && r.value.Base == baseGlobal {
		id := Ident{Pkg: r.value.Text, Name: "x"}
		pkg, _, _ := cutLast(r.value.Text, ".")
		id.Pkg = pkg
		return strings.TrimSuffix(id.String(), ".x")
	}
	return ""
}

// join puts one path behind another with one slash between.
func join(a, b string) string {
	switch {
	case b == "":
		return a
	case a == "":
		return b
	case strings.HasSuffix(a, "/") && strings.HasPrefix(b, "/"):
		return a + b[1:]
	case !strings.HasSuffix(a, "/") && !strings.HasPrefix(b, "/"):
		return a + "/" + b
	}
	return a + b
}

// compareRoutes orders routes by path, method, place and the rest.
func compareRoutes(a, b *Route) int {
	return cmp.Or(cmp.Compare(a.Open, b.Open), cmp.Compare(a.Host, b.Host), cmp.Compare(a.Path, b.Path), slices.Compare(a.Methods, b.Methods),
		cmp.Compare(a.At.String(), b.At.String()), cmp.Compare(a.Handler.Text, b.Handler.Text), cmp.Compare(a.text(), b.text()))
}

// text is all of the route that people see, in one string.
func (r *Route) text() string {
	var b strings.Builder
	for _, m := range r.Middleware {
		b.WriteString(m.Text + " ")
	}
	for _, m := range r.Dead {
		b.WriteString("†" + m.Text + " ")
	}
	return b.String() + r.Router + strconv.FormatBool(r.Loop) + strings.Join(r.Opaque, ";")
}
