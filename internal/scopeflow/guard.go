package scopeflow

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

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
		return e.present(g.call, here) || e.askedBefore(g.call, here)
	}
	if ret, ok := here.(*ssa.Return); ok && len(ret.Results) > 0 && carries(ret.Results[len(ret.Results)-1], last, 0) {
		return true // handed on together with its error
	}
	return e.verdict(last, here, map[ssa.Value]bool{}) || e.present(g.call, here) || e.askedBefore(g.call, here)
}

// present reports whether here runs only if the first result of a call, a
// pointer or a string, was found to be there: not nil, not empty.
func (e *engine) present(call *ssa.Call, here ssa.Instruction) bool {
	if res := call.Common().Signature().Results(); isError(res.At(res.Len() - 1).Type()) {
		return e.partPresent(call, here) // beside an error the value itself means nothing, whatever it is
	}
	return slices.ContainsFunc(*call.Referrers(), func(ref ssa.Instruction) bool {
		x, ok := ref.(*ssa.Extract)
		return ok && x.Index == 0 && e.found(x, here)
	})
}

// partPresent reports whether here runs only if a field of a call's first result, a
// struct, was found to be there that is nothing wherever the function may have failed: then
// it has not.
func (e *engine) partPresent(call *ssa.Call, here ssa.Instruction) bool {
	fn := e.body(call.Common())
	if fn == nil || call.Referrers() == nil {
		return false
	}
	for _, ref := range *call.Referrers() {
		x, ok := ref.(*ssa.Extract)
		if !ok || x.Index != 0 || x.Referrers() == nil {
			continue
		}
		for _, ref := range *x.Referrers() {
			switch r := ref.(type) {
			case *ssa.Field:
				if e.found(r, here) && e.blankIfFailed(fn, Path(e.fieldStep(r.X.Type(), r.Field))) {
					return true
				}
			case *ssa.Store:
				if alloc, ok := r.Addr.(*ssa.Alloc); ok && r.Val == x && e.partFound(fn, alloc, r, here) {
					return true
				}
			}
		}
	}
	return false
}

// partFound is partPresent of a variable that st, and nothing else, sets to what fn
// returned.
func (e *engine) partFound(fn *ssa.Function, alloc *ssa.Alloc, st *ssa.Store, here ssa.Instruction) bool {
	for _, ref := range *alloc.Referrers() {
		at, ok := ref.(*ssa.FieldAddr)
		if !ok || escapes(alloc) || escapes(at) {
			continue
		}
		path := Path(e.fieldStep(at.X.Type(), at.Field))
		if slices.ContainsFunc(e.writesTo(alloc), func(w write) bool { return w.instr != st && bearsOn(w.sub, path) }) {
			continue
		}
		for _, ref := range *at.Referrers() {
			load, ok := ref.(*ssa.UnOp)
			if ok && load.Op == token.MUL && e.dominates(st, load) && e.found(load, here) && e.blankIfFailed(fn, path) {
				return true
			}
		}
	}
	return false
}

// escapes reports whether an address is kept where it cannot be seen who writes to it.
func escapes(addr ssa.Value) bool {
	return slices.ContainsFunc(*addr.Referrers(), func(ref ssa.Instruction) bool {
		switch r := ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef, ssa.CallInstruction, *ssa.MakeClosure:
		case *ssa.FieldAddr:
			return escapes(r)
		case *ssa.Store:
			return r.Addr != addr
		default:
			return true
		}
		return false
	})
}

// bearsOn reports whether a write to sub may change what lies at path, a field.
func bearsOn(sub, path Path) bool {
	return sub == "" || sub == path || !strings.HasPrefix(string(sub), ".") || strings.HasPrefix(string(sub), string(path)+".") || strings.HasPrefix(string(sub), string(path)+"[")
}

// blankIfFailed reports whether a field of fn's first result is nothing in all returns
// with an error that may be one: it was not set on any way there.
func (e *engine) blankIfFailed(fn *ssa.Function, path Path) bool {
	if fn.Recover != nil || path == "" {
		return false
	}
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || isNil(ret.Results[len(ret.Results)-1]) {
			continue
		}
		switch v := ret.Results[0].(type) {
		case *ssa.Const:
			if v.Value != nil {
				return false
			}
		case *ssa.UnOp:
			alloc, ok := v.X.(*ssa.Alloc)
			if !ok || v.Op != token.MUL || e.inLoop(alloc) || escapes(alloc) {
				return false
			}
			for _, w := range e.writesTo(alloc) {
				if bearsOn(w.sub, path) && (w.instr.Parent() != fn || e.reaches(w.instr, v)) {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

// found reports whether here runs only if v was compared with nothing, and was
// something else.
func (e *engine) found(v ssa.Value, here ssa.Instruction) bool {
	if v.Referrers() == nil {
		return false
	}
	for _, ref := range *v.Referrers() {
		switch r := ref.(type) {
		case *ssa.BinOp:
			if (r.Op == token.EQL || r.Op == token.NEQ) && (e.isNothing(r.X) || e.isNothing(r.Y)) && decides(r, r.Op == token.NEQ, here) {
				return true
			}
		case *ssa.Store:
			// A variable that a literal sees, too.
			if slices.ContainsFunc(e.readings(r), func(load *ssa.UnOp) bool { return e.found(load, here) }) {
				return true
			}
		}
	}
	return false
}

// decides reports whether here runs only if cond was want.
func decides(cond ssa.Value, want bool, here ssa.Instruction) bool {
	good := 1
	if want {
		good = 0
	}
	return slices.ContainsFunc(*cond.Referrers(), func(ref ssa.Instruction) bool {
		branch, ok := ref.(*ssa.If)
		return ok && onlyBy(branch.Block(), branch.Block().Succs[good], here)
	})
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
			if decides(r, r.Op == token.EQL, here) {
				return true
			}
		case *ssa.If:
			if onlyBy(r.Block(), r.Block().Succs[0], here) {
				return true
			}
		case *ssa.UnOp:
			if r.Op == token.NOT && decides(r, false, here) {
				return true
			}
		case *ssa.Phi:
			if e.verdict(r, here, seen) {
				return true
			}
		case *ssa.Store:
			// err is a variable that a literal or defer also sees.
			for _, load := range e.readings(r) {
				if e.verdict(load, here, seen) {
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
			if decides(cmp, cmp.Op == token.NEQ, at) {
				return true
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

// askedBefore reports whether what call asks its context for was asked of the same
// context before here, and was there: by the same function, or by one that comes
// out well only then. A context does not change.
func (e *engine) askedBefore(call *ssa.Call, here ssa.Instruction) bool {
	q, ok := e.question(call)
	if !ok {
		return false
	}
	for _, b := range call.Parent().Blocks {
		if b != here.Block() && !b.Dominates(here.Block()) {
			continue
		}
		for _, in := range b.Instrs {
			other, ok := in.(*ssa.Call)
			if ok && other != call && e.dominates(other, here) && e.hasAsked(other, q) && e.cameOut(other, here) {
				return true
			}
		}
	}
	return false
}

// A question is a call that takes a context and nothing else, beside its receiver.
type question struct {
	fn        *types.Func
	recv, ctx ssa.Value // recv is nil for functions
}

// question returns what a call asks; ok is false if it takes more.
func (e *engine) question(call *ssa.Call) (q question, ok bool) {
	common := call.Common()
	q.fn = callee(common)
	args := callArgs(common)
	if q.fn != nil && q.fn.Signature().Recv() != nil && len(args) > 0 {
		q.recv, args = e.yields(args[0]), args[1:]
	}
	if q.fn == nil || len(args) != 1 || !isContext(args[0].Type()) {
		return question{}, false
	}
	q.ctx = e.yields(args[0])
	return q, true
}

// hasAsked reports whether call, if it came out well, has found what q asks for.
func (e *engine) hasAsked(call *ssa.Call, q question) bool {
	if own, ok := e.question(call); ok && own == q {
		return true
	}
	common := call.Common()
	bodies := e.bodies(common)
	if len(bodies) != 1 || e.verdictOf(call) == nil {
		return false
	}
	// The same question, in terms of the callee's parameters.
	inside := question{fn: q.fn}
	for _, p := range bodies[0].Params {
		switch arg := argument(common, paramNumber(p)); {
		case arg == nil:
		case e.yields(arg) == q.ctx:
			inside.ctx = p
		case q.recv != nil && e.yields(arg) == q.recv:
			inside.recv = p
		}
	}
	return inside.ctx != nil && (inside.recv != nil) == (q.recv != nil) && e.refusesWithout(bodies[0], inside)
}

// refusesWithout reports whether fn comes out well only where q, in terms of its
// parameters, found something.
func (e *engine) refusesWithout(fn *ssa.Function, q question) bool {
	var asking []*ssa.Call
	e.instrs(fn, func(in ssa.Instruction) {
		if c, ok := in.(*ssa.Call); ok && c.Parent() == fn {
			if own, ok := e.question(c); ok && own == q {
				asking = append(asking, c)
			}
		}
	})
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || e.failing(ret) {
			continue
		}
		if !slices.ContainsFunc(asking, func(c *ssa.Call) bool { return e.cameOut(c, ret) }) {
			return false
		}
	}
	return len(asking) > 0
}

// cameOut reports whether here runs only where call came out well.
func (e *engine) cameOut(call *ssa.Call, here ssa.Instruction) bool {
	says := e.verdictOf(call)
	return says != nil && e.verdict(says, here, map[ssa.Value]bool{}) || e.present(call, here)
}
