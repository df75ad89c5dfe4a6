package scopeflow

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// Values of types that are scope, made past those who hand them out.

// A Forgery is a place where a value of a sealed type, one whose values are scope,
// is made or changed past the package that declares it.
type Forgery struct {
	Func *types.Func // the declared function that it is in, nil in an initialiser
	Pos  token.Pos
	Name string // of the type
	By   string // what makes it, as messages call it
}

// Forgeries returns the places outside of the packages that declare them where
// values of types that are sources are made of memory, by reflection, or by a
// function that is linked past its package, in source order.
func (r *Result) Forgeries() []Forgery {
	e := r.e
	out := e.linked()
	for _, fn := range e.funcs {
		e.instrs(fn, func(in ssa.Instruction) {
			if n, by := e.forges(in); n != nil && n.Obj().Pkg() != e.pass.Pkg {
				out = append(out, Forgery{declared(fn), in.Pos(), n.Obj().Pkg().Name() + "." + n.Obj().Name(), by})
			}
		})
	}
	return out
}

// forges returns the sealed type of which an instruction makes a value, or of
// which it changes one, and by what.
func (e *engine) forges(in ssa.Instruction) (*types.Named, string) {
	switch in := in.(type) {
	case *ssa.Convert:
		if isUnsafePointer(in.X.Type()) {
			return e.sealedBehind(in.Type()), "an unsafe pointer"
		}
		if isUnsafePointer(in.Type()) {
			return e.sealedBehind(in.X.Type()), "an unsafe pointer"
		}
	case *ssa.Call:
		fn := callee(in.Common())
		if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != "reflect" {
			return nil, ""
		}
		switch {
		case fn.Name() == "NewAt":
			return e.reflectedType(in.Call.Args[0]), "reflection"
		case fn.Name() == "UnsafeAddr" || fn.Name() == "UnsafePointer" || strings.HasPrefix(fn.Name(), "Set") && e.isPart(in.Call.Args[0]):
			return e.reflectedValue(in.Call.Args[0]), "reflection"
		}
	}
	return nil, ""
}

func isUnsafePointer(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.UnsafePointer
}

// sealedBehind returns the sealed type of which a pointer of type t leads to values.
func (e *engine) sealedBehind(t types.Type) *types.Named {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return e.sealedIn(p.Elem(), 3)
	}
	return nil
}

// sealedIn returns the sealed type of which values of type t hold one in their own
// memory, to a depth; nil if there is none.
func (e *engine) sealedIn(t types.Type, depth int) *types.Named {
	if m := e.index.Type(t); m != nil && m.Source != 0 {
		n, _ := types.Unalias(t).(*types.Named)
		return n
	}
	if depth == 0 {
		return nil
	}
	switch u := t.Underlying().(type) {
	case *types.Array:
		return e.sealedIn(u.Elem(), depth-1)
	case *types.Struct:
		for f := range u.Fields() {
			if n := e.sealedIn(f.Type(), depth-1); n != nil {
				return n
			}
		}
	}
	return nil
}

// reflectedType returns the sealed type that v, a reflect.Type, stands for.
func (e *engine) reflectedType(v ssa.Value) *types.Named {
	call, ok := v.(*ssa.Call)
	if !ok {
		return nil
	}
	switch fn := callee(call.Common()); {
	case fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != "reflect":
	case fn.Name() == "TypeFor":
		if inst := call.Common().StaticCallee(); inst != nil && len(inst.TypeArgs()) == 1 {
			return e.sealedIn(inst.TypeArgs()[0], 3)
		}
	case fn.Name() == "TypeOf":
		return e.boxedSealed(call.Call.Args[0])
	case fn.Name() == "Type":
		return e.reflectedValue(call.Call.Args[0])
	case fn.Name() == "Elem" && call.Call.IsInvoke():
		return e.reflectedType(call.Call.Value)
	}
	return nil
}

// reflectedValue returns the sealed type of the value that v, a reflect.Value, is
// or is a part of.
func (e *engine) reflectedValue(v ssa.Value) *types.Named {
	for range 8 {
		call, ok := v.(*ssa.Call)
		if !ok {
			return nil
		}
		fn := callee(call.Common())
		if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != "reflect" || len(call.Call.Args) == 0 {
			return nil
		}
		if fn.Name() == "ValueOf" {
			return e.boxedSealed(call.Call.Args[0])
		}
		v = call.Call.Args[0]
	}
	return nil
}

// isPart reports whether v, a reflect.Value, is a field of something.
func (e *engine) isPart(v ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	fn := callee(call.Common())
	return fn != nil && strings.HasPrefix(fn.Name(), "Field")
}

// boxedSealed returns the sealed type of what v, an interface, holds or points to.
func (e *engine) boxedSealed(v ssa.Value) *types.Named {
	mi, ok := v.(*ssa.MakeInterface)
	if !ok {
		return nil
	}
	if n := e.sealedBehind(mi.X.Type()); n != nil {
		return n
	}
	return e.sealedIn(mi.X.Type(), 3)
}

// linked returns the functions without a body that are linked to one of a package
// with a sealed type.
func (e *engine) linked() []Forgery {
	var out []Forgery
	for _, f := range e.pass.Files {
		for _, group := range f.Comments {
			for _, c := range group.List {
				text, ok := strings.CutPrefix(c.Text, "//go:linkname ")
				words := strings.Fields(text)
				if !ok || len(words) != 2 {
					continue
				}
				base := strings.LastIndexByte(words[1], '/') + 1
				name, _, _ := strings.Cut(words[1][base:], ".")
				if path := words[1][:base] + name; path != e.pass.Pkg.Path() && e.isSealing(path) {
					out = append(out, Forgery{nil, c.Pos(), "what " + words[1][base:] + " returns", "a linked name"})
				}
			}
		}
	}
	return out
}

// isSealing reports whether the package of that path, which is imported, declares a
// sealed type.
func (e *engine) isSealing(path string) bool {
	pkg := e.imported[path]
	return pkg != nil && slices.ContainsFunc(pkg.Scope().Names(), func(name string) bool {
		tn, ok := pkg.Scope().Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() {
			return false
		}
		m := e.index.Type(tn.Type())
		return m != nil && m.Source != 0
	})
}

// convertedToScope returns what an instruction converts to a type that is a source.
func (e *engine) convertedToScope(in ssa.Instruction) ([]stored, string) {
	var from, to ssa.Value
	switch c := in.(type) {
	case *ssa.Convert:
		from, to = c.X, c
	case *ssa.ChangeType:
		from, to = c.X, c
	default:
		return nil, ""
	}
	n, ok := types.Unalias(to.Type()).(*types.Named)
	if !ok || isConst(from) {
		return nil, ""
	}
	m := e.index.Type(n)
	if m == nil || m.Source == 0 {
		return nil, ""
	}
	if was := e.index.Type(from.Type()); was != nil && was.Source != 0 {
		return nil, ""
	}
	return e.scopeParts(from, n, m.Source), "the conversion to " + n.Obj().Name()
}

// scopeParts returns the parts of v by which it is a scope as a value of type n is.
func (e *engine) scopeParts(v ssa.Value, n *types.Named, dims models.Dims) []stored {
	s, ok := n.Underlying().(*types.Struct)
	if !ok {
		return []stored{{v, "", dims}}
	}
	var out []stored
	for f := range s.Fields() {
		if d := e.fieldSource(n, f); d != 0 {
			out = append(out, stored{v, Path("").field(f.Name()), d})
		}
	}
	return out
}

// decodedScope returns what a call decodes into a value of a type that is a source,
// and whose fields it can set.
func (e *engine) decodedScope(call ssa.CallInstruction) []stored {
	common := call.Common()
	m := e.index.Func(callee(common))
	if m == nil {
		return nil
	}
	var out []stored
	add := func(to models.Place, from ssa.Value) {
		if arg := argument(common, placeNumber(to)); arg != nil && to.Base == models.Arg && from != nil && e.exportedScope(arg) != 0 {
			out = append(out, stored{from, "", e.exportedScope(arg)})
		}
	}
	for i := range m.Flows {
		if fl := &m.Flows[i]; (fl.How == models.Copy || fl.How == models.Part) && !fl.NoTo && len(fl.From) == 1 {
			add(fl.To, argument(common, placeNumber(fl.From[0])))
		}
	}
	for _, o := range m.Origins {
		if o.Kind == models.Request {
			add(o.Place, argument(common, Receiver))
		}
	}
	return out
}

// exportedScope returns the dimensions of the exported fields of the sealed type
// that v, as an interface, points to.
func (e *engine) exportedScope(v ssa.Value) models.Dims {
	if mi, ok := v.(*ssa.MakeInterface); ok {
		v = mi.X
	}
	p, ok := v.Type().Underlying().(*types.Pointer)
	if !ok {
		return 0
	}
	n, ok := types.Unalias(p.Elem()).(*types.Named)
	if !ok {
		return 0
	}
	s, ok := n.Underlying().(*types.Struct)
	if !ok {
		return 0
	}
	var dims models.Dims
	for f := range s.Fields() {
		if f.Exported() {
			dims |= e.fieldSource(n, f)
		}
	}
	return dims
}
