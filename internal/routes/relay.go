package routes

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// A Relay is what a method of generated code does with a request: it hands it to the
// method of the same name of what its receiver keeps, behind middleware that the
// receiver keeps as well. Generators differ, and so do their versions, in which
// middleware comes first, so that it is read off the code.
type Relay struct {
	Type, Method string
	To           Value // in terms of the receiver, which is parameter -1
}

// maxRelays bounds how often a handler is handed on.
const maxRelays = 4

// relay returns what a method of this package hands its requests to, nil if a
// person wrote it, or if it does something else.
func (p *program) relay(typ, method string) *Value {
	key := typ + "." + method
	if v, ok := p.relays[key]; ok {
		return v
	}
	p.relays[key] = nil
	fn := p.method(typ, method)
	if fn == nil || fn.Pkg() != p.pass.Pkg || !p.generated(fn.Pos()) {
		return nil
	}
	body := p.prog.FuncValue(fn)
	if body == nil || len(body.Params) == 0 {
		return nil
	}
	recv := Value{Kind: kindRef, Base: baseParam, N: -1}
	var inner, list Value
	several := false
	instrs(body, func(in ssa.Instruction) {
		switch in := in.(type) {
		case ssa.CallInstruction:
			c := in.Common()
			if field := p.kept(body, c.Value); c.IsInvoke() && field != "" && c.Method.Name() == method {
				several = several || inner.Fn != nil
				inner = Value{Kind: kindMethod, Fn: p.ident(c.Method), Args: []Value{recv.at("." + field)}}
			}
		case *ssa.IndexAddr:
			if field := p.kept(body, in.X); field != "" && isFunc(in.Type().(*types.Pointer).Elem()) {
				several = several || list.Kind == kindMany
				list = Value{Kind: kindMany, Args: []Value{recv.at("." + field)}}
				if counts(in.Index) > 0 && !inTurn(in) {
					list.N = 1 // each around those before it
				}
			}
		}
	})
	if inner.Fn == nil || several {
		return nil
	}
	if list.Kind == kindMany {
		inner = Value{Kind: kindWrap, Args: []Value{list, inner}}
	}
	p.relays[key] = &inner
	return &inner
}

// generated reports whether a generator wrote what is at pos, in this package.
func (p *program) generated(pos token.Pos) bool { return generatedAt(p.pass, pos) }

func generatedAt(pass *analysis.Pass, pos token.Pos) bool {
	i := slices.IndexFunc(pass.Files, func(f *ast.File) bool { return f.FileStart <= pos && pos < f.FileEnd })
	return i >= 0 && ast.IsGenerated(pass.Files[i])
}

func isFunc(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// kept returns the field of the receiver of method that v was read from, "" if it
// was not.
func (p *program) kept(method *ssa.Function, v ssa.Value) string {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return ""
	}
	fa, ok := load.X.(*ssa.FieldAddr)
	if !ok || !isParam(fa.X, method.Params[0], 0) {
		return ""
	}
	return deref(fa.X.Type()).Underlying().(*types.Struct).Field(fa.Field).Name()
}

// isParam reports whether v is a parameter, perhaps in a literal that captured it.
func isParam(v ssa.Value, param *ssa.Parameter, depth int) bool {
	if depth > 8 {
		return false
	}
	switch v := v.(type) {
	case *ssa.Parameter:
		return v == param
	case *ssa.UnOp:
		return v.Op == token.MUL && isParam(v.X, param, depth+1)
	case *ssa.Alloc:
		return slices.ContainsFunc(*v.Referrers(), func(in ssa.Instruction) bool {
			st, ok := in.(*ssa.Store)
			return ok && st.Addr == v && st.Val == param
		})
	case *ssa.FreeVar:
		return isParam(bound(v), param, depth+1)
	}
	return false
}

// bound returns what a literal captured, nil if nothing makes the literal.
func bound(v *ssa.FreeVar) ssa.Value {
	lit := v.Parent()
	for _, b := range lit.Parent().Blocks {
		for _, in := range b.Instrs {
			if mc, ok := in.(*ssa.MakeClosure); ok && mc.Fn == lit {
				return mc.Bindings[slices.Index(lit.FreeVars, v)]
			}
		}
	}
	return nil
}

// counts says whether a loop counts i up, 1, or down, -1.
func counts(i ssa.Value) int {
	if phi, ok := i.(*ssa.Phi); ok {
		for _, e := range phi.Edges {
			if op, ok := e.(*ssa.BinOp); ok && op.X == phi {
				return counts(op)
			}
		}
	}
	if op, ok := i.(*ssa.BinOp); ok && op.Op == token.SUB {
		return -1
	}
	return 1
}

// inTurn reports whether functions of a list are called one after the other, and
// not each with what the one before it made.
func inTurn(elem *ssa.IndexAddr) bool {
	for _, ref := range *elem.Referrers() {
		load, ok := ref.(*ssa.UnOp)
		if !ok {
			continue
		}
		for _, use := range *load.Referrers() {
			if call, ok := use.(*ssa.Call); ok && call.Call.Value == load {
				return call.Call.Signature().Results().Len() == 0
			}
		}
	}
	return false
}

// relayed is the handler that requests get to which v is handed, a handler itself,
// with the middleware that they pass on the way.
func (m *machine) relayed(v Value) Value {
	for range maxRelays {
		if v.Kind == kindWrap {
			return m.spread(Value{Kind: kindWrap, Args: []Value{v.Args[0], m.relayed(v.Args[1])}})
		}
		if v.Kind != kindMethod && v.Kind != kindFunc || len(v.Args) != 1 {
			return m.forwarded(v)
		}
		recv := v.Args[0]
		to := m.relayOf(m.typeOf(recv), v.Fn.Name)
		if to == nil {
			return m.named(v)
		}
		v = mapValue(*to, func(x Value) Value {
			if x.Kind == kindRef && x.Base == baseParam && x.N == -1 {
				return m.path(recv, x)
			}
			return m.spread(x)
		})
	}
	return v
}

// named is a method of what an interface holds, if that is known.
func (m *machine) named(v Value) Value {
	if v.Kind != kindMethod {
		return v
	}
	recv := m.maker(v.Args[0])
	if fn := m.p.method(m.typeOf(recv), v.Fn.Name); fn != nil && !types.IsInterface(fn.Signature().Recv().Type()) {
		return Value{Kind: kindFunc, Fn: m.p.ident(fn), Args: []Value{recv}}
	}
	return v
}

// maker is what a method returns that a value was got from, if what that is called on
// is known by now.
func (m *machine) maker(v Value) Value {
	if v.Kind != kindCall || v.Type != "" || v.Fn == nil || v.Fn.Recv == "" || len(v.Args) != 1 {
		return v
	}
	if made := m.ask(v.Args[0], v.Fn.Name); made.Kind != kindUnknown {
		return made
	}
	return v
}

// ask returns what a method of a value returns that takes nothing.
func (m *machine) ask(v Value, method string) Value {
	fn := m.p.method(m.typeOf(v), method)
	if fn == nil || fn.Signature().Params().Len() != 0 || fn.Signature().Results().Len() != 1 || types.IsInterface(fn.Signature().Recv().Type()) {
		return unknown(method)
	}
	return m.callFunc(&callSite{
		fn: fn, sig: fn.Signature(), args: []Value{v}, types: []types.Type{fn.Signature().Recv().Type()}, recv: true,
		result: fn.Signature().Results().At(0).Type(),
	}, nil)
}

// relayOf returns what a method of a type hands its requests to, nil if that is not
// known.
func (m *machine) relayOf(typ, method string) *Value {
	if to, ok := m.relays[typ+"."+method]; ok {
		return &to
	}
	return m.p.relay(typ, method)
}

// typeOf returns the name of the type that a value has, or holds, "" if it is not
// known.
func (m *machine) typeOf(v Value) string {
	if v.Type == "" && v.Kind == kindRef && v.Base == baseObject && v.Path == "" {
		return m.types[v.N]
	}
	return v.Type
}

// spread puts each middleware of a list around a handler on its own, if they are
// known.
func (m *machine) spread(v Value) Value {
	if v.Kind != kindWrap || v.Args[0].Kind != kindMany {
		return v
	}
	list, inner := v.Args[0], v.Args[1]
	elems, known := m.elements(list)
	if !known {
		return v
	}
	elems = slices.Clone(elems)
	if list.N == 0 {
		slices.Reverse(elems)
	}
	for _, e := range elems {
		inner = Value{Kind: kindWrap, Args: []Value{e, inner}}
	}
	return inner
}

// relaysOf adds to a trace what the methods of a type do with requests, of which it
// has an object.
func (x *exporter) relaysOf(typ string) {
	m := x.m
	path, name, _ := cutLast(strings.TrimPrefix(typ, "*"), ".")
	if path != m.p.pass.Pkg.Path() {
		for _, key := range slices.Sorted(maps.Keys(m.relays)) {
			if of, method, _ := cutLast(key, "."); of == typ {
				x.t.Relays = append(x.t.Relays, Relay{typ, method, m.relays[key]})
			}
		}
		return
	}
	tn, ok := m.p.pass.Pkg.Scope().Lookup(name).(*types.TypeName)
	if !ok || !m.p.generated(tn.Pos()) {
		return
	}
	named, ok := tn.Type().(*types.Named)
	if !ok {
		return
	}
	for f := range named.Methods() {
		if to := m.p.relay(typ, f.Name()); to != nil {
			x.t.Relays = append(x.t.Relays, Relay{typ, f.Name(), *to})
		}
	}
}
