package scopeflow

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// A Dispatch is a call of a method on a parameter, or on a value of the type that
// a type parameter stands for: which method runs is known once a caller says of
// which type that is. It tells of what such a call returns.
type Dispatch struct {
	On     []TypeRoot // what says of which type the value is: all of them say the same
	Method string
	Result int  // which of its results
	Column Path // what is asked of that
	// Operands are what the method was called on and with, in terms of the parameters
	// of the function that calls it.
	Operands []Operand
}

// A TypeRoot is a parameter, by its number, or a type parameter of a function.
type TypeRoot struct {
	N    int
	Type bool
}

func (r TypeRoot) String() string {
	if r.Type {
		return fmt.Sprintf("T%d", r.N)
	}
	return paramName(r.N)
}

// An Operand is what an operand of a call is at a path.
type Operand struct {
	Path  Path
	Value Value
}

// maxDispatch bounds how many such calls may stand within one another.
const maxDispatch = 40

// nested returns how many calls stand within one another.
func (d *Dispatch) nested() int {
	most := 0
	for _, o := range d.Operands {
		o.Value.has(func(a *Atom) bool {
			if a.Call != nil {
				most = max(most, a.Call.nested())
			}
			return false
		})
	}
	return most + 1
}

// String tells dispatches apart.
func (d *Dispatch) String() string {
	if d == nil {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%v.%s(", d.On, d.Method)
	for i, o := range d.Operands {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s%s", o.Value, o.Path)
	}
	fmt.Fprintf(&b, ")%d%s", d.Result, d.Column)
	return b.String()
}

// mapOperands returns d with f applied to each operand.
func (d *Dispatch) mapOperands(f func(Value) Value) *Dispatch {
	out := *d
	out.Operands = make([]Operand, len(d.Operands))
	for i, o := range d.Operands {
		out.Operands[i] = Operand{o.Path, f(o.Value)}
	}
	return &out
}

// dispatched returns what restricts a column of the idx-th result of a method
// whose body a caller decides on; false if c is no such call.
func (e *engine) dispatched(c *ssa.Call, idx int, column Path) (Value, bool) {
	common := c.Common()
	if !common.IsInvoke() || !asksColumn(column) || c.Parent().Parent() != nil {
		return Value{}, false
	}
	if !common.Method.Exported() {
		return Value{}, false // what a caller in another package has of that name is another method
	}
	d := &Dispatch{Method: common.Method.Name(), Result: idx, Column: column}
	if d.On = typeRoots(common.Value, c.Parent(), nil); len(d.On) == 0 {
		return Value{}, false
	}
	for _, arg := range callArgs(common) {
		var o Operand
		switch {
		case isContext(arg.Type()) || !types.IsInterface(arg.Type()) && !e.isQuery(arg.Type()):
			o.Value = e.settle(e.ev(arg, "", c), c)
		default:
			o = Operand{column, e.settle(e.ev(arg, column, c), c)}
		}
		d.Operands = append(d.Operands, o)
	}
	if d.nested() > maxDispatch {
		return Value{}, false
	}
	return one(Atom{Kind: Dynamic, Call: d, Text: "what " + calleeName(common) + " returns", Pos: c.Pos()}), true
}

// typeRoots returns what of fn says of which dynamic type v is: parameters and type
// parameters; nothing if something else may be the value as well.
func typeRoots(v ssa.Value, fn *ssa.Function, seen []ssa.Value) []TypeRoot {
	if slices.Contains(seen, v) {
		return nil
	}
	if n := typeParam(v.Type(), fn); n >= 0 {
		return []TypeRoot{{n, true}}
	}
	switch x := v.(type) {
	case *ssa.ChangeInterface:
		return typeRoots(x.X, fn, seen)
	case *ssa.MakeInterface:
		return typeRoots(x.X, fn, seen)
	case *ssa.ChangeType:
		return typeRoots(x.X, fn, seen)
	case *ssa.Parameter:
		if types.IsInterface(x.Type()) && !isContext(x.Type()) && x.Parent() == fn {
			return []TypeRoot{{N: paramNumber(x)}}
		}
	case *ssa.Phi:
		var out []TypeRoot
		seen = append(slices.Clip(seen), v)
		for _, edge := range x.Edges {
			roots := typeRoots(edge, fn, seen)
			if len(roots) == 0 && !slices.Contains(seen, edge) {
				return nil
			}
			for _, r := range roots {
				if !slices.Contains(out, r) {
					out = append(out, r)
				}
			}
		}
		return out
	}
	return nil
}

func isTypeParam(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.TypeParam)
	return ok
}

// typeParam returns which type parameter of fn the type t is, -1 if it is none.
func typeParam(t types.Type, fn *ssa.Function) int {
	tp, ok := types.Unalias(t).(*types.TypeParam)
	if !ok {
		return -1
	}
	for i := range fn.TypeParams().Len() {
		if fn.TypeParams().At(i) == tp {
			return i
		}
	}
	return -1
}

// dispatch returns what a is, a part of what a function says of itself, to the
// caller of that function, which says of which type the value is.
func (e *engine) dispatch(a Atom, common *ssa.CallCommon, at ssa.Instruction) Value {
	unknown := e.opaque(at.Pos(), a.Text)
	d := a.Call.mapOperands(func(v Value) Value { return e.settle(e.subst(v, common, at), at) })
	t, recv, on := saidBy(a.Call.On, common, at.Parent())
	if recv != nil {
		d.Operands[0] = Operand{d.Column, e.settle(e.ev(recv, d.Column, at), at)}
	}
	switch {
	case len(on) > 0:
		d.On = on
		a.Call, a.Pos = d, at.Pos()
		return one(a) // the next one decides
	case t == nil:
		return unknown
	}
	obj, index, _ := types.LookupFieldOrMethod(t, true, e.pass.Pkg, d.Method)
	method, ok := obj.(*types.Func)
	if !ok {
		return unknown
	}
	embedded := e.embeddedPath(t, index)
	val, ok := e.ran(method.Origin(), d.Result, d.Column, func(n int, path Path) Value {
		if n == Receiver && recv != nil {
			return e.ev(recv, embedded+path, at)
		}
		if n++; n >= 0 && n < len(d.Operands) && d.Operands[n].Path == path {
			return d.Operands[n].Value
		}
		return unknown
	})
	if !ok {
		return unknown
	}
	return val
}

// saidBy returns of which type the value is that roots tell of, and the value
// itself if that is at hand; or the roots in fn, which makes the call, that tell of
// it. All of them have to say the same: nil otherwise.
func saidBy(roots []TypeRoot, common *ssa.CallCommon, fn *ssa.Function) (t types.Type, recv ssa.Value, on []TypeRoot) {
	for _, r := range roots {
		typ, v := r.in(common)
		var more []TypeRoot
		switch {
		case typ == nil:
			return nil, nil, nil
		case v != nil:
			more = typeRoots(v, fn, nil)
		default:
			if n := typeParam(typ, fn); n >= 0 {
				more = []TypeRoot{{n, true}}
			}
		}
		if len(roots) == 1 {
			recv = v
		}
		for _, m := range more {
			if !slices.Contains(on, m) {
				on = append(on, m)
			}
		}
		if len(more) > 0 {
			continue
		}
		if types.IsInterface(typ) || t != nil && !types.Identical(t, typ) {
			return nil, nil, nil
		}
		t = typ
	}
	if t != nil && len(on) > 0 {
		return nil, nil, nil
	}
	return t, recv, on
}

// in returns of which type a root is in a call, and its value if it has one; nil if
// that is not known.
func (r TypeRoot) in(common *ssa.CallCommon) (types.Type, ssa.Value) {
	if r.Type {
		fn := common.StaticCallee()
		if fn == nil || r.N >= len(fn.TypeArgs()) {
			return nil, nil
		}
		return fn.TypeArgs()[r.N], nil
	}
	v := argument(common, r.N)
	if v == nil {
		return nil, nil
	}
	for {
		switch x := v.(type) {
		case *ssa.ChangeInterface:
			v = x.X
			continue
		case *ssa.ChangeType:
			v = x.X
			continue
		case *ssa.MakeInterface:
			v = x.X
		}
		return v.Type(), v
	}
}

// embeddedPath returns the path of the embedded field that has a method which is
// promoted to t.
func (e *engine) embeddedPath(t types.Type, index []int) Path {
	var path Path
	for _, i := range index[:len(index)-1] {
		s, ok := deref(t).Underlying().(*types.Struct)
		if !ok {
			return path
		}
		path += Path(e.fieldStep(t, i))
		t = s.Field(i).Type()
	}
	return path
}

// ran returns what restricts a column of a result of fn, called with operands that
// are known by number and path; false if nothing is known of fn.
func (e *engine) ran(fn *types.Func, result int, column Path, operand func(int, Path) Value) (Value, bool) {
	if m := e.index.Func(fn); m != nil {
		return e.ranByRows(m, result, column, operand)
	}
	if body := e.prog.FuncValue(fn); body != nil && body.Blocks != nil && e.local[body] {
		val, _ := e.result(body, result, column)
		return val.substitute(operand, nil), true
	}
	if s := e.fact(fn); s != nil {
		if val, ok := s.result(result, column); ok {
			return val.substitute(operand, nil), true
		}
	}
	return Value{}, false
}

// ranByRows answers for a function of which rows tell: which of its operands
// restrict the column, besides the query that it was called on.
func (e *engine) ranByRows(m *models.Func, result int, column Path, operand func(int, Path) Value) (Value, bool) {
	out, said := unrestricted(), false
	for i := range m.Columns {
		col := &m.Columns[i]
		if col.To.Base == models.Result && col.To.Index != result {
			continue
		}
		if col.Named != nil {
			return Value{}, false
		}
		said = true
		on, _ := e.columnOn(col, column, nil)
		if on && !slices.ContainsFunc(m.Columns[:i], func(c models.Column) bool { return c.Name == col.Name }) {
			out = concat(out, operand(placeNumber(col.Value), pathOf(col.Value.Path)))
		}
	}
	for i := range m.Flows {
		fl := &m.Flows[i]
		if fl.NoTo || fl.To.Base != models.Result || fl.To.Index != result || !restricts(fl.How) {
			continue
		}
		if fl.How != models.Where || fl.Unless != nil {
			return Value{}, false
		}
		said = true
		for _, p := range fl.From {
			out = concat(out, operand(placeNumber(p), pathOf(p.Path)+column))
		}
	}
	return out, said
}
