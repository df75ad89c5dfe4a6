package scopeflow

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A guard is a call whose other results hold only if its last one, an error
// or a bool, says so.
type guard struct {
	call *ssa.Call
}

// withGuard marks the scope parts of v, made by call, as valid only where the
// call's last result was checked.
func (e *engine) withGuard(v Value, call *ssa.Call) Value {
	res := call.Common().Signature().Results()
	if res.Len() < 2 || !isBoolOrError(res.At(res.Len()-1).Type()) {
		return v
	}
	return v.mapAtoms(func(a Atom) Atom {
		if a.Kind == Scope && !a.Selected {
			a.Guards = append(a.Guards[:len(a.Guards):len(a.Guards)], e.guardNumber(call))
		}
		return a
	})
}

func (e *engine) guardNumber(call *ssa.Call) int {
	n, ok := e.guardNumbers[call]
	if !ok {
		n = len(e.guardCalls)
		e.guardNumbers[call] = n
		e.guardCalls = append(e.guardCalls, call)
	}
	return n
}

// settle decides, at instruction at, whether the guarded parts of v were
// checked. Those that were not are marked.
func (e *engine) settle(v Value, at ssa.Instruction) Value {
	return v.mapAtoms(func(a Atom) Atom {
		if len(a.Guards) == 0 {
			return a
		}
		for _, n := range a.Guards {
			if call := e.guardCalls[n]; !e.checked(guard{call}, at) {
				a.Unchecked = true
				a.Text = calleeName(call.Common())
			}
		}
		a.Guards = nil
		return a
	})
}

// discharge drops the guards of v that hold at instruction at: what passes
// here was checked, wherever it goes from here.
func (e *engine) discharge(v Value, at ssa.Instruction) Value {
	if !v.has(func(a *Atom) bool { return len(a.Guards) > 0 }) {
		return v
	}
	return v.mapAtoms(func(a Atom) Atom {
		var open []int
		for _, n := range a.Guards {
			if call := e.guardCalls[n]; call.Parent() != at.Parent() || !e.checked(guard{call}, at) {
				open = append(open, n)
			}
		}
		a.Guards = open
		return a
	})
}

// checked reports whether at runs only after g's last result was found good.
func (e *engine) checked(g guard, at ssa.Instruction) bool {
	here := e.lift(at, g.call.Parent())
	if here == nil {
		// The value left the function by another way than this; where it is
		// used its origin cannot be re-examined.
		return true
	}
	last := lastResult(g.call)
	if last == nil {
		return e.present(g.call, here)
	}
	if ret, ok := here.(*ssa.Return); ok && len(ret.Results) > 0 && carries(ret.Results[len(ret.Results)-1], last, 0) {
		return true // handed on together with its error
	}
	return e.verdict(last, here, map[ssa.Value]bool{}) || e.present(g.call, here)
}

// present reports whether here runs only if the first result of a call, a
// pointer or a string, was found to be there: not nil, not empty.
func (e *engine) present(call *ssa.Call, here ssa.Instruction) bool {
	if res := call.Common().Signature().Results(); isError(res.At(res.Len() - 1).Type()) {
		return false // beside an error a value means nothing, whatever it is
	}
	for _, ref := range *call.Referrers() {
		x, ok := ref.(*ssa.Extract)
		if !ok || x.Index != 0 || x.Referrers() == nil {
			continue
		}
		for _, ref := range *x.Referrers() {
			cmp, ok := ref.(*ssa.BinOp)
			if !ok || !isZero(cmp.X) && !isZero(cmp.Y) || cmp.Op != token.EQL && cmp.Op != token.NEQ {
				continue
			}
			good := 0
			if cmp.Op == token.EQL {
				good = 1
			}
			for _, ref := range *cmp.Referrers() {
				if branch, ok := ref.(*ssa.If); ok && onlyBy(branch.Block(), branch.Block().Succs[good], here) {
					return true
				}
			}
		}
	}
	return false
}

// lastResult returns the value of a call's last result, nil if it is dropped.
func lastResult(c *ssa.Call) ssa.Value {
	n := c.Common().Signature().Results().Len()
	for _, ref := range *c.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && x.Index == n-1 && x.Referrers() != nil && len(*x.Referrers()) > 0 {
			return x
		}
	}
	return nil
}

func carries(v, want ssa.Value, depth int) bool {
	if v == want {
		return true
	}
	if phi, ok := v.(*ssa.Phi); ok && depth < 4 {
		for _, edge := range phi.Edges {
			if carries(edge, want, depth+1) {
				return true
			}
		}
	}
	return false
}

// verdict reports whether here runs only if v (an error or a bool) was good:
// nil, or true.
func (e *engine) verdict(v ssa.Value, here ssa.Instruction, seen map[ssa.Value]bool) bool {
	if seen[v] || v.Referrers() == nil {
		return false
	}
	seen[v] = true
	for _, ref := range *v.Referrers() {
		switch r := ref.(type) {
		case *ssa.BinOp:
			if !isNil(r.X) && !isNil(r.Y) {
				continue
			}
			for _, ref := range *r.Referrers() {
				if branch, ok := ref.(*ssa.If); ok {
					good := branch.Block().Succs[1]
					if r.Op == token.EQL {
						good = branch.Block().Succs[0]
					}
					if onlyBy(branch.Block(), good, here) {
						return true
					}
				}
			}
		case *ssa.If:
			if onlyBy(r.Block(), r.Block().Succs[0], here) {
				return true
			}
		case *ssa.UnOp:
			if r.Op == token.NOT {
				for _, ref := range *r.Referrers() {
					if branch, ok := ref.(*ssa.If); ok && onlyBy(branch.Block(), branch.Block().Succs[1], here) {
						return true
					}
				}
			}
		case *ssa.Phi:
			if e.verdict(r, here, seen) {
				return true
			}
		case *ssa.Store:
			// err is a variable that a literal or defer also sees.
			if r.Addr.Referrers() == nil {
				continue
			}
			for _, ref := range *r.Addr.Referrers() {
				if load, ok := ref.(*ssa.UnOp); ok && load.Op == token.MUL && load.Parent() == r.Parent() && e.dominates(r, load) && e.verdict(load, here, seen) {
					return true
				}
			}
		case *ssa.Call:
			// Handed to something that stops the goroutine or the test unless it
			// is good (must(err), require.NoError(t, err)), or that looks at it and
			// says whether (errors.Is(err, …) leads to a branch).
			if r == here || !e.dominates(r, here) {
				continue
			}
			if b, ok := r.Type().Underlying().(*types.Basic); ok && b.Kind() == types.Bool {
				continue
			}
			if fn := callee(r.Common()); fn != nil && r.Common().Signature().Results().Len() == 0 && e.stops(r, v) {
				return true
			}
		}
	}
	return false
}

// stops reports whether the callee of call returns only if the error v that
// it is handed is nil.
func (e *engine) stops(call *ssa.Call, v ssa.Value) bool {
	fn := e.body(call.Common())
	if fn == nil {
		return false
	}
	for i, arg := range call.Common().Args {
		if arg != v || i >= len(fn.Params) {
			continue
		}
		for _, b := range fn.Blocks {
			if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && !e.verdict(fn.Params[i], ret, map[ssa.Value]bool{}) {
				return false
			}
		}
		return true
	}
	return false
}

func isNil(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value == nil
}

// onlyBy reports whether here runs only by way of the edge from → to.
func onlyBy(from, to *ssa.BasicBlock, here ssa.Instruction) bool {
	if here.Block() == nil || here.Parent() != from.Parent() {
		return false
	}
	if len(to.Preds) != 1 || from.Succs[0] == from.Succs[1] {
		return false
	}
	return to == here.Block() || to.Dominates(here.Block())
}

// guards reports whether some results of fn hold only if its last result says so.
func (e *engine) guards(fn *ssa.Function) bool {
	res := fn.Signature.Results()
	return res.Len() >= 2 && isBoolOrError(res.At(res.Len()-1).Type())
}

// returned returns result i of a return. A function that defers something puts its
// results into variables, and loads them when that was done.
func returned(ret *ssa.Return, i int) ssa.Value {
	load, ok := ret.Results[i].(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return ret.Results[i]
	}
	alloc, ok := load.X.(*ssa.Alloc)
	if !ok {
		return load
	}
	for _, in := range slices.Backward(ret.Block().Instrs) {
		if st, ok := in.(*ssa.Store); ok && st.Addr == alloc {
			return st.Val
		}
	}
	return load
}

// failing reports whether ret hands out a failure: its last result is an
// error that is not nil, or false, so that the other results mean nothing.
func (e *engine) failing(ret *ssa.Return) bool {
	n := len(ret.Results)
	if n < 2 || !isBoolOrError(ret.Results[n-1].Type()) {
		return false
	}
	last := returned(ret, n-1)
	if c, ok := last.(*ssa.Call); ok && isError(c.Type()) {
		// errors.New(…), fmt.Errorf(…), apperr.NotFound(…) beside zero values; but
		// json.Unmarshal(data, &x) beside x decides at run time.
		for i := range n - 1 {
			if k, ok := returned(ret, i).(*ssa.Const); !ok || k.Value != nil && k.Value.Kind() == constant.String && constant.StringVal(k.Value) != "" {
				return e.isFailure(last, ret)
			}
		}
		return true
	}
	return e.isFailure(last, ret)
}

func (e *engine) isFailure(v ssa.Value, at ssa.Instruction) bool {
	switch v := v.(type) {
	case *ssa.Const:
		return v.Value != nil && v.Value.Kind() == constant.Bool && !constant.BoolVal(v.Value)
	case *ssa.MakeInterface:
		return true
	case *ssa.ChangeInterface:
		return e.isFailure(v.X, at)
	case *ssa.UnOp:
		if v.Op == token.MUL {
			if _, ok := v.X.(*ssa.Global); ok {
				return true
			}
		}
	case *ssa.Call:
		if madeError(v.Type()) || e.callFails(v) {
			return true
		}
	}
	if isError(v.Type()) && v.Referrers() != nil {
		for _, ref := range *v.Referrers() {
			cmp, ok := ref.(*ssa.BinOp)
			if !ok || !isNil(cmp.X) && !isNil(cmp.Y) {
				continue
			}
			for _, ref := range *cmp.Referrers() {
				if branch, ok := ref.(*ssa.If); ok {
					bad := branch.Block().Succs[0]
					if cmp.Op == token.EQL {
						bad = branch.Block().Succs[1]
					}
					if onlyBy(branch.Block(), bad, at) {
						return true
					}
				}
			}
		}
	}
	return false
}

// madeError reports whether values of type t are errors of a type of their own:
// one that was made is there.
func madeError(t types.Type) bool {
	p, ok := t.(*types.Pointer)
	return ok && types.Implements(p, errorType())
}

func errorType() *types.Interface {
	return types.Universe.Lookup("error").Type().Underlying().(*types.Interface)
}
