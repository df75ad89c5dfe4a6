package scopeflow

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
)

// A query or predicate is a value like any other. What restricts a column of
// it is asked for by a path that ends in a column step, "#tenantid": the
// restrictions one after the other, all of which hold, and alternatives where
// one is added on some paths only. So builders that are changed in place,
// branched, kept in structs and handed through helpers need nothing of their
// own.

const columnMark = "#"

// anyColumn ends the path of a write that bears on every column.
const anyColumn = "#*"

// column splits a path into what leads to a query and the column step after
// it, "" if there is none.
func (p Path) column() (base, column Path) {
	if i := strings.IndexByte(string(p), columnMark[0]); i >= 0 {
		return p[:i], p[i:]
	}
	return p, ""
}

// columnStep returns the step for a column of that name; "" has none.
func columnStep(name string) Path {
	if name == "" {
		return ""
	}
	return Path(columnMark + models.ColumnName(name))
}

// idStep asks a query for what identifies its rows: the values that columns are
// restricted to which hold identifiers, of this table or of another.
const idStep Path = columnMark + "="

// unrestricted is a query without a predicate on the column asked for.
func unrestricted() Value { return Value{[]Alt{{}}} }

// ScopeColumn is a column of a table that holds a dimension.
type ScopeColumn struct {
	Name  string // as the source has it
	SQL   string // as the database has it; "" if that is not known
	Need  models.Dims
	Value Value // what restricts the column, or what it is set to
	// Ignored: a query that the call does not heed is restricted by the column.
	Ignored bool

	step   Path
	key    Path     // what asks a query for the column as one of its primary key; "" if it is none
	also   []string // further columns of the table, any of which says the same
	hooked bool     // by nothing but hooks
}

// Unheeded reports whether the statement is restricted by a column in a way
// that the call which runs it does not keep to.
func (a *Access) Unheeded() bool {
	return slices.ContainsFunc(a.Columns, func(c ScopeColumn) bool { return c.Ignored })
}

// scopeColumns returns the columns of an entity that hold a dimension: the
// fields that the policy's names of dimensions name.
func (e *engine) scopeColumns(entity *types.TypeName) []ScopeColumn {
	s, ok := entity.Type().Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	fields := e.entityFields(s)
	keyOf := map[Path]Path{}
	for _, f := range fields {
		if f.key {
			keyOf[f.path] = keyStep(len(keyOf))
		}
	}
	var out []ScopeColumn
	for _, d := range models.AllDims.Each() {
	names:
		for _, name := range e.policy.Synonyms(d) {
			want := columnStep(name)
			for _, f := range fields {
				if f.is(want) {
					out = append(out, ScopeColumn{Name: f.path.last(), SQL: f.column, Need: d, step: want, key: keyOf[f.path]})
					break names
				}
			}
		}
	}
	return out
}

// columnNames returns the column steps of all names that a dimension has.
func (e *engine) columnNames() []Path {
	if e.columns == nil {
		e.columns = []Path{}
		seen := map[Path]bool{}
		for _, d := range models.AllDims.Each() {
			for _, name := range e.policy.Synonyms(d) {
				if p := columnStep(name); !seen[p] {
					seen[p] = true
					e.columns = append(e.columns, p)
				}
			}
		}
	}
	return e.columns
}

// queryAccess is the access of a call that runs a query on a table with scope
// columns, nil if it has none that is required.
func (e *engine) queryAccess(owner *ssa.Function, call ssa.CallInstruction, fn *types.Func, row *models.Sink) *Access {
	required := e.need(row)
	if len(required) == 0 {
		return nil
	}
	var columns []ScopeColumn
	var name string
	entity := row.Entity
	switch {
	case row.Entity == nil:
		t := e.tableOf(row, call)
		name, columns = t.name, t.columns
		if t.rows != nil {
			entity = t.rows.Obj()
			name, columns = entity.Name(), e.scopeColumns(entity)
		}
	case row.Entity.Pkg() != e.pass.Pkg: // not the generated code itself
		name, columns = row.Entity.Name(), e.scopeColumns(row.Entity)
	}
	if len(columns) == 0 {
		if row.Entity != nil && row.Entity.Pkg() == e.pass.Pkg {
			return nil
		}
		return e.wholeAccess(owner, call, row, e.sinkName(fn, call.Common()), e.namedTable(name))
	}
	common := call.Common()
	a := &Access{Kind: row.Kind, Op: row.Op, What: e.sinkName(fn, common), Unbound: row.Unbound, Row: row, Entity: name,
		Owner: owner, Instr: call, Pos: call.Pos(), Compared: e.policy.ComparedLater(e.pass.Pkg.Path())}
	if row.Of != "" && !a.Compared {
		a.Compared = e.policy.ComparedLater(fn.Pkg().Path()) // whose statement it is
	}
	if row.Op != models.Insert {
		a.ID = e.foundByQuery(row, call)
		if row.ID != nil {
			a.ID = concat(a.ID, e.settle(e.keyPlace(*row.ID, common, call), call))
			if v := argument(common, placeNumber(*row.ID)); v != nil {
				a.handed = append(a.handed, operand{v, pathOf(row.ID.Path)})
			}
		}
	}
	for _, col := range columns {
		for _, need := range required {
			if need&col.Need == 0 {
				continue
			}
			col.Value = e.heldBy(row, call, name, roleOf(row.Op), []string{col.SQL}, col.Need)
			if !row.Unbound {
				col.Value = e.queryColumn(row, call, col, col.Value)
				if row.Ignored != nil {
					col.Ignored = e.restrictsBy(argument(common, placeNumber(*row.Ignored)), col.step, call)
				}
			}
			e.hook(&col, call, entity, row.Op)
			a.Need = append(a.Need, col.Need)
			a.Columns = append(a.Columns, col)
		}
	}
	if len(a.Need) == 0 {
		return nil
	}
	a.Key = keyOfColumns(a.Columns)
	e.noteHookUse(a)
	return a
}

// queryColumn returns what restricts a column of the query that a call runs, or what
// its rows set it to, besides what is known already.
func (e *engine) queryColumn(row *models.Sink, call ssa.CallInstruction, col ScopeColumn, out Value) Value {
	common, column := call.Common(), col.step
	for _, p := range row.Key {
		v := argument(common, placeNumber(p))
		if v == nil {
			continue
		}
		out = concat(out, e.settle(e.ev(v, pathOf(p.Path)+column, call), call))
		if col.key != "" {
			out = concat(out, e.settle(e.ev(v, pathOf(p.Path)+col.key, call), call))
		}
	}
	out = e.settle(e.within(row.Where, call, column, out), call)
	for _, p := range row.Loaded {
		out = concat(out, e.loadedRow(p, call, column))
	}
	for _, p := range row.Rows {
		if v := argument(common, placeNumber(p)); v != nil {
			set := e.written(v, column, call)
			if row.Op != models.Insert {
				set = dropZero(set)
			}
			out = concat(out, e.settle(set, call))
		}
	}
	if row.Made != nil {
		out = concat(out, e.settle(dropZero(e.assigned(*row.Made, call, column)), call))
	}
	return out
}

// foundByQuery returns the identifiers by which a query that a call runs finds rows.
func (e *engine) foundByQuery(row *models.Sink, call ssa.CallInstruction) Value {
	id := unrestricted()
	for _, p := range row.Key {
		if v := argument(call.Common(), placeNumber(p)); v != nil && !row.Unbound {
			id = concat(id, e.settle(e.ev(v, pathOf(p.Path)+idStep, call), call))
		}
	}
	return e.settle(e.within(row.Where, call, idStep, id), call)
}

// keyOfColumns is all that restricts a query, for messages.
func keyOfColumns(cols []ScopeColumn) Value {
	out := Value{[]Alt{{Bag: true}}}
	for _, c := range cols {
		if !c.Value.bottom() {
			out = gather(out, c.Value)
		}
	}
	return out
}

// columnStatus judges one alternative of what restricts a column.
func columnStatus(alt *Alt, need models.Dims, op models.Op) (Class, *Atom) {
	var pending, opaque, foreign, unchecked *Atom
	for i := range alt.Parts {
		p := &alt.Parts[i]
		if p.Ctx || p.Selected {
			continue
		}
		if op == models.Insert && p.Kind == Constant && !p.Mixed && p.Text == "" {
			continue // the zero value: nobody set it
		}
		switch p.Kind {
		case Scope:
			if p.Dims&need != 0 && !p.Unchecked {
				return Proven, nil
			}
			if p.Dims&need != 0 {
				unchecked = p
			}
		case Param:
			if p.Dims&need != 0 {
				return Proven, nil
			}
			pending = p
		case Dynamic:
			pending = p
		case Constant:
			// The zero value mostly stands for an error that was returned beside
			// it, and what is not known of a variable is not known to be wrong.
			if p.Mixed || p.Text == "" {
				opaque = p
			} else if foreign == nil {
				foreign = p
			}
		case Request:
			foreign = p
		case Record:
			// The column of a row that was found in scope, or is if the caller's is.
			switch by := alt.foundBy(p.Claim & need); {
			case by == nil:
				opaque = p
			case by.Kind == Scope:
				return Proven, nil
			default:
				pending = p
			}
		default:
			opaque = p
		}
	}
	switch {
	case unchecked != nil:
		return Bare, unchecked
	case pending != nil:
		return Pending, pending
	case opaque != nil:
		return Unknown, opaque
	case foreign != nil:
		return Foreign, foreign
	}
	return Bare, nil
}

// foundBy returns by what a row in alt was found that says whose it is: a scope
// with one of the dimensions, or a parameter that claims to be one; nil if by none.
func (alt *Alt) foundBy(dims models.Dims) *Atom {
	var by *Atom
	for i := range alt.Parts {
		switch p := &alt.Parts[i]; {
		case !p.Selected || p.Ctx || p.Unchecked:
		case p.Kind == Scope && p.Dims&dims != 0:
			return p
		case p.Kind == Param && p.Claim&dims != 0:
			by = p
		}
	}
	return by
}

// restriction answers from the rows for fn what restricts a column of the
// idx-th result of c. The second result is false if no row says.
func (e *engine) restriction(m *models.Func, c *ssa.Call, idx int, base, column Path) (Value, bool) {
	if base != "" && !holdsReceiver(c, idx, base) {
		return e.mapped(m, c, idx, base, column)
	}
	out, said := unrestricted(), false
	for i := range m.Columns {
		col := &m.Columns[i]
		if col.To.Base == models.Result && col.To.Index == idx && !col.Sets {
			said = true
			if on, ok := e.columnOn(col, column, c); !ok && asksColumn(column) {
				out = concat(out, e.opaque(c.Pos(), "a column"))
			} else if on {
				out = concat(out, e.keyPlace(col.Value, c.Common(), c))
			}
		}
	}
	for i := range m.Flows {
		fl := &m.Flows[i]
		if fl.NoTo || fl.To.Base != models.Result || fl.To.Index != idx {
			continue
		}
		val, ok := e.restricting(fl, c, column)
		if !ok {
			continue
		}
		said = true
		if fl.How == models.Or {
			out = val // which tells of the query before, too
			continue
		}
		if fl.How == models.Condition || fl.How == models.WhereSQL {
			out = e.beside(fl, c, column, out, val)
			continue
		}
		out = concat(out, val)
	}
	return out, said
}

// holdsReceiver reports whether a field of the idx-th result of c, which embeds it, is
// of the type that the method was called on, as a selection embeds its query.
func holdsReceiver(c *ssa.Call, idx int, field Path) bool {
	recv, t := argument(c.Common(), Receiver), resultType(c.Common(), idx)
	if recv == nil || t == nil || field.depth() != 1 {
		return false
	}
	held, f := stepTo(t, field)
	return f != nil && f.Embedded() && types.Identical(held, recv.Type())
}

// columnOn reports whether a row is about the column asked for; ok is false if
// its name cannot be told.
func (e *engine) columnOn(col *models.Column, column Path, call ssa.CallInstruction) (on, ok bool) {
	if col.Named == nil {
		return columnStep(col.Name) == column || col.ID && column == idStep && !slices.Contains(e.columnNames(), columnStep(col.Name)), true
	}
	name, ok := e.columnNamed(col, call)
	return ok && e.answers(name, column), ok
}

// columnNamed returns the name of the column that a row finds in the call.
func (e *engine) columnNamed(col *models.Column, call ssa.CallInstruction) (string, bool) {
	v := argument(call.Common(), placeNumber(*col.Named))
	if v == nil {
		return "", false
	}
	text, ok := e.knownText(v, pathOf(col.Named.Path), call)
	return unqualified(text), ok
}

// restricting returns what a flow says of a column of its target.
func (e *engine) restricting(fl *models.Flow, call ssa.CallInstruction, column Path) (Value, bool) {
	if isSession(column) {
		return e.begunOn(fl, call, column), restricts(fl.How)
	}
	out := unrestricted()
	switch fl.How {
	case models.Begin:
	case models.Where:
		if e.optionSet(fl.Unless, call) {
			break
		}
		for _, p := range fl.From {
			out = concat(out, e.restrictedBy(p, call, column, true))
		}
	case models.WhereSQL, models.Condition:
		out = e.conditionOn(fl, fl.From, call, column)
	case models.Or:
		out = e.widened(fl, call, column)
	case models.Table:
		if sub := e.fromQuery(fl, call); sub != nil && (column == tableStep || asksColumn(column)) {
			out = e.ev(sub, column, call)
		} else if column == tableStep {
			out = e.tableNamed(fl, call)
		}
	case models.Judged:
		if column == tableStep {
			out = e.opaque(call.Pos(), "a statement of its own")
		}
	case models.Loaded:
		if asksColumn(column) && len(fl.From) > 0 {
			out = e.loadedRow(fl.From[0], call, column)
		}
	case models.Apply:
		out = e.applied(fl, call, column)
	case models.Names:
		if column == namesStep && len(fl.From) > 0 {
			out = e.namesIn(fl.From[0], call)
		}
	case models.Values:
		if len(fl.From) > 0 {
			out = e.valueIn(fl.From[0], call, column)
		}
	case models.Model, models.Rows:
		out = e.modelOf(fl, call, column)
	case models.Preload:
		out = e.preloading(fl, call, column)
	case models.Primary:
		out = e.ofKey(fl, call, column)
	case models.Joined:
		out = e.joinedOn(fl, call, column)
	case models.Ignoring:
		if column == ignoreStep {
			out = constantAtom("ignoring", true, call.Pos())
		}
	case models.Assign:
		if assigned, ok := strings.CutPrefix(string(column), string(assignMark)); ok {
			out = e.assigning(fl, call, columnMark+Path(assigned))
		}
	case models.Relation:
		out = e.relationOfModel(fl, call, column)
	case models.Either:
		var any Value
		for _, p := range fl.From {
			any = join(any, e.restrictedBy(p, call, column, false))
		}
		if !any.bottom() {
			out = any
		}
	default:
		return Value{}, false
	}
	return out, true
}

// restrictedBy returns what restricts the column in the query or predicates
// at a place of a call: where there are several, all of them or any one.
func (e *engine) restrictedBy(p models.Place, call ssa.CallInstruction, column Path, all bool) Value {
	v := argument(call.Common(), placeNumber(p))
	if v == nil {
		return unrestricted()
	}
	path := pathOf(p.Path)
	if path != models.Elem {
		return e.ev(v, path+column, call)
	}
	if all {
		return e.ev(v, allElems+column, call)
	}
	lists, ok := e.elements(v)
	if !ok {
		return e.ev(v, models.Elem+column, call)
	}
	var out Value
	for _, list := range lists {
		for _, elem := range list {
			out = join(out, e.element(elem, column, call))
		}
		if len(list) == 0 {
			out = join(out, unrestricted())
		}
	}
	if out.bottom() {
		return unrestricted()
	}
	return out
}

// queryWrites returns what a call adds to the query v, its n-th operand, in
// place.
func (e *engine) queryWrites(m *models.Func, call ssa.CallInstruction, n int, sub Path) []write {
	var out []write
	if v := argument(call.Common(), n); v != nil && e.isHandle(v.Type()) && !e.begun(v) {
		return nil // a handle begins another query and stays as it is
	}
	for i := range m.Flows {
		fl := &m.Flows[i]
		if fl.NoTo || fl.To.Base == models.Result || placeNumber(fl.To) != n || !restricts(fl.How) {
			continue
		}
		w := write{sub: sub + anyColumn, instr: call, mode: appendTo, must: true, bare: fl.Bare, val: func(column Path) Value {
			if fl.How == models.Or && asksColumn(column) {
				return e.conditionOn(fl, fl.From[1:], call, column)
			}
			val, _ := e.restricting(fl, call, column)
			return val
		}}
		switch fl.How {
		case models.Begin, models.Apply:
			w.mode = emptied // a query of a value that tells all of it
		case models.Or, models.Condition:
			w.opens = func() bool { return fl.How == models.Or || e.opens(fl, call) }
		}
		out = append(out, w)
	}
	for i := range m.Columns {
		col := &m.Columns[i]
		if col.To.Base != models.Result && placeNumber(col.To) == n {
			name, id := col.Name, col.ID && !slices.Contains(e.columnNames(), columnStep(col.Name))
			if col.Named != nil {
				var ok bool
				if name, ok = e.columnNamed(col, call); !ok {
					continue
				}
				id = e.answers(name, idStep)
			}
			val := func(Path) Value { return e.keyPlace(col.Value, call.Common(), call) }
			if col.Sets {
				out = append(out, write{sub: sub + assignMark + columnStep(name)[1:], instr: call, mode: appendTo, must: true, val: val})
				continue
			}
			out = append(out, write{sub: sub + columnStep(name), instr: call, mode: appendTo, must: true, val: val})
			if id {
				out = append(out, write{sub: sub + idStep, instr: call, mode: appendTo, must: true, val: val})
			}
		}
	}
	return out
}

// restricts reports whether a flow is about what restricts a query.
func restricts(how models.How) bool {
	switch how {
	case models.Begin, models.Where, models.WhereSQL, models.Either, models.Model, models.Rows,
		models.Condition, models.Or, models.Table, models.Judged, models.Loaded, models.Apply, models.Names, models.Values,
		models.Preload, models.Relation, models.Assign, models.Joined, models.Primary, models.Ignoring:
		return true
	}
	return false
}

// onColumn returns w as a write to the column of path, false if it bears on
// something else.
func (w write) onColumn(path Path) (write, bool) {
	base, column := path.column()
	if column == "" || w.mode != appendTo && w.mode != emptied || w.mode == emptied && isSession(column) {
		return w, false
	}
	if !asksColumn(column) {
		w.opens = nil
	}
	if w.sub == path {
		return w, true
	}
	if w.sub != base+anyColumn {
		return w, false
	}
	val := w.val
	w.val = func(Path) Value { return val(column) }
	return w, true
}
