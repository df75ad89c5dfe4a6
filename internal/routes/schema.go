package routes

import (
	"cmp"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// A resolver is a field of a schema that a method of the project resolves, as
// generated code calls it.
type resolver struct {
	object, field string
	of, method    *types.Func // of the root that makes the resolvers of the object, and of these
	inputs        []directed  // of what clients hand to it, in the order in which they are called
	directives    []directed  // outermost first
	below         bool        // it is a field of what another one gave
	result        types.Type
}

// streams reports whether a resolver is one of a subscription: its answers come one
// after the other, and what is around each of them is not around the resolver.
func (r *resolver) streams() bool {
	_, ok := r.result.Underlying().(*types.Chan)
	return ok && !r.below
}

// directed is a directive of a field: a function of the project, by the name of the
// field that holds it, and what it is handed beside the resolver.
type directed struct {
	name string
	args []Value
	// Of one for what clients hand in: where it is called, and whether that is only if
	// it is there.
	at        token.Pos
	sometimes bool
}

// Methods of the routes that the resolvers of a schema are.
const (
	schemaRoot  = "GRAPHQL"
	schemaField = "FIELD"
)

// schema registers the resolvers of a schema, each behind the directives of its
// field. What they are, the code says that calls them, which is in the package of
// the function that makes the schema.
func (m *machine) schema(s *callSite, w *models.Wire, op Op) Value {
	if s.fn.Pkg() != m.p.pass.Pkg {
		if t := m.p.fact(s.fn); t != nil {
			return m.splice(t, s.args, s.recv, nil, s.pos)
		}
		return m.opaque(s)
	}
	out := m.object(s.sig.Results().At(w.To.Index).Type())
	m.op(Op{Kind: opNew, On: out, Obj: out.N, Rule: Rule{Known: true, Inside: true}, Text: "gqlgen"}, s.pos)
	resolvers := m.p.resolvers(typeAt(s.sig, w.Handler), typeAt(s.sig, w.Directives))
	streamed := map[string]bool{} // objects below what is answered by a stream
	for i := range resolvers {
		if r := &resolvers[i]; r.streams() {
			for _, object := range leads(r, resolvers) {
				streamed[object] = true
			}
		}
	}
	for i := range resolvers {
		r := &resolvers[i]
		root := Value{Kind: kindCall, Fn: m.p.ident(r.of), Args: []Value{op.Handler}}
		one := Op{Kind: string(models.Route), On: out, Path: str(r.object + "." + r.field), HasPath: true, HasHandler: true}
		one.Methods, one.Leads = []string{schemaRoot}, leads(r, resolvers)
		if r.below {
			one.Methods, one.Leads = []string{schemaField}, []string{r.object}
		}
		one.Handler = m.relayed(Value{Kind: kindMethod, Fn: m.p.ident(r.method), Args: []Value{root}})
		if streamed[r.object] || r.streams() {
			one.Only = "stream"
		}
		holder := m.place(s, w.Directives)
		around := func(d directed, stage models.Stage) {
			fn := m.path(holder, Value{Kind: kindRef, Path: "." + d.name})
			v := applied(Value{Kind: kindCall, Args: append([]Value{fn}, d.args...), Stage: stage})
			if d.sometimes {
				at := m.p.position(d.at)
				v.Cond = &at
			}
			one.Middleware = append(one.Middleware, v)
		}
		for _, d := range r.inputs {
			around(d, models.StageInput)
		}
		for _, d := range r.directives {
			around(d, models.StageResolver)
		}
		m.op(one, s.pos)
	}
	return out
}

// applied is the middleware that a directive is, once it is known which function
// that is: the function with its arguments, of which the first three, the context,
// the object and the resolver, say nothing.
func applied(v Value) Value {
	if v.Kind != kindCall || v.Fn != nil || len(v.Args) == 0 {
		return v
	}
	fn, args := v.Args[0], v.Args[1:]
	fn.Stage = v.Stage
	if fn.Cond == nil {
		fn.Cond = v.Cond
	}
	silent := Value{Kind: kindMany}
	switch fn.Kind {
	case kindFunc, kindLit:
		if len(args) == 0 {
			return fn
		}
		out := Value{Kind: kindCall, Fn: fn.Fn, Cond: fn.Cond, Stage: fn.Stage}
		if fn.Kind == kindFunc {
			out.Args = append(out.Args, fn.Args...)
		}
		out.Args = append(append(out.Args, silent, silent, silent), args...)
		return out
	case kindCall:
		fn.Args = append(slices.Clone(fn.Args), args...)
		return fn
	case kindRef:
		return v
	}
	return unknown("a directive")
}

// typeAt returns the type of a field of a parameter, nil if there is none.
func typeAt(sig *types.Signature, at *models.Place) types.Type {
	t := sig.Params().At(at.Index).Type()
	for _, name := range at.Path {
		obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
		f, ok := obj.(*types.Var)
		if !ok {
			return types.Typ[types.Invalid]
		}
		t = f.Type()
	}
	return t
}

// resolvers returns the fields that methods of the project resolve, in the order in
// which generated code of this package resolves them: methods of what methods of
// root return. Directives are calls of functions in fields of the other type.
func (p *program) resolvers(root, directives types.Type) []resolver {
	iface, ok := root.Underlying().(*types.Interface)
	if !ok {
		return nil
	}
	var out []resolver
	for _, fn := range p.funcs {
		if !p.generated(fn.Pos()) {
			continue
		}
		var r resolver
		instrs(fn, func(in ssa.Instruction) {
			call, ok := in.(*ssa.Call)
			if !ok {
				return
			}
			if name := fieldCalled(call, directives); name != "" {
				r.directives = append(r.directives, directed{name: name, args: p.given(call)})
			}
			if made, ok := call.Call.Value.(*ssa.Call); ok && call.Call.IsInvoke() && made.Call.IsInvoke() && isMethod(iface, made.Call.Method) {
				r.of, r.method = made.Call.Method, call.Call.Method
			}
		})
		if r.method == nil {
			continue
		}
		r.object = r.of.Name()
		r.field = r.method.Name()
		if field, ok := strings.CutPrefix(fn.Name(), "_"+r.object+"_"); ok {
			r.field = field
		}
		// Each directive is handed the one before it.
		slices.Reverse(r.directives)
		r.inputs = p.inputs(fn, directives)
		r.below = p.takesObject(fn)
		r.result = r.method.Signature().Results().At(0).Type()
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(a, b resolver) int {
		return cmp.Or(strings.Compare(a.object, b.object), strings.Compare(a.field, b.field))
	})
	return out
}

func isMethod(iface *types.Interface, fn *types.Func) bool {
	for m := range iface.Methods() {
		if m.Origin() == fn.Origin() {
			return true
		}
	}
	return false
}

// fieldCalled returns the name of the field of a struct of type t that holds what is
// called, "" if something else is.
func fieldCalled(call *ssa.Call, t types.Type) string {
	load, ok := call.Call.Value.(*ssa.UnOp)
	if !ok {
		return ""
	}
	fa, ok := load.X.(*ssa.FieldAddr)
	if !ok || !types.Identical(deref(fa.X.Type()), t) {
		return ""
	}
	return t.Underlying().(*types.Struct).Field(fa.Field).Name()
}

// given returns the arguments of a directive beside the context, the object and the
// resolver. Those that the schema names are constants that are decoded first.
func (p *program) given(call *ssa.Call) []Value {
	var out []Value
	for _, arg := range call.Call.Args[min(3, len(call.Call.Args)):] {
		out = append(out, constantOf(arg, 0))
	}
	return out
}

// constantOf is the constant text that v is made of, or a list of such.
func constantOf(v ssa.Value, depth int) Value {
	if depth > 8 {
		return unknown("")
	}
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value != nil && v.Value.Kind() == constant.String {
			return str(constant.StringVal(v.Value))
		}
	case *ssa.Extract:
		return constantOf(v.Tuple, depth+1)
	case *ssa.Call:
		if n := len(v.Call.Args); n > 0 {
			return constantOf(v.Call.Args[n-1], depth+1)
		}
	case *ssa.MakeInterface:
		return constantOf(v.X, depth+1)
	case *ssa.ChangeType:
		return constantOf(v.X, depth+1)
	case *ssa.Slice:
		out := Value{Kind: kindMany}
		for _, ref := range *v.X.Referrers() {
			if elem, ok := ref.(*ssa.IndexAddr); ok {
				for _, use := range *elem.Referrers() {
					if st, ok := use.(*ssa.Store); ok {
						out.Args = append(out.Args, constantOf(st.Val, depth+1))
					}
				}
			}
		}
		return out
	}
	return unknown("")
}

// takesObject reports whether what resolves a field is handed the object that the
// field is of, behind the context and the field.
func (p *program) takesObject(fn *ssa.Function) bool {
	n := 0
	for _, prm := range fn.Params {
		if name := typeName(prm.Type()); !strings.HasSuffix(name, ".executionContext") {
			n++
		}
	}
	return n > 2
}

// leads returns the objects whose fields can be asked for below a field: those that
// the type of its result holds, and what their resolvers return.
func leads(from *resolver, all []resolver) []string {
	var out []string
	seen := map[types.Type]bool{}
	anything := false
	var visit func(t types.Type)
	visit = func(t types.Type) {
		t = types.Unalias(t)
		if seen[t] {
			return
		}
		seen[t] = true
		for i := range all {
			r := &all[i]
			if params := r.method.Signature().Params(); r.below && params.Len() > 1 && types.Identical(deref(params.At(1).Type()), t) {
				out = append(out, r.object)
				visit(r.result)
			}
		}
		switch u := t.Underlying().(type) {
		case *types.Pointer:
			visit(u.Elem())
		case *types.Slice:
			visit(u.Elem())
		case *types.Array:
			visit(u.Elem())
		case *types.Map:
			visit(u.Elem())
		case *types.Chan:
			visit(u.Elem())
		case *types.Interface:
			anything = anything || !isError(t)
		case *types.Struct:
			for f := range u.Fields() {
				visit(f.Type())
			}
		}
	}
	visit(from.result)
	if anything {
		for i := range all {
			if all[i].below {
				out = append(out, all[i].object)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
