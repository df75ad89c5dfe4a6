package routes

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// inputs returns the directives of what clients hand to a field of a schema: of its
// arguments, and of the fields of those, in the order in which they are called. The code
// that makes the context of a field decodes its arguments, before anything that is
// around the field itself.
func (p *program) inputs(field *ssa.Function, directives types.Type) []directed {
	d := &decoding{p: p, directives: directives}
	d.callees(field, func(c *ssa.Function) {
		if !strings.HasSuffix(typeName(first(c.Signature.Results())), "graphql.FieldContext") {
			return
		}
		for _, b := range c.Blocks { // its literals are about the fields below
			for _, in := range b.Instrs {
				if f := d.callee(in); f != nil {
					d.function(f, true)
				}
			}
		}
	})
	return d.found
}

// decoding goes through the functions of generated code that decode arguments.
type decoding struct {
	p          *program
	directives types.Type // the struct that holds them
	path       []*ssa.Function
	found      []directed
}

// callee returns the function of this package that an instruction calls, nil if none.
func (d *decoding) callee(in ssa.Instruction) *ssa.Function {
	c, ok := in.(ssa.CallInstruction)
	if !ok {
		return nil
	}
	if f := c.Common().StaticCallee(); f != nil && f.Pkg == d.p.pkg && f.Parent() == nil {
		return f
	}
	return nil
}

// callees yields the functions of this package that fn and its literals call.
func (d *decoding) callees(fn *ssa.Function, yield func(*ssa.Function)) {
	instrs(fn, func(in ssa.Instruction) {
		if f := d.callee(in); f != nil {
			yield(f)
		}
	})
}

// function adds the directives that fn calls, and what it calls to decode parts. What is
// optional, or in a list, need not be there: then its directives are not called.
func (d *decoding) function(fn *ssa.Function, always bool) {
	if slices.Contains(d.path, fn) {
		return // a type that holds itself
	}
	d.path = append(d.path, fn)
	always = always && !mayLack(fn)
	for _, chain := range d.chains(fn) {
		needed := always
		d.callees(chain.decodes, func(f *ssa.Function) { needed = needed && !mayLack(f) })
		for _, one := range slices.Backward(chain.list) {
			one.sometimes = !needed
			d.found = append(d.found, one)
		}
	}
	d.parts(fn, always)
	d.path = d.path[:len(d.path)-1]
}

// parts goes through what fn and its literals call, but for those that call directives,
// which decode what the schema hands to these.
func (d *decoding) parts(fn *ssa.Function, always bool) {
	if call, _ := d.directive(fn); call != nil {
		return
	}
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if f := d.callee(in); f != nil {
				d.function(f, always)
			}
		}
	}
	for _, lit := range fn.AnonFuncs {
		d.parts(lit, always)
	}
}

// mayLack reports whether a function decodes what need not be there: the generator
// names them by the type, N… if the schema has it required and O… if not.
func mayLack(fn *ssa.Function) bool {
	name, ok := strings.CutPrefix(fn.Name(), "unmarshal")
	return ok && (strings.HasPrefix(name, "O") || strings.Contains(name, "ᚕ"))
}

// An inputChain is the directives of one value, the innermost first, and the literal that
// decodes it.
type inputChain struct {
	decodes *ssa.Function
	list    []directed
}

// chains returns the directives that the literals of fn call, by what they are about.
func (d *decoding) chains(fn *ssa.Function) []inputChain {
	var out []inputChain
	for _, lit := range fn.AnonFuncs {
		call, name := d.directive(lit)
		if call == nil || len(call.Call.Args) < 3 {
			continue
		}
		decodes := literalOf(call.Call.Args[2], 0)
		for range fn.AnonFuncs {
			inner, _ := d.directive(decodes)
			if inner == nil {
				break
			}
			decodes = literalOf(inner.Call.Args[2], 0)
		}
		if decodes == nil {
			continue
		}
		i := slices.IndexFunc(out, func(c inputChain) bool { return c.decodes == decodes })
		if i < 0 {
			out = append(out, inputChain{decodes: decodes})
			i = len(out) - 1
		}
		out[i].list = append(out[i].list, directed{name: name, args: d.p.given(call), at: call.Pos()})
	}
	return out
}

// directive returns the call of a directive in a literal, nil if there is none.
func (d *decoding) directive(lit *ssa.Function) (call *ssa.Call, name string) {
	if lit == nil {
		return nil, ""
	}
	for _, b := range lit.Blocks {
		for _, in := range b.Instrs {
			if c, ok := in.(*ssa.Call); ok {
				if name := fieldCalled(c, d.directives); name != "" {
					return c, name
				}
			}
		}
	}
	return nil, ""
}

// literalOf returns the literal that v is, perhaps in a variable that another one
// captured, nil if it is none.
func literalOf(v ssa.Value, depth int) *ssa.Function {
	if depth > 8 {
		return nil
	}
	switch v := v.(type) {
	case *ssa.Function:
		return v
	case *ssa.MakeClosure:
		return v.Fn.(*ssa.Function)
	case *ssa.ChangeType:
		return literalOf(v.X, depth+1)
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return literalOf(v.X, depth+1)
		}
	case *ssa.Alloc:
		for _, in := range *v.Referrers() {
			if st, ok := in.(*ssa.Store); ok && st.Addr == v {
				return literalOf(st.Val, depth+1)
			}
		}
	case *ssa.FreeVar:
		return literalOf(bound(v), depth+1)
	}
	return nil
}
