package models

import (
	"go/constant"
	"go/types"
	"slices"

	"github.com/tenantvet/tenantvet/internal/strictoml"
)

// Lets says what becomes of a statement when a hook is done with it, or returns a
// certain error.
type Lets string

// What may become of it.
const (
	LetsNext Lets = "next" // the hooks behind this one are asked
	LetsPass Lets = "pass" // it runs, and no hook behind this one is asked
	LetsNone Lets = "none" // it does not run
)

// A Hook is what the rows say of something that has to do with hooks: functions that a
// library runs in front of the statements on an entity.
type Hook struct {
	// Ops, of a type: what statements do in front of which its values run. Of a field:
	// those for which a struct has its hooks there. Of a constant: what it stands for.
	Ops []Op
	// Lets, of a function: what the hook does that it returns. Of a variable: what
	// becomes of a statement if a hook returns it.
	Lets Lets
	// Of, of a function, is the place of the hook that the one it returns consists of.
	Of *Place
	// Only and Except are the places of operations, in bits, for which alone, or for
	// which not, the function returned does what Of or Lets say: others it lets through.
	Only, Except *Place
	// Is is the place of operations: the function says whether the receiver is one.
	Is *Place
	// Adds is the place of a list of hooks, which the function has run in front of what is
	// begun from the receiver.
	Adds *Place
	// Names: the function returns the name of the entity that a statement is on.
	Names bool
	// Lifts: the function returns a context in which hooks do not do their work.
	Lifts bool
	// InTurn, of a type: its values are asked in turn, until one lets the statement pass or
	// not run. Others are asked all.
	InTurn bool
	// Own, of a type: what By names is the hook itself, a method of the entity's struct.
	Own bool
	// Before, of a type, are the functions in front of whose statements its values are
	// run; none: all.
	Before []string
	// By, of a type, is what the method is called by which the declaration of an entity
	// hands out its hooks of the type.
	By string
}

// hookRow is what [[hook]] says, unresolved.
type hookRow struct {
	ops              []Op
	lets             Lets
	of, only, except *place
	is, adds         *place
	lifts, names     bool
	inTurn, own      bool
	before           []string
	by               string
}

// hook reads a row about hooks, which only libraries have: a policy names its hooks
// under [accept].
func (d *decoder) hook(t *strictoml.Table) {
	r := row{table: "hook", at: t.At(), hook: &hookRow{}}
	h := r.hook
	for _, key := range []struct {
		name string
		kind symKind
	}{{"func", symFunc}, {"type", symType}, {"field", symField}, {"constant", symKey}, {"error", symKey}} {
		r.syms = append(r.syms, d.symbols(t, key.name, key.kind)...)
	}
	d.one(t, "hook", "func", "type", "field", "constant", "error")
	for _, op := range t.Strings("op") {
		if known := []Op{Read, Write, Delete, Insert}; !slices.Contains(known, Op(op.S)) {
			d.doc.Complain(op.At, "operations are read, write, delete and insert", "there is no op %q", op.S)
		}
		h.ops = append(h.ops, Op(op.S))
	}
	h.lets = word(d, t, "lets", LetsNext, LetsPass, LetsNone)
	h.of, h.only, h.except, h.is = d.place(t, "of", Arg), d.place(t, "only", Arg), d.place(t, "except", Arg), d.place(t, "is", Arg)
	h.adds = d.place(t, "adds", Arg)
	h.lifts, h.names, h.inTurn, h.own = t.Bool("lifts"), t.Bool("names"), t.Bool("inturn"), t.Bool("own")
	h.by, h.before = t.String("by").S, texts(t, "before")
	d.add(r, "")
}

// resolve returns what the row says of a function of that signature; nil, and why, if
// the row does not fit it.
func (h *hookRow) resolve(sig *types.Signature) (*Hook, error) {
	out := &Hook{Ops: h.ops, Lets: h.lets, Lifts: h.lifts, Names: h.names, By: h.by}
	for _, p := range []struct {
		from *place
		to   **Place
	}{{h.of, &out.Of}, {h.only, &out.Only}, {h.except, &out.Except}, {h.is, &out.Is}, {h.adds, &out.Adds}} {
		if p.from == nil {
			continue
		}
		at, err := one(*p.from, sig)
		if err != nil {
			return nil, err
		}
		*p.to = at
	}
	return out, nil
}

// HookFunc returns what the rows about hooks say of a function, nil if nothing. Rows
// about generated code are about whatever is called like that and is handed a hook, if
// they say of which it makes another: such code imports nothing of the library.
func (ix *Index) HookFunc(f *types.Func) *Hook {
	if f == nil || f.Pkg() == nil {
		return nil
	}
	f = f.Origin()
	var out *Hook
	ix.eachHook(func(s *Set, h *hookRow, sym symbol) {
		if out != nil || sym.kind != symFunc || !sym.matches(f) {
			return
		}
		hook, err := h.resolve(f.Signature())
		if err != nil {
			return
		}
		if sym.pkg == f.Pkg().Path() || sym.pkg == importers && (s.isAbout(f.Pkg()) || hook.Of != nil && ix.hookAt(hook.Of, f.Signature())) {
			out = hook
		}
	})
	return out
}

// isAbout reports whether the set's rows about generated code are about a package.
func (s *Set) isAbout(pkg *types.Package) bool {
	return s.Importing != "" && slices.ContainsFunc(pkg.Imports(), func(p *types.Package) bool { return p.Path() == s.Importing })
}

// hookAt reports whether a parameter is of a type of hooks.
func (ix *Index) hookAt(p *Place, sig *types.Signature) bool {
	return p.Base == Arg && p.Index < sig.Params().Len() && ix.HookType(sig.Params().At(p.Index).Type()) != nil
}

// HookType returns what the rows say of hooks of a type, nil if its values are none.
func (ix *Index) HookType(t types.Type) *Hook {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return nil
	}
	var out *Hook
	ix.eachHook(func(_ *Set, h *hookRow, sym symbol) {
		if sym.kind == symType && sym.pkg == n.Obj().Pkg().Path() && sym.typ == n.Obj().Name() {
			out = &Hook{Ops: h.ops, By: h.by, InTurn: h.inTurn, Own: h.own, Before: h.before}
		}
	})
	return out
}

// HooksBy returns what the rows say of the hooks that the declaration of an entity
// hands out by a method of that name, nil if nothing.
func (ix *Index) HooksBy(method string) *Hook {
	var out *Hook
	ix.eachHook(func(_ *Set, h *hookRow, sym symbol) {
		if sym.kind == symType && h.by != "" && h.by == method {
			out = &Hook{Ops: h.ops, By: h.by, InTurn: h.inTurn, Own: h.own, Before: h.before}
		}
	})
	return out
}

// HookField returns the operations for which a struct has its hooks in a field, none
// if it has none there.
func (ix *Index) HookField(t types.Type, f *types.Var) []Op {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return nil
	}
	var out []Op
	ix.eachHook(func(_ *Set, h *hookRow, sym symbol) {
		if sym.kind == symField && sym.pkg == n.Obj().Pkg().Path() && sym.typ == n.Obj().Name() && sym.name == f.Name() {
			out = h.ops
		}
	})
	return out
}

// HookError returns what becomes of a statement if a hook returns an error that is
// kept in a variable, "" if the rows do not say.
func (ix *Index) HookError(v types.Object) Lets {
	if v == nil || v.Pkg() == nil {
		return ""
	}
	var out Lets
	ix.eachHook(func(s *Set, h *hookRow, sym symbol) {
		if sym.kind == symKey && h.lets != "" && sym.name == v.Name() && (sym.pkg == v.Pkg().Path() || sym.pkg == importers && s.isAbout(v.Pkg())) {
			out = h.lets
		}
	})
	return out
}

// Operations returns the values of a type that stand for statements that do op, in
// their order, and that type; none if the rows name none.
func (ix *Index) Operations(op Op, pkgs func(path string) *types.Package) (values []int64, t types.Type) {
	ix.eachHook(func(_ *Set, h *hookRow, sym symbol) {
		pkg := pkgs(sym.pkg)
		if sym.kind != symKey || pkg == nil || !slices.Contains(h.ops, op) {
			return
		}
		c, ok := pkg.Scope().Lookup(sym.name).(*types.Const)
		if !ok {
			return
		}
		if val, exact := constant.Int64Val(c.Val()); exact {
			values, t = append(values, val), c.Type()
		}
	})
	slices.Sort(values)
	return values, t
}

// Mixers returns the methods by which entities list what they are mixed of, for the
// libraries in the sets.
func (ix *Index) Mixers() []string {
	var out []string
	for _, s := range ix.sets {
		if s.Mixer != "" {
			out = append(out, s.Mixer)
		}
	}
	return out
}

// eachHook calls f with each symbol of the rows about hooks.
func (ix *Index) eachHook(f func(*Set, *hookRow, symbol)) {
	for _, s := range ix.sets {
		for i := range s.rows {
			if h := s.rows[i].hook; h != nil {
				for _, sym := range s.rows[i].syms {
					f(s, h, sym)
				}
			}
		}
	}
}

// unresolved says why a symbol of a row names nothing in pkg.
func (h *hookRow) unresolved(sym symbol, pkg *types.Package) complaint {
	said := func(text string) complaint { return func() string { return sym.text + ": " + text } }
	switch sym.kind {
	case symType, symField:
		sets, wrong := lookupType(pkg, sym)
		if wrong != nil || sym.kind == symType {
			return wrong
		}
		if len(fieldsOf(sets[0].Type(), sym.name, pkg)) == 0 {
			return said("there is no such field")
		}
		return nil
	case symKey:
		if pkg.Scope().Lookup(sym.name) == nil {
			return said("package " + pkg.Path() + " declares none of that name")
		}
		return nil
	}
	var funcs []*types.Func
	var wrong complaint
	if sym.typ == anyInterface {
		funcs, wrong = interfaceMethods(pkg, sym)
	} else {
		funcs, wrong = lookupFuncs(pkg, sym)
	}
	if wrong != nil {
		return wrong
	}
	if _, err := h.resolve(funcs[0].Signature()); err != nil {
		return said(err.Error())
	}
	return nil
}

// interfaceMethods returns the methods that sym names of the interfaces of pkg.
func interfaceMethods(pkg *types.Package, sym symbol) ([]*types.Func, complaint) {
	var out []*types.Func
	for _, name := range pkg.Scope().Names() {
		iface, ok := pkg.Scope().Lookup(name).Type().Underlying().(*types.Interface)
		if !ok {
			continue
		}
		for m := range iface.ExplicitMethods() {
			if sym.matches(m) {
				out = append(out, m)
			}
		}
	}
	if len(out) == 0 {
		return nil, func() string { return sym.text + ": no interface of package " + pkg.Path() + " has such a method" }
	}
	return out, nil
}
