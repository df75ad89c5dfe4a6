package scopeflow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// What statements read: who made them on whose behalf, where the rows go, and
// what is known of them there.

// accessesAt returns the statements that a call makes, here or in the functions
// of this package that it runs, in terms of the function that it is in.
func (e *engine) accessesAt(call *ssa.Call) []*Access {
	if out, ok := e.accessOf[call]; ok {
		return out
	}
	if e.accessOf == nil {
		e.accessOf = map[*ssa.Call][]*Access{}
	}
	e.accessOf[call] = nil
	owner := call.Parent()
	for owner.Parent() != nil {
		owner = owner.Parent()
	}
	var out []*Access
	for _, a := range e.callAccesses(owner, call) {
		if len(a.Columns) > 0 {
			out = append(out, a)
		}
	}
	for _, b := range e.bodies(call.Common()) {
		for _, a := range e.statements(b) {
			if d := e.derive(a, site{call, owner}); d != nil && len(out) < maxStatements {
				out = append(out, d)
			}
		}
	}
	e.accessOf[call] = out
	return out
}

// maxStatements bounds how many statements of a function its callers look at.
const maxStatements = 12

// statements returns the statements that fn makes on behalf of its callers: for
// which a parameter says whose or which rows.
func (e *engine) statements(fn *ssa.Function) []*Access {
	if out, ok := e.statementsOf[fn]; ok {
		return out
	}
	if e.statementsOf == nil {
		e.statementsOf = map[*ssa.Function][]*Access{}
	}
	e.statementsOf[fn] = nil
	var out []*Access
	param := func(v Value) bool { return v.has(func(a *Atom) bool { return a.Kind == Param && !a.Ctx }) }
	e.instrs(fn, func(in ssa.Instruction) {
		call, ok := in.(*ssa.Call)
		if !ok {
			return
		}
		for _, a := range e.accessesAt(call) {
			if len(out) < maxStatements && (param(a.ID) || slices.ContainsFunc(a.Columns, func(c ScopeColumn) bool { return param(c.Value) })) {
				out = append(out, a)
			}
		}
	})
	e.statementsOf[fn] = out
	return out
}

// keeps reports whether the function that makes statement a does not hand the
// row to its caller.
func (e *engine) keeps(a *Access) bool {
	call, ok := a.Instr.(*ssa.Call)
	if !ok || a.Op != models.Read || a.Kept {
		return true
	}
	return !slices.ContainsFunc(e.uses(call, func(ssa.Instruction) bool { return false }, func(*ssa.Call) {}), func(u ssa.Instruction) bool {
		ret, ok := u.(*ssa.Return)
		return ok && ret.Parent() == a.Owner
	})
}

// vouchedRows returns v, which ret hands out, with what checks said of the
// rows and identifiers in it: whose they are.
func (e *engine) vouchedRows(v Value, ret *ssa.Return) Value {
	checked := func(a *Atom) bool {
		return !a.Selected && !a.Ctx && (a.Kind == Record || (a.Kind == Param && a.Dims == 0 || a.Kind == Request) && e.policy.Schema() != nil)
	}
	if !v.has(checked) {
		return v
	}
	return v.mapAlts(func(alt Alt) Alt {
		var more []Atom
		for i := range alt.Parts {
			p := &alt.Parts[i]
			if !checked(p) {
				continue
			}
			for _, d := range models.AllDims.Each() {
				yes, by := e.vouchedBy(*p, d, ret)
				switch {
				case yes && by == nil:
					more = append(more, Atom{Kind: Scope, Dims: d, Selected: true, Text: p.Text, Pos: p.Pos})
				case yes:
					param := by.param
					param.Selected = true
					more = append(more, param)
				}
			}
		}
		if len(more) == 0 {
			return alt
		}
		return Alt{Bag: true, Parts: append(slices.Clone(alt.Parts), more...)}
	})
}

// loadedBy returns v, what a call returned, with its records as loaded by that
// call: two calls of one function load two rows.
func loadedBy(v Value, c *ssa.Call) Value {
	return v.mapAtoms(func(a Atom) Atom {
		if a.Kind == Record && !a.Selected {
			a.Pos, a.At = c.Pos(), Position{}
		}
		return a
	})
}

// A RowFlow is a row, or a list of rows, that a function returns: by what it
// was found, in terms of the parameters.
type RowFlow struct {
	Index int
	By    Value
}

// rows returns the rows that fn returns.
func (e *engine) rows(fn *ssa.Function) []RowFlow {
	var out []RowFlow
	res := fn.Signature.Results()
	for i := range min(res.Len(), 4) {
		path := rowPath(res.At(i).Type())
		if path == "" {
			continue
		}
		val, _ := e.result(fn, i, path)
		record := len(val.Alts) > 0
		for k := range val.Alts {
			record = record && val.Alts[k].has(func(a *Atom) bool { return a.Kind == Record && !a.Selected })
		}
		if !record {
			continue
		}
		by := val.mapAlts(func(alt Alt) Alt {
			out := Alt{Bag: true}
			for _, a := range alt.Parts {
				if a.Selected && !a.Ctx && (a.Kind == Scope || a.Kind == Param) {
					out.Parts = append(out.Parts, a)
				}
			}
			return out
		})
		if by.size() > 0 && by.size() <= maxEffect {
			out = append(out, RowFlow{i, e.portable(by)})
		}
	}
	return out
}

// rowPath returns the path to a field of the struct that values of type t are,
// point to or list, "" if there is none.
func rowPath(t types.Type) Path {
	var path Path
	for range 3 {
		switch u := t.Underlying().(type) {
		case *types.Pointer:
			t = u.Elem()
		case *types.Slice:
			t, path = u.Elem(), path+models.Elem
		case *types.Struct:
			for f := range u.Fields() {
				if f.Exported() && mayCarry(f.Type()) {
					return path.field(f.Name())
				}
			}
			return ""
		default:
			return ""
		}
	}
	return ""
}

// uses returns the instructions that do something with what a call returned:
// hand it out, pass it to what acts, or write by it. Asking for more by it, and
// comparing, is no use. Uses that are safe do not count, nor does what is made
// of the value there.
//
// A literal that returns the value hands it to the call that the literal is an
// operand of: a loader, to the cache that asks it. What that call returns of the same
// type is the value as well, and is told to again.
func (e *engine) uses(call *ssa.Call, safe func(ssa.Instruction) bool, again func(*ssa.Call)) []ssa.Instruction {
	var out []ssa.Instruction
	seen := map[ssa.Value]bool{}
	var work []ssa.Value
	push := func(v ssa.Value) {
		if v != nil && !seen[v] && !isError(v.Type()) && len(seen) < 400 {
			seen[v] = true
			work = append(work, v)
		}
	}
	use := func(in ssa.Instruction) {
		if !slices.Contains(out, in) && !safe(in) {
			out = append(out, in)
		}
	}
	push(call)
	for _, arg := range callArgs(call.Common()) {
		e.filledBy(arg, push)
	}
	for len(work) > 0 {
		v := work[0]
		work = work[1:]
		refs := v.Referrers()
		if refs == nil {
			continue
		}
		for _, ref := range *refs {
			switch r := ref.(type) {
			case *ssa.Store:
				if r.Val != v {
					continue
				}
				base, _ := e.root(r.Addr)
				if alloc, ok := base.(*ssa.Alloc); !ok {
					use(r)
				} else if !seen[alloc] && !safe(r) {
					push(alloc)
				}
			case *ssa.Return:
				if by := e.askedBy(r); by != nil && !e.failing(r) && !safe(r) {
					again(by)
					push(by)
				} else if !e.failing(r) {
					use(r)
				}
			case *ssa.MapUpdate:
				if !safe(r) {
					push(r.Map)
				}
			case *ssa.Send, *ssa.Go, *ssa.Defer:
				use(ref)
			case *ssa.Call:
				if r == call {
					continue
				}
				if _, ok := r.Call.Value.(*ssa.Builtin); ok {
					if appends(r) && !safe(r) {
						push(r)
					}
					continue
				}
				if e.acts(r) {
					use(r)
					continue
				}
				push(r)
				for _, arg := range callArgs(r.Common()) {
					e.filledBy(arg, push)
				}
			case *ssa.MakeClosure:
				fn := r.Fn.(*ssa.Function)
				for i, b := range r.Bindings {
					if b == v && i < len(fn.FreeVars) {
						push(fn.FreeVars[i])
					}
				}
			case *ssa.BinOp:
				if r.Op == token.ADD {
					push(r)
				}
			case ssa.Value:
				push(r)
			}
		}
	}
	return out
}

// askedBy returns the one call that the literal of a return is an operand of, if
// what it returns first is of the type that the literal returns first.
func (e *engine) askedBy(ret *ssa.Return) *ssa.Call {
	fn := ret.Parent()
	if fn.Parent() == nil || len(ret.Results) == 0 || isError(ret.Results[0].Type()) {
		return nil
	}
	uses := *fn.Referrers()
	if lit := e.closures[fn]; lit != nil {
		uses = *lit.Referrers()
	}
	if len(uses) == 1 {
		if named, ok := uses[0].(*ssa.ChangeType); ok {
			uses = *named.Referrers()
		}
	}
	if len(uses) != 1 {
		return nil
	}
	by, ok := uses[0].(*ssa.Call)
	if !ok {
		return nil
	}
	if t := resultType(by.Common(), 0); t == nil || !types.Identical(t, ret.Results[0].Type()) {
		return nil
	}
	return by
}

// filledBy pushes the variables that a call may fill through arg.
func (e *engine) filledBy(arg ssa.Value, push func(ssa.Value)) {
	elems := []ssa.Value{arg}
	if lists, ok := e.elements(arg); ok && len(lists) == 1 {
		elems = lists[0]
	}
	for _, x := range elems {
		if mi, ok := x.(*ssa.MakeInterface); ok {
			x = mi.X
		}
		if !pointsOn(x.Type()) || isContext(x.Type()) {
			continue
		}
		if base, _ := e.root(x); isAlloc(base) {
			push(base)
		}
	}
}

// acts reports whether a call does something with what it is handed, rather
// than compute from it or ask by it: it returns nothing but perhaps an error, and
// is handed what its caller was handed; or it writes.
func (e *engine) acts(call *ssa.Call) bool {
	common := call.Common()
	for _, a := range e.accessesAt(call) {
		if a.Op != models.Read {
			return true
		}
	}
	res := common.Signature().Results()
	if res.Len() > 1 || res.Len() == 1 && !isError(res.At(0).Type()) {
		return false
	}
	for _, ev := range e.events(call.Parent()) {
		if slices.Contains(ev.says, ssa.Value(call)) {
			return false // a check
		}
	}
	for _, arg := range callArgs(common) {
		base, _ := e.root(arg)
		switch base.(type) {
		case *ssa.Parameter, *ssa.FreeVar:
			return true
		}
	}
	return false
}
