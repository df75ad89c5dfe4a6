// Package routes finds the routes of a program in the code that registers
// them: method, path, handler and the middleware that applies, in order.
//
// What the calls of a library do to its routers is data (see internal/models).
// A function that registers routes is run, as far as wiring goes: constants,
// lists, the objects that hold routers, the literals that are handed to
// groups. What it does is recorded step by step, in terms of its parameters;
// that record, a [Trace], is the fact about the function. A caller, also one in
// another package, replays it with its own routers, prefixes and middleware.
// The table is read off the steps in the end, since it takes all of them to
// know which middleware applies to a route.
//
// What cannot be told is said to be so: a route whose path is not a constant is
// in the table with a hole in the path; a router that is handed to something
// that is not followed is listed as lost. Nothing is invented.
package routes

import (
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

// Analyzer computes a [Result] for a package. It reports nothing.
var Analyzer = &analysis.Analyzer{
	Name:       "tenantvetroutes",
	Doc:        "find the routes that code registers, for other analyzers",
	Run:        run,
	Requires:   []*analysis.Analyzer{policy.Analyzer, scopeflow.Analyzer},
	FactTypes:  []analysis.Fact{new(Trace)},
	ResultType: reflect.TypeFor[*Result](),
}

// A Result is what the functions of one package wire.
type Result struct {
	// Tables has one table for each function that no other function of the
	// package calls, in source order: functions of other packages may.
	Tables []*Table

	p *program
}

// Func returns the function that id names: one of the package, or of what it
// imports, directly or not; nil for literals and for what is not in sight.
func (r *Result) Func(id Ident) *types.Func {
	if r.p == nil || id.Name == "" {
		return nil
	}
	if fn := r.p.objects[id]; fn != nil {
		return fn
	}
	pkg := r.p.pkgOf(id.Pkg)
	if pkg == nil {
		return nil
	}
	if id.Recv != "" {
		name := id.Pkg + "." + id.Recv
		if id.Ptr {
			name = "*" + name
		}
		return r.p.method(name, id.Name)
	}
	fn, _ := pkg.Scope().Lookup(id.Name).(*types.Func)
	return fn
}

// Registers returns where the routes are registered that fn, or what it calls,
// registers; none if fn is not of this package.
func (r *Result) Registers(fn *types.Func) []scopeflow.Position {
	var out []scopeflow.Position
	for _, op := range r.trace(fn).Ops {
		if op.Kind == string(models.Route) && !slices.Contains(out, op.At) {
			out = append(out, op.At)
		}
	}
	return out
}

// trace returns what a function of this package wires.
func (r *Result) trace(fn *types.Func) *Trace {
	if r.p != nil && fn.Pkg() == r.p.pass.Pkg {
		if t := r.p.traces[r.p.prog.FuncValue(fn)]; t != nil {
			return t
		}
	}
	return &Trace{}
}

// Mentions returns the functions and literals that what fn wires is made of, in
// the order in which it is wired, each once, and the functions that it calls for
// that, as in [Table]; none if fn is not of this package.
func (r *Result) Mentions(fn *types.Func) (mentions []Ident, calls []string) {
	var out []Ident
	add := func(v Value) Value {
		if v.Fn != nil && !slices.Contains(out, *v.Fn) {
			out = append(out, *v.Fn)
		}
		return v
	}
	t := r.trace(fn)
	for i := range t.Ops {
		op := t.Ops[i]
		op.each(add)
	}
	return out, t.Calls
}

// Named returns the function that a table's Calls name, nil if it is not in sight.
func (r *Result) Named(full string) *types.Func {
	if r.p == nil {
		return nil
	}
	id := Ident{}
	if rest, ok := strings.CutPrefix(full, "("); ok {
		recv, name, _ := strings.Cut(rest, ").")
		id.Ptr, recv = strings.HasPrefix(recv, "*"), strings.TrimPrefix(recv, "*")
		id.Pkg, id.Recv, _ = cutLast(recv, ".")
		id.Name = name
	} else {
		id.Pkg, id.Name, _ = cutLast(full, ".")
	}
	return r.Func(id)
}

// Literal returns the function literal of this package that id names, nil if it
// is of another.
func (r *Result) Literal(id Ident) *ssa.Function {
	if r.p == nil {
		return nil
	}
	return r.p.lits[id]
}

func run(pass *analysis.Pass) (any, error) {
	pol := pass.ResultOf[policy.Analyzer].(*policy.Policy)
	res := pass.ResultOf[scopeflow.Analyzer].(*scopeflow.Result)
	out := &Result{}
	if res.Pkg == nil {
		return out, nil
	}
	module := pol.Module
	if module == "" && pass.Module != nil {
		module = pass.Module.Path
	}
	p := newProgram(pass, res, module)
	if !p.relevant() {
		return out, nil
	}
	p.touch()
	p.initialise()
	out.p = p
	for _, fn := range p.funcs {
		if fn.Name() == "init" && fn.Synthetic != "" {
			continue
		}
		obj, ok := fn.Object().(*types.Func)
		if !ok || !p.touching[fn] && !returnsWiring(p, fn) {
			continue
		}
		t := p.trace(fn)
		if fn.TypeParams().Len() > 0 && !p.touching[fn] && !p.handsOn(fn, t) {
			continue
		}
		if (t.telling() || p.keeps(fn, t)) && (obj.Exported() || obj.Signature().Recv() != nil) {
			pass.ExportObjectFact(obj, t.fact())
		}
	}
	for _, fn := range p.funcs {
		if fn.Name() == "init" && fn.Synthetic != "" {
			out.add(p, fn)
			continue
		}
		if p.touching[fn] && !p.inlined[fn] && !p.dead(fn) {
			out.add(p, fn)
		}
		out.literals(p, fn)
	}
	return out, nil
}

// literals adds the tables of literals that nothing was seen to call. Of one that is
// handed on, as the action of a command is, to be called out of sight, what it
// serves itself counts: the rest is for whoever calls it.
func (r *Result) literals(p *program, fn *ssa.Function) {
	for _, lit := range fn.AnonFuncs {
		switch {
		case !p.touching[lit] || p.inlined[lit]:
		case !p.ran[lit]:
			p.trace(lit)
			r.add(p, lit)
		default:
			if t := p.table(lit); t != nil && slices.ContainsFunc(t.Routes, served) {
				t.Routes = slices.DeleteFunc(t.Routes, func(one Route) bool { return !served(one) })
				r.Tables = append(r.Tables, t)
			}
		}
		r.literals(p, lit)
	}
}

// served reports whether a route is on a router that serves requests.
func served(r Route) bool {
	return slices.ContainsFunc(r.Routers, func(h Hook) bool { return h.Served })
}

func (r *Result) add(p *program, fn *ssa.Function) {
	if t := p.table(fn); t != nil && len(t.Routes)+len(t.Lost)+len(t.Calls) > 0 {
		r.Tables = append(r.Tables, t)
	}
}

// table returns the table of a function, nil if it wires nothing.
func (p *program) table(fn *ssa.Function) *Table {
	t := p.traces[fn]
	if t == nil || len(t.Ops) == 0 {
		return nil
	}
	id := p.funcValue(fn).Fn
	if id.Name == "" && fn.Parent() == nil {
		id = &Ident{Pkg: p.pass.Pkg.Path(), Name: fn.Name(), Pos: p.position(fn.Pos())}
	}
	table := t.table(*id)
	slices.SortStableFunc(table.Routes, func(a, b Route) int { return compareRoutes(&a, &b) })
	return table
}

// returnsWiring reports whether a function may return what routes are made of:
// handlers, middleware, paths, lists of them, or structs with them.
func returnsWiring(p *program, fn *ssa.Function) bool {
	res := fn.Signature.Results()
	if res.Len() == 0 || len(fn.Blocks) > 40 {
		return false
	}
	t := res.At(0).Type()
	for range 3 {
		switch u := t.Underlying().(type) {
		case *types.Slice:
			t = u.Elem()
			continue
		case *types.Pointer:
			t = u.Elem()
			continue
		}
		break
	}
	if p.handlerish(t) || p.router(t).Known {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&types.IsString != 0 && fn.Signature.Params().Len() <= 2
	case *types.Struct:
		return structOfWiring(p, u, 0)
	case *types.Interface:
		return !isError(t)
	}
	return false
}

// held is the type of what a list or a map of type t holds, t if it is neither.
func held(t types.Type) types.Type {
	switch u := t.Underlying().(type) {
	case *types.Slice:
		return u.Elem()
	case *types.Map:
		return u.Elem()
	}
	return t
}

func structOfWiring(p *program, st *types.Struct, depth int) bool {
	for i := range st.NumFields() {
		t := st.Field(i).Type()
		if p.handlerish(t) || p.router(t).Known || p.awaited(held(t)) {
			return true
		}
		if s, ok := deref(t).Underlying().(*types.Struct); ok && depth < 2 && structOfWiring(p, s, depth+1) {
			return true
		}
	}
	return false
}
