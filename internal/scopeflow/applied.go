package scopeflow

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// Functions on queries are predicates and options: what they restrict is what they
// make of the query that they are handed.

// asFunction answers for a predicate that is a function on a query: what it
// restricts the query to that it is handed. The second result is false if v is none
// whose body is in sight.
func (e *engine) asFunction(v ssa.Value, column Path) (Value, bool) {
	sig, ok := v.Type().Underlying().(*types.Signature)
	if !ok || sig.Params().Len() == 0 || sig.Results().Len() > 0 || !e.isQuery(sig.Params().At(0).Type()) {
		return Value{}, false
	}
	fn := e.funcOf(v)
	if fn == nil || len(fn.Blocks) == 0 || fn.Signature.Recv() != nil {
		return Value{}, false
	}
	query := fn.Params[0]
	var out Value
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			out = join(out, e.ev(query, column, ret))
		}
	}
	return out.mapAlts(func(alt Alt) Alt {
		alt.Parts = slices.DeleteFunc(slices.Clone(alt.Parts), func(a Atom) bool {
			return a.Pos == query.Pos() && (a.Kind == Param || a.Kind == Opaque) // what it was restricted to before
		})
		return alt
	}), true
}

// folded answers for a query to which a loop applies the functions of a list, one
// after the other: what it was before, and what all of them make of it.
func (e *engine) folded(v *ssa.Phi, path Path, at ssa.Instruction) (Value, bool) {
	base, column := path.column()
	list, _, _ := e.loopOver(v.Block())
	if base != "" || column == "" || isSession(column) || list == nil || len(v.Edges) != 2 {
		return Value{}, false
	}
	for i, edge := range v.Edges {
		c, ok := edge.(*ssa.Call)
		if ok && len(c.Call.Args) > 0 && c.Call.Args[0] == v && isElement(c.Call.Value, list) {
			return concat(e.ev(v.Edges[1-i], path, at), e.ev(list, allElems+called+column, at)), true
		}
	}
	return Value{}, false
}

// isElement reports whether v is an element of a list.
func isElement(v, list ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	at, ok := load.X.(*ssa.IndexAddr)
	return ok && at.X == list
}

// calledQuery answers for what function value v makes of a query, without what that
// was restricted to before.
func (e *engine) calledQuery(v ssa.Value, column Path, at ssa.Instruction) Value {
	switch v := v.(type) {
	case *ssa.Parameter:
		return e.param(v, called+column)
	case *ssa.FreeVar:
		if b, ok := e.binding(v); ok {
			return e.ev(b, called+column, nil)
		}
	}
	if in, ok := v.(ssa.Instruction); ok && at == nil {
		at = in
	}
	if fn := e.funcOf(v); fn != nil && at == nil && len(fn.Blocks) > 0 {
		at = fn.Blocks[0].Instrs[0]
	}
	if at == nil {
		return e.opaque(v.Pos(), "a function on the query")
	}
	val, _ := e.application(v, func(path Path) Value {
		if base, _ := path.column(); base != "" || path == "" {
			return e.opaque(at.Pos(), "what a function value is handed") // not the query, but what is in it
		}
		return unrestricted()
	}, at, column)
	return val
}

// mapped returns what restricts a column of the queries in a list that is the idx-th
// result of c: those of another list, or what a function makes that c was handed.
func (e *engine) mapped(m *models.Func, c *ssa.Call, idx int, base, column Path) (Value, bool) {
	for i := range m.Flows {
		fl := &m.Flows[i]
		if fl.NoTo || fl.To.Base != models.Result || fl.To.Index != idx || len(fl.From) != 1 {
			continue
		}
		from := argument(c.Common(), placeNumber(fl.From[0]))
		rest, ok := strings.CutPrefix(string(base), string(pathOf(fl.To.Path)))
		switch {
		case from == nil || !ok:
		case fl.How == models.Copy:
			return e.ev(from, pathOf(fl.From[0].Path)+Path(rest)+column, c), true
		case fl.How != models.Invoke || isList(resultQuery(from.Type())):
		case base == models.Elem:
			return e.made(from, placeNumber(fl.From[0]), c, column), true
		case base == allElems:
			return join(e.made(from, placeNumber(fl.From[0]), c, column), unrestricted()), true // of an empty list
		}
	}
	return Value{}, false
}

// made returns what restricts a column of what function f makes, which c is handed
// as its n-th operand.
func (e *engine) made(f ssa.Value, n int, c *ssa.Call, column Path) Value {
	if val, ok := e.perElementOf(f, c.Common(), n, column, c); ok {
		return val
	}
	return e.ev(f, called+column, c)
}

// perElementOf returns what a declared function, which a call hands on as its i-th
// operand, makes of what it is handed there; false if that is not known.
func (e *engine) perElementOf(f ssa.Value, c *ssa.CallCommon, i int, column Path, at ssa.Instruction) (Value, bool) {
	if ct, ok := f.(*ssa.ChangeType); ok {
		f = ct.X
	}
	fn, ok := f.(*ssa.Function)
	if !ok {
		return Value{}, false
	}
	obj, ok := fn.Object().(*types.Func)
	call, isCall := at.(ssa.CallInstruction)
	if !ok || !isCall || call.Common() != c || obj.Signature().Recv() != nil {
		return Value{}, false
	}
	return e.ran(obj.Origin(), 0, column, func(n int, path Path) Value { return e.handed(call, c, i, n, path) })
}
