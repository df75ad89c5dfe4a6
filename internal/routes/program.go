package routes

import (
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/directive"
	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

// A program is the package under analysis with what is known of the packages
// that it imports.
type program struct {
	pass     *analysis.Pass
	index    *models.Index
	prog     *ssa.Program
	pkg      *ssa.Package
	module   string
	imported map[string]*types.Package

	funcs    []*ssa.Function // declared ones, in source order, with the package's initialiser
	touching map[*ssa.Function]bool
	ran      map[*ssa.Function]bool
	inlined  map[*ssa.Function]bool // run as part of another
	values   map[*ssa.Function]bool // used other than by being called
	flows    map[*ssa.Function]*flow
	objects  map[Ident]*types.Func
	lits     map[Ident]*ssa.Function
	facts    map[*types.Func]*Trace
	traces   map[*ssa.Function]*Trace
	relays   map[string]*Value // by type and method
	initial  *machine
	comments map[*ast.File]*directive.File
}

func newProgram(pass *analysis.Pass, res *scopeflow.Result, module string) *program {
	p := &program{
		pass: pass, index: res.Index, pkg: res.Pkg, prog: res.Pkg.Prog, module: module, imported: map[string]*types.Package{},
		touching: map[*ssa.Function]bool{}, ran: map[*ssa.Function]bool{}, values: map[*ssa.Function]bool{}, inlined: map[*ssa.Function]bool{},
		flows: map[*ssa.Function]*flow{}, objects: map[Ident]*types.Func{}, lits: map[Ident]*ssa.Function{},
		facts: map[*types.Func]*Trace{}, traces: map[*ssa.Function]*Trace{}, relays: map[string]*Value{}, comments: map[*ast.File]*directive.File{},
	}
	if init := p.pkg.Func("init"); init != nil && init.Blocks != nil {
		p.funcs = append(p.funcs, init)
	}
	for _, f := range pass.Files {
		if strings.HasSuffix(pass.Fset.File(f.Package).Name(), "_test.go") {
			continue
		}
		for _, d := range f.Decls {
			if decl, ok := d.(*ast.FuncDecl); ok {
				if obj, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func); ok {
					if fn := p.prog.FuncValue(obj); fn != nil && fn.Blocks != nil {
						p.funcs = append(p.funcs, fn)
					}
				}
			}
		}
	}
	return p
}

// relevant reports whether the package can have to do with routers at all.
func (p *program) relevant() bool {
	if p.index.Wires(p.pass.Pkg) {
		return true
	}
	for _, imp := range p.pass.Pkg.Imports() {
		if p.index.Wires(imp) {
			return true
		}
	}
	for _, fn := range p.funcs {
		if passesOn(fn) {
			return true
		}
		found := false
		instrs(fn, func(in ssa.Instruction) {
			if c, ok := in.(ssa.CallInstruction); ok && !found {
				found = p.fact(calleeOf(c.Common())) != nil
			}
		})
		if found {
			return true
		}
	}
	return false
}

// idle reports whether a call of a function of any type has nothing to do with routers,
// by what it returns here.
func (p *program) idle(fn *types.Func, t *Trace, result types.Type) bool {
	return t.waiting() && isTypeParam(first(fn.Signature().Results())) && !p.awaited(first(result))
}

func isTypeParam(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := types.Unalias(t).(*types.TypeParam)
	return ok
}

// passesOn reports whether a function of any type returns what its callers hand it, or
// what that makes.
func passesOn(fn *ssa.Function) bool { return isTypeParam(first(fn.Signature.Results())) }

// instrs calls f with the instructions of fn and of the literals in it.
func instrs(fn *ssa.Function, f func(ssa.Instruction)) {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			f(in)
		}
	}
	for _, lit := range fn.AnonFuncs {
		instrs(lit, f)
	}
}

// calleeOf returns what a call calls, nil if that is a value.
func calleeOf(c *ssa.CallCommon) *types.Func {
	if c.IsInvoke() {
		return c.Method.Origin()
	}
	if f := c.StaticCallee(); f != nil {
		if obj, ok := f.Object().(*types.Func); ok {
			return obj.Origin()
		}
	}
	return nil
}

// touch finds the functions that have to do with routers: they call what the
// models describe, or a function that does.
func (p *program) touch() {
	callers := map[*ssa.Function][]*ssa.Function{}
	var work []*ssa.Function
	mark := func(fn *ssa.Function) {
		if !p.touching[fn] {
			p.touching[fn] = true
			work = append(work, fn)
		}
	}
	var visit func(fn *ssa.Function)
	visit = func(fn *ssa.Function) {
		if fn.Parent() != nil {
			callers[fn] = append(callers[fn], fn.Parent())
			p.lits[*p.funcValue(fn).Fn] = fn
		}
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				for _, op := range in.Operands(nil) {
					if f, ok := (*op).(*ssa.Function); ok {
						if c, ok := in.(ssa.CallInstruction); !ok || c.Common().Value != *op {
							p.values[f] = true
						}
					}
				}
				if st, ok := in.(*ssa.Store); ok {
					if fa, ok := st.Addr.(*ssa.FieldAddr); ok {
						if s, ok := deref(fa.X.Type()).Underlying().(*types.Struct); ok {
							if f := p.index.Field(s.Field(fa.Field)); f != nil && f.Serves {
								mark(fn)
							}
						}
					}
				}
				c, ok := in.(ssa.CallInstruction)
				if !ok {
					continue
				}
				obj := calleeOf(c.Common())
				if f := c.Common().StaticCallee(); f != nil {
					if o := f.Origin(); o != nil {
						f = o
					}
					callers[f] = append(callers[f], fn)
				}
				if obj == nil {
					if p.takesRouter(c.Common()) {
						mark(fn)
					}
					continue
				}
				if m := p.index.Func(obj); m != nil && slices.ContainsFunc(m.Wires, func(w models.Wire) bool {
					return w.Kind != models.Chain && w.Kind != models.Wrap && w.Kind != models.Path
				}) {
					mark(fn)
				} else if t := p.fact(obj); t != nil && len(t.Ops) > 0 && !p.idle(obj, t, c.Common().Signature().Results()) {
					mark(fn)
				} else if c.Common().IsInvoke() && (p.takesRouter(c.Common()) || p.registers(obj.Signature())) {
					mark(fn)
				}
			}
		}
		for _, lit := range fn.AnonFuncs {
			visit(lit)
		}
	}
	for _, fn := range p.funcs {
		visit(fn)
	}
	for len(work) > 0 {
		fn := work[len(work)-1]
		work = work[:len(work)-1]
		for _, c := range callers[fn] {
			mark(c)
		}
	}
}

// dead reports whether nothing outside of tests can run fn: it is not exported,
// or of a main package, and nothing names it.
func (p *program) dead(fn *ssa.Function) bool {
	obj, ok := fn.Object().(*types.Func)
	if !ok || fn.Signature.Recv() != nil || p.values[fn] || p.inlined[fn] {
		return false
	}
	if p.pass.Pkg.Name() == "main" {
		return obj.Name() != "main"
	}
	return !obj.Exported()
}

// takesRouter reports whether a call hands a router on.
func (p *program) takesRouter(c *ssa.CallCommon) bool {
	return slices.ContainsFunc(c.Args, func(a ssa.Value) bool { return p.router(a.Type()).Known })
}

// registers reports whether a method looks like one of a router: it takes a path and
// a handler.
func (p *program) registers(sig *types.Signature) bool {
	path, handler := false, false
	for v := range sig.Params().Variables() {
		t := v.Type()
		if list, ok := t.(*types.Slice); ok && sig.Variadic() {
			t = list.Elem()
		}
		b, ok := t.Underlying().(*types.Basic)
		path = path || ok && b.Kind() == types.String
		handler = handler || p.family(t) != ""
	}
	return path && handler
}

// awaited reports whether it matters what a call returns that only callers can make:
// a router, something that registers routes or makes one that does, or what a type
// parameter stands for.
func (p *program) awaited(t types.Type) bool { return p.awaitedAt(t, 0) }

func (p *program) awaitedAt(t types.Type, depth int) bool {
	if t == nil || depth > maxTurns {
		return false
	}
	if isTypeParam(t) {
		return true
	}
	iface, ok := t.Underlying().(*types.Interface)
	if !ok {
		return false
	}
	if p.router(t).Known {
		return true
	}
	for f := range iface.Methods() {
		if p.registers(f.Signature()) || p.takes(f.Signature()) || p.awaitedAt(first(f.Signature().Results()), depth+1) {
			return true
		}
	}
	return false
}

// takes reports whether a function is handed a router.
func (p *program) takes(sig *types.Signature) bool {
	for v := range sig.Params().Variables() {
		if p.router(v.Type()).Known {
			return true
		}
	}
	return false
}

// worth reports whether a function is worth running: it has to do with
// routers, or is small and may return something that routes are made of.
func (p *program) worth(fn *ssa.Function) bool {
	if p.touches(fn) {
		return true
	}
	if len(fn.Blocks) > 40 {
		return false
	}
	if fn.Signature.Results().Len() == 0 {
		return len(fn.Blocks) <= 8 && fn.Signature.Recv() != nil // it may set a field
	}
	return returnsWiring(p, fn)
}

// touches reports whether fn has to do with routers.
func (p *program) touches(fn *ssa.Function) bool {
	return p.touching[fn] || fn.Origin() != nil && p.touching[fn.Origin()]
}

// router returns the rule of a type of routers.
func (p *program) router(t types.Type) Rule {
	if t == nil {
		return Rule{}
	}
	if ty := p.index.Type(t); ty != nil && ty.Router != nil {
		return Rule{Known: true, Before: ty.Router.Before, Live: ty.Router.Live, Strict: ty.Router.Strict, Stack: ty.Router.Stack, Inside: ty.Router.Inside}
	}
	return Rule{}
}

// aside reports whether argument i of a call is a router that the function takes as
// what it is, and makes no handler of.
func (p *program) aside(s *callSite, i int) bool {
	if s.recv {
		i--
	}
	params := s.sig.Params()
	if i < 0 || i >= params.Len() {
		return false
	}
	t := p.index.Type(params.At(i).Type())
	return t != nil && t.Router != nil && t.Router.Aside
}

// library names the package that a type of routers is of.
func (p *program) library(t types.Type) string {
	name := typeName(t)
	pkg, _, _ := cutLast(strings.TrimPrefix(name, "*"), ".")
	id := Ident{Pkg: pkg, Name: "x"}
	return strings.TrimSuffix(id.String(), ".x")
}

// routerArg reports whether argument i of a call is a router, and handed on as
// one. Methods of routers, and functions of their package, know what they do.
func (p *program) routerArg(s *callSite, i int) bool {
	if i >= len(s.types) || !p.router(s.types[i]).Known {
		return false
	}
	if s.fn == nil {
		return true
	}
	j := i
	if s.recv {
		j--
	}
	params := s.fn.Signature().Params()
	if j >= params.Len() {
		j = params.Len() - 1
	}
	if j < 0 {
		return false
	}
	pt := params.At(j).Type()
	if sl, ok := pt.(*types.Slice); ok && s.fn.Signature().Variadic() && j == params.Len()-1 {
		pt = sl.Elem()
	}
	if s.fn.Pkg() != nil {
		if pkg, _, _ := cutLast(strings.TrimPrefix(typeName(s.types[i]), "*"), "."); pkg == s.fn.Pkg().Path() && !p.inModule(pkg) {
			return false
		}
		if s.fn.Pkg().Path() == "fmt" || s.fn.Pkg().Path() == "log" {
			return false
		}
	}
	return p.router(pt).Known
}

// family names the kind of handlers that a type is one of, "" if it is none.
func (p *program) family(t types.Type) string {
	if t == nil {
		return ""
	}
	sig, ok := t.Underlying().(*types.Signature)
	if ok {
		ps := sig.Params()
		if ps.Len() >= 2 && isHTTP(ps.At(0).Type(), "ResponseWriter") && isHTTP(deref(ps.At(1).Type()), "Request") {
			return "net/http"
		}
		if ps.Len() == 1 && !sig.Variadic() {
			if name := typeName(ps.At(0).Type()); strings.HasSuffix(name, ".Context") || strings.HasSuffix(name, ".Ctx") {
				if name != "context.Context" {
					// A function that looks something up takes the same.
					return name + types.TypeString(sig.Results(), nil)
				}
			}
		}
		return ""
	}
	if n, ok := types.Unalias(t).(*types.Named); ok && n.Obj().Name() == "ResponseWriter" {
		return ""
	}
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "ServeHTTP")
	if f, ok := obj.(*types.Func); ok {
		ps := f.Signature().Params()
		if ps.Len() == 2 && isHTTP(ps.At(0).Type(), "ResponseWriter") && isHTTP(deref(ps.At(1).Type()), "Request") {
			return "net/http"
		}
	}
	return ""
}

func isHTTP(t types.Type, name string) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "net/http"
}

// handlerish reports whether a type is one of handlers or of middleware.
func (p *program) handlerish(t types.Type) bool {
	if t == nil {
		return false
	}
	if p.router(t).Known {
		return false
	}
	if p.family(t) != "" {
		return true
	}
	sig, ok := t.Underlying().(*types.Signature)
	if !ok {
		return false
	}
	// A middleware takes a handler and returns one, in all frameworks; a
	// function that is called with a router is none.
	return !p.takes(sig)
}

func (p *program) inModule(pkg string) bool {
	return p.module != "" && (pkg == p.module || strings.HasPrefix(pkg, p.module+"/")) || pkg == p.pass.Pkg.Path()
}

// fact returns what is known of a function of another package, nil if nothing.
func (p *program) fact(fn *types.Func) *Trace {
	if fn == nil || fn.Pkg() == nil || fn.Pkg() == p.pass.Pkg {
		return nil
	}
	fn = fn.Origin()
	if t, ok := p.facts[fn]; ok {
		return t
	}
	t := new(Trace)
	if !p.pass.ImportObjectFact(fn, t) {
		t = nil
	}
	p.facts[fn] = t
	return t
}

// position returns pos in the form that facts use.
func (p *program) position(pos token.Pos) scopeflow.Position {
	if !pos.IsValid() {
		return scopeflow.Position{}
	}
	at := driver.Position(p.pass.Fset, pos)
	return scopeflow.Position{Pkg: p.pass.Pkg.Path(), File: filepath.Base(at.Filename), Line: at.Line, Col: at.Column}
}

// direct notes what directives at pos, where op is done, say of its routes.
func (p *program) direct(op *Op, pos token.Pos) {
	if !pos.IsValid() {
		return
	}
	for _, f := range p.pass.Files {
		if pos < f.FileStart || pos >= f.FileEnd {
			continue
		}
		d := p.comments[f]
		if d == nil {
			d = directive.Parse(p.pass.Fset, f, func(string) bool { return true })
			p.comments[f] = d
		}
		if c := d.MatchVerb(pos, directive.Public); c != nil {
			op.Public = c.Reason
		}
		if c := d.MatchVerb(pos, directive.Role); c != nil {
			op.Roles = c.Roles
		}
	}
}

// ident names a function.
func (p *program) ident(fn *types.Func) *Ident {
	if fn == nil {
		return &Ident{}
	}
	fn = fn.Origin()
	id := Ident{Name: fn.Name()}
	if fn.Pkg() != nil {
		id.Pkg = fn.Pkg().Path()
	}
	if recv := fn.Signature().Recv(); recv != nil {
		t := types.Unalias(recv.Type())
		if ptr, ok := t.(*types.Pointer); ok {
			id.Ptr, t = true, types.Unalias(ptr.Elem())
		}
		if n, ok := t.(*types.Named); ok {
			id.Recv = n.Obj().Name()
		} else {
			id.Recv = "?"
		}
	}
	if fn.Pkg() == p.pass.Pkg {
		id.Pos = p.position(fn.Pos())
	}
	if _, ok := p.objects[id]; !ok {
		p.objects[id] = fn
	}
	return &id
}

// funcValue is a function as a value.
func (p *program) funcValue(fn *ssa.Function) Value {
	if o := fn.Origin(); o != nil {
		fn = o
	}
	if obj, ok := fn.Object().(*types.Func); ok && fn.Parent() == nil {
		return Value{Kind: kindFunc, Fn: p.ident(obj)}
	}
	id := Ident{Pos: p.position(fn.Pos())}
	if p.pass.Pkg != nil {
		id.Pkg = p.pass.Pkg.Path()
	}
	return Value{Kind: kindLit, Fn: &id}
}

// method returns the method of a type, by the name that facts know it by.
func (p *program) method(typ, name string) *types.Func {
	if typ == "" {
		return nil
	}
	ptr := strings.HasPrefix(typ, "*")
	path, tname, ok := cutLast(strings.TrimPrefix(typ, "*"), ".")
	if !ok {
		return nil
	}
	pkg := p.pkgOf(path)
	if pkg == nil {
		return nil
	}
	tn, ok := pkg.Scope().Lookup(tname).(*types.TypeName)
	if !ok {
		return nil
	}
	var t types.Type = tn.Type()
	if ptr {
		t = types.NewPointer(t)
	}
	obj, _, _ := types.LookupFieldOrMethod(t, true, pkg, name)
	fn, _ := obj.(*types.Func)
	if fn == nil {
		return nil
	}
	return fn.Origin()
}

// pkgOf returns a package that this one imports, directly or not.
func (p *program) pkgOf(path string) *types.Package {
	if len(p.imported) == 0 {
		var walk func(q *types.Package)
		walk = func(q *types.Package) {
			if p.imported[q.Path()] != nil {
				return
			}
			p.imported[q.Path()] = q
			for _, r := range q.Imports() {
				walk(r)
			}
		}
		walk(p.pass.Pkg)
	}
	return p.imported[path]
}

// initialise runs the initialiser of the package: what it leaves in the
// package's variables is what functions find there.
func (p *program) initialise() {
	init := p.pkg.Func("init")
	if init == nil || init.Blocks == nil {
		return
	}
	m := p.machine()
	m.run(init, nil, nil)
	p.traces[init] = m.trace(Value{Kind: kindTuple}, 0)
	// A router in a variable is known by the variable, so that what several
	// functions register on it comes together.
	routers := map[int]bool{}
	for _, op := range m.ops {
		if op.Kind == opNew {
			routers[op.Obj] = true
		}
	}
	for k, places := range m.heap {
		if !strings.HasPrefix(k, "g") {
			continue
		}
		for path, v := range places {
			if v.Kind == kindRef && v.Base == baseObject && routers[v.N] {
				delete(places, path)
			}
		}
	}
	m.ops, m.calls = nil, map[string]bool{}
	p.initial = m
}

// trace returns what the function does, with its parameters unknown.
func (p *program) trace(fn *ssa.Function) *Trace {
	if t := p.traces[fn]; t != nil {
		return t
	}
	p.traces[fn] = &Trace{} // of a function that calls itself
	m := p.machine()
	var args []Value
	for i, prm := range fn.Params {
		n := i
		if fn.Signature.Recv() != nil {
			n--
		}
		v := Value{Kind: kindRef, Base: baseParam, N: n, Text: prm.Name()}
		args = append(args, v)
	}
	res, ok := m.described(fn, args)
	if !ok {
		res = m.run(fn, args, nil)
	}
	t := m.trace(res, fn.Signature.Results().Len())
	p.traces[fn] = t
	return t
}

// described does what a row says of a function of this package whose callers are told
// by its trace.
func (m *machine) described(fn *ssa.Function, args []Value) (Value, bool) {
	obj, ok := fn.Object().(*types.Func)
	if !ok {
		return Value{}, false
	}
	mod := m.p.index.Func(obj)
	if mod == nil || len(mod.Wires) != 1 || mod.Wires[0].Directives == nil {
		return Value{}, false
	}
	s := &callSite{fn: obj, sig: obj.Signature(), args: args, pos: fn.Pos(), result: obj.Signature().Results().At(0).Type()}
	for v := range obj.Signature().Params().Variables() {
		s.types = append(s.types, v.Type())
	}
	return m.wire(s, &mod.Wires[0])
}
