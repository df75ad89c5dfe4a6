package scopeflow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// Binding: a statement may find its rows by an identifier alone, if that
// identifier is the caller's. It is, if it was taken from a row that was found
// within the caller's scope; if a check that came out well was about it, or
// about the row that it names, on every way there; or, for a row that was read,
// if such a check stands between the reading and every use.

// identified judges a statement by the identifiers that its rows are found by;
// false if it is not found by any.
func (e *engine) identified(a *Access, need models.Dims) (Status, bool) {
	if a.Op == models.Insert && a.Ref == "" || a.ID.bottom() {
		return Status{}, false
	}
	st := Status{Need: need, ByID: true, Read: true}
	named := true
	for i := range a.ID.Alts {
		alt := &a.ID.Alts[i]
		if a.Exact && alt.blank() {
			// An identifier that is not there finds nothing, and refers to nothing.
			if st.Cause == nil {
				st.Cause = &alt.Parts[0]
			}
			continue
		}
		c, cause, ok := e.idClass(a, alt, need)
		named = named && ok
		if st.Cause == nil || c > st.Class || c == st.Class && cause != nil && cause.Kind == Request && st.Cause.Kind == Scope {
			st.Cause = cause // what the client may send in the place of the caller's own
		}
		st.Class = max(st.Class, c)
		st.Read = st.Read && (c == Proven || c == Unknown && e.judgedRow(cause, need))
	}
	if !named {
		return Status{}, false
	}
	if st.Class < Pending {
		return st, true
	}
	if ids := things(a.ID); len(ids) == 1 {
		if yes, by := e.vouchedBy(ids[0], need, a.Instr); yes {
			st.Class = Proven
			if by != nil {
				st.Class, st.By, st.Within = Pending, &by.param, by.within
			}
			return st, true
		}
	}
	switch proven, returned, by := e.comparedLater(a, need); {
	case proven && by == nil:
		st.Class = Proven
	case proven:
		st.Class, st.By, st.Within = Pending, &by.param, by.within
	case returned && st.Class == Bare:
		st.Class = Pending
	}
	return st, true
}

// idClass judges one alternative of the identifiers; named is false if it
// holds none.
func (e *engine) idClass(a *Access, alt *Alt, need models.Dims) (c Class, cause *Atom, named bool) {
	inScope := alt.has(func(p *Atom) bool { return p.Selected && p.Kind == Scope && p.Dims&need != 0 && !p.Unchecked })
	c = Bare
	better := func(to Class, p *Atom) {
		if to < c || cause == nil {
			c, cause = min(c, to), p
		}
	}
	for i := range alt.Parts {
		p := &alt.Parts[i]
		if p.Ctx || p.Selected {
			continue
		}
		named = true
		switch p.Kind {
		case Unique:
			better(Proven, p)
		case Scope:
			if (p.Dims&need != 0 || a.Members && p.Dims&models.User != 0) && !p.Unchecked {
				better(Proven, p) // who has signed in belongs to the tenant
			} else {
				better(Bare, p)
			}
		case Record:
			switch {
			case inScope || e.vouched(*p, need, a.Instr) || e.vouchedOnTheWay(a, *p, need):
				better(Proven, p)
			case p.Mixed || a.Compared:
				better(Unknown, p)
			default:
				better(Bare, p)
			}
		case Param, Request:
			switch {
			case inScope || e.vouched(*p, need, a.Instr) || e.vouchedOnTheWay(a, *p, need):
				better(Proven, p)
			case p.Kind == Param && (a.Compared && !e.handedScope(a.Owner, need) || !e.open(a.Owner)):
				better(Pending, p)
			default:
				better(Bare, p)
			}
		default:
			if a.Compared {
				better(Unknown, p)
			} else {
				better(Bare, p)
			}
		}
	}
	return c, cause, named
}

// handedScope reports whether fn is handed the scope itself, by a parameter that
// the policy or its type says is: to bind identifiers is then for fn to do.
func (e *engine) handedScope(fn *ssa.Function, need models.Dims) bool {
	for _, p := range fn.Params {
		if m := e.index.Type(p.Type()); m != nil && m.Source&need != 0 {
			return true
		}
		if v, ok := p.Object().(*types.Var); ok && e.index.ParamVar(e.pass.Pkg, v)&need != 0 {
			return true
		}
	}
	return false
}

// An operand is a part of what a call is handed.
type operand struct {
	v    ssa.Value
	path Path
}

// handed returns the operands of a call that v, in terms of the callee's
// parameters, is made of.
func handed(v Value, c *ssa.CallCommon) []operand {
	var out []operand
	for _, alt := range v.Alts {
		for _, p := range alt.Parts {
			if p.Kind != Param || p.Selected || p.Ctx {
				continue
			}
			if arg := argument(c, p.Root); arg != nil && !slices.Contains(out, operand{arg, p.Path}) {
				out = append(out, operand{arg, p.Path})
			}
		}
	}
	return out
}

// vouchedOnTheWay reports whether x was checked wherever it was put into what
// a's call hands on: where a variable was set, or a field.
func (e *engine) vouchedOnTheWay(a *Access, x Atom, need models.Dims) bool {
	found := false
	for _, o := range a.handed {
		if !e.holds(o.v, o.path, x, a.Instr) {
			continue
		}
		if found = (way{e, x, need, map[ssa.Value]bool{}}).vouched(o.v, o.path, a.Instr, 0); !found {
			return false
		}
	}
	return found
}

// holds reports whether x is a part of v at path.
func (e *engine) holds(v ssa.Value, path Path, x Atom, at ssa.Instruction) bool {
	val := e.ev(v, path, at)
	return val.has(func(p *Atom) bool { return !p.Selected && sameThing(*p, x) })
}

// A way follows something that was put into a value back to where that was
// done.
type way struct {
	e    *engine
	x    Atom
	need models.Dims
	open map[ssa.Value]bool // variables that loops set, which are being followed
}

// vouched reports whether x, a part of v at path, was checked at at or
// wherever it was put there.
func (w way) vouched(v ssa.Value, path Path, at ssa.Instruction, depth int) bool {
	e := w.e
	if at != nil && (e.vouched(w.x, w.need, at) || path == "" && e.vouchedValue(v, w.need, at)) {
		return true
	}
	if depth > 12 {
		return false
	}
	switch v := v.(type) {
	case *ssa.Phi:
		if w.open[v] {
			return true
		}
		w.open[v] = true
		defer delete(w.open, v)
		return w.all(len(v.Edges), depth, func(i int) (ssa.Value, Path, ssa.Instruction) {
			pred := v.Block().Preds[i]
			return v.Edges[i], path, pred.Instrs[len(pred.Instrs)-1]
		})
	case *ssa.Call:
		through := Path("")
		if appends(v) {
			through = path // its elements are those of its operands
		}
		args := callArgs(v.Common())
		return w.all(len(args), depth, func(i int) (ssa.Value, Path, ssa.Instruction) { return args[i], through, v })
	case *ssa.Extract:
		return w.vouched(v.Tuple, path, at, depth+1)
	case *ssa.MakeInterface:
		return w.vouched(v.X, path, at, depth+1)
	case *ssa.ChangeType:
		return w.vouched(v.X, path, at, depth+1)
	case *ssa.Convert:
		return w.vouched(v.X, path, at, depth+1)
	}
	base, prefix := e.root(v)
	for fv, ok := base.(*ssa.FreeVar); ok; fv, ok = base.(*ssa.FreeVar) {
		bound, known := e.binding(fv)
		if !known {
			return false
		}
		var more Path
		base, more = e.root(bound)
		prefix = more + prefix
	}
	alloc, ok := base.(*ssa.Alloc)
	if !ok {
		return base != v && isPhi(base) && w.vouched(base, prefix+path, at, depth+1)
	}
	full := prefix + path
	var stores []write
	for _, st := range e.writesTo(alloc) {
		if _, ok := st.instr.(*ssa.Store); ok && st.mode == setTo && overlaps(st.sub, full) {
			stores = append(stores, st)
		}
	}
	return w.all(len(stores), depth, func(i int) (ssa.Value, Path, ssa.Instruction) {
		st := stores[i].instr.(*ssa.Store)
		return st.Val, tail(full, stores[i].sub), st
	})
}

// all reports whether x was checked in each of n values that hold it, and that
// one does.
func (w way) all(n, depth int, value func(int) (ssa.Value, Path, ssa.Instruction)) bool {
	found := false
	for i := range n {
		v, path, at := value(i)
		if !w.e.holds(v, path, w.x, at) {
			continue
		}
		if found = w.vouched(v, path, at, depth+1); !found {
			return false
		}
	}
	return found
}

func isPhi(v ssa.Value) bool {
	_, ok := v.(*ssa.Phi)
	return ok
}

// appends reports whether a call is of the append that is built in.
func appends(c *ssa.Call) bool {
	b, ok := c.Call.Value.(*ssa.Builtin)
	return ok && b.Name() == "append"
}

// vouched reports whether a check that came out well, on every way to at, says
// that x is the caller's.
func (e *engine) vouched(x Atom, need models.Dims, at ssa.Instruction) bool {
	yes, by := e.vouchedBy(x, need, at)
	return yes && by == nil
}

// vouchedPart reports whether a part of a key was checked on every way to at: a
// tenant that the request names and a guard passed for, or what names a record
// of the caller's.
func (e *engine) vouchedPart(alt *Alt, need models.Dims, at ssa.Instruction) bool {
	return alt.has(func(p *Atom) bool {
		return !p.Selected && !p.Ctx && (p.Kind == Request || p.Kind == Param && p.Dims == 0) && e.vouched(*p, need, at)
	})
}

// A condition is a parameter that something was checked against: it is the
// caller's if the parameter is the caller's tenant or, within, if it names a row
// of the caller's.
type condition struct {
	param  Atom
	within bool
	edges  []edge // taken only if the check came out well
}

func (c condition) same(d condition) bool {
	return c.param.key() == d.param.key() && c.within == d.within
}

// vouchedBy is vouched, for checks against a parameter too, which it returns.
func (e *engine) vouchedBy(x Atom, need models.Dims, at ssa.Instruction) (yes bool, by *condition) {
	for at := range e.outward(at) {
		var cuts []edge
		var conditions []condition
		for _, ev := range e.events(at.Parent()) {
			if ev.dims&need == 0 || !slices.ContainsFunc(ev.about, func(y Atom) bool { return sameThing(x, y) }) {
				continue
			}
			switch {
			case ev.by == nil:
				cuts = append(cuts, ev.edges...)
			case ev.as != ev.dims:
				// On a membership: who calls knows whose.
			default:
				c := condition{param: *ev.by, within: ev.within}
				i := slices.IndexFunc(conditions, c.same)
				if i < 0 {
					i = len(conditions)
					conditions = append(conditions, c)
				}
				conditions[i].edges = append(conditions[i].edges, ev.edges...)
			}
		}
		entry := at.Parent().Blocks[0]
		if x.Kind == Record {
			// What leads past the reading has no row to check.
			if c := e.callAt(at.Parent(), x.Pos); c != nil && c.Block() != at.Block() {
				entry = c.Block()
			}
		}
		if len(cuts)+len(conditions) == 0 {
			continue
		}
		absent := e.absentEdges(x, at.Parent())
		passed := func(cuts []edge) bool {
			return len(cuts) > 0 && !reaches(entry, at.Block(), e.throughLoops(x, at.Parent(), append(cuts, absent...)))
		}
		if passed(slices.Clip(cuts)) {
			return true, nil
		}
		for _, within := range []bool{false, true} { // the tenant says more than a row
			for _, c := range conditions {
				if c.within == within && passed(append(slices.Clip(cuts), c.edges...)) {
					return true, &c
				}
			}
		}
	}
	return false, nil
}

// vouchedValue reports whether v itself was checked on every way to at,
// whichever way it was made.
func (e *engine) vouchedValue(v ssa.Value, need models.Dims, at ssa.Instruction) bool {
	if _, ok := v.(*ssa.Const); ok || at.Block() == nil {
		return false
	}
	var cuts []edge
	for _, ev := range e.events(at.Parent()) {
		if ev.dims&need != 0 && ev.by == nil && slices.Contains(ev.vals, v) {
			cuts = append(cuts, ev.edges...)
		}
	}
	return len(cuts) > 0 && !reaches(at.Parent().Blocks[0], at.Block(), cuts)
}

// handsOn reports whether a function returns rows as a call has read them: what is made
// of one that does not say itself whose it is cannot be looked up any more.
func handsOn(ret *ssa.Return, call *ssa.Call) bool {
	read := call.Type()
	if t, ok := read.(*types.Tuple); ok {
		read = t.At(0).Type()
	}
	row := rowsIn(read)
	return slices.ContainsFunc(ret.Results, func(v ssa.Value) bool {
		return types.Identical(v.Type(), read) || row != nil && rowsIn(v.Type()) == row
	})
}

// comparedLater reports whether the row that a reads is compared with the
// caller's scope, or with parameter by, before every use; or, returned, that the
// uses before that are to hand it to the caller.
func (e *engine) comparedLater(a *Access, need models.Dims) (proven, returned bool, by *condition) {
	call, ok := a.Instr.(*ssa.Call)
	if !ok || a.Op != models.Read || !a.Compared || a.Kept {
		return false, false, nil
	}
	rows := []Atom{{Kind: Record, Pos: call.Pos()}}
	ambiguous := false
	safe := func(in ssa.Instruction) bool {
		return slices.ContainsFunc(rows, func(row Atom) bool {
			yes, c := e.vouchedBy(row, need, in)
			if c != nil {
				ambiguous = ambiguous || by != nil && !c.same(*by)
				by = c
			}
			return yes
		})
	}
	again := func(c *ssa.Call) { rows = append(rows, Atom{Kind: Record, Pos: c.Pos()}) }
	for _, u := range e.uses(call, safe, again) {
		if ambiguous {
			return false, false, nil
		}
		if ret, ok := u.(*ssa.Return); ok && ret.Parent() == a.Owner && (!a.Members || handsOn(ret, call)) {
			returned = true
			continue
		}
		return false, false, nil
	}
	return !returned, returned, by // a row that is not used tells nobody anything
}
