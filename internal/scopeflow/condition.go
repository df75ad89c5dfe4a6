package scopeflow

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/sqlscope"
)

// A builder takes a condition in several forms: as text, as a map or a list of
// pairs, as a struct, as a predicate or another query. Whichever it is, it is a
// value that is asked for a column, so that conditions are followed through
// variables, helpers and branches like everything else.

// Steps that ask a query for something else than a column.
const (
	tableStep Path = columnMark       // the table that it is on
	orStep    Path = columnMark + "|" // "or" where an OR stands among its conditions
	namesStep Path = columnMark + "," // the names of the columns that it writes, with commas between
	// something, if it heeds no condition that it is run with
	ignoreStep Path = columnMark + "!"
)

// tableEnd ends what an answer to [tableStep] says, since constants run into
// one another: the full name of a struct, or "=" and the name of a table.
const tableEnd = "\n"

// answers reports whether a column of that name is what a step asks for.
func (e *engine) answers(name string, column Path) bool {
	step := columnStep(name)
	return step == column || column == idStep && models.IsID(name) && !slices.Contains(e.columnNames(), step)
}

// anyMark, before a column's name, asks a list for what any one of its
// elements restricts, where it is otherwise asked for what all of them do.
const anyMark = "~"

// asksColumn reports whether a step asks for what restricts a column.
func asksColumn(step Path) bool {
	return step != tableStep && step != orStep && step != namesStep && step != ignoreStep && !isSession(step) && !asksRows(step)
}

// unqualified returns the last part of a column's or a table's name, without quotes.
func unqualified(name string) string {
	name = name[strings.LastIndexByte(name, '.')+1:]
	return strings.Trim(name, "`\"[] ")
}

// knownText returns the text that v holds at path, false if it is not one that is known.
func (e *engine) knownText(v ssa.Value, path Path, at ssa.Instruction) (string, bool) {
	val := e.ev(v, path, at)
	if len(val.Alts) != 1 || !val.Alts[0].Ordered() {
		return "", false
	}
	return val.Alts[0].constant()
}

// optionSet reports whether the option at a place of a call may be set.
func (e *engine) optionSet(p *models.Place, call ssa.CallInstruction) bool {
	if p == nil {
		return false
	}
	v := argument(call.Common(), placeNumber(*p))
	if v == nil {
		return false
	}
	text, ok := e.knownText(v, pathOf(p.Path), call)
	return !ok || text != ""
}

// conditionParts returns the condition that the places of a row give, and its
// arguments. The condition is nil if the call has none.
func (e *engine) conditionParts(from []models.Place, call ssa.CallInstruction) (ssa.Value, sqlArgs, bool) {
	args := sqlArgs{e: e, at: call, pos: call.Pos()}
	if len(from) == 0 {
		return nil, args, true
	}
	v := argument(call.Common(), placeNumber(from[0]))
	if v == nil || pathOf(from[0].Path) != models.Elem {
		if len(from) > 1 {
			args = e.sqlArgs(&from[1], call.Common(), call)
		}
		return v, args, true
	}
	lists, ok := e.elements(v)
	if !ok || len(lists) != 1 {
		return nil, args, false
	}
	if len(lists[0]) == 0 {
		return nil, args, true
	}
	args.lists = [][]ssa.Value{lists[0][1:]}
	return lists[0][0], args, true
}

// conditionOn returns what a condition, with its arguments, restricts a column to.
func (e *engine) conditionOn(fl *models.Flow, from []models.Place, call ssa.CallInstruction, column Path) Value {
	if assigned, ok := strings.CutPrefix(string(column), string(assignMark)); ok {
		return e.assigning(&models.Flow{From: from}, call, columnMark+Path(assigned))
	}
	if !asksColumn(column) && (column != orStep || !fl.Bare) {
		return unrestricted()
	}
	if column == orStep && e.alternative(fl, call) {
		return constantAtom("or", true, call.Pos())
	}
	cond, args, ok := e.conditionParts(from, call)
	if !ok {
		if column == orStep {
			return unrestricted()
		}
		return e.opaque(call.Pos(), "a condition")
	}
	if cond == nil {
		return unrestricted()
	}
	v := cond
	if mi, ok := v.(*ssa.MakeInterface); ok {
		v = mi.X
	}
	if isString(v.Type()) && !e.saysColumns(v) {
		if column == orStep {
			if e.topOr(v, call) {
				return constantAtom("or", true, call.Pos())
			}
			return unrestricted()
		}
		return e.textCondition(v, args, call, column)
	}
	if column == idStep && isKey(v.Type()) {
		return e.whole(v, call)
	}
	if column == orStep || isKey(v.Type()) {
		return unrestricted()
	}
	if sig, ok := v.Type().Underlying().(*types.Signature); ok && sig.Results().Len() > 0 {
		val, _ := e.application(v, freshQuery, call, column)
		return val
	}
	return e.ev(cond, column, call)
}

// freshQuery is a query that a function is handed to put conditions into.
func freshQuery(Path) Value { return unrestricted() }

// alternative reports whether a condition is put behind an OR, and not an AND.
func (e *engine) alternative(fl *models.Flow, call ssa.CallInstruction) bool {
	if fl.How != models.Condition || fl.Sep == nil {
		return false
	}
	sep, ok := e.knownText(argument(call.Common(), placeNumber(*fl.Sep)), "", call)
	return !ok || !strings.EqualFold(strings.TrimSpace(sep), "and")
}

// opens reports whether a condition is put behind an OR, or holds one outside of
// parentheses.
func (e *engine) opens(fl *models.Flow, call ssa.CallInstruction) bool {
	return e.alternative(fl, call) || fl.Bare && e.isOr(e.conditionOn(fl, fl.From, call, orStep))
}

// isKey reports whether values of t, where a condition is expected, are
// primary keys: numbers, uuids, lists of them.
func isKey(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&types.IsString == 0
	case *types.Array:
		return isKey(u.Elem())
	case *types.Slice:
		b, ok := u.Elem().Underlying().(*types.Basic)
		return ok && b.Info()&types.IsBoolean == 0 || isKey(u.Elem())
	}
	return false
}

// saysColumns reports whether v is the result of a call whose rows say which
// columns it is about, though it is a text.
func (e *engine) saysColumns(v ssa.Value) bool {
	c, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	m := e.rowsFor(callee(c.Common()), c.Common())
	return m != nil && (len(m.Columns) > 0 || slices.ContainsFunc(m.Flows, func(fl models.Flow) bool { return restricts(fl.How) }))
}

// topOr reports whether an OR may stand outside of parentheses in a
// condition's text.
func (e *engine) topOr(v ssa.Value, at ssa.Instruction) bool {
	texts, _ := e.sqlTexts(v, at)
	return slices.ContainsFunc(texts, func(t sqlText) bool { return e.scan(t, sqlscope.WhereForm).TopOr })
}

// beside returns what a query is restricted to in a column by what it was
// restricted to so far (out) and a condition that is put beside that (val).
func (e *engine) beside(fl *models.Flow, c *ssa.Call, column Path, out, val Value) Value {
	both := concat(out, val)
	if !asksColumn(column) {
		return both
	}
	switch {
	case e.alternative(fl, c):
		return join(out, val)
	case e.opens(fl, c):
		return join(both, val) // a AND b OR c
	}
	if recv := argument(c.Common(), Receiver); recv != nil && hasReceiver(c.Common()) && e.isOr(e.ev(recv, orStep, c)) {
		return join(both, out) // a OR b AND c
	}
	return both
}

// isOr reports whether an answer to [orStep] says that there is one, or more.
func (e *engine) isOr(v Value) bool {
	return v.has(func(a *Atom) bool { return a.Kind == Constant && !a.Mixed && strings.HasPrefix(a.Text, "or") })
}

// widened answers for a query that was told to find what a condition finds as well.
func (e *engine) widened(fl *models.Flow, call ssa.CallInstruction, column Path) Value {
	if column == orStep && fl.Bare {
		return constantAtom("or", true, call.Pos())
	}
	before := e.restrictedBy(fl.From[0], call, column, true)
	if !asksColumn(column) {
		return before
	}
	return join(before, e.conditionOn(fl, fl.From[1:], call, column))
}

// textCondition returns what a condition's text restricts a column to.
func (e *engine) textCondition(v ssa.Value, args sqlArgs, at ssa.Instruction, column Path) Value {
	texts, ok := e.sqlTexts(v, at)
	if !ok {
		return e.opaque(args.pos, "a condition")
	}
	spellings := e.columnSpellings(column)
	var out Value
	for _, t := range texts {
		if column == idStep {
			spellings = slices.DeleteFunc(t.idNames(), func(name string) bool { return slices.Contains(e.columnNames(), columnStep(name)) })
		}
		if name, ok := t.plain(); ok && isWord(name) && !args.open && len(args.lists) == 1 && len(args.lists[0]) == 1 {
			// A column's name alone, with its value as the argument.
			one := unrestricted()
			if e.answers(unqualified(name), column) {
				one = e.whole(args.lists[0][0], at)
			}
			out = join(out, one)
			continue
		}
		res := e.scan(t, sqlscope.WhereForm)
		args := args.of(t, res)
		one := unrestricted()
		for _, stmt := range res.Statements {
			if stmt.Unparsed != "" {
				one = e.opaque(args.pos, "a condition")
				break
			}
			for i := range stmt.Occurrences {
				for _, name := range spellings {
					one = concat(one, args.restrictedTo(stmt.Restricted(i, name), t.holes))
				}
				if column != idStep {
					one = concat(one, args.subQueries(t, stmt, i, column))
				}
			}
		}
		out = join(out, one)
	}
	return out
}

// plain returns a text that has no holes.
func (t sqlText) plain() (string, bool) {
	var b strings.Builder
	for _, p := range t.text {
		if p.Hole != nil {
			return "", false
		}
		b.WriteString(p.Text)
	}
	return b.String(), true
}

// isWord reports whether s is a column's name and nothing else.
func isWord(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r != '_' && r != '.' && r != '"' && r != '`' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}

// asCondition answers a column step for a value that stands for a condition by
// what it is: a map, a list, a struct, a text. The second result is false if v
// is none of them, or is made elsewhere.
func (e *engine) asCondition(v ssa.Value, path Path, at ssa.Instruction) (Value, bool) {
	base, column := path.column()
	if isSession(column) {
		return e.pooledBy(path, v.Pos()), e.onPool(v.Type(), path)
	}
	if column != "" && base == "" && !asksColumn(column) && isString(v.Type()) {
		return unrestricted(), true // a text is no query
	}
	if column == "" || base != "" || !asksColumn(column) || strings.HasSuffix(string(column), anyColumn) || e.saysColumns(v) {
		return Value{}, false
	}
	if val, ok := e.asFunction(v, column); ok {
		return val, true
	}
	t := v.Type()
	m := e.index.Type(t)
	if m != nil && m.Form == models.Nothing {
		return unrestricted(), true
	}
	switch x := v.(type) {
	case *ssa.MakeMap:
		if m == nil && !e.ours(t) {
			return e.opaque(v.Pos(), "a condition"), true
		}
		val := e.contents(x, column, at)
		if m != nil && !strings.HasPrefix(string(column), columnMark+"$") {
			val = concat(val, e.operators(m.Operators, column, func(p Path) Value { return e.contents(x, p, at) }))
		}
		return val, true
	case *ssa.Slice, *ssa.Call, *ssa.MakeSlice:
		list, ok := t.Underlying().(*types.Slice)
		if !ok {
			break
		}
		if c, ok := x.(*ssa.Call); ok && !appends(c) {
			break
		}
		return e.listCondition(v, list, m, column, at)
	case *ssa.Const, *ssa.BinOp:
		if isString(t) {
			return e.textCondition(v, sqlArgs{e: e, pos: v.Pos()}, at, column), true
		}
		if _, ok := x.(*ssa.Const); ok {
			return unrestricted(), true
		}
	}
	return e.structCondition(v, m, column, at)
}

// ours reports whether values of t are not of a library's type: of the module
// under analysis, or of no name.
func (e *engine) ours(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return true
	}
	return n.Obj().Pkg() == e.pass.Pkg || inModule(n.Obj().Pkg().Path(), e.policy.Module)
}

// structCondition answers for a struct, whose fields are conditions as far as
// they are set.
func (e *engine) structCondition(v ssa.Value, m *models.Type, column Path, at ssa.Instruction) (Value, bool) {
	t := indirect(v.Type())
	s, ok := t.Underlying().(*types.Struct)
	if ok && m != nil && m.Form == models.Pair && s.NumFields() == 2 {
		return e.pairStruct(v, s, column, at), true
	}
	if !ok || m != nil && m.Form != "" || e.isQuery(t) {
		return Value{}, false
	}
	ids := unrestricted()
	for _, f := range e.entityFields(s) {
		if f.is(column) {
			return dropZero(e.ev(v, f.path, at)), true
		}
		if column == idStep && models.IsID(f.path.last()) && !slices.ContainsFunc(e.columnNames(), f.is) {
			ids = concat(ids, dropZero(e.ev(v, f.path, at)))
		}
	}
	if column == idStep {
		return ids, true
	}
	if e.ours(t) {
		return unrestricted(), true
	}
	return e.opaque(v.Pos(), "a condition"), true
}

// pairStruct answers for a struct of a column and of what that equals.
func (e *engine) pairStruct(v ssa.Value, s *types.Struct, column Path, at ssa.Instruction) Value {
	key, value := Path("").field(s.Field(0).Name()), Path("").field(s.Field(1).Name())
	name, ok := e.knownText(v, key, at)
	if !ok {
		name, ok = e.knownText(v, key.field("Name"), at)
	}
	switch {
	case !ok:
		return e.opaque(v.Pos(), "a condition")
	case !e.answers(unqualified(name), column):
		return unrestricted()
	}
	if _, list := s.Field(1).Type().Underlying().(*types.Slice); list {
		value += models.Elem
	}
	return e.ev(v, value, at)
}

// dropZero returns v without what stands for nothing: a field that is not set
// is no condition.
func dropZero(v Value) Value {
	return v.mapAlts(func(alt Alt) Alt {
		if text, ok := alt.constant(); ok && (text == "" || text == "0") {
			return Alt{}
		}
		return alt
	})
}

// operators returns what the keys that are no columns add to a map or list.
func (e *engine) operators(ops models.Operators, column Path, under func(Path) Value) Value {
	out := unrestricted()
	name := strings.TrimPrefix(string(column), columnMark)
	for _, k := range ops.All {
		out = concat(out, under(columnStep(k)+column))
	}
	for _, k := range ops.Any {
		out = concat(out, under(columnStep(k)+columnMark+anyMark+Path(name)))
	}
	return out
}

// listCondition answers for a list that is made where v is: of conditions, or
// of pairs of a column and a value.
func (e *engine) listCondition(v ssa.Value, t *types.Slice, m *models.Type, column Path, at ssa.Instruction) (Value, bool) {
	name, any := strings.CutPrefix(string(column), columnMark+anyMark)
	if any {
		column = columnMark + Path(name)
	}
	form := models.Form("")
	switch em := e.index.Type(t.Elem()); {
	case m != nil && m.Form != "":
		form = m.Form
	case em != nil && em.Form != "" || any:
		form = models.AllOf
	default:
		return Value{}, false
	}
	if form == models.Equals {
		return e.pairCondition(v, m.Operators, column, at), true
	}
	lists, ok := e.elements(v)
	if !ok {
		return e.opaque(v.Pos(), "a condition"), true
	}
	var out Value
	for _, list := range lists {
		all := unrestricted()
		for i, elem := range list {
			one := e.ev(elem, column, at)
			switch {
			case form == models.AllOf && !any:
				all = concat(all, one)
			case i == 0:
				all = one
			default:
				all = join(all, one)
			}
		}
		out = join(out, all)
	}
	return out, true
}

// pair is one element of a list of pairs: a struct of two fields, a key and a value.
type pair struct {
	base ssa.Value
	at   Path
}

// pairs returns the lists of pairs that v may be, false if that cannot be told.
func (e *engine) pairs(v ssa.Value, depth int) ([][]pair, bool) {
	if depth > 16 {
		return nil, false
	}
	switch v := v.(type) {
	case *ssa.Const:
		return [][]pair{nil}, true
	case *ssa.ChangeType:
		return e.pairs(v.X, depth+1)
	case *ssa.MakeSlice:
		if c, ok := v.Len.(*ssa.Const); ok && c.Value != nil && c.Int64() == 0 {
			return [][]pair{nil}, true
		}
	case *ssa.Slice:
		alloc, ok := v.X.(*ssa.Alloc)
		if !ok {
			return nil, false
		}
		arr, ok := alloc.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Array)
		if !ok || arr.Len() > 64 || v.Low != nil {
			return nil, false
		}
		if h, ok := v.High.(*ssa.Const); ok && h.Value != nil && h.Int64() == 0 {
			return [][]pair{nil}, true
		} else if v.High != nil && !ok {
			return nil, false
		}
		var list []pair
		for i := range arr.Len() {
			list = append(list, pair{alloc, Path("[" + strconv.FormatInt(i, 10) + "]")})
		}
		return [][]pair{list}, true
	case *ssa.Call:
		if appends(v) && len(v.Call.Args) == 2 {
			heads, ok := e.pairs(v.Call.Args[0], depth+1)
			if !ok {
				return nil, false
			}
			tails, ok := e.pairs(v.Call.Args[1], depth+1)
			if !ok || len(heads)*len(tails) > maxAlts {
				return nil, false
			}
			var out [][]pair
			for _, h := range heads {
				for _, t := range tails {
					out = append(out, append(h[:len(h):len(h)], t...))
				}
			}
			return out, true
		}
	case *ssa.Phi:
		var out [][]pair
		for _, edge := range v.Edges {
			lists, ok := e.pairs(edge, depth+4)
			if !ok || len(out)+len(lists) > maxAlts {
				return nil, false
			}
			out = append(out, lists...)
		}
		return out, true
	}
	return nil, false
}

// pairCondition answers for a list of pairs.
func (e *engine) pairCondition(v ssa.Value, ops models.Operators, column Path, at ssa.Instruction) Value {
	key, value, ok := pairFields(v.Type())
	lists, known := e.pairs(v, 0)
	if !ok || !known {
		return e.opaque(v.Pos(), "a condition")
	}
	var out Value
	for _, list := range lists {
		all := unrestricted()
		for _, p := range list {
			name := e.load(p.base, p.at.field(key), at)
			text, ok := "", len(name.Alts) == 1
			if ok {
				text, ok = name.Alts[0].constant()
			}
			in := p.at.field(value)
			switch {
			case !ok:
				all = concat(all, e.opaque(v.Pos(), "a condition"))
			case slices.Contains(ops.All, text):
				all = concat(all, e.load(p.base, in+column, at))
			case slices.Contains(ops.Any, text):
				all = concat(all, e.load(p.base, in+columnMark+anyMark+column[1:], at))
			case e.answers(unqualified(text), column):
				all = concat(all, e.meant(ops, func(p2 Path) Value { return e.load(p.base, in+p2, at) }))
			}
		}
		out = join(out, all)
	}
	return out
}

// meant returns the value of a column that a condition names: what stands
// there, or what stands under an operator that says so.
func (e *engine) meant(ops models.Operators, under func(Path) Value) Value {
	for _, k := range ops.Value {
		if val := under(columnStep(k)); val.has(func(a *Atom) bool { return a.Kind != Opaque }) {
			return val
		}
	}
	return under("")
}

// pairFields returns the names of the fields of a list's pairs.
func pairFields(t types.Type) (key, value string, ok bool) {
	s, ok := t.Underlying().(*types.Slice)
	if !ok {
		return "", "", false
	}
	st, ok := s.Elem().Underlying().(*types.Struct)
	if !ok || st.NumFields() != 2 || !isString(st.Field(0).Type()) {
		return "", "", false
	}
	return st.Field(0).Name(), st.Field(1).Name(), true
}

// keyed returns what a map's entry under a constant key adds to a condition:
// the path of the write, "" if the key is no scope column and no operator, and
// whether it is an identifier.
func (e *engine) keyed(key ssa.Value) (column Path, id bool) {
	c, ok := key.(*ssa.Const)
	if mi, isIface := key.(*ssa.MakeInterface); isIface {
		c, ok = mi.X.(*ssa.Const)
	}
	if !ok || !isString(c.Type()) {
		return "", false
	}
	text, ok := constValue(c).Alts[0].constant()
	if !ok {
		return "", false
	}
	step := columnStep(unqualified(text))
	if strings.HasPrefix(text, "$") || slices.Contains(e.columnNames(), step) {
		return step, false
	}
	return "", models.IsID(unqualified(text))
}

// entry returns the value that a map's entry is, as a condition's value.
func (e *engine) entry(v ssa.Value, rest Path, at ssa.Instruction) Value {
	if mi, ok := v.(*ssa.MakeInterface); ok && rest == "" {
		v = mi.X
	}
	if rest != "" {
		return e.ev(v, rest, at)
	}
	if inner, ok := v.(*ssa.MakeMap); ok {
		if t := e.index.Type(inner.Type()); t != nil && len(t.Operators.Value) > 0 {
			out := unrestricted() // {"$ne": x} and its like
			for _, k := range t.Operators.Value {
				out = concat(out, e.contents(inner, columnStep(k), at))
			}
			return out
		}
		return e.opaque(v.Pos(), "a condition")
	}
	return e.whole(v, at)
}

// isQuery reports whether values of t, or what it points to, are queries: the
// rows say what its methods restrict.
func (e *engine) isQuery(t types.Type) bool {
	n := namedOf(t)
	if n == nil {
		return false
	}
	return memo(&e.queryTypes, n, func() bool {
		return anyMethod(n, func(f *types.Func) bool {
			m := e.index.Func(f)
			return m != nil && (slices.ContainsFunc(m.Flows, func(fl models.Flow) bool { return restricts(fl.How) }) ||
				len(m.Columns) > 0 || slices.ContainsFunc(m.Sinks, func(s models.Sink) bool { return s.Entity != nil || s.Model || len(s.Table) > 0 }))
		})
	})
}

// returnsSame reports whether the rows say that the result of a call is v itself.
func (e *engine) returnsSame(c *ssa.Call, v ssa.Value) bool {
	m := e.index.Func(callee(&c.Call))
	if m == nil || e.isHandle(v.Type()) && !e.begun(v) {
		return false
	}
	return slices.ContainsFunc(m.Flows, func(fl models.Flow) bool {
		return fl.Same && !fl.NoTo && fl.To.Base == models.Result && changed(fl, c) == v
	})
}

// changed returns the query that a flow makes more of.
func changed(fl models.Flow, c *ssa.Call) ssa.Value {
	if fl.How == models.Apply || len(fl.From) == 0 {
		return argument(&c.Call, Receiver)
	}
	return argument(&c.Call, placeNumber(fl.From[0]))
}

// begun reports whether v, of the type of a handle, is a query: made by one of
// the methods that change what they are called on.
func (e *engine) begun(v ssa.Value) bool {
	c, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	m := e.index.Func(callee(&c.Call))
	return m != nil && slices.ContainsFunc(m.Flows, func(fl models.Flow) bool { return fl.Same })
}

// isHandle reports whether values of t are what queries begin from.
func (e *engine) isHandle(t types.Type) bool {
	m := e.index.Type(t)
	return m != nil && m.Handle
}

// held answers a column step for a query that is kept in the field that path
// of parameter p ends in: a handle restricts nothing, unless something in this
// package puts one there that does.
func (e *engine) held(p *ssa.Parameter, path Path) (Value, bool) {
	base, column := path.column()
	if base == "" || column == "" || !asksColumn(column) && !asksRows(column) && column != namesStep {
		return Value{}, false
	}
	t, field := stepTo(p.Type(), base)
	if t == nil || field == nil || !e.isHandle(t) {
		return Value{}, false
	}
	return e.heldIn(field, column, p.Pos()), true
}

// heldIn answers a column step for a handle that is kept in a field.
func (e *engine) heldIn(field *types.Var, column Path, pos token.Pos) Value {
	if field.Pkg() == e.pass.Pkg {
		for _, st := range e.fieldStores(field.Origin()) {
			if e.ev(st.Val, column, st).has(func(a *Atom) bool { return a.Kind == Scope }) {
				return e.opaque(pos, "a handle with conditions of its own")
			}
		}
	}
	return unrestricted()
}

// heldElsewhere answers a column step for a handle that is read from a variable of a
// package, or from a field of something that is not known, where val is all that is
// known of it.
func (e *engine) heldElsewhere(v *ssa.UnOp, path Path, val Value) Value {
	base, column := path.column()
	if base != "" || column == "" || isSession(column) || !e.isHandle(v.Type()) || val.has(func(a *Atom) bool { return a.Kind != Opaque }) {
		return val
	}
	switch x := v.X.(type) {
	case *ssa.Global:
		return unrestricted()
	case *ssa.FieldAddr:
		if s, ok := indirect(x.X.Type()).Underlying().(*types.Struct); ok {
			return e.heldIn(s.Field(x.Field), column, v.Pos())
		}
	}
	return val
}

// applied returns what a list of functions from query to query makes of the receiver
// of a call.
func (e *engine) applied(fl *models.Flow, call ssa.CallInstruction, column Path) Value {
	on := func(path Path) Value { return e.ev(argument(call.Common(), Receiver), path, call) }
	out := on(column)
	for _, p := range fl.From {
		v := argument(call.Common(), placeNumber(p))
		if v == nil {
			continue
		}
		lists := [][]ssa.Value{{v}}
		if pathOf(p.Path) == models.Elem {
			var ok bool
			if lists, ok = e.elements(v); !ok {
				return concat(out, e.opaque(call.Pos(), "a function on the query"))
			}
		}
		var any Value
		for _, list := range lists {
			all := out
			for i, f := range list {
				all = e.appliedTo(all, f, i == 0, on, call, column)
			}
			any = join(any, all)
		}
		if !any.bottom() {
			out = any
		}
	}
	return out
}

// appliedTo returns what function f makes of a query, the first of a list or one that
// is applied to what those before it made, in a column: before is what that was.
func (e *engine) appliedTo(before Value, f ssa.Value, first bool, on func(Path) Value, call ssa.CallInstruction, column Path) Value {
	val, known := e.application(f, on, call, column)
	switch {
	case !known:
		return concat(before, val)
	case first:
		return val
	}
	// Each is asked what it makes of the receiver.
	if or, _ := e.application(f, on, call, orStep); asksColumn(column) && e.isOr(or) {
		return join(before, val)
	}
	return concat(before, val)
}

// application returns what function value f, which is applied at at, makes of a query;
// false if that is not known.
func (e *engine) application(f ssa.Value, query func(Path) Value, at ssa.Instruction, column Path) (Value, bool) {
	if c, ok := f.(*ssa.ChangeType); ok {
		f = c.X
	}
	unknown := e.opaque(at.Pos(), "a function on the query")
	if fn := e.funcOf(f); fn != nil {
		val, _ := e.result(fn, 0, column)
		if fn.Parent() != nil {
			return val, true // its parameter was found through the call
		}
		return val.substitute(func(root int, path Path) Value {
			if mc, ok := f.(*ssa.MakeClosure); ok && root == Receiver && len(mc.Bindings) == 1 {
				return e.ev(mc.Bindings[0], path, at)
			}
			if root == 0 {
				return query(path)
			}
			return Value{}
		}, nil), true
	}
	maker, ok := f.(*ssa.Call)
	if !ok {
		return unknown, false
	}
	var val Value
	if fn := e.body(maker.Common()); fn != nil {
		if lit := madeBy(fn); lit != nil {
			val, _ = e.result(lit, 0, column)
		}
	} else if s := e.fact(callee(maker.Common())); s != nil {
		val, _ = s.result(0, called+column)
	}
	if val.bottom() {
		return unknown, false
	}
	return val.substitute(func(root int, path Path) Value {
		switch {
		case root == literalParam:
			return query(path)
		case root < literalParam:
			if arg := argument(maker.Common(), root); arg != nil {
				return e.ev(arg, path, maker)
			}
		}
		return Value{}
	}, nil), true
}

// handedByRow returns what the rows say that a call passes, as its first
// parameter, to the function that it was handed as its i-th.
func (e *engine) handedByRow(call ssa.CallInstruction, i int, path Path) (Value, bool) {
	common := call.Common()
	m := e.rowsFor(callee(common), common)
	if m == nil {
		return Value{}, false
	}
	for k := range m.Flows {
		fl := &m.Flows[k]
		var from ssa.Value
		var at Path
		switch {
		case fl.How == models.Begin && !fl.NoTo && fl.To.Base == models.Arg && placeNumber(fl.To) == i,
			fl.How == models.Condition && len(fl.From) > 0 && placeNumber(fl.From[0]) == i,
			fl.How == models.Preload && narrowing(fl) != nil && placeNumber(*narrowing(fl)) == i:
			if _, step := path.column(); step != "" && !isSession(step) {
				return unrestricted(), true // a query of its own
			}
		case fl.How == models.Hand && !fl.NoTo && placeNumber(fl.To) == i && len(fl.From) > 0:
			from, at = argument(common, placeNumber(fl.From[0])), pathOf(fl.From[0].Path)
		case fl.How == models.Apply && len(fl.From) > 0 && placeNumber(fl.From[0]) == i:
			from = argument(common, Receiver)
		}
		if from != nil {
			return e.ev(from, at+path, call), true
		}
	}
	return Value{}, false
}

// loadedRow returns what a call that is about the row at a place restricts a
// column to: whose row it is was decided where it was read.
func (e *engine) loadedRow(p models.Place, call ssa.CallInstruction, column Path) Value {
	v := argument(call.Common(), placeNumber(p))
	if v == nil {
		return unrestricted()
	}
	n := rowsOf(v)
	if n != nil && column == idStep {
		return dropZero(e.rowColumn(v, n, columnStep("id"), call))
	}
	if n == nil || !e.rowColumn(v, n, column, call).has(func(a *Atom) bool { return a.Kind == Record && !a.Selected }) {
		return unrestricted()
	}
	return e.opaque(call.Pos(), "the key of a row that was read")
}

// namesIn returns the names of the columns at a place of a call.
func (e *engine) namesIn(p models.Place, call ssa.CallInstruction) Value {
	v := argument(call.Common(), placeNumber(p))
	if v == nil {
		return unrestricted()
	}
	if text, ok := e.knownText(unboxed(v), "", call); ok {
		return constantAtom(unqualified(text)+",", true, call.Pos())
	}
	lists, ok := e.elements(unboxed(v))
	if !ok || len(lists) != 1 {
		return e.opaque(call.Pos(), "names of columns")
	}
	var names []string
	for _, elem := range lists[0] {
		text, ok := e.knownText(elem, "", call)
		if !ok {
			return e.opaque(call.Pos(), "names of columns")
		}
		names = append(names, unqualified(text)+",")
	}
	return constantAtom(strings.Join(names, ""), true, call.Pos())
}

// valueIn returns the value of a column in a row of values, whose columns the
// query has been told.
func (e *engine) valueIn(p models.Place, call ssa.CallInstruction, column Path) Value {
	recv := argument(call.Common(), Receiver)
	v := argument(call.Common(), placeNumber(p))
	if recv == nil || v == nil || !asksColumn(column) {
		return unrestricted()
	}
	if column == idStep {
		return unrestricted()
	}
	names, ok := e.knownText(recv, namesStep, call)
	lists, known := e.elements(v)
	if !ok || !known || names == "" {
		return e.opaque(call.Pos(), "a row of values")
	}
	i := slices.IndexFunc(strings.Split(strings.TrimSuffix(names, ","), ","), func(n string) bool { return columnStep(n) == column })
	if i < 0 {
		return unrestricted()
	}
	var out Value
	for _, list := range lists {
		if i >= len(list) {
			return e.opaque(call.Pos(), "a row of values")
		}
		out = join(out, e.ev(list[i], "", call))
	}
	return out
}

// namedArg returns the argument that a statement's text calls by a name.
func (a sqlArgs) namedArg(name string) Value {
	step := columnStep(name)
	out := unrestricted()
	for _, list := range a.lists {
		for _, elem := range list {
			if mi, ok := elem.(*ssa.MakeInterface); ok {
				elem = mi.X
			}
			if m, ok := elem.(*ssa.MakeMap); ok {
				out = concat(out, a.e.entryNamed(m, name, a.at))
				continue
			}
			if n := rowsOf(elem); n != nil && !a.e.isQuery(n) && a.e.ours(n) {
				out = concat(out, a.e.rowColumn(elem, n, step, a.at))
				continue
			}
			if !isString(elem.Type()) {
				out = concat(out, a.e.ev(elem, step, a.at))
			}
		}
	}
	if !out.has(func(*Atom) bool { return true }) {
		return a.e.opaque(a.pos, "an argument by name")
	}
	return out
}

// entryNamed returns what a map that is made in sight holds under a name.
func (e *engine) entryNamed(m *ssa.MakeMap, name string, at ssa.Instruction) Value {
	var out Value
	for _, ref := range *m.Referrers() {
		u, ok := ref.(*ssa.MapUpdate)
		if !ok || u.Map != m {
			continue
		}
		if c, ok := u.Key.(*ssa.Const); ok && isString(c.Type()) {
			if text, ok := constValue(c).Alts[0].constant(); ok && models.ColumnName(text) == models.ColumnName(name) {
				out = join(out, e.whole(u.Value, u))
			}
		}
	}
	if out.bottom() {
		return unrestricted()
	}
	return out
}

// table is what a query is on: the struct whose values are its rows, or a name
// with the scope columns that the schema gives it; neither if that is not known.
type table struct {
	rows    *types.Named
	name    string
	columns []ScopeColumn
	missing string // what it is called, if the schema has no such table
	param   int    // the number of the type parameter that the rows are of, and one; 0: of none
}

// tableNamed answers [tableStep] from the place of a table's name.
func (e *engine) tableNamed(fl *models.Flow, call ssa.CallInstruction) Value {
	if len(fl.From) == 0 {
		return unrestricted()
	}
	v := argument(call.Common(), placeNumber(fl.From[0]))
	if v == nil {
		return unrestricted()
	}
	if pathOf(fl.From[0].Path) == models.Elem {
		lists, ok := e.elements(v)
		if !ok || len(lists) != 1 || len(lists[0]) != 1 {
			return e.opaque(call.Pos(), "a table")
		}
		v = lists[0][0]
	}
	if n := rowsOf(v); n != nil && e.ours(n) {
		return e.entityAtom(n, call)
	}
	if text, ok := e.knownText(v, "", call); ok {
		if name := tableName(text); name != "" {
			return constantAtom("="+name+tableEnd, true, call.Pos())
		}
	}
	return e.opaque(call.Pos(), "a table")
}

// tableName returns the name of the table in a FROM clause of one table, ""
// if there is no such name.
func tableName(text string) string {
	words := strings.Fields(text)
	if len(words) == 0 || len(words) > 3 || strings.ContainsAny(text, "(?,") {
		return ""
	}
	return strings.ToLower(unqualified(words[0]))
}

// tableOf returns the table of the query that a sink runs.
func (e *engine) tableOf(row *models.Sink, call ssa.CallInstruction) table {
	common := call.Common()
	if row.Of != "" {
		t, known := e.tableCalled(strings.ToLower(row.Of), row)
		if !known && e.mistake == nil {
			e.mistake = fmt.Errorf("%s:%d: no [[table]] and no file of [schema] has a table %s, which [[sink]] is of; list it under [[table]] with its columns", row.At.File, row.At.Line, row.Of)
		}
		return t
	}
	places := row.Table
	if len(places) == 0 && row.Model {
		places = row.Key
	}
	missing := ""
	for _, p := range places {
		if p.Base == models.Result {
			if n := e.decoded(call, p.Index); n != nil {
				return table{rows: n}
			}
			continue
		}
		v := argument(common, placeNumber(p))
		if v == nil {
			continue
		}
		if pathOf(p.Path) == models.Elem {
			// The first of a variadic function's.
			lists, ok := e.elements(v)
			if !ok || len(lists) != 1 || len(lists[0]) == 0 {
				continue
			}
			p.Path, v = nil, lists[0][0]
		}
		t, decided := e.tableIn(v, pathOf(p.Path), row, call)
		if decided {
			return t
		}
		if t.missing != "" {
			missing = t.missing
		}
	}
	for _, p := range row.Rows {
		if v := argument(common, placeNumber(p)); v != nil {
			if n := rowsOf(v); n != nil {
				return table{rows: n}
			}
		}
	}
	return table{missing: missing}
}

// decoded returns the struct that the idx-th result of a call is decoded into:
// the rows say that a method of it fills one with a record.
func (e *engine) decoded(call ssa.CallInstruction, idx int) *types.Named {
	c, ok := call.(*ssa.Call)
	if !ok {
		return nil
	}
	var v ssa.Value = c
	if c.Call.Signature().Results().Len() > 1 {
		v = nil
		for _, ref := range *c.Referrers() {
			if x, ok := ref.(*ssa.Extract); ok && x.Index == idx {
				v = x
			}
		}
	}
	if v == nil || v.Referrers() == nil {
		return nil
	}
	for _, ref := range *v.Referrers() {
		use, ok := ref.(ssa.CallInstruction)
		if !ok || argument(use.Common(), Receiver) != v || !hasReceiver(use.Common()) {
			continue
		}
		m := e.rowsFor(callee(use.Common()), use.Common())
		if m == nil {
			continue
		}
		for _, o := range m.Origins {
			if o.Kind != models.Record || o.Place.Base != models.Arg {
				continue
			}
			if arg := argument(use.Common(), placeNumber(o.Place)); arg != nil {
				if n := rowsOf(arg); n != nil {
					return n
				}
			}
		}
	}
	return nil
}

// tableIn returns the table that v tells; decided is false if it tells none,
// so that something else may.
func (e *engine) tableIn(v ssa.Value, path Path, row *models.Sink, at ssa.Instruction) (t table, decided bool) {
	inner := v
	if mi, ok := v.(*ssa.MakeInterface); ok {
		inner = mi.X
	}
	if !e.isQuery(inner.Type()) {
		if n := rowsOf(v); n != nil {
			return table{rows: n}, true
		}
		if !isString(inner.Type()) {
			return table{}, false
		}
		if text, ok := e.knownText(inner, path, at); ok {
			return e.tableCalled(tableName(text), row)
		}
		return table{}, false
	}
	said := e.ev(v, path+tableStep, at)
	if said.has(func(a *Atom) bool { return a.Kind == Param && a.Path != tableStep }) {
		// Kept in a field: what is put there in this package.
		if _, field := e.lastField(v); field != nil && field.Pkg() == e.pass.Pkg {
			for _, st := range e.fieldStores(field) {
				said = join(said, e.ev(st.Val, tableStep, st))
			}
		}
	}
	var rows *types.Named
	name := ""
	for _, alt := range said.Alts {
		for i := range alt.Parts {
			a := &alt.Parts[i]
			if a.Kind == Opaque {
				return table{}, true
			}
			if a.Kind != Constant || a.Mixed {
				continue
			}
			for _, text := range strings.Split(a.Text, tableEnd) {
				if s, ok := strings.CutPrefix(text, "="); ok {
					if name != "" && name != s {
						return table{}, true // one table here, another there
					}
					name = s
				} else if n, ok := rowTypeIn(text, at.Parent()); ok {
					return table{param: n + 1}, true
				} else if n := e.entity(text); n != nil {
					if rows != nil && rows != n {
						return table{}, true
					}
					rows = n
				}
			}
		}
	}
	t, ok := e.tableCalled(name, row)
	if !ok && rows != nil {
		return table{rows: rows}, true
	}
	return t, ok
}

// tableCalled returns the table of that name, false if the policy does not know it.
func (e *engine) tableCalled(name string, row *models.Sink) (table, bool) {
	schema := e.policy.Schema()
	if schema == nil || name == "" {
		return table{missing: name}, false
	}
	if _, known := schema.Columns(name); !known {
		return table{missing: name}, false
	}
	t := table{name: name, columns: e.tableColumns(schema, name, e.need(row))}
	for i := range t.columns {
		t.columns[i].step = columnStep(t.columns[i].Name)
	}
	return t, true
}

// entity returns the struct that [engine.entityAtom] named, also in another package.
func (e *engine) entity(name string) *types.Named {
	if n := e.entities[name]; n != nil {
		return n
	}
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return nil
	}
	pkg := e.imported[name[:i]]
	if pkg == nil {
		return nil
	}
	tn, ok := pkg.Scope().Lookup(name[i+1:]).(*types.TypeName)
	if !ok {
		return nil
	}
	n, _ := types.Unalias(tn.Type()).(*types.Named)
	return n
}

// written returns what a column of rows is set to that v holds: structs, maps.
func (e *engine) written(v ssa.Value, column Path, at ssa.Instruction) Value {
	if n := rowsOf(v); n != nil {
		return e.rowColumn(v, n, column, at)
	}
	if s, ok := unboxed(v).Type().Underlying().(*types.Slice); ok && types.IsInterface(s.Elem()) && e.index.Type(unboxed(v).Type()) == nil {
		// A list of rows of any kind.
		lists, ok := e.elements(unboxed(v))
		if !ok {
			return e.opaque(v.Pos(), "rows")
		}
		var out Value
		for _, list := range lists {
			for _, elem := range list {
				out = join(out, e.written(elem, column, at))
			}
		}
		if out.bottom() {
			return e.opaque(v.Pos(), "rows")
		}
		return out
	}
	return e.ev(v, column, at)
}

// within returns what a query is restricted to in a column that is run with a
// condition of its own, at the places, besides what restricts it already (out).
func (e *engine) within(places []models.Place, call ssa.CallInstruction, column Path, out Value) Value {
	if len(places) == 0 {
		return out
	}
	recv := argument(call.Common(), Receiver)
	if recv == nil || !hasReceiver(call.Common()) {
		return concat(out, e.conditionOn(&models.Flow{How: models.Condition}, places, call, column))
	}
	if e.ev(recv, ignoreStep, call).has(func(a *Atom) bool { return a.Kind == Constant }) {
		return out
	}
	both := concat(out, e.conditionOn(&models.Flow{How: models.Condition}, places, call, column))
	if e.isOr(e.ev(recv, orStep, call)) {
		return join(both, out) // a OR b AND c
	}
	return both
}

// restrictsBy reports whether something in sight restricts a column of query v.
func (e *engine) restrictsBy(v ssa.Value, column Path, at ssa.Instruction) bool {
	if v == nil {
		return false
	}
	return e.ev(v, column, at).has(func(a *Atom) bool {
		switch a.Kind {
		case Opaque:
			return false
		case Param:
			return !strings.Contains(string(a.Path), columnMark)
		}
		return true
	})
}

// columnResults are the steps of a result that a summary tells of, if it is a
// query or a function that makes one of another: its scope columns and its table.
func (e *engine) columnResults(t types.Type) []Path {
	prefix := Path("")
	if _, ok := t.Underlying().(*types.Signature); ok {
		prefix = called
	}
	if list, ok := t.Underlying().(*types.Slice); ok && isTypeParam(list.Elem()) {
		prefix = models.Elem // what a function makes of each element of a list
	} else if !isTypeParam(resultQuery(t)) && !e.isQuery(resultQuery(t)) {
		return nil
	}
	out := []Path{prefix + tableStep, prefix + idStep}
	for _, c := range e.columnNames() {
		out = append(out, prefix+c)
	}
	return out
}

// resultQuery returns the type of the query that a result of type t is, or
// that it makes if it is a function.
func resultQuery(t types.Type) types.Type {
	if sig, ok := t.Underlying().(*types.Signature); ok && sig.Results().Len() > 0 {
		return sig.Results().At(0).Type()
	}
	return t
}

// columnResult returns what fn's i-th result is at one of its [engine.columnResults].
func (e *engine) columnResult(fn *ssa.Function, i int, p Path) Value {
	if column, ok := strings.CutPrefix(string(p), called); ok {
		lit := madeBy(fn)
		if lit == nil || i != 0 {
			return Value{}
		}
		val, _ := e.result(lit, 0, Path(column))
		return val
	}
	val, _ := e.result(fn, i, p)
	return val
}
