package scopeflow

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// What happens where the scope is not there: whether its absence is told, or
// widens what is done.

// An Absence is a place where a function goes on, without its scope or with
// less of it.
type Absence struct {
	Owner *ssa.Function // the declared function
	Pos   token.Pos
	Name  string // of what is called there
	Dims  models.Dims
	Other token.Pos // of what it stands in for, if there is such a place
	What  string    // what is missing or stands in, as messages call it
}

// Func returns the declared function, nil in an initialiser.
func (a *Absence) Func() *types.Func {
	obj, _ := a.Owner.Object().(*types.Func)
	return obj
}

// ZeroAccessors returns the accessors of this package that hand out an empty
// dimension where a context holds none, and neither an error nor a bool with it:
// of each the first place that does so.
func (r *Result) ZeroAccessors() []Absence {
	e := r.e
	var out []Absence
	for _, fn := range e.funcs {
		for _, place := range e.accesses(fn) {
			if ret := e.returnsZero(fn, place.Index, place.Path); ret != nil {
				obj := fn.Object().(*types.Func)
				out = append(out, Absence{Owner: fn, Pos: ret.Pos(), Name: funcName(obj), Dims: place.Dims})
				break
			}
		}
	}
	return out
}

// A scopeResult is a result of a function that is found in a context, as scope.
type scopeResult struct {
	Index int
	Path  Path
	Dims  models.Dims
}

// accesses returns the results of fn that it finds in a context under a key of
// scope.
func (e *engine) accesses(fn *ssa.Function) []scopeResult {
	obj, ok := fn.Object().(*types.Func)
	if !ok {
		return nil
	}
	var out []scopeResult
	if m := e.index.Func(obj); m != nil {
		for _, s := range m.Sources {
			if s.Place.Base == models.Result && len(e.keysReturned(fn, s.Place.Index, 0)) > 0 {
				out = append(out, scopeResult{s.Place.Index, pathOf(s.Place.Path), s.Dims})
			}
		}
		return out
	}
	if fn.Signature.Results().Len() == 0 {
		return nil
	}
	for _, use := range e.keysReturned(fn, 0, 0) {
		if use.Dims != 0 {
			return []scopeResult{{0, "", use.Dims}}
		}
	}
	return nil
}

// returnsZero returns a return of fn that hands out an empty value at a place
// as if it were one.
func (e *engine) returnsZero(fn *ssa.Function, idx int, path Path) *ssa.Return {
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || e.failing(ret) || e.tellsAbsence(ret, idx) {
			continue
		}
		if e.zeroAt(ret.Results[idx], path, ret, 0) {
			return ret
		}
	}
	return nil
}

// tellsAbsence reports whether the last result of ret, an error or a bool, may
// say that the others are not there.
func (e *engine) tellsAbsence(ret *ssa.Return, idx int) bool {
	last := ret.Results[len(ret.Results)-1]
	if idx == len(ret.Results)-1 || !isBoolOrError(last.Type()) {
		return false
	}
	return !isNil(last) && !isBool(last, true)
}

// zeroAt reports whether v may be nothing, at path, without being nil: an empty
// string, 0, a pointer to a struct in which nothing was put.
func (e *engine) zeroAt(v ssa.Value, path Path, ret *ssa.Return, depth int) bool {
	if depth > 4 {
		return false
	}
	switch v := v.(type) {
	case *ssa.Const:
		_, pointer := v.Type().Underlying().(*types.Pointer)
		_, iface := v.Type().Underlying().(*types.Interface)
		if v.Value == nil {
			return !pointer && !iface
		}
		return isZero(v)
	case *ssa.Phi:
		for _, edge := range v.Edges {
			if e.zeroAt(edge, path, ret, depth+1) {
				return true
			}
		}
	case *ssa.Extract:
		// v, ok := x.(T), of which nobody asks ok
		t, ok := v.Tuple.(*ssa.TypeAssert)
		if !ok || v.Index != 0 || pointsOn(v.Type()) {
			return false
		}
		return !slices.ContainsFunc(*t.Referrers(), func(ref ssa.Instruction) bool {
			said, ok := ref.(*ssa.Extract)
			return ok && said.Index == 1 && e.verdict(said, ret, map[ssa.Value]bool{})
		}) && !e.unequal(v, "", ret, nil)
	case *ssa.UnOp:
		if alloc, ok := v.X.(*ssa.Alloc); ok && v.Op == token.MUL {
			return e.untouched(alloc, path)
		}
	case *ssa.Alloc:
		return e.untouched(v, path)
	}
	return false
}

// untouched reports whether nothing is written to what alloc holds at path.
func (e *engine) untouched(alloc *ssa.Alloc, path Path) bool {
	return !slices.ContainsFunc(e.writesTo(alloc), func(w write) bool {
		return overlaps(w.sub, path) || strings.HasPrefix(string(w.sub), string(path))
	})
}

// Retries returns the lookups that are made again, without the scope that they
// were made with at first, where that did not come out well.
func (r *Result) Retries() []Absence {
	e := r.e
	var out []Absence
	for _, fn := range e.funcs {
		var calls []*ssa.Call
		e.instrs(fn, func(in ssa.Instruction) {
			if c, ok := in.(*ssa.Call); ok && e.looksUp(c) {
				calls = append(calls, c)
			}
		})
		for _, wide := range calls {
			for _, narrow := range calls {
				if dims := e.widens(narrow, wide); dims != 0 {
					out = append(out, Absence{
						Owner: fn, Pos: wide.Pos(), Name: calleeName(wide.Common()), Dims: dims,
						Other: narrow.Pos(), What: calleeName(narrow.Common()),
					})
					break
				}
			}
		}
	}
	return out
}

// looksUp reports whether a call finds something by what it is handed with a
// context, or says that it did not.
func (e *engine) looksUp(c *ssa.Call) bool {
	res := c.Common().Signature().Results()
	if res.Len() != 2 || !isError(res.At(1).Type()) || plainResult(res.At(0).Type()) || lastResult(c) == nil {
		return false
	}
	return callee(c.Common()) != nil && slices.ContainsFunc(c.Common().Args, func(v ssa.Value) bool { return isContext(v.Type()) })
}

// widens returns the dimensions that lookup narrow is made by and wide is not,
// if wide is made where narrow failed, for the same thing and in its place.
func (e *engine) widens(narrow, wide *ssa.Call) models.Dims {
	if narrow == wide || narrow.Parent() != wide.Parent() || !e.blockReaches(narrow.Block(), wide.Block()) {
		return 0
	}
	n, w := narrow.Common().Signature(), wide.Common().Signature()
	if nf, wf := callee(narrow.Common()), callee(wide.Common()); receiver(nf) != receiver(wf) || nf.Pkg() != wf.Pkg() {
		return 0
	}
	if !types.Identical(n.Results().At(0).Type(), w.Results().At(0).Type()) || !e.meet(narrow, wide) {
		return 0
	}
	had, by := e.lookedUpBy(narrow)
	has, also := e.lookedUpBy(wide)
	same := func(x Atom) bool { return slices.ContainsFunc(also, func(y Atom) bool { return sameThing(x, y) }) }
	if len(by) == 0 || slices.ContainsFunc(by, func(x Atom) bool { return !same(x) }) || !e.afterFailure(narrow, wide) {
		return 0
	}
	return had &^ has & (models.Tenant | models.Env) // what is any user's is the tenant's still
}

// receiver returns the type that fn is a method of, nil if it is none's.
func receiver(fn *types.Func) *types.TypeName {
	recv := fn.Signature().Recv()
	if recv == nil {
		return nil
	}
	t := types.Unalias(recv.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if n, ok := t.(*types.Named); ok {
		return n.Origin().Obj()
	}
	return nil
}

// lookedUpBy returns what a lookup is handed besides its context: of which
// dimensions there is one, by its value or by the name of the parameter or of its
// field, and what else.
func (e *engine) lookedUpBy(c *ssa.Call) (dims models.Dims, rest []Atom) {
	add := func(name string, v ssa.Value, path Path) {
		val := e.settle(e.ev(v, path, c), c)
		d := e.claim(name) | scopeDims(val)
		dims |= d
		for i := range val.Alts {
			if d != 0 {
				continue
			}
			rest = append(rest, thingsIn(&val.Alts[i])...)
			for _, p := range val.Alts[i].Parts {
				if p.Kind == Opaque || p.Kind == Unique {
					rest = append(rest, p) // which is like nothing else
				}
			}
		}
	}
	sig := callee(c.Common()).Signature()
	for i := range sig.Params().Len() {
		p, v := sig.Params().At(i), argument(c.Common(), i)
		if isContext(p.Type()) || v == nil {
			continue
		}
		e.eachField(p.Name(), p.Type(), "", 2, func(name string, path Path) { add(name, v, path) })
	}
	return dims, rest
}

// eachField yields the fields of a parameter that is a struct, and of the structs
// in it to a depth, or the parameter itself.
func (e *engine) eachField(name string, t types.Type, path Path, depth int, yield func(name string, path Path)) {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if m := e.index.Type(t); !ok || depth == 0 || m != nil && (m.Wraps || m.Fixed) {
		yield(name, path)
		return
	}
	for f := range s.Fields() {
		e.eachField(f.Name(), f.Type(), path.field(f.Name()), depth-1, yield)
	}
}

// meet reports whether the first results of two calls end up in one place: a
// variable, or what the function returns.
func (e *engine) meet(a, b *ssa.Call) bool {
	ends := func(c *ssa.Call) []any {
		var out []any
		for _, ref := range *c.Referrers() {
			x, ok := ref.(*ssa.Extract)
			if !ok || x.Index != 0 {
				continue
			}
			for _, use := range *x.Referrers() {
				switch u := use.(type) {
				case *ssa.Phi:
					out = append(out, u)
				case *ssa.Store:
					out = append(out, u.Addr)
				case *ssa.Return:
					out = append(out, u.Parent())
				}
			}
		}
		return out
	}
	return slices.ContainsFunc(ends(a), func(x any) bool { return slices.Contains(ends(b), x) })
}

// afterFailure reports whether b is made where the error of a was found to be
// there, and not only for other reasons.
func (e *engine) afterFailure(a, b *ssa.Call) bool {
	for _, ed := range e.badEdges(lastResult(a), map[ssa.Value]bool{}) {
		if ed.to == b.Block() || ed.to.Dominates(b.Block()) || reaches(ed.to, b.Block(), nil) && !reaches(ed.to, ed.from, nil) && e.inevitable(ed.to, b.Block(), a.Block()) {
			return true
		}
	}
	return false
}

// inevitable reports whether what begins in block from always comes to block to.
func (e *engine) inevitable(from, to, not *ssa.BasicBlock) bool {
	for _, b := range from.Parent().Blocks {
		if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); !ok || b == to {
			continue
		}
		var cuts []edge
		for _, p := range to.Preds {
			cuts = append(cuts, edge{p, to})
		}
		if from != to && reaches(from, b, cuts) {
			return false
		}
	}
	return from != not
}

// badEdges returns the edges that are taken only if v, an error, is there, by
// itself or in a variable that other errors are put into.
func (e *engine) badEdges(v ssa.Value, seen map[ssa.Value]bool) []edge {
	if v == nil || seen[v] || v.Referrers() == nil {
		return nil
	}
	seen[v] = true
	var out []edge
	for _, ref := range *v.Referrers() {
		switch r := ref.(type) {
		case *ssa.Phi:
			out = append(out, e.badEdges(r, seen)...)
		case *ssa.Store:
			if r.Addr.Referrers() == nil {
				continue
			}
			for _, ref := range *r.Addr.Referrers() {
				if load, ok := ref.(*ssa.UnOp); ok && load.Op == token.MUL && load.Parent() == r.Parent() && e.reaches(r, load) {
					out = append(out, e.badEdges(load, seen)...)
				}
			}
		case *ssa.BinOp:
			if !isNil(r.X) && !isNil(r.Y) {
				continue
			}
			for _, ref := range *r.Referrers() {
				if branch, ok := ref.(*ssa.If); ok {
					n := 0
					if r.Op == token.EQL {
						n = 1
					}
					out = append(out, edge{branch.Block(), branch.Block().Succs[n]})
				}
			}
		case *ssa.Call:
			// errors.Is(err, sql.ErrNoRows)
			if b, ok := r.Type().Underlying().(*types.Basic); ok && b.Kind() == types.Bool {
				out = append(out, e.goodEdges(r, true, map[ssa.Value]bool{})...)
			}
		}
	}
	return out
}

// Fallbacks returns the places where something else takes the place of a
// dimension that is empty, without a further decision: a constant, or, in what
// is declared as a source, anything that is not the caller's scope.
func (r *Result) Fallbacks() []Absence {
	e := r.e
	var out []Absence
	for _, fn := range e.funcs {
		if e.initOnly(fn) {
			continue
		}
		found := false
		e.instrs(fn, func(in ssa.Instruction) {
			phi, ok := in.(*ssa.Phi)
			if !ok || found || !isString(phi.Type()) {
				return
			}
			if a, ok := e.fallback(phi); ok && !r.blames(fn, a.What) {
				a.Owner, found = fn, true
				out = append(out, a)
			}
		})
		if a, ok := e.sourceFallback(fn); ok && !found {
			a.Owner = fn
			out = append(out, a)
		}
	}
	return out
}

// fallback reports whether phi is a dimension of the caller's, or a constant
// where that is empty.
func (e *engine) fallback(phi *ssa.Phi) (Absence, bool) {
	for i, edge := range phi.Edges {
		k, ok := edge.(*ssa.Const)
		if !ok || k.Value == nil || k.Value.Kind() != constant.String || constant.StringVal(k.Value) == "" {
			continue
		}
		from := phi.Block().Preds[i]
		for n, v := range phi.Edges {
			if n == i || !emptyOnly(v, from) {
				continue
			}
			if dims := e.callersDims(v, from); dims != 0 {
				text := constant.StringVal(k.Value)
				return Absence{Pos: branchPos(from), Name: describeConst(text), Dims: dims, What: text}, true
			}
		}
	}
	return Absence{}, false
}

// blames reports whether a key or statement of fn is a finding already because
// it may hold a text in place of its scope.
func (r *Result) blames(fn *ssa.Function, text string) bool {
	return slices.ContainsFunc(r.Judged, func(j Judged) bool {
		return slices.ContainsFunc(j.Leaves, func(l Leaf) bool {
			return l.Owner == fn && l.Bad() && l.Key.has(func(a *Atom) bool { return a.Kind == Constant && strings.Contains(a.Text, text) })
		})
	})
}

// callersDims returns the tenant and environment that v carries on every path
// where it is not empty: by scope, or as a parameter that is declared to be one.
func (e *engine) callersDims(v ssa.Value, at *ssa.BasicBlock) models.Dims {
	end := at.Instrs[len(at.Instrs)-1]
	return scopeDims(e.settle(e.ev(v, "", end), end)) & (models.Tenant | models.Env)
}

// nameOf is what messages call v.
func (e *engine) nameOf(v ssa.Value, at ssa.Instruction) string {
	val := e.ev(v, "", at)
	for i := range val.Alts {
		for k := range val.Alts[i].Parts {
			if p := &val.Alts[i].Parts[k]; p.Kind != Constant && p.Text != "" {
				return p.Text
			}
		}
	}
	return "something else"
}

// branchPos returns the position of the condition that leads to a block.
func branchPos(b *ssa.BasicBlock) token.Pos {
	for _, p := range b.Preds {
		if branch, ok := p.Instrs[len(p.Instrs)-1].(*ssa.If); ok && branch.Cond.Pos().IsValid() {
			return branch.Cond.Pos()
		}
	}
	return token.NoPos
}

// emptyOnly reports whether a block runs right after v was found to be empty.
func emptyOnly(v ssa.Value, block *ssa.BasicBlock) bool {
	return slices.ContainsFunc(emptyEdges(v), func(ed edge) bool { return ed.to == block && len(block.Preds) == 1 })
}

// emptyEdges returns the edges that are taken only if v is the empty string, or 0.
func emptyEdges(v ssa.Value) []edge {
	if v.Referrers() == nil {
		return nil
	}
	var out []edge
	for _, ref := range *v.Referrers() {
		if c, ok := ref.(*ssa.Call); ok {
			if b, ok := c.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
				out = append(out, emptyEdges(c)...)
			}
			continue
		}
		cmp, ok := ref.(*ssa.BinOp)
		if !ok || cmp.Op != token.EQL && cmp.Op != token.NEQ || !isZero(cmp.X) && !isZero(cmp.Y) {
			continue
		}
		for _, ref := range *cmp.Referrers() {
			if branch, ok := ref.(*ssa.If); ok {
				n := 0
				if cmp.Op == token.NEQ {
					n = 1
				}
				out = append(out, edge{branch.Block(), branch.Block().Succs[n]})
			}
		}
	}
	return out
}

// sourceFallback reports whether fn, a source, returns something else where
// what it found first is empty, and nothing but errors stands between.
func (e *engine) sourceFallback(fn *ssa.Function) (Absence, bool) {
	obj, ok := fn.Object().(*types.Func)
	if !ok {
		return Absence{}, false
	}
	m := e.index.Func(obj)
	if m == nil {
		return Absence{}, false
	}
	for _, s := range m.Sources {
		if s.Place.Base != models.Result || len(s.Place.Path) > 0 {
			continue
		}
		for _, b := range fn.Blocks {
			first, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
			if !ok || s.Place.Index >= len(first.Results) || !isString(first.Results[s.Place.Index].Type()) {
				continue
			}
			v := first.Results[s.Place.Index]
			for _, ed := range emptyEdges(v) {
				if !onlyBy(ed.from, other(ed), first) {
					continue
				}
				if ret := e.next(ed.to, s.Place.Index); ret != nil && !isZero(ret.Results[s.Place.Index]) && ret.Results[s.Place.Index] != v && !e.inScope(ret, s) {
					return Absence{Pos: ret.Pos(), Name: e.nameOf(ret.Results[s.Place.Index], ret), Dims: s.Dims, Other: first.Pos()}, true
				}
			}
		}
	}
	return Absence{}, false
}

// other returns the block that a branch goes to where it does not take ed.
func other(ed edge) *ssa.BasicBlock {
	if ed.from.Succs[0] == ed.to {
		return ed.from.Succs[1]
	}
	return ed.from.Succs[0]
}

// inScope reports whether what ret hands out is the caller's scope.
func (e *engine) inScope(ret *ssa.Return, s models.Source) bool {
	return scopeDims(e.settle(e.ev(ret.Results[s.Place.Index], "", ret), ret))&s.Dims != 0
}

// next returns the return that control comes to from a block without any
// decision but whether there is an error, nil if there is none.
func (e *engine) next(b *ssa.BasicBlock, idx int) *ssa.Return {
	for range 16 {
		switch last := b.Instrs[len(b.Instrs)-1].(type) {
		case *ssa.Return:
			return last
		case *ssa.Jump:
			b = b.Succs[0]
		case *ssa.If:
			cmp, ok := last.Cond.(*ssa.BinOp)
			if !ok || !isError(cmp.X.Type()) {
				return nil
			}
			n := 0 // err == nil: go on where it is
			if cmp.Op == token.NEQ {
				n = 1
			}
			b = b.Succs[n]
		default:
			return nil
		}
	}
	return nil
}

// Unfilled returns the calls with an operand that the policy wants to be filled,
// and that may be empty.
func (r *Result) Unfilled() []Absence {
	e := r.e
	var out []Absence
	for _, fn := range e.funcs {
		e.instrs(fn, func(in ssa.Instruction) {
			call, ok := in.(ssa.CallInstruction)
			if !ok {
				return
			}
			m := e.index.Func(callee(call.Common()))
			if m == nil {
				return
			}
			for _, p := range m.Filled {
				v := argument(call.Common(), placeNumber(p))
				if v == nil || !e.mayBeEmpty(v, pathOf(p.Path), call, 0) {
					continue
				}
				out = append(out, Absence{Owner: fn, Pos: call.Pos(), Name: calleeName(call.Common()), What: e.operandName(v, pathOf(p.Path), call)})
			}
		})
	}
	return out
}

func (e *engine) operandName(v ssa.Value, path Path, at ssa.Instruction) string {
	val := e.ev(v, path, at)
	if name := parts(val, ""); name != "" {
		return name
	}
	return "an argument"
}

// mayBeEmpty reports whether v may hold nothing at path when at runs.
func (e *engine) mayBeEmpty(v ssa.Value, path Path, at ssa.Instruction, depth int) bool {
	val := e.settle(e.ev(v, path, at), at)
	for i := range val.Alts {
		alt := &val.Alts[i]
		if alt.empty() {
			return true
		}
		for _, x := range thingsIn(alt) {
			if !e.filledBefore(x, at) && !e.filledByCallers(x, at, depth) {
				return true
			}
		}
	}
	return false
}

// filledBefore reports whether at runs only where x was found to be there.
func (e *engine) filledBefore(x Atom, at ssa.Instruction) bool {
	for range 8 {
		if at == nil || at.Block() == nil {
			return false
		}
		var present []edge
		for _, ed := range e.absentEdges(x, at.Parent()) {
			present = append(present, edge{ed.from, other(ed)})
		}
		if len(present) > 0 && !reaches(at.Parent().Blocks[0], at.Block(), present) {
			return true
		}
		mc := e.closures[at.Parent()]
		if mc == nil {
			return false
		}
		at = mc
	}
	return false
}

// filledByCallers reports whether x, a parameter of the function of at, is
// checked by all of its callers, and no others can be.
func (e *engine) filledByCallers(x Atom, at ssa.Instruction, depth int) bool {
	fn := at.Parent()
	if x.Kind != Param || depth > 3 || fn.Parent() != nil || e.open(fn) || len(e.callers[fn]) == 0 {
		return false
	}
	for _, s := range e.callers[fn] {
		v := argument(s.call.Common(), x.Root)
		if v == nil || e.mayBeEmpty(v, x.Path, s.call, depth+1) {
			return false
		}
	}
	return true
}

// Optionals returns the checks that are skipped where the scope that they compare
// with is empty, or where there is no guard to ask.
func (r *Result) Optionals() []Absence {
	e := r.e
	var out []Absence
	for _, fn := range e.funcs {
		e.instrs(fn, func(in ssa.Instruction) {
			branch, ok := in.(*ssa.If)
			if !ok {
				return
			}
			v, skip := emptiness(branch)
			if v == nil {
				return
			}
			for _, c := range e.checksOn(branch.Parent()) {
				_, guard := c.at.(*ssa.Call)
				if !guard && pointsOn(v.Type()) {
					continue // nil says that nothing is narrowed further
				}
				if c.dims != 0 && e.sameOperand(c.by, v) && onlyBy(skip.from, other(skip), c.at) && comesTo(c.good, skip.to) {
					out = append(out, Absence{Owner: fn, Pos: branch.Cond.Pos(), Name: c.name, Dims: c.dims, Other: c.at.Pos(), What: e.nameOf(v, branch)})
					return
				}
			}
		})
	}
	return out
}

// askedFor reports whether at runs only where v was found to be there.
func (e *engine) askedFor(v ssa.Value, at ssa.Instruction) bool {
	for _, b := range at.Parent().Blocks {
		branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		if x, skip := emptiness(branch); x != nil && e.sameOperand(x, v) && onlyBy(b, other(skip), at) {
			return true
		}
	}
	return false
}

// emptiness returns the value that a branch asks for whether it is there, and
// the edge that is taken if it is not.
func emptiness(branch *ssa.If) (ssa.Value, edge) {
	cmp, ok := branch.Cond.(*ssa.BinOp)
	if !ok || cmp.Op != token.EQL && cmp.Op != token.NEQ || isZero(cmp.X) == isZero(cmp.Y) || isError(cmp.X.Type()) {
		return nil, edge{}
	}
	v := cmp.X
	if isZero(v) {
		v = cmp.Y
	}
	n := 0
	if cmp.Op == token.NEQ {
		n = 1
	}
	return v, edge{branch.Block(), branch.Block().Succs[n]}
}

// A check is a comparison with the scope, or a call of a guard.
type check struct {
	at   ssa.Instruction
	by   ssa.Value // the scope that it compares with, or what is asked
	dims models.Dims
	name string
	good []edge
}

// checksOn returns the comparisons with the caller's tenant and environment in fn,
// and the calls of guards there.
func (e *engine) checksOn(fn *ssa.Function) []check {
	var out []check
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.BinOp:
				if (in.Op != token.EQL && in.Op != token.NEQ) || isConst(in.X) || isConst(in.Y) || !mayCarry(in.X.Type()) {
					continue
				}
				for _, side := range [][2]ssa.Value{{in.X, in.Y}, {in.Y, in.X}} {
					// Of two scopes that are compared, either may be left out, and so may
					// one of two values that are both looked at.
					if d := e.callersDims(side[0], b); d != 0 && e.callersDims(side[1], b) == 0 && !e.askedFor(side[1], in) {
						out = append(out, check{in, side[0], d, "the comparison with the " + d.And(), e.goodEdges(in, in.Op == token.EQL, map[ssa.Value]bool{})})
					}
				}
			case *ssa.Call:
				m := e.index.Func(callee(in.Common()))
				recv, says := argument(in.Common(), Receiver), e.verdictOf(in)
				if m == nil || len(m.Guards) == 0 || !hasReceiver(in.Common()) || recv == nil || says == nil {
					continue
				}
				out = append(out, check{in, recv, m.Guards[0].Dims, calleeName(in.Common()), e.goodEdges(says, true, map[ssa.Value]bool{})})
			}
		}
	}
	return out
}

// sameOperand reports whether two values of one function are the same: one
// value, one field of one thing, or the same scope.
func (e *engine) sameOperand(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	ra, pa := e.root(a)
	rb, pb := e.root(b)
	if ra == rb && pa == pb && pa != "" {
		return true
	}
	va, vb := e.ev(a, "", nil), e.ev(b, "", nil)
	return scopeDims(va) != 0 && equal(va, vb)
}

// comesTo reports whether one of the edges leads to block, at once or by a block
// that does nothing but lead there.
func comesTo(edges []edge, block *ssa.BasicBlock) bool {
	return slices.ContainsFunc(edges, func(ed edge) bool {
		return ed.to == block || len(ed.to.Instrs) == 1 && len(ed.to.Succs) == 1 && ed.to.Succs[0] == block
	})
}
