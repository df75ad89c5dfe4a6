package scopeflow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// Lookups that are made twice: with the scope, and without it where that failed.

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
						Func: declared(fn), Pos: wide.Pos(), Name: calleeName(wide.Common()), Dims: dims,
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
	if nf, wf := callee(narrow.Common()), callee(wide.Common()); models.Receiver(nf) != models.Receiver(wf) || nf.Pkg() != wf.Pkg() {
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
