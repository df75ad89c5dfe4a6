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

// Binding: a statement may find its rows by an identifier alone, if that
// identifier is the caller's. It is, if it was taken from a row that was found
// within the caller's scope; if a check that came out well was about it, or
// about the row that it names, on every way there; or, for a row that was read,
// if such a check stands between the reading and every use.

// An edge is a way from one block to another that is taken only if a check
// came out well.
type edge struct{ from, to *ssa.BasicBlock }

// An event is a check in a function.
type event struct {
	about []Atom      // what is the caller's if it came out well
	by    *Atom       // the parameter that has to be the caller's tenant for that; nil: it is so
	dims  models.Dims // in which dimensions
	as    models.Dims // what by has to be of the caller's: the tenant, or the user of a membership
	edges []edge
	vals  []ssa.Value // the values that it is about, where they may be made in several ways
	says  []ssa.Value // the errors or bools that say how it came out
	bad   bool        // of a bool: true says that it came out badly
}

// A Vouch is what a function that came out well says of a parameter: it is the
// caller's, or names a row of the caller's.
type Vouch struct {
	Param int
	Path  Path
	Dims  models.Dims
	// By, if its Kind is Param, is the parameter that must be the caller's for
	// that, in the dimensions As.
	By Atom
	As models.Dims
}

// identified judges a statement by the identifiers that its rows are found by;
// false if it is not found by any.
func (e *engine) identified(a *Access, need models.Dims) (Status, bool) {
	if a.Op == models.Insert && a.Ref == "" || a.ID.bottom() {
		return Status{}, false
	}
	st := Status{Need: need, ByID: true}
	named := true
	for i := range a.ID.Alts {
		c, cause, ok := e.idClass(a, &a.ID.Alts[i], need)
		named = named && ok
		if st.Cause == nil || c > st.Class {
			st.Cause = cause
		}
		st.Class = max(st.Class, c)
	}
	if !named {
		return Status{}, false
	}
	if st.Class < Pending {
		return st, true
	}
	if ids := things(a.ID); len(ids) == 1 {
		if yes, by := e.vouchedBy(ids[0], need, a.Instr); yes {
			st.Class, st.By = Pending, by // nil was seen above
			return st, true
		}
	}
	switch proven, returned, by := e.comparedLater(a, need); {
	case proven && by == nil:
		st.Class = Proven
	case proven:
		st.Class, st.By = Pending, by
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
			if p.Dims&need != 0 && !p.Unchecked {
				better(Proven, p)
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
		if found = e.vouchedFlow(o.v, o.path, x, need, a.Instr, 0); !found {
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

// vouchedFlow reports whether x, a part of v at path, was checked at at or
// wherever it was put there.
func (e *engine) vouchedFlow(v ssa.Value, path Path, x Atom, need models.Dims, at ssa.Instruction, depth int) bool {
	if at != nil && (e.vouched(x, need, at) || path == "" && e.vouchedValue(v, need, at)) {
		return true
	}
	if depth > 12 {
		return false
	}
	each := func(v ssa.Value, path Path, at ssa.Instruction) (holds, ok bool) {
		if !e.holds(v, path, x, at) {
			return false, true
		}
		return true, e.vouchedFlow(v, path, x, need, at, depth+1)
	}
	found := false
	switch v := v.(type) {
	case *ssa.Phi:
		for i, edge := range v.Edges {
			pred := v.Block().Preds[i]
			held, ok := each(edge, path, pred.Instrs[len(pred.Instrs)-1])
			if !ok {
				return false
			}
			found = found || held
		}
		return found
	case *ssa.Call:
		for _, arg := range callArgs(v.Common()) {
			held, ok := each(arg, "", v)
			if !ok {
				return false
			}
			found = found || held
		}
		return found
	case *ssa.Extract:
		return e.vouchedFlow(v.Tuple, path, x, need, at, depth+1)
	case *ssa.MakeInterface:
		return e.vouchedFlow(v.X, path, x, need, at, depth+1)
	case *ssa.ChangeType:
		return e.vouchedFlow(v.X, path, x, need, at, depth+1)
	case *ssa.Convert:
		return e.vouchedFlow(v.X, path, x, need, at, depth+1)
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
		return false
	}
	full := prefix + path
	for _, w := range e.writesTo(alloc) {
		st, ok := w.instr.(*ssa.Store)
		if !ok || w.mode != setTo {
			continue
		}
		rest, ok := strings.CutPrefix(string(full), string(w.sub))
		if !ok {
			continue
		}
		held, ok := each(st.Val, Path(rest), st)
		if !ok {
			return false
		}
		found = found || held
	}
	return found
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

// vouchedBy is vouched, for checks against a parameter too, which it returns.
func (e *engine) vouchedBy(x Atom, need models.Dims, at ssa.Instruction) (yes bool, by *Atom) {
	for range 8 {
		if at == nil || at.Block() == nil {
			return false, nil
		}
		var cuts, conditional []edge
		for _, ev := range e.events(at.Parent()) {
			if ev.dims&need == 0 || !slices.ContainsFunc(ev.about, func(y Atom) bool { return sameThing(x, y) }) {
				continue
			}
			switch {
			case ev.by == nil:
				cuts = append(cuts, ev.edges...)
			case ev.as != ev.dims:
				// On a membership: who calls knows whose.
			case by == nil || by.key() == ev.by.key():
				by = ev.by
				conditional = append(conditional, ev.edges...)
			}
		}
		entry := at.Parent().Blocks[0]
		if x.Kind == Record {
			// What leads past the reading has no row to check.
			if c := e.callAt(at.Parent(), x.Pos); c != nil && c.Block() != at.Block() {
				entry = c.Block()
			}
		}
		if len(cuts)+len(conditional) > 0 {
			absent := e.absentEdges(x, at.Parent())
			cuts, conditional = append(cuts, absent...), append(conditional, absent...)
		}
		if len(cuts) > 0 && !reaches(entry, at.Block(), cuts) {
			return true, nil
		}
		if by != nil && !reaches(entry, at.Block(), append(cuts, conditional...)) {
			return true, by
		}
		by = nil
		mc := e.closures[at.Parent()]
		if mc == nil {
			return false, nil
		}
		at = mc
	}
	return false, nil
}

// absentEdges returns the edges of fn that are taken only if x is not there:
// nil, empty, or not valid.
func (e *engine) absentEdges(x Atom, fn *ssa.Function) []edge {
	var out []edge
	is := func(v ssa.Value, at ssa.Instruction) bool {
		t := things(e.ev(v, "", at))
		return len(t) == 1 && sameThing(t[0], x) && t[0].Text == x.Text
	}
	for _, b := range fn.Blocks {
		branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		switch c := branch.Cond.(type) {
		case *ssa.BinOp:
			if c.Op != token.EQL && c.Op != token.NEQ {
				continue
			}
			v, k := c.X, c.Y
			if _, ok := v.(*ssa.Const); ok {
				v, k = k, v
			}
			if !isZero(k) || !is(v, c) {
				continue
			}
			if c.Op == token.EQL {
				out = append(out, edge{b, b.Succs[0]})
			} else {
				out = append(out, edge{b, b.Succs[1]})
			}
		case *ssa.UnOp, *ssa.Field:
			// if id.Valid
			if e.validity(c) && is(c, branch) {
				out = append(out, edge{b, b.Succs[1]})
			}
		}
	}
	return out
}

// validity reports whether v is the word of a wrapped value on whether it is there.
func (e *engine) validity(v ssa.Value) bool {
	var t types.Type
	switch v := v.(type) {
	case *ssa.Field:
		t = v.X.Type()
	case *ssa.UnOp:
		if fa, ok := v.X.(*ssa.FieldAddr); ok {
			t = fa.X.Type().Underlying().(*types.Pointer).Elem()
		}
	}
	if t == nil {
		return false
	}
	m := e.index.Type(t)
	return m != nil && m.Wraps
}

// isZero reports whether v is the constant nil, "" or 0.
func isZero(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	if !ok {
		return false
	}
	switch {
	case c.Value == nil:
		return true
	case c.Value.Kind() == constant.String:
		return constant.StringVal(c.Value) == ""
	}
	return c.Value.Kind() == constant.Int && constant.Sign(c.Value) == 0
}

// sameThing reports whether x is what a check was about.
func sameThing(x, y Atom) bool {
	if x.Kind != y.Kind {
		return false
	}
	switch x.Kind {
	case Record:
		return x.Pos.IsValid() && x.Pos == y.Pos
	case Param:
		return x.Root == y.Root && x.Path == y.Path
	case Request:
		return x.Text != "" && x.Text == y.Text
	}
	return false
}

// reaches reports whether control can get from one block to another past all
// of the edges.
func reaches(from, to *ssa.BasicBlock, cuts []edge) bool {
	seen := make([]bool, len(from.Parent().Blocks))
	work := []*ssa.BasicBlock{from}
	seen[from.Index] = true
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if b == to {
			return true
		}
		for _, s := range b.Succs {
			if !seen[s.Index] && !slices.Contains(cuts, edge{b, s}) {
				seen[s.Index] = true
				work = append(work, s)
			}
		}
	}
	return false
}

// events returns the checks in fn, not those in its literals.
func (e *engine) events(fn *ssa.Function) []event {
	if evs, ok := e.eventsOf[fn]; ok {
		return evs
	}
	if e.eventsOf == nil {
		e.eventsOf = map[*ssa.Function][]event{}
	}
	e.eventsOf[fn] = nil
	var evs []event
	add := func(ev event, says ssa.Value, bad bool) {
		if len(ev.about)+len(ev.vals) == 0 || says == nil {
			return
		}
		ev.says, ev.bad = append(ev.says, says), bad
		ev.edges = append(ev.edges, e.goodEdges(says, !bad, map[ssa.Value]bool{})...)
		e.widen(&ev, fn)
		evs = append(evs, ev)
	}
	var compares []ssa.Value
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.Call:
				e.callEvents(fn, in, add)
				if m := e.index.Func(callee(in.Common())); m != nil && m.Equal && len(in.Call.Args) == 2 {
					compares = append(compares, in)
				}
			case *ssa.BinOp:
				if (in.Op == token.EQL || in.Op == token.NEQ) && !isConst(in.X) && !isConst(in.Y) && mayCarry(in.X.Type()) {
					compares = append(compares, in)
				}
			}
		}
	}
	for _, v := range compares {
		e.compareEvent(v, nil, add)
	}
	// What is equal to a part of a row of the caller's is the caller's, too.
	e.eventsOf[fn] = evs
	if len(evs) > 0 || len(compares) > 0 {
		for _, v := range compares {
			e.compareEvent(v, func(val Value) models.Dims { return e.ownedDims(val, v.(ssa.Instruction)) }, add)
		}
		e.eventsOf[fn] = evs
	}
	return evs
}

// ownedDims returns the dimensions in which v, a part of a row or an
// identifier, is known to be the caller's at at, whichever way it was made.
func (e *engine) ownedDims(v Value, at ssa.Instruction) models.Dims {
	out, found := models.AllDims, false
	for i := range v.Alts {
		alt := &v.Alts[i]
		things := thingsIn(alt)
		if len(things) == 0 && alt.empty() {
			continue
		}
		var have models.Dims
		for k := range alt.Parts {
			if p := &alt.Parts[k]; p.Kind == Scope && !p.Selected && !p.Unchecked {
				have |= p.Dims
			}
		}
		if have != 0 {
			out &= have
			found = true
			continue
		}
		if len(things) != 1 {
			return 0
		}
		found = true
		for k := range alt.Parts {
			if p := &alt.Parts[k]; things[0].Kind == Record && p.Selected && p.Kind == Scope && !p.Unchecked {
				have |= p.Dims
			}
		}
		for _, d := range models.AllDims.Each() {
			if have&d == 0 && e.vouched(things[0], d, at) {
				have |= d
			}
		}
		out &= have
	}
	if !found {
		return 0
	}
	return out
}

// empty reports whether alt is the zero value.
func (alt *Alt) empty() bool {
	return len(alt.Parts) == 0 || len(alt.Parts) == 1 && alt.Parts[0].Kind == Constant && alt.Parts[0].Text == ""
}

// compareEvent adds what a comparison says: with owned nil, of what is compared
// with the scope or a parameter; otherwise of what is compared with a row that
// is the caller's.
func (e *engine) compareEvent(v ssa.Value, owned func(Value) models.Dims, add func(event, ssa.Value, bool)) {
	var x, y ssa.Value
	bad := false
	switch v := v.(type) {
	case *ssa.BinOp:
		x, y, bad = v.X, v.Y, v.Op == token.NEQ
	case *ssa.Call:
		x, y = v.Call.Args[0], v.Call.Args[1]
	}
	at := v.(ssa.Instruction)
	vx, vy := e.settle(e.whole(x, at), at), e.settle(e.whole(y, at), at)
	for _, side := range [][2]Value{{vx, vy}, {vy, vx}} {
		about := things(side[0])
		if len(about) != 1 || len(side[1].Alts) == 0 {
			continue
		}
		owners := things(side[1])
		if owned != nil {
			if d := owned(side[1]); d != 0 && (len(owners) != 1 || !sameThing(about[0], owners[0])) {
				add(event{about: about, dims: d}, v, bad)
			}
			continue
		}
		if d := scopeDims(side[1]); d != 0 {
			if about[0].Kind == Record {
				d &= about[0].Claim
			}
			if d != 0 {
				add(event{about: about, dims: d}, v, bad)
			}
			continue
		}
		if len(owners) == 1 && owners[0].Kind == Param && about[0].Claim != 0 {
			by := owners[0]
			add(event{about: about, by: &by, dims: about[0].Claim, as: about[0].Claim}, v, bad)
		}
	}
}

// scopeDims returns the dimensions that v carries on every path.
func scopeDims(v Value) models.Dims {
	if v.bottom() {
		return 0
	}
	out := models.AllDims
	for i := range v.Alts {
		var d models.Dims
		for k := range v.Alts[i].Parts {
			if p := &v.Alts[i].Parts[k]; p.Kind == Scope && !p.Selected && !p.Unchecked || p.Kind == Param && !p.Selected {
				d |= p.Dims
			}
		}
		out &= d
	}
	return out
}

// inheritedDims returns the dimensions that v carries on every path because it is
// the column for them of a row that was found in scope.
func inheritedDims(v Value) models.Dims {
	if v.bottom() {
		return 0
	}
	out := models.AllDims
	for i := range v.Alts {
		var claim, by models.Dims
		for k := range v.Alts[i].Parts {
			switch p := &v.Alts[i].Parts[k]; {
			case p.Kind == Record && !p.Selected:
				claim |= p.Claim
			case p.Kind == Scope && p.Selected && !p.Unchecked:
				by |= p.Dims
			}
		}
		out &= claim & by
	}
	return out
}

// things returns the parts of v that a check may be about: parameters, data of
// the request, records. It returns nil if there are several ways to make v; that
// it may be empty does not count.
func things(v Value) []Atom {
	ways := waysOf(v)
	if len(ways) != 1 {
		return nil
	}
	return ways[0]
}

// waysOf returns the things in v for each way to make it.
func waysOf(v Value) [][]Atom {
	var out [][]Atom
	for i := range v.Alts {
		if alt := &v.Alts[i]; !alt.empty() {
			out = append(out, thingsIn(alt))
		}
	}
	return out
}

func thingsIn(alt *Alt) []Atom {
	var out []Atom
	for _, p := range alt.Parts {
		if p.Selected || p.Ctx {
			continue
		}
		switch p.Kind {
		case Param, Request, Record:
			if !slices.ContainsFunc(out, func(q Atom) bool { return sameThing(p, q) }) {
				out = append(out, p)
			}
		}
	}
	return out
}

// callEvents adds what a call says of its operands if it comes out well: that
// a guard passed, that a row was found in the caller's scope, or what is known
// of the function called.
func (e *engine) callEvents(fn *ssa.Function, call *ssa.Call, add func(event, ssa.Value, bool)) {
	common := call.Common()
	callee := callee(common)
	says := e.verdictOf(call)
	if says == nil {
		return
	}
	m := e.rowsFor(callee, common)
	if m != nil {
		for _, g := range m.Guards {
			val := e.settle(e.keyPlace(g.Place, common, call), call)
			add(event{about: e.common(waysOf(val), fn), dims: g.Dims}, says, false)
		}
	}
	for _, a := range e.accessesAt(call) {
		if a.Op != models.Read || a.ID.bottom() || !oneRow(call) || a.Row != nil && (a.Row.Model || len(a.Row.Table) > 0) && !a.Row.Finds {
			continue
		}
		about := things(a.ID)
		for _, col := range a.Columns {
			if col.Need != models.User {
				// The caller's own row in a tenant: a member of it.
				member := event{about: e.common(waysOf(col.Value), fn), dims: col.Need}
				if e.ownRow(a) {
					add(member, says, false)
				} else if by := things(a.User); len(by) == 1 && by[0].Kind == Param {
					member.by, member.as = &by[0], models.User
					add(member, says, false)
				}
			}
			if d := scopeDims(col.Value) | inheritedDims(col.Value); d&col.Need != 0 {
				add(event{about: about, dims: col.Need}, says, false)
			} else if by := things(col.Value); len(by) == 1 && by[0].Kind == Param {
				add(event{about: about, by: &by[0], dims: col.Need, as: col.Need}, says, false)
			}
		}
	}
	if m != nil {
		return
	}
	var vouches []Vouch
	for i, b := range e.bodies(common) {
		vs := e.vouches(b)
		if i > 0 {
			vs = slices.DeleteFunc(slices.Clone(vs), func(v Vouch) bool { return !slices.ContainsFunc(vouches, v.same) })
		}
		vouches = vs
	}
	if s := e.fact(callee); s != nil {
		vouches = s.Vouches
	}
	for _, v := range vouches {
		arg := argument(common, v.Param)
		if arg == nil {
			continue
		}
		about := e.common(waysOf(e.settle(e.ev(arg, v.Path, call), call)), fn)
		vals := e.stored(arg, v.Path)
		if v.By.Kind != Param {
			add(event{about: about, vals: vals, dims: v.Dims}, says, false)
			continue
		}
		byArg := argument(common, v.By.Root)
		if byArg == nil {
			continue
		}
		val := e.settle(e.ev(byArg, v.By.Path, call), call)
		if (scopeDims(val)|inheritedDims(val))&v.As != 0 {
			add(event{about: about, vals: vals, dims: v.Dims}, says, false)
		} else if by := things(val); len(by) == 1 && by[0].Kind == Param {
			add(event{about: about, by: &by[0], dims: v.Dims, as: v.As}, says, false)
		}
	}
}

// ownRow reports whether a statement is about rows of the calling user's.
func (e *engine) ownRow(a *Access) bool { return scopeDims(a.User)&models.User != 0 }

// stored returns the value that lies at path of v, where it was put there once.
func (e *engine) stored(v ssa.Value, path Path) []ssa.Value {
	if path == "" {
		return []ssa.Value{v}
	}
	base, prefix := e.root(v)
	alloc, ok := base.(*ssa.Alloc)
	if !ok {
		return nil
	}
	var out []ssa.Value
	for _, w := range e.writesTo(alloc) {
		st, ok := w.instr.(*ssa.Store)
		if !ok || !overlaps(w.sub, prefix+path) {
			continue
		}
		if len(out) > 0 || w.sub != prefix+path {
			return nil
		}
		out = append(out, st.Val)
	}
	return out
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

// oneRow reports whether a call fails if it finds nothing: it returns one row,
// or says whether there is one.
func oneRow(call *ssa.Call) bool {
	res := call.Common().Signature().Results()
	if res.Len() == 0 || manyRows(call) {
		return false
	}
	b, ok := res.At(0).Type().Underlying().(*types.Basic)
	return !ok || b.Info()&types.IsBoolean != 0
}

// manyRows reports whether a call returns a list, of which each may be another's.
func manyRows(call *ssa.Call) bool {
	res := call.Common().Signature().Results()
	if res.Len() == 0 {
		return false
	}
	switch res.At(0).Type().Underlying().(type) {
	case *types.Slice, *types.Map:
		return true
	}
	return false
}

// verdictOf returns what says how a call came out: its last result, an error or
// a bool, or its first if that is a bool, or what is asked of its only result.
func (e *engine) verdictOf(call *ssa.Call) ssa.Value {
	res := call.Common().Signature().Results()
	switch {
	case res.Len() == 0:
		return nil
	case res.Len() == 1 && isBoolOrError(res.At(0).Type()):
		return call
	case res.Len() == 1:
		for _, ref := range *call.Referrers() {
			c, ok := ref.(*ssa.Call)
			if ok && argument(c.Common(), Receiver) == call && hasReceiver(c.Common()) && isError(c.Type()) {
				return c
			}
			// Or its error is a field of it.
			if f, ok := ref.(*ssa.FieldAddr); ok {
				for _, use := range *f.Referrers() {
					if load, ok := use.(*ssa.UnOp); ok && load.Op == token.MUL && isError(load.Type()) {
						return load
					}
				}
			}
		}
		return nil
	}
	if isBoolOrError(res.At(0).Type()) && !isError(res.At(0).Type()) {
		for _, ref := range *call.Referrers() {
			if x, ok := ref.(*ssa.Extract); ok && x.Index == 0 {
				return x
			}
		}
	}
	if !isBoolOrError(res.At(res.Len() - 1).Type()) {
		return nil
	}
	return lastResult(call)
}

// goodEdges returns the edges that are taken only if v came out well: an error
// that is nil, a bool that is want.
func (e *engine) goodEdges(v ssa.Value, want bool, seen map[ssa.Value]bool) []edge {
	if seen[v] || v.Referrers() == nil {
		return nil
	}
	seen[v] = true
	var out []edge
	for _, ref := range *v.Referrers() {
		switch r := ref.(type) {
		case *ssa.If:
			n := 0
			if !want {
				n = 1
			}
			if r.Block().Succs[0] != r.Block().Succs[1] {
				out = append(out, edge{r.Block(), r.Block().Succs[n]})
			}
		case *ssa.UnOp:
			if r.Op == token.NOT {
				out = append(out, e.goodEdges(r, !want, seen)...)
			}
		case *ssa.BinOp:
			switch {
			case r.Op != token.EQL && r.Op != token.NEQ:
			case isError(v.Type()) && (isNil(r.X) || isNil(r.Y)):
				out = append(out, e.goodEdges(r, r.Op == token.EQL, seen)...)
			}
		case *ssa.Phi:
			// a && b is false or b; a || b is true or b. Errors that meet say
			// something of this one only where it was made on every way.
			if isError(v.Type()) {
				def, ok := v.(ssa.Instruction)
				if ok && e.dominates(def, r) {
					out = append(out, e.goodEdges(r, want, seen)...)
				}
				continue
			}
			all := true
			for _, edge := range r.Edges {
				all = all && (edge == v || isBool(edge, !want))
			}
			if all {
				out = append(out, e.goodEdges(r, want, seen)...)
			}
		case *ssa.Store:
			// A variable that a literal sees, too: what is loaded right after.
			for _, ref := range *addrRefs(r.Addr) {
				if load, ok := ref.(*ssa.UnOp); ok && load.Op == token.MUL && load.Parent() == r.Parent() && e.dominates(r, load) {
					out = append(out, e.goodEdges(load, want, seen)...)
				}
			}
		}
	}
	return out
}

func isConst(v ssa.Value) bool {
	_, ok := v.(*ssa.Const)
	return ok
}

func isBool(v ssa.Value, want bool) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value != nil && c.Value.Kind() == constant.Bool && constant.BoolVal(c.Value) == want
}

func addrRefs(v ssa.Value) *[]ssa.Instruction {
	if refs := v.Referrers(); refs != nil {
		return refs
	}
	return new([]ssa.Instruction)
}

// common returns what a check is about whichever way its operand was made: with
// several ways, what all of them come from. Of what the request says in one
// place or another the check is taken to be about both: it is one value to who
// wrote that.
func (e *engine) common(ways [][]Atom, fn *ssa.Function) []Atom {
	ways = slices.DeleteFunc(slices.Clone(ways), func(way []Atom) bool { return len(way) == 0 })
	if len(ways) == 1 {
		return ways[0]
	}
	var out []Atom
	sent := true
	for _, way := range ways {
		out = append(out, way...)
		sent = sent && !slices.ContainsFunc(way, func(a Atom) bool { return a.Kind != Request })
	}
	if sent {
		return out
	}
	out = nil
	for i, way := range ways {
		ev := event{about: way}
		e.widen(&ev, fn)
		if i == 0 {
			out = ev.about
			continue
		}
		out = slices.DeleteFunc(slices.Clone(out), func(x Atom) bool {
			return !slices.ContainsFunc(ev.about, func(y Atom) bool { return sameThing(x, y) })
		})
	}
	return out
}

// widen adds to what an event is about what names the rows that it is about:
// the identifiers that they were found by.
func (e *engine) widen(ev *event, fn *ssa.Function) {
	for i := 0; i < len(ev.about) && len(ev.about) < 8; i++ {
		a := ev.about[i]
		if a.Kind != Record {
			continue
		}
		call := e.callAt(fn, a.Pos)
		if call == nil || manyRows(call) {
			continue
		}
		for _, acc := range e.accessesAt(call) {
			if acc.ID.bottom() {
				continue
			}
			for _, t := range things(acc.ID) {
				if !slices.ContainsFunc(ev.about, func(q Atom) bool { return sameThing(t, q) }) {
					ev.about = append(ev.about, t)
				}
			}
		}
	}
}

// callAt returns the call at a position of fn.
func (e *engine) callAt(fn *ssa.Function, pos token.Pos) *ssa.Call {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if c, ok := in.(*ssa.Call); ok && c.Pos() == pos && pos.IsValid() {
				return c
			}
		}
	}
	return nil
}

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

// vouches returns what fn says of its parameters if it comes out well.
func (e *engine) vouches(fn *ssa.Function) []Vouch {
	if out, ok := e.vouchesOf[fn]; ok {
		return out
	}
	if e.vouchesOf == nil {
		e.vouchesOf = map[*ssa.Function][]Vouch{}
	}
	e.vouchesOf[fn] = nil
	res := fn.Signature.Results()
	if res.Len() == 0 || !isBoolOrError(res.At(res.Len()-1).Type()) {
		return nil
	}
	var out []Vouch
	for _, ev := range e.events(fn) {
		for _, a := range ev.about {
			if a.Kind != Param || a.Root >= literalParam {
				continue
			}
			v := Vouch{Param: a.Root, Path: a.Path, Dims: ev.dims}
			if ev.by != nil {
				v.By, v.As = Atom{Kind: Param, Root: ev.by.Root, Path: ev.by.Path}, ev.as
			}
			if len(out) < 12 && !slices.ContainsFunc(out, func(w Vouch) bool { return w.same(v) }) && e.vouchesFor(fn, a, v) {
				out = append(out, v)
			}
		}
	}
	// A row that was found in scope was found by what the caller asked for.
	for _, row := range e.rows(fn) {
		d := models.AllDims
		for i := range row.By.Alts {
			var have models.Dims
			for _, p := range row.By.Alts[i].Parts {
				if p.Kind == Scope && !p.Unchecked {
					have |= p.Dims
				}
			}
			d &= have
		}
		if d == 0 || row.Index != 0 || isList(res.At(0).Type()) {
			continue
		}
		for _, p := range fn.Params {
			if (isString(p.Type()) || e.fixed(p.Type())) && len(*p.Referrers()) > 0 && e.claim(p.Name()) == 0 {
				if v := (Vouch{Param: paramNumber(p), Dims: d}); !slices.ContainsFunc(out, v.same) {
					out = append(out, v)
				}
			}
		}
	}
	e.vouchesOf[fn] = out
	return out
}

func (v Vouch) same(w Vouch) bool {
	return v.Param == w.Param && v.Path == w.Path && v.Dims == w.Dims && v.As == w.As && v.By.key() == w.By.key()
}

// vouchesFor reports whether fn comes out well only where checks of a did.
func (e *engine) vouchesFor(fn *ssa.Function, a Atom, v Vouch) bool {
	var cuts []edge
	says := map[ssa.Value]bool{}
	for _, ev := range e.events(fn) {
		if ev.dims&v.Dims != v.Dims || !slices.ContainsFunc(ev.about, func(y Atom) bool { return sameThing(a, y) }) {
			continue
		}
		if ev.by != nil && (v.By.Kind != Param || ev.by.Root != v.By.Root || ev.by.Path != v.By.Path || ev.as != v.As) {
			continue
		}
		cuts = append(cuts, ev.edges...)
		if !ev.bad {
			for _, s := range ev.says {
				says[s] = true
			}
		}
	}
	if len(cuts) > 0 {
		cuts = append(cuts, e.absentEdges(a, fn)...)
	}
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) == 0 {
			continue
		}
		last := ret.Results[len(ret.Results)-1]
		if e.isFailure(last, ret) || e.failing(ret) || e.tells(last, says, 0) {
			continue
		}
		if reaches(fn.Blocks[0], b, cuts) {
			return false
		}
	}
	return true
}

// tells reports whether v is one of the verdicts, or bad.
func (e *engine) tells(v ssa.Value, says map[ssa.Value]bool, depth int) bool {
	if says[v] {
		return true
	}
	switch v := v.(type) {
	case *ssa.Const:
		return depth > 0 && isBool(v, false)
	case *ssa.BinOp:
		// return err == nil
		return v.Op == token.EQL && (isNil(v.X) && says[v.Y] || isNil(v.Y) && says[v.X])
	case *ssa.Phi:
		for _, edge := range v.Edges {
			if depth > 4 || !e.tells(edge, says, depth+1) {
				return false
			}
		}
		return true
	}
	return false
}

// comparedLater reports whether the row that a reads is compared with the
// caller's scope, or with parameter by, before every use; or, returned, that the
// uses before that are to hand it to the caller.
func (e *engine) comparedLater(a *Access, need models.Dims) (proven, returned bool, by *Atom) {
	call, ok := a.Instr.(*ssa.Call)
	if !ok || a.Op != models.Read || !a.Compared || a.Kept {
		return false, false, nil
	}
	row := Atom{Kind: Record, Pos: call.Pos()}
	ambiguous := false
	safe := func(in ssa.Instruction) bool {
		yes, param := e.vouchedBy(row, need, in)
		if param != nil {
			ambiguous = ambiguous || by != nil && param.key() != by.key()
			by = param
		}
		return yes
	}
	for _, u := range e.uses(call, safe) {
		if ambiguous {
			return false, false, nil
		}
		if ret, ok := u.(*ssa.Return); ok && ret.Parent() == a.Owner {
			returned = true
			continue
		}
		return false, false, nil
	}
	return !returned, returned, by // a row that is not used tells nobody anything
}

// keeps reports whether the function that makes statement a does not hand the
// row to its caller.
func (e *engine) keeps(a *Access) bool {
	call, ok := a.Instr.(*ssa.Call)
	if !ok || a.Op != models.Read || a.Kept {
		return true
	}
	return !slices.ContainsFunc(e.uses(call, func(ssa.Instruction) bool { return false }), func(u ssa.Instruction) bool {
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
					by := *by
					by.Selected = true
					more = append(more, by)
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
func (e *engine) uses(call *ssa.Call, safe func(ssa.Instruction) bool) []ssa.Instruction {
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
				if !e.failing(r) {
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
				if b, ok := r.Call.Value.(*ssa.Builtin); ok {
					if b.Name() == "append" && !safe(r) {
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
		if !pointsOn(x.Type()) {
			continue
		}
		if alloc, ok := e.rootAlloc(x); ok {
			push(alloc)
		}
	}
}

func (e *engine) rootAlloc(v ssa.Value) (*ssa.Alloc, bool) {
	base, _ := e.root(v)
	alloc, ok := base.(*ssa.Alloc)
	return alloc, ok
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
