package scopeflow

import (
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/sqlscope"
)

// A query may read, with its own rows, those of other tables that a field of its
// model stands for: gorm's Preload, bun's Relation. Whose those are follows from
// the rows that they are read with if one refers to the other, as the orders of a
// customer do: by a foreign key, as in SQL. Where links stand beside them, or where
// the rows that refer to them are nobody's, the reference may be whatever somebody
// stored, and only conditions of their own say more. A query is asked for all this by
// steps, like for its columns.

const (
	// relatedMark leads the name of a relation and what its query is asked for in
	// turn; alone, it asks for the names of the relations, a line each.
	relatedMark Path = columnMark + "+"
	// modelMark leads the column of a row that a query has as its model.
	modelMark Path = columnMark + "^"
	// keyMark leads the number of a column of the primary key.
	keyMark Path = columnMark + "%"
)

// keyStep asks a query for the n-th column of its primary key.
func keyStep(n int) Path { return keyMark + Path(strconv.Itoa(n)) }

// asksRows reports whether a step asks of rows otherwise than by a column: those of
// relations, the one that a query has as its model or as its key, those that it makes.
func asksRows(step Path) bool {
	return slices.ContainsFunc([]Path{relatedMark, modelMark, keyMark, assignMark}, func(mark Path) bool { return strings.HasPrefix(string(step), string(mark)) })
}

// allRelations stands for all relations of a model.
const allRelations = "*"

// maxRelated bounds how deep relations are followed.
const maxRelated = 4

// A relation is what a field of an entity stands for: rows of another table.
type relation struct {
	rows *types.Named
	// refers: the row that has the field refers to them. linked: links that stand
	// beside them say which they are. Otherwise they refer to that row.
	refers, linked bool
	// equal are pairs of columns, of that row and of these, that are the same.
	equal [][2]Path
}

// relationOf returns the relation that a field of entity n stands for, false if
// there is none.
func (e *engine) relationOf(n *types.Named, name string) (relation, bool) {
	s, ok := n.Underlying().(*types.Struct)
	if !ok {
		return relation{}, false
	}
	for i := range s.NumFields() {
		f := s.Field(i)
		if slices.Contains(e.index.EdgeFields(), f.Name()) {
			if r, ok := e.edgeOf(n, f, name); ok {
				return r, true
			}
		}
		if inner := rowsIn(f.Type()); f.Embedded() && inner != nil {
			if r, ok := e.relationOf(inner, name); ok {
				return r, true
			}
		}
		if f.Name() != name {
			continue
		}
		rows := rowsIn(f.Type())
		if rows == nil || !e.ours(rows) {
			return relation{}, false
		}
		return e.relationBy(s, f, e.index.Relation(s.Tag(i)), rows), true
	}
	return relation{}, false
}

// edgeOf returns the relation of entity n that generated code has in a struct in
// field f.
func (e *engine) edgeOf(n *types.Named, f *types.Var, name string) (relation, bool) {
	s, ok := indirect(f.Type()).Underlying().(*types.Struct)
	if !ok || n.Obj().Pkg() == nil {
		return relation{}, false
	}
	for edge := range s.Fields() {
		rows := rowsIn(edge.Type())
		if edge.Name() != name || rows == nil {
			continue
		}
		tag := e.index.Edge(e.imported[n.Obj().Pkg().Path()+"/"+strings.ToLower(n.Obj().Name())], name)
		return relation{rows: rows, refers: tag.Refers, linked: tag.Linked}, true
	}
	return relation{}, false
}

// relationBy reads a relation from the field that stands for it and its tag.
func (e *engine) relationBy(s *types.Struct, f *types.Var, tag models.Related, rows *types.Named) relation {
	r := relation{rows: rows, refers: tag.Refers, linked: tag.Linked}
	for i, key := range tag.Key {
		own, other, pair := strings.Cut(key, "=")
		if !pair && i < len(tag.Subject) {
			own, other, pair = key, tag.Subject[i], true
		}
		if pair {
			r.equal = append(r.equal, [2]Path{columnStep(own), columnStep(other)})
		}
	}
	if _, list := indirect(f.Type()).Underlying().(*types.Slice); !list && !r.refers {
		key := f.Name() + "ID"
		if len(tag.Key) > 0 {
			key, _, _ = strings.Cut(tag.Key[0], "=")
		}
		r.refers = !strings.EqualFold(key, "id") && slices.ContainsFunc(e.entityFields(s), func(own entityField) bool { return own.is(columnStep(key)) })
	}
	return r
}

// relationNames returns the fields of an entity that surely stand for relations.
func (e *engine) relationNames(n *types.Named) []string {
	s, ok := n.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	var out []string
	for i := range s.NumFields() {
		f := s.Field(i)
		r, ok := e.relationOf(n, f.Name())
		if !ok || f.Embedded() {
			continue
		}
		tag := e.index.Relation(s.Tag(i))
		_, list := indirect(f.Type()).Underlying().(*types.Slice)
		if list || r.refers || r.linked || len(tag.Key) > 0 {
			out = append(out, f.Name())
		}
	}
	return out
}

// indirect returns what t points to, t itself if it is no pointer.
func indirect(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// preloading answers for a query that was told to read the rows of a relation.
func (e *engine) preloading(fl *models.Flow, call ssa.CallInstruction, column Path) Value {
	if fl.Named == "" && pathOf(fl.From[0].Path) == models.Elem {
		return e.preloadingAll(fl, call, column)
	}
	name, isText, known := e.relationNamed(fl, call)
	if column == relatedMark {
		switch {
		case isText:
			return unrestricted()
		case !known:
			return e.opaque(call.Pos(), "the name of a relation")
		}
		return constantAtom(name+"\n", true, call.Pos())
	}
	if asked, inner, ok := ofRelation(column); ok {
		if !known || isText || name != asked && (name != allRelations || strings.Contains(asked, ".")) {
			return unrestricted()
		}
		return e.narrowed(fl, call, inner)
	}
	if isText && asksColumn(column) && column != idStep {
		return e.joined(fl, call, column)
	}
	return unrestricted()
}

// preloadingAll answers for a query that was told to read the rows of relations that a
// list names, all of them if it is empty.
func (e *engine) preloadingAll(fl *models.Flow, call ssa.CallInstruction, column Path) Value {
	if column != relatedMark {
		return unrestricted()
	}
	lists, ok := e.elements(argument(call.Common(), placeNumber(fl.From[0])))
	if !ok || len(lists) != 1 {
		return e.opaque(call.Pos(), "the names of relations")
	}
	names := allRelations + "\n"
	for i, elem := range lists[0] {
		name, known := e.knownText(elem, "", call)
		if !known {
			return e.opaque(call.Pos(), "the name of a relation")
		}
		if i == 0 {
			names = ""
		}
		names += name + "\n"
	}
	return constantAtom(names, true, call.Pos())
}

// relationNamed returns the relation that a call names; isText is true if the name
// is text that joins tables instead.
func (e *engine) relationNamed(fl *models.Flow, call ssa.CallInstruction) (name string, isText, known bool) {
	if fl.Named != "" {
		return fl.Named, false, true
	}
	v := argument(call.Common(), placeNumber(fl.From[0]))
	if v == nil {
		return "", false, false
	}
	name, known = e.knownText(v, pathOf(fl.From[0].Path), call)
	if !known {
		texts, ok := e.sqlTexts(v, call)
		return "", ok && len(texts) > 0, false
	}
	if fl.All != "" && name == fl.All {
		return allRelations, false, true
	}
	return name, !isWord(name), true
}

// ofRelation splits a step that asks for the query of a relation into the name of
// that and what the query is asked for.
func ofRelation(step Path) (name string, inner Path, ok bool) {
	rest, ok := strings.CutPrefix(string(step), string(relatedMark))
	if !ok {
		return "", "", false
	}
	name, at, ok := strings.Cut(rest, columnMark)
	return strings.ReplaceAll(name, "/", "."), columnMark + Path(at), ok
}

// narrowing returns the place of what narrows a relation, nil if there is none.
func narrowing(fl *models.Flow) *models.Place {
	n := 1
	if fl.Named != "" {
		n = 0
	}
	if n >= len(fl.From) {
		return nil
	}
	return &fl.From[n]
}

// narrowed returns what the query of a relation is restricted to in a column by
// what the call that names the relation says besides.
func (e *engine) narrowed(fl *models.Flow, call ssa.CallInstruction, column Path) Value {
	out := unrestricted()
	from := narrowing(fl)
	if from == nil {
		return out
	}
	v := argument(call.Common(), placeNumber(*from))
	if v == nil {
		return out
	}
	lists, ok := e.elements(v)
	if !ok || len(lists) != 1 {
		return e.opaque(call.Pos(), "a condition of a relation")
	}
	inline := false
	for _, elem := range lists[0] {
		f := unboxed(elem)
		if _, ok := f.Type().Underlying().(*types.Signature); !ok {
			inline = true
			continue
		}
		if val, ok := e.asFunction(f, column); ok {
			out = concat(out, val)
			continue
		}
		val, _ := e.application(f, freshQuery, call, column)
		out = concat(out, val)
	}
	if inline {
		out = concat(out, e.conditionOn(&models.Flow{How: models.Condition}, []models.Place{*from}, call, column))
	}
	return out
}

// joined returns what a query is restricted to in a column by text that joins
// another table: if that has to be there, and is restricted itself, so may be the
// rows that it is joined to, which the text alone does not tell.
func (e *engine) joined(fl *models.Flow, call ssa.CallInstruction, column Path) Value {
	texts, _ := e.sqlTexts(argument(call.Common(), placeNumber(fl.From[0])), call)
	for _, t := range texts {
		if plain, _, _ := strings.Cut(t.key(), "\x00"); fl.How == models.Joined && !saysJoin(plain) {
			t.text = append(sqlscope.Text{{Text: " JOIN "}}, t.text...)
		}
		for _, stmt := range e.scan(t, sqlscope.FromForm).Statements {
			for i, occ := range stmt.Occurrences {
				if occ.Optional {
					continue
				}
				for _, name := range e.columnSpellings(column) {
					if stmt.Restricted(i, name).Kind.Restricts() {
						return e.opaque(call.Pos(), "a join")
					}
				}
			}
		}
	}
	return unrestricted()
}

// ofKey answers for a query for the row with a primary key, of one column or of several.
func (e *engine) ofKey(fl *models.Flow, call ssa.CallInstruction, column Path) Value {
	number, ok := strings.CutPrefix(string(column), string(keyMark))
	v := argument(call.Common(), placeNumber(fl.From[0]))
	if v == nil || !ok && column != idStep {
		return unrestricted()
	}
	v = unboxed(v)
	if !isList(indirect(v.Type())) {
		if number == "0" || column == idStep {
			return e.whole(v, call)
		}
		return unrestricted()
	}
	if column == idStep {
		return unrestricted() // of several columns, some of which may be the scope's
	}
	if list := e.setOnce(v); list != nil {
		v = list // a pointer to one
	}
	n, _ := strconv.Atoi(number)
	lists, ok := e.elements(v)
	if !ok || len(lists) != 1 || n >= len(lists[0]) {
		return e.opaque(call.Pos(), "a primary key")
	}
	return e.whole(lists[0][n], call)
}

// joinedOn returns what a query is restricted to in a column by a call that joins
// another table, as [engine.joined] does for text.
func (e *engine) joinedOn(fl *models.Flow, call ssa.CallInstruction, column Path) Value {
	if !asksColumn(column) || column == idStep {
		return unrestricted()
	}
	from := fl.From
	if len(from) == 2 {
		return e.joined(fl, call, column)
	}
	if len(from) == 4 {
		kind, known := e.knownText(argument(call.Common(), placeNumber(from[0])), "", call)
		if known && !matches(kind) {
			return unrestricted()
		}
		from = from[1:]
	}
	if on := e.conditionOn(fl, from[1:], call, column); on.has(func(*Atom) bool { return true }) {
		return e.opaque(call.Pos(), "a join")
	}
	return unrestricted()
}

// saysJoin reports whether a text begins with the words of a join.
func saysJoin(text string) bool {
	words := strings.Fields(strings.ToUpper(text))
	return slices.Contains(words[:min(4, len(words))], "JOIN")
}

// matches reports whether a join of that kind leaves out the rows that go with none of
// the other table.
func matches(kind string) bool {
	kind = strings.ToUpper(strings.TrimSpace(kind))
	return kind == "" || kind == "INNER" || kind == "STRAIGHT"
}

// relationOfModel answers for a query for the rows of a relation of a row.
func (e *engine) relationOfModel(fl *models.Flow, call ssa.CallInstruction, column Path) Value {
	if fl.Named != "" {
		return e.edgeFrom(fl, call, column)
	}
	before := e.restrictedBy(fl.From[0], call, column, true)
	query := argument(call.Common(), placeNumber(fl.From[0]))
	if len(fl.From) < 2 || query == nil || column != tableStep && !asksColumn(column) {
		return before
	}
	of, _ := e.tableIn(query, pathOf(fl.From[0].Path), &models.Sink{Kind: models.Query}, call)
	name, known := e.knownText(argument(call.Common(), placeNumber(fl.From[1])), "", call)
	var r relation
	if known = known && of.rows != nil; known {
		r, known = e.relationOf(of.rows, name)
	}
	if !known {
		return concat(before, e.opaque(call.Pos(), "a relation"))
	}
	if column == tableStep {
		return e.entityAtom(r.rows, call)
	}
	own := func(c Path) Value { return e.restrictedBy(fl.From[0], call, modelMark+c[1:], true) }
	if column == idStep {
		return concat(before, own(columnStep("id")))
	}
	for _, c := range e.scopeColumns(r.rows.Obj()) {
		if c.step == column {
			return concat(before, e.followed(of.rows, r, c, own, call))
		}
	}
	return before
}

// edgeFrom answers for a query for the rows of a relation of those that the source
// is, or finds.
func (e *engine) edgeFrom(fl *models.Flow, call ssa.CallInstruction, column Path) Value {
	v := argument(call.Common(), placeNumber(fl.From[0]))
	if fl.Entity == nil || v == nil || !asksColumn(column) {
		return unrestricted()
	}
	n, _ := fl.Entity.Type().(*types.Named)
	r, ok := e.relationOf(n, fl.Named)
	if !ok {
		return e.opaque(call.Pos(), "a relation")
	}
	own := func(c Path) Value {
		if rowsIn(v.Type()) == n {
			return dropZero(e.rowColumn(v, n, c, call))
		}
		return e.ev(v, c, call)
	}
	if column == idStep {
		if r.refers {
			return unrestricted()
		}
		if rowsIn(v.Type()) == n {
			return own(columnStep("id"))
		}
		return own(idStep)
	}
	for _, c := range e.scopeColumns(r.rows.Obj()) {
		if c.step == column {
			return e.followed(n, r, c, own, call)
		}
	}
	return unrestricted()
}

// followed returns what the rows of a relation of n are restricted to in a column by
// what the rows of n are, which own tells.
func (e *engine) followed(n *types.Named, r relation, col ScopeColumn, own func(Path) Value, at ssa.Instruction) Value {
	cols := e.scopeColumns(n.Obj())
	i := slices.IndexFunc(cols, func(c ScopeColumn) bool { return c.Need == col.Need })
	switch {
	case i >= 0 && (!r.linked || slices.Contains(r.equal, [2]Path{cols[i].step, col.step})):
		return own(cols[i].step) // as a foreign key in SQL leads from row to row, either way
	case i >= 0 || r.refers:
		return e.opaque(at.Pos(), "a reference that was stored")
	}
	return unrestricted()
}

// A related reads the relations that a query is told to read.
type related struct {
	e     *engine
	query ssa.Value
	main  *Access // of the call that runs the query; what it reads besides is like it
	out   []*Access
}

// relatedAccesses returns the accesses of a call that runs a query to the rows of
// the relations that it reads. of is the entity of the query; main is nil if that
// says nothing of whose its rows are.
func (e *engine) relatedAccesses(owner *ssa.Function, call ssa.CallInstruction, fn *types.Func, row *models.Sink, main *Access) []*Access {
	if row.Op != models.Read || len(row.Table) == 0 && !row.Model && row.Entity == nil || len(row.Key) != 1 {
		return nil
	}
	query := argument(call.Common(), placeNumber(row.Key[0]))
	if query == nil || !e.ev(query, relatedMark, call).has(func(a *Atom) bool { return a.Kind == Constant }) {
		return nil
	}
	var rows *types.Named
	if row.Entity == nil {
		rows = e.tableOf(row, call).rows
	} else if row.Entity.Pkg() != e.pass.Pkg { // not the generated code itself
		rows, _ = row.Entity.Type().(*types.Named)
	}
	if rows == nil || len(e.need(row)) == 0 {
		return nil
	}
	if main == nil {
		main = &Access{Kind: row.Kind, Op: row.Op, What: e.sinkName(fn, call.Common()), Row: row, Owner: owner, Instr: call, Pos: call.Pos()}
		main.ID = e.foundByQuery(row, call)
	}
	r := &related{e: e, query: query, main: main}
	r.below(rows, "", "", r.rowsOf(main), main.ID, 0)
	return r.out
}

// rowsOf returns what tells of the columns of the rows that an access reads. Where
// they may be anybody's, that is said of the access itself.
func (r *related) rowsOf(a *Access) func(step Path) Value {
	return func(step Path) Value {
		for _, c := range a.Columns {
			if c.step == step {
				return c.Value.mapAlts(func(alt Alt) Alt {
					if slices.ContainsFunc(alt.Parts, func(p Atom) bool { return p.Kind == Scope || p.Kind == Param || p.Kind == Record }) {
						return alt
					}
					return r.e.opaque(a.Pos, "rows of anybody").Alts[0]
				})
			}
		}
		return unrestricted()
	}
}

// below adds the relations that stand below rows of entity n, whose query the path
// of steps leads to.
func (r *related) below(n *types.Named, steps, prefix Path, own func(Path) Value, id Value, depth int) {
	if depth >= maxRelated {
		return
	}
	for _, name := range r.names(n, steps, prefix) {
		r.one(n, steps, prefix, name, own, id, depth)
	}
}

// names returns the names of the relations below prefix, all those of entity n if
// the query is to read them all.
func (r *related) names(n *types.Named, steps, prefix Path) []string {
	var out []string
	add := func(name string) {
		if name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	said := r.e.ev(r.query, steps+relatedMark, r.main.Instr)
	for _, alt := range said.Alts {
		for _, p := range alt.Parts {
			if p.Kind != Constant || p.Mixed {
				continue
			}
			for line := range strings.SplitSeq(p.Text, "\n") {
				rest, ok := strings.CutPrefix(line, string(prefix))
				if !ok {
					continue
				}
				first, _, _ := strings.Cut(rest, ".")
				if first != allRelations {
					add(first)
					continue
				}
				for _, name := range r.e.relationNames(n) {
					add(name)
				}
			}
		}
	}
	return out
}

// one adds the access to the rows of a relation of entity n, and those below it.
func (r *related) one(n *types.Named, steps, prefix Path, name string, own func(Path) Value, id Value, depth int) {
	rel, ok := r.e.relationOf(n, name)
	if !ok {
		return
	}
	full := prefix + Path(name)
	at := steps + relatedMark + Path(strings.ReplaceAll(string(full), ".", "/"))
	asked := func(step Path) Value { return r.e.ev(r.query, at+step, r.main.Instr) }
	a := &Access{Kind: r.main.Kind, Op: r.main.Op, What: r.main.What + " with " + string(full), Row: r.main.Row, Entity: rel.rows.Obj().Name(),
		Owner: r.main.Owner, Instr: r.main.Instr, Pos: r.main.Pos, Compared: r.main.Compared, Way: string(full)}
	a.ID = asked(idStep)
	if !rel.refers {
		a.ID = concat(id, a.ID)
	}
	a.ID = r.e.settle(a.ID, r.main.Instr)
	need := r.e.need(r.main.Row)
	for _, col := range r.e.scopeColumns(rel.rows.Obj()) {
		col.Value = r.e.settle(concat(asked(col.step), r.e.followed(n, rel, col, own, r.main.Instr)), r.main.Instr)
		call, ok := r.main.Instr.(ssa.CallInstruction)
		if ok && r.main.Row.Entity != nil {
			r.e.hook(&col, call, rel.rows.Obj(), r.main.Op)
		}
		for _, d := range need {
			if d&col.Need != 0 {
				a.Need = append(a.Need, col.Need)
				a.Columns = append(a.Columns, col)
			}
		}
	}
	if len(a.Columns) > 0 {
		a.Key = keyOfColumns(a.Columns)
		r.e.noteHookUse(a)
		r.out = append(r.out, a)
	}
	r.below(rel.rows, steps, full+".", r.rowsOf(a), a.ID, depth+1)
	r.below(rel.rows, at, "", r.rowsOf(a), a.ID, depth+1)
}
