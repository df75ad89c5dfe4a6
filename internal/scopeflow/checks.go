package scopeflow

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/sqlscope"
)

// Checks are found in the control flow: comparisons, guards, lookups with the
// scope, and calls of functions that do one of these and come out well only then.

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
	// within: by has to name a row of the caller's, since it was found by that, too.
	within bool
	vals   []ssa.Value // the values that it is about, where they may be made in several ways
	says   []ssa.Value // the errors or bools that say how it came out
	bad    bool        // of a bool: true says that it came out badly
}

// A Vouch is what a function that came out well says of a parameter: it is the
// caller's, or names a row of the caller's.
type Vouch struct {
	Param int
	Path  Path
	Dims  models.Dims
	// By, if its Kind is Param, is the parameter that must be the caller's for
	// that, in the dimensions As; Within, that must name a row of the caller's.
	By     Atom
	As     models.Dims
	Within bool
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
			if e.isNothing(v) {
				v, k = k, v
			}
			if !e.isNothing(k) || !is(v, c) {
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
	var calls []*ssa.Call
	var compares []ssa.Value
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.Call:
				calls = append(calls, in)
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
	// What is equal to a part of a row of the caller's is the caller's, too, as is
	// what was found within such a row.
	e.eventsOf[fn] = evs
	for _, call := range calls {
		e.withinEvents(fn, call, add)
	}
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

// blank reports whether alt is the zero value that something holds.
func (alt *Alt) blank() bool {
	held := false
	for i := range alt.Parts {
		switch p := &alt.Parts[i]; {
		case p.Selected || p.Ctx:
		case p.Kind != Constant || p.Mixed || p.Text != "":
			return false
		default:
			held = true
		}
	}
	return held
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
		if len(owners) != 1 || owners[0].Kind != Param {
			continue
		}
		switch by := owners[0]; {
		case about[0].Claim != 0:
			add(event{about: about, by: &by, dims: about[0].Claim, as: about[0].Claim}, v, bad)
		case by.Dims == 0 && by.Claim == 0 && e.refers(about[0], at.Parent()):
			add(event{about: about, by: &by, dims: models.AllDims, as: models.AllDims, within: true}, v, bad)
		}
	}
}

// refers reports whether a part of a row that fn read is a foreign key.
func (e *engine) refers(part Atom, fn *ssa.Function) bool {
	schema := e.policy.Schema()
	if part.Kind != Record || schema == nil {
		return false
	}
	call := e.callAt(fn, part.Pos)
	if call == nil {
		return false
	}
	column := models.ColumnName(part.Text[strings.LastIndexByte(part.Text, '.')+1:])
	return slices.ContainsFunc(e.accessesAt(call), func(a *Access) bool {
		return slices.ContainsFunc(schema.ForeignKeys(a.Entity), func(fk sqlscope.ForeignKeyDef) bool {
			return len(fk.Columns) == 1 && models.ColumnName(fk.Columns[0]) == column
		})
	})
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
		if len(v.Alts) > 1 && v.Alts[i].blank() {
			continue // a row that was not found, or has no owner: nobody's
		}
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

// heldTo returns the things in what a statement narrows its rows by. It returns nil
// if on some path nothing does: that a row was found says nothing of them then.
func heldTo(v Value) []Atom {
	if v.unrestricted() {
		return nil
	}
	return things(v)
}

// unrestricted reports whether v, what a statement narrows its rows by, is nothing at
// all in one of the ways to make it, which is more than to be empty.
func (v Value) unrestricted() bool {
	return slices.ContainsFunc(v.Alts, func(alt Alt) bool {
		return !slices.ContainsFunc(alt.Parts, func(p Atom) bool { return !p.Selected && !p.Ctx })
	})
}

// waysOf returns the things in v for each way to make it. A row is the same one
// whatever it was found by.
func waysOf(v Value) [][]Atom {
	var out [][]Atom
	for i := range v.Alts {
		alt := &v.Alts[i]
		if alt.empty() {
			continue
		}
		way := thingsIn(alt)
		if !slices.ContainsFunc(out, func(other []Atom) bool { return slices.EqualFunc(way, other, sameThing) }) {
			out = append(out, way)
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
			if g.Dims == 0 {
				continue // about the caller, not about a value
			}
			val := e.settle(e.keyPlace(g.Place, common, call), call)
			add(event{about: e.common(waysOf(val), fn), dims: g.Dims}, says, false)
		}
	}
	for _, a := range e.accessesAt(call) {
		if !a.finds() || !oneRow(call) {
			continue
		}
		about := heldTo(a.ID)
		for _, col := range a.Columns {
			if col.Need != models.User && !col.Value.unrestricted() {
				// The caller's own row in a tenant: a member of it.
				member := event{about: e.common(waysOf(col.Value), fn), dims: col.Need}
				if e.ownRow(a) {
					add(member, says, false)
				} else if by := heldTo(a.User); len(by) == 1 && by[0].Kind == Param {
					member.by, member.as = &by[0], models.User
					add(member, says, false)
				}
			}
			if d := scopeDims(col.Value) | inheritedDims(col.Value); d&col.Need != 0 {
				add(event{about: about, dims: col.Need}, says, false)
				continue
			}
			for _, by := range heldTo(col.Value) {
				if by.Kind == Param { // each of them restricts the row
					add(event{about: about, by: &by, dims: col.Need, as: col.Need}, says, false)
				}
			}
		}
	}
	if m != nil {
		return
	}
	for _, v := range e.vouchesAt(common) {
		arg := argument(common, v.Param)
		if arg == nil || v.Within {
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

// finds reports whether a statement that is made right here, and finds one row,
// says something of what it was found by. What a function that makes a statement
// says of it is in what it vouches for.
func (a *Access) finds() bool {
	return a.Root == nil && a.Row != nil && a.Op == models.Read && !a.Optional && !a.ID.bottom() && (!a.Row.Model && len(a.Row.Table) == 0 || a.Row.Finds)
}

// vouchesAt returns what a call says of its arguments if it comes out well.
func (e *engine) vouchesAt(common *ssa.CallCommon) []Vouch {
	if s := e.fact(callee(common)); s != nil {
		return s.Vouches
	}
	var out []Vouch
	for i, b := range e.bodies(common) {
		vs := e.vouches(b)
		if i > 0 {
			vs = slices.DeleteFunc(slices.Clone(vs), func(v Vouch) bool { return !slices.ContainsFunc(out, v.same) })
		}
		out = vs
	}
	return out
}

// withinEvents adds what a call says that finds one row by several identifiers:
// if one of them is the caller's, so are the others.
func (e *engine) withinEvents(fn *ssa.Function, call *ssa.Call, add func(event, ssa.Value, bool)) {
	says := e.verdictOf(call)
	if says == nil {
		return
	}
	for _, a := range e.accessesAt(call) {
		about := heldTo(a.ID)
		if !a.finds() || !oneRow(call) || len(about) < 2 || len(about) > 3 {
			continue
		}
		for _, need := range a.Need {
			if c, _, _ := e.idClass(a, &a.ID.Alts[0], need); c == Proven {
				add(event{about: about, dims: need}, says, false)
				continue
			}
			for i, by := range about {
				if by.Kind == Param {
					others := slices.Delete(slices.Clone(about), i, i+1)
					add(event{about: others, by: &by, dims: need, as: need, within: true}, says, false)
				}
			}
		}
	}
	common := call.Common()
	if e.rowsFor(callee(common), common) != nil {
		return
	}
	for _, v := range e.vouchesAt(common) {
		arg, byArg := argument(common, v.Param), argument(common, v.By.Root)
		if !v.Within || arg == nil || byArg == nil {
			continue
		}
		about := e.common(waysOf(e.settle(e.ev(arg, v.Path, call), call)), fn)
		val := e.settle(e.ev(byArg, v.By.Path, call), call)
		if d := e.ownedDims(val, call) & v.As; d != 0 {
			add(event{about: about, dims: v.Dims & d}, says, false)
		} else if by := things(val); len(by) == 1 && by[0].Kind == Param {
			add(event{about: about, by: &by[0], dims: v.Dims, as: v.As, within: true}, says, false)
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
			// A variable that a literal sees, too.
			for _, load := range e.readings(r) {
				out = append(out, e.goodEdges(load, want, seen)...)
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
			if acc.ID.bottom() || acc.Optional {
				continue
			}
			for _, t := range heldTo(acc.ID) {
				if !slices.ContainsFunc(ev.about, func(q Atom) bool { return sameThing(t, q) }) {
					ev.about = append(ev.about, t)
				}
			}
		}
	}
}

// callAt returns the call at a position of fn, nil if there is none.
func (e *engine) callAt(fn *ssa.Function, pos token.Pos) *ssa.Call {
	if c := e.callNamed(pos); c != nil && c.Parent() == fn {
		return c
	}
	return nil
}

// callNamed returns the call of this package at a position, by which records name the
// call that loaded them; nil if there is none.
func (e *engine) callNamed(pos token.Pos) *ssa.Call {
	if e.callsAt == nil {
		e.callsAt = map[token.Pos]*ssa.Call{}
		for _, fn := range e.funcs {
			e.instrs(fn, func(in ssa.Instruction) {
				if c, ok := in.(*ssa.Call); ok && c.Pos().IsValid() && e.callsAt[c.Pos()] == nil {
					e.callsAt[c.Pos()] = c
				}
			})
		}
	}
	return e.callsAt[pos]
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
				v.By, v.As, v.Within = Atom{Kind: Param, Root: ev.by.Root, Path: ev.by.Path}, ev.as, ev.within
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
	return v.Param == w.Param && v.Path == w.Path && v.Dims == w.Dims && v.As == w.As && v.Within == w.Within && v.By.key() == w.By.key()
}

// vouchesFor reports whether fn comes out well only where checks of a did.
func (e *engine) vouchesFor(fn *ssa.Function, a Atom, v Vouch) bool {
	var cuts []edge
	says := map[ssa.Value]bool{}
	for _, ev := range e.events(fn) {
		if ev.dims&v.Dims != v.Dims || !slices.ContainsFunc(ev.about, func(y Atom) bool { return sameThing(a, y) }) {
			continue
		}
		if ev.by != nil && (v.By.Kind != Param || ev.by.Root != v.By.Root || ev.by.Path != v.By.Path || ev.as != v.As || ev.within != v.Within) {
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
		cuts = e.throughLoops(a, fn, append(cuts, e.absentEdges(a, fn)...))
	}
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) == 0 {
			continue
		}
		last := returned(ret, len(ret.Results)-1)
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
	case *ssa.Call:
		// return wrap(err)
		arg := e.failsWith(v)
		return arg != nil && depth < 4 && e.tells(arg, says, depth+1)
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
