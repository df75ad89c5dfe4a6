package scopeflow

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/sqlscope"
)

// maxSQL bounds the ways that the text of one statement is read in.
const maxSQL = 6

// sqlText is one way in which the text of a statement may be composed.
type sqlText struct {
	text  sqlscope.Text
	holes []Atom // what the holes stand for, by their numbers
}

// sqlTexts returns the ways in which the text that v holds may be composed; ok
// is false if that cannot be told.
func (e *engine) sqlTexts(v ssa.Value, at ssa.Instruction) (out []sqlText, ok bool) {
	val := e.ev(v, "", at)
	if len(val.Alts) == 0 {
		return nil, false
	}
	for _, alt := range val.Alts {
		if alt.Bag {
			return nil, false
		}
		var t sqlText
		known := false
		var run *sqlscope.Hole // for a piece whose own order is not known
		for _, p := range alt.Parts {
			if p.Selected || p.Ctx {
				continue // which text it is, not what is in it
			}
			if p.Loose {
				if run == nil {
					run = t.hole(sqlscope.Argless, Atom{Kind: Opaque, Text: "a piece of text", Pos: p.Pos})
				}
				if p.Kind != Constant || p.Mixed || strings.Contains(p.Text, "?") {
					run.Kind = sqlscope.Anything
				}
				continue
			}
			run = nil
			if p.Kind == Constant && !p.Mixed {
				t.text = append(t.text, sqlscope.Piece{Text: p.Text})
				known = true
				continue
			}
			kind := sqlscope.Anything
			if p.Kind == Constant && p.Fixed {
				kind = sqlscope.Number
			}
			t.hole(kind, p)
		}
		if !known {
			return nil, false
		}
		if !slices.ContainsFunc(out, t.same) {
			out = append(out, t)
		}
	}
	return out, len(out) <= maxSQL
}

// hole adds a piece that is not known.
func (t *sqlText) hole(kind sqlscope.HoleKind, what Atom) *sqlscope.Hole {
	hole := &sqlscope.Hole{ID: len(t.holes), Kind: kind}
	t.text = append(t.text, sqlscope.Piece{Hole: hole})
	t.holes = append(t.holes, what)
	return hole
}

// highest returns the highest number of a $n placeholder.
func (t sqlText) highest() int {
	most := 0
	for _, p := range t.text {
		for s := p.Text; ; {
			i := strings.IndexByte(s, '$')
			if i < 0 {
				break
			}
			s = s[i+1:]
			n := 0
			for len(s) > 0 && '0' <= s[0] && s[0] <= '9' && n < 1<<16 {
				n, s = 10*n+int(s[0]-'0'), s[1:]
			}
			most = max(most, n)
		}
	}
	return most
}

// sqlKey names a text that was read before.
type sqlKey struct {
	form    sqlscope.Form
	dialect sqlscope.Dialect
	text    string
}

// key is the text with a mark for each hole, which says what may stand there.
func (t sqlText) key() string {
	var b strings.Builder
	for _, p := range t.text {
		if p.Hole != nil {
			b.WriteString("\x00")
			b.WriteByte(byte('0' + p.Hole.Kind))
			continue
		}
		b.WriteString(p.Text)
	}
	return b.String()
}

// same reports whether u is the same text, with the same in its holes.
func (t sqlText) same(u sqlText) bool {
	return t.key() == u.key() && slices.EqualFunc(t.holes, u.holes, func(a, b Atom) bool { return a.key() == b.key() })
}

// scan reads a text in a dialect that is found out, once.
func (e *engine) scan(t sqlText, form sqlscope.Form) *sqlscope.Result {
	return e.scanAs(t, form, sqlscope.Auto)
}

// statementsIn reads the statements of a text that a sink runs, once.
func (e *engine) statementsIn(t sqlText, row *models.Sink) *sqlscope.Result {
	if row.CQL {
		return e.scanAs(t, sqlscope.Statements, sqlscope.Cassandra)
	}
	return e.scan(t, sqlscope.Statements)
}

func (e *engine) scanAs(t sqlText, form sqlscope.Form, dialect sqlscope.Dialect) *sqlscope.Result {
	k := sqlKey{form, dialect, t.key()}
	if res := e.sqlSeen[k]; res != nil {
		return res
	}
	opts := sqlscope.Options{Form: form, Dialect: dialect}
	if s := e.policy.Schema(); s != nil {
		opts.Catalog = catalog{s, e}
	}
	res := sqlscope.Scan(t.text, opts)
	if e.sqlSeen == nil {
		e.sqlSeen = map[sqlKey]*sqlscope.Result{}
	}
	e.sqlSeen[k] = res
	return res
}

// A catalog is the schema, with what the policy says of whose rows are.
type catalog struct {
	*policy.Schema
	e *engine
}

// Owned reports whether each row of a table is some tenant's.
func (c catalog) Owned(table string) bool {
	return len(c.e.ownerColumns(c.Schema, table, []models.Dims{models.Tenant}, 0)) > 0
}

// sqlArgs hands out the arguments of a statement.
type sqlArgs struct {
	e     *engine
	lists [][]ssa.Value // the lists that they may be
	open  bool          // there may be more behind them
	fits  bool          // one of them counts only if there are as many as the text takes
	list  []ssa.Value
	ok    bool // list is the one
	whole bool // there is one for each placeholder in sight: unknown text has none
	at    ssa.Instruction
	pos   token.Pos
}

// of returns the arguments for one reading of the statement's text: where text
// and arguments are built together, those that are as many as it takes.
func (a sqlArgs) of(t sqlText, res *sqlscope.Result) sqlArgs {
	n := max(res.Questions, t.highest())
	if len(a.lists) == 1 && !a.fits {
		a.list, a.ok = a.lists[0], true
		a.whole = len(a.list) == n && !a.open
		return a
	}
	if a.open {
		return a
	}
	fit := 0
	for _, list := range a.lists {
		if len(list) == n {
			a.list = list
			fit++
		}
	}
	a.ok = fit == 1
	a.whole = a.ok
	return a
}

func (e *engine) sqlArgs(place *models.Place, common *ssa.CallCommon, at ssa.Instruction) sqlArgs {
	a := sqlArgs{e: e, at: at, pos: at.Pos()}
	if place == nil {
		return a
	}
	v := argument(common, placeNumber(*place))
	if v == nil {
		return a
	}
	if a.lists = e.argLists(v); a.lists == nil {
		// Those in front of others that are not known stay where they are.
		for c, ok := v.(*ssa.Call); ok && appends(c) && a.lists == nil; c, ok = v.(*ssa.Call) {
			v = c.Call.Args[0]
			a.lists, a.open = e.argLists(v), true
		}
	}
	if a.lists == nil {
		a.lists, a.open = e.collected(v, at)
		a.fits = !a.open
	}
	return a
}

// collected returns the lists of arguments that may have been put, call by call, into
// the field that v was read from: those that always are, and with them those that are
// on some paths, as the text beside them has it. It is open if there may be more behind
// the one that is known.
func (e *engine) collected(v ssa.Value, at ssa.Instruction) (lists [][]ssa.Value, open bool) {
	if load, ok := v.(*ssa.UnOp); !ok || load.Op != token.MUL {
		return nil, false
	}
	base, path := e.root(v)
	if !beginsEmpty(base) {
		return nil, false
	}
	var with, without []ssa.Value
	first := 0 // so many are there on every path
	optional := false
	for _, w := range e.writesTo(base) {
		if !overlaps(w.sub, path) || w.instr.Parent() == at.Parent() && !e.reaches(w.instr, at) {
			continue
		}
		more, ok := e.extension(w, path, at)
		if !ok {
			if first == 0 {
				return nil, false
			}
			return [][]ssa.Value{with[:first]}, true
		}
		if len(more) == 0 {
			continue // a piece of text without arguments
		}
		with = append(with, more...)
		if e.dominates(w.instr, at) {
			without = append(without, more...)
		} else {
			optional = true
		}
		if !optional {
			first = len(with)
		}
	}
	if optional && len(with) > len(without) {
		return [][]ssa.Value{with, without}, false
	}
	return [][]ssa.Value{with}, false
}

// extension returns what a write puts behind what lay at path, once; false if it may
// do anything else.
func (e *engine) extension(w write, path Path, at ssa.Instruction) ([]ssa.Value, bool) {
	if w.mode == weakSet || w.sub != path || w.more == nil || !w.must || w.instr.Parent() != at.Parent() || e.inLoop(w.instr) {
		return nil, false
	}
	more, ok := e.elements(w.more)
	if !ok || len(more) != 1 {
		return nil, false
	}
	return more[0], true
}

// beginsEmpty reports whether a builder was made here without arguments for the
// statement: from nothing, or from texts.
func beginsEmpty(base ssa.Value) bool {
	if x, ok := base.(*ssa.Extract); ok {
		base = x.Tuple
	}
	c, ok := base.(*ssa.Call)
	if !ok {
		return isAlloc(base)
	}
	return !slices.ContainsFunc(callArgs(c.Common()), func(arg ssa.Value) bool { return !isString(arg.Type()) && !isContext(arg.Type()) })
}

// unboxed returns the value that was made an interface.
func unboxed(v ssa.Value) ssa.Value {
	switch x := v.(type) {
	case *ssa.MakeInterface:
		return x.X
	case returnedElem:
		return x.unboxed()
	}
	return v
}

// argLists returns the lists of arguments that v may be: those in a list, or
// the one value that holds all of them by name.
func (e *engine) argLists(v ssa.Value) [][]ssa.Value {
	if _, list := v.Type().Underlying().(*types.Slice); !list {
		return [][]ssa.Value{{v}}
	}
	if lists, ok := e.elements(v); ok {
		return lists
	}
	// A function that writes statements anew hands its arguments on.
	if x, ok := v.(*ssa.Extract); ok {
		c, ok := x.Tuple.(*ssa.Call)
		if !ok {
			return nil
		}
		m := e.rowsFor(callee(c.Common()), c.Common())
		if m == nil {
			return nil
		}
		for i := range m.Flows {
			fl := &m.Flows[i]
			if fl.How == models.Copy && !fl.NoTo && fl.To.Base == models.Result && fl.To.Index == x.Index && len(fl.From) == 1 {
				if arg := argument(c.Common(), placeNumber(fl.From[0])); arg != nil && arg != v {
					return e.argLists(arg)
				}
			}
		}
	}
	return nil
}

// value returns what a value of a statement's text is.
func (a sqlArgs) value(v sqlscope.Value, holes []Atom) Value {
	switch v.Kind {
	case sqlscope.Literal:
		return constantAtom(v.Text, true, a.pos)
	case sqlscope.HoleValue:
		if v.Text == "$" || v.Text == ":" {
			return a.e.opaque(a.pos, "a placeholder") // which one, the hole says
		}
		if v.Hole >= 0 && v.Hole < len(holes) {
			if v.Part {
				return partOf(one(holes[v.Hole]))
			}
			return one(holes[v.Hole])
		}
	case sqlscope.Placeholder:
		if v.Name != "" && !v.Part {
			return a.namedArg(v.Name)
		}
		if a.query(v) != nil {
			return unrestricted() // what that finds is told by subQueries, not by what it mentions
		}
		if i := v.Index - 1; a.ok && (v.HolesBefore == 0 || a.whole) && i >= 0 && i < len(a.list) {
			if v.Elements || isList(unboxed(a.list[i]).Type()) {
				return a.elements(unboxed(a.list[i]))
			}
			val := a.e.ev(a.list[i], "", a.at)
			if v.Part {
				val = partOf(val)
			}
			return val
		}
	}
	return a.e.opaque(a.pos, "a value of the statement")
}

// elements returns what the elements of a list are. If it has none, no row is one
// of them.
func (a sqlArgs) elements(v ssa.Value) Value {
	if out := nonEmpty(a.e.settle(a.e.whole(v, a.at), a.at)); !out.bottom() {
		return out
	}
	return a.e.opaque(a.pos, "a list")
}

// nonEmpty returns v without the ways to make it of nothing.
func nonEmpty(v Value) Value {
	return Value{slices.DeleteFunc(slices.Clone(v.Alts), func(alt Alt) bool { return len(alt.Parts) == 0 })}
}

// asked returns what restricts a column, in terms of a function's parameters, as
// the caller at call sees it. One of a list without elements is none.
func (e *engine) asked(v Value, call ssa.CallInstruction) Value {
	out := e.settle(e.subst(v, call.Common(), call), call)
	if len(nonEmpty(v).Alts) == len(v.Alts) && v.has(func(p *Atom) bool { return p.Kind == Param && strings.HasSuffix(string(p.Path), allElems) }) {
		if some := nonEmpty(out); !some.bottom() {
			return some
		}
	}
	return out
}

// restrictedTo turns a verdict into what restricts the column: the proofs one
// after the other, each of which is enough by itself.
func (a sqlArgs) restrictedTo(v sqlscope.Verdict, holes []Atom) Value {
	switch v.Kind {
	case sqlscope.None, sqlscope.Unset:
		return unrestricted()
	case sqlscope.Dynamic, sqlscope.Unknown, sqlscope.Unparsed:
		return a.e.opaque(a.pos, "a part of the statement")
	}
	out := unrestricted()
	for _, p := range v.Proofs {
		if len(p.Undo) > 0 {
			// Text that is not known stands beside the condition and may begin
			// with OR, which would take its force away.
			out = concat(out, a.e.opaque(a.pos, "a condition beside unknown text"))
			continue
		}
		if p.Kind == sqlscope.ForeignKey && !p.Declared {
			// Rows that go with the caller's by other columns: whether those say
			// whose they are, a schema may tell, the statement does not.
			out = concat(out, a.e.opaque(a.pos, "a join by other columns"))
			continue
		}
		if len(p.Values) == 0 || p.Kind == sqlscope.Expression || p.Root == sqlscope.Expression {
			out = concat(out, a.e.opaque(a.pos, "an expression of the statement"))
			continue
		}
		var any Value
		for _, val := range p.Values {
			if val.Kind == sqlscope.Literal && strings.EqualFold(val.Text, "null") {
				continue // rows that belong to nobody
			}
			any = join(any, a.value(val, holes))
		}
		if any.bottom() {
			any = a.e.opaque(a.pos, "rows of nobody")
		}
		out = concat(out, any)
	}
	if v.Kind == sqlscope.Optional {
		out = join(out, unrestricted())
	}
	return out
}

// ownerColumns returns the columns that say whose the rows of a table are: its
// own, or those of what it refers to by its foreign keys.
func (e *engine) ownerColumns(schema *policy.Schema, table string, required []models.Dims, depth int) []ScopeColumn {
	out := e.tableColumns(schema, table, required)
	if len(out) > 0 || depth > 2 {
		return out
	}
	for _, fk := range schema.ForeignKeys(table) {
		if fk.Parent == table {
			continue
		}
		for _, col := range e.ownerColumns(schema, fk.Parent, required, depth+1) {
			if !slices.ContainsFunc(out, func(have ScopeColumn) bool { return have.Need == col.Need }) {
				out = append(out, col)
			}
		}
	}
	return out
}

// A rowOwner is what says whose the rows of a table are.
type rowOwner struct {
	columns []ScopeColumn
	child   bool // they are columns of tables that it refers to, or of its members
	members bool // of those
}

// ownerOf returns what says whose the rows of a table are that a statement of the
// package finds, or refers to; no column if nothing does.
func (c *sqlCall) ownerOf(table string) rowOwner {
	if cols := c.e.tableColumns(c.schema, table, c.required); len(cols) > 0 {
		return rowOwner{columns: cols}
	}
	if m := c.schema.Members(table); m != "" {
		return rowOwner{c.e.tableColumns(c.schema, m, c.required), true, true}
	}
	if c.compared || c.children {
		return rowOwner{c.e.ownerColumns(c.schema, table, c.required, 0), true, false}
	}
	return rowOwner{}
}

// assigned returns what a statement sets the column of a foreign key to.
func assigned(stmt *sqlscope.Statement, occ int, role sqlscope.Role, fk sqlscope.ForeignKeyDef) (sqlscope.Verdict, bool) {
	if len(fk.Columns) != 1 {
		return sqlscope.Verdict{}, false
	}
	switch role {
	case sqlscope.Inserts:
		v := stmt.Restricted(occ, fk.Columns[0])
		return v, v.Kind.Restricts()
	case sqlscope.Updates:
		v, ok := stmt.Rehomed(occ, fk.Columns[0])
		return v, ok && v.Kind.Restricts()
	}
	return sqlscope.Verdict{}, false
}

// verbOf names what a statement does with one of its tables, which is not what
// the statement as a whole does.
func verbOf(r sqlscope.Role) string {
	switch r {
	case sqlscope.Inserts:
		return "INSERT into"
	case sqlscope.Updates:
		return "UPDATE of"
	case sqlscope.Upserts:
		return "upsert of"
	case sqlscope.Deletes:
		return "DELETE from"
	}
	return "SELECT of"
}

func opOf(r sqlscope.Role) models.Op {
	switch r {
	case sqlscope.Inserts:
		return models.Insert
	case sqlscope.Updates, sqlscope.Upserts:
		return models.Write
	case sqlscope.Deletes:
		return models.Delete
	}
	return models.Read
}

// tableColumns returns the scope columns of a table, as far as they are required.
func (e *engine) tableColumns(schema sqlscope.Catalog, table string, required []models.Dims) []ScopeColumn {
	have, known := schema.Columns(table)
	if !known {
		return nil
	}
	var out []ScopeColumn
	for _, d := range models.AllDims.Each() {
		if !slices.ContainsFunc(required, func(n models.Dims) bool { return n&d != 0 }) {
			continue
		}
		var found []string
		for _, name := range e.policy.Synonyms(d) {
			for _, col := range have {
				if models.ColumnName(col) == models.ColumnName(name) && !slices.Contains(found, col) {
					found = append(found, col)
				}
			}
		}
		if len(found) > 0 {
			out = append(out, ScopeColumn{Name: found[0], SQL: found[0], Need: d, also: found[1:]})
		}
	}
	return out
}

// found returns the identifiers by which a statement finds rows: what restricts
// the given columns of one of its occurrences.
func (a sqlArgs) found(stmt *sqlscope.Statement, occ int, columns []string, holes []Atom) Value {
	out := unrestricted()
	for _, col := range columns {
		out = concat(out, a.restrictedTo(byID(stmt.Restricted(occ, col)), holes))
	}
	return out
}

// byID returns v without what says nothing of which rows they are: joins by
// other columns than identifiers. A join by those leads from row to row, whether
// or not a schema declares it.
func byID(v sqlscope.Verdict) sqlscope.Verdict {
	var proofs []sqlscope.Proof
	for _, p := range v.Proofs {
		if p.Kind == sqlscope.ForeignKey {
			if slices.ContainsFunc(p.Via, func(l sqlscope.Link) bool { return !models.IsID(l.Column) && !models.IsID(l.ToColumn) }) {
				continue
			}
			p.Declared = true
		}
		proofs = append(proofs, p)
	}
	v.Proofs = proofs
	return v
}

// byParent returns what restricts the rows that an occurrence is joined to by
// identifiers, under another name of the dimension: rows of a project that are
// read with the projects of an organization.
func (e *engine) byParent(args sqlArgs, stmt *sqlscope.Statement, occ int, col ScopeColumn, holes []Atom) Value {
	out := unrestricted()
	for _, name := range e.policy.Synonyms(col.Need) {
		name = strings.ToLower(name)
		if name == col.Name || slices.Contains(col.also, name) {
			continue
		}
		if v := byID(stmt.Restricted(occ, name)); v.Kind == sqlscope.ForeignKey && len(v.Proofs) > 0 {
			out = concat(out, args.restrictedTo(v, holes))
		}
	}
	return out
}

// idColumns returns the columns of a table that hold identifiers, but for
// those that hold a required dimension.
func (e *engine) idColumns(schema sqlscope.Catalog, table string, required []models.Dims) []string {
	scope := e.tableColumns(schema, table, required)
	have, _ := schema.Columns(table)
	var out []string
	for _, col := range have {
		if models.IsID(col) && !slices.ContainsFunc(scope, func(c ScopeColumn) bool { return c.Name == col }) {
			out = append(out, col)
		}
	}
	return out
}

// idNames returns the words of a text that are names of columns with identifiers.
func (t sqlText) idNames() []string {
	var out []string
	for _, p := range t.text {
		for _, word := range strings.FieldsFunc(strings.ToLower(p.Text), func(r rune) bool { return r != '_' && !wordRune(r) }) {
			if models.IsID(word) && !slices.Contains(out, word) {
				out = append(out, word)
			}
		}
	}
	return out
}

// columnSpellings returns the names, as databases write them, of a column step.
func (e *engine) columnSpellings(column Path) []string {
	var out []string
	for _, d := range models.AllDims.Each() {
		for _, name := range e.policy.Synonyms(d) {
			name = strings.ToLower(name)
			if columnStep(name) == column && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// rowsOf returns the struct whose values are rows: that v is, points to, or
// is a list of.
func rowsOf(v ssa.Value) *types.Named {
	for {
		switch x := v.(type) {
		case *ssa.MakeInterface:
			v = x.X
			continue
		case *ssa.ChangeInterface:
			v = x.X
			continue
		}
		break
	}
	return rowsIn(v.Type())
}

// rowsIn returns the struct that t is, points to, or is a list of; nil if it is
// none of those.
func rowsIn(t types.Type) *types.Named {
	t = types.Unalias(t)
	for range 4 {
		switch u := t.(type) {
		case *types.Pointer:
			t = types.Unalias(u.Elem())
			continue
		case *types.Slice:
			t = types.Unalias(u.Elem())
			continue
		case *types.Named:
			if _, ok := u.Underlying().(*types.Struct); ok {
				return u
			}
			if s, ok := u.Underlying().(*types.Slice); ok {
				t = types.Unalias(s.Elem())
				continue
			}
		}
		break
	}
	return nil
}

// modelOf answers a column step from the model or the rows that a query was
// told of.
func (e *engine) modelOf(fl *models.Flow, call ssa.CallInstruction, column Path) Value {
	if len(fl.From) == 0 {
		return unrestricted()
	}
	v := argument(call.Common(), placeNumber(fl.From[0]))
	if v == nil {
		return unrestricted()
	}
	n := rowsOf(v)
	if column == tableStep {
		param := rowTypeOf(unboxed(v).Type(), outermost(call.Parent()))
		switch {
		case param >= 0:
			return constantAtom(rowTypeMark(param, call.Parent())+tableEnd, true, call.Pos())
		case n != nil && e.index.Type(n) == nil:
			return e.entityAtom(n, call)
		case fl.How == models.Rows:
			return unrestricted() // the query knows it otherwise
		}
		return e.opaque(call.Pos(), "a model")
	}
	if step, ok := strings.CutPrefix(string(column), string(modelMark)); ok && n != nil {
		return dropZero(e.rowColumn(v, n, columnMark+Path(step), call)) // what is not set finds nobody's rows in particular
	}
	if fl.How != models.Rows || !asksColumn(column) {
		return unrestricted()
	}
	return e.written(v, column, call)
}

// entityAtom is the table of entity n as a value, which tableOf reads back.
func (e *engine) entityAtom(n *types.Named, at ssa.Instruction) Value {
	name := types.TypeString(n, nil)
	if e.entities == nil {
		e.entities = map[string]*types.Named{}
	}
	e.entities[name] = n
	return constantAtom(name+tableEnd, true, at.Pos())
}

// rowColumn returns what a column of the rows v, of entity n, is set to.
func (e *engine) rowColumn(v ssa.Value, n *types.Named, column Path, at ssa.Instruction) Value {
	for _, f := range e.entityFields(n.Underlying().(*types.Struct)) {
		if f.is(column) {
			if mi, ok := v.(*ssa.MakeInterface); ok {
				v = mi.X
			}
			t := v.Type().Underlying()
			if p, ok := t.(*types.Pointer); ok {
				t = p.Elem().Underlying()
			}
			path := f.path
			if _, list := t.(*types.Slice); list {
				path = models.Elem + path
			}
			return e.ev(v, path, at)
		}
	}
	return unrestricted()
}

// entityField is a field of an entity, perhaps of a struct embedded in it.
type entityField struct {
	path   Path
	column string  // by its tag
	key    bool    // one of the primary key
	steps  [2]Path // by its tag, and by its name
}

func (f *entityField) is(column Path) bool { return f.steps[0] == column || f.steps[1] == column }

// entityFields returns the fields of an entity that are columns.
func (e *engine) entityFields(s *types.Struct) []entityField {
	if out, ok := e.entityOf[s]; ok {
		return out
	}
	var out []entityField
	var walk func(s *types.Struct, at Path, depth int)
	walk = func(s *types.Struct, at Path, depth int) {
		for i := range s.NumFields() {
			f := s.Field(i)
			if f.Embedded() {
				t := f.Type().Underlying()
				if p, ok := t.(*types.Pointer); ok {
					t = p.Elem().Underlying()
				}
				if inner, ok := t.(*types.Struct); ok && depth < 3 {
					walk(inner, at.field(f.Name()), depth+1)
				}
				continue
			}
			column := e.index.Column(s.Tag(i))
			if f.Exported() && column != "-" {
				out = append(out, entityField{at.field(f.Name()), column, e.index.Primary(s.Tag(i)), [2]Path{columnStep(column), columnStep(f.Name())}})
			}
		}
	}
	walk(s, "", 0)
	if e.entityOf == nil {
		e.entityOf = map[*types.Struct][]entityField{}
	}
	e.entityOf[s] = out
	return out
}
