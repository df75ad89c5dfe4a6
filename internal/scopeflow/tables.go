package scopeflow

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/sqlscope"
)

// A sqlCall is a call that runs SQL: what its text may be is read table by table.
type sqlCall struct {
	e        *engine
	owner    *ssa.Function
	call     ssa.CallInstruction
	row      *models.Sink
	schema   *policy.Schema
	required []models.Dims
	compared bool // the policy leaves it to the callers to know whose rows they name
	children bool // statements on tables without a scope column are to keep to what these refer to

	order []tableKey
	found map[tableKey]*Access

	what   string   // what the statement does to the first of its tables
	tables []string // all of them
	unread bool     // a statement that was not understood may be on others
}

// tableKey names what a statement does with a table, whichever way its text is
// composed.
type tableKey struct {
	stmt, occ int
	table     string
	ref       string // a column that is set to refer to another table
}

// sqlAccesses returns the accesses of a call that runs SQL: one for each table
// that has scope columns.
func (e *engine) sqlAccesses(owner *ssa.Function, call ssa.CallInstruction, row *models.Sink) []*Access {
	c := &sqlCall{e: e, owner: owner, call: call, row: row, schema: e.policy.Schema(), required: e.need(row),
		compared: e.policy.ComparedLater(e.pass.Pkg.Path()), found: map[tableKey]*Access{}}
	c.children = c.schema != nil && c.schema.Children(e.pass.Pkg.Path())
	if c.schema == nil && !e.keptWhole() || len(c.required) == 0 {
		return nil
	}
	text, given := c.operands()
	if text == nil {
		return nil
	}
	texts, ok := e.sqlTexts(text, call)
	if !ok {
		return c.whole(e.sinkName(callee(call.Common()), call.Common()), nil)
	}
	for _, t := range texts {
		res := e.statementsIn(t, row)
		for i, stmt := range res.Statements {
			for _, args := range given {
				r := sqlReading{c, args.of(t, res), stmt, i, t.holes, c.identifiers(stmt)}
				for j := range stmt.Occurrences {
					r.occurrence(j)
				}
			}
			c.unread = c.unread || stmt.Unparsed != ""
		}
	}
	var out []*Access
	for _, k := range c.order {
		a := c.found[k]
		a.Key = keyOfColumns(a.Columns)
		out = append(out, a)
	}
	switch {
	case len(out) > 0:
		return out
	case len(c.tables) > 0:
		return c.whole(c.what, c.tables)
	case c.unread:
		return c.whole(e.sinkName(callee(call.Common()), call.Common()), nil)
	}
	return nil
}

// whole returns the access of a statement on tables that do not say whose they
// are, if the policy says how they are kept apart.
func (c *sqlCall) whole(what string, tables []string) []*Access {
	if a := c.e.wholeAccess(c.owner, c.call, c.row, what, tables); a != nil {
		return []*Access{a}
	}
	return nil
}

// operands returns the text that the call runs, nil if there is none in sight,
// and its arguments: those of each time that it is run, if it is run more often.
func (c *sqlCall) operands() (ssa.Value, []sqlArgs) {
	common := c.call.Common()
	text := argument(common, placeNumber(*c.row.SQL))
	args := c.e.sqlArgs(c.row.Args, common, c.call)
	if text == nil || pathOf(c.row.SQL.Path) != models.Elem {
		if v, ok := c.call.(*ssa.Call); ok && (len(args.lists) == 0 || len(args.lists) == 1 && len(args.lists[0]) == 0) {
			if later, bound := c.e.boundLater(v); bound {
				return text, later
			}
		}
		return text, []sqlArgs{args}
	}
	// One list holds the text and its arguments.
	lists, ok := c.e.elements(text)
	if !ok || len(lists) != 1 || len(lists[0]) == 0 {
		return nil, nil
	}
	args.lists = [][]ssa.Value{lists[0][1:]}
	return lists[0][0], []sqlArgs{args}
}

// boundLater returns the arguments that a statement is given after it was made, by each
// call that gives it some; those of calls out of sight are not known. It is false if none
// is in sight.
func (e *engine) boundLater(made ssa.Value) (out []sqlArgs, bound bool) {
	work := []ssa.Value{made}
	seen := map[ssa.Value]bool{}
	for len(work) > 0 {
		v := work[0]
		work = work[1:]
		if seen[v] || v.Referrers() == nil {
			continue
		}
		seen[v] = true
		for _, ref := range *v.Referrers() {
			switch r := ref.(type) {
			case *ssa.Extract:
				if r.Index == 0 {
					work = append(work, r)
				}
			case *ssa.Phi:
				work = append(work, r)
			case ssa.CallInstruction:
				args, how := e.boundBy(r, v)
				switch same, isCall := r.(*ssa.Call); {
				case how == models.Bind:
					out, bound = append(out, args), true
				case isCall && types.Identical(same.Type(), v.Type()):
					work = append(work, same) // the statement itself, set up further
				case argument(r.Common(), Receiver) != v:
					out = append(out, sqlArgs{e: e, at: r, pos: r.Pos()})
				}
			case *ssa.Store:
				if r.Val == v {
					out = append(out, sqlArgs{e: e, at: r, pos: made.Pos()})
				}
			case *ssa.MakeClosure, *ssa.MakeInterface, *ssa.Return:
				out = append(out, sqlArgs{e: e, at: ref, pos: made.Pos()})
			}
		}
	}
	return out, bound
}

// boundBy returns the arguments that a call gives statement v.
func (e *engine) boundBy(call ssa.CallInstruction, v ssa.Value) (args sqlArgs, how models.How) {
	m := e.rowsFor(callee(call.Common()), call.Common())
	if m == nil {
		return args, ""
	}
	for i := range m.Flows {
		fl := &m.Flows[i]
		if fl.How == models.Bind && !fl.NoTo && argument(call.Common(), placeNumber(fl.To)) == v && len(fl.From) == 1 {
			return e.sqlArgs(&fl.From[0], call.Common(), call), models.Bind
		}
	}
	return args, ""
}

// identifiers returns the columns with identifiers of all tables of a statement.
func (c *sqlCall) identifiers(stmt *sqlscope.Statement) []string {
	var out []string
	if c.schema == nil {
		return nil
	}
	for _, occ := range stmt.Occurrences {
		for _, col := range c.e.idColumns(c.schema, occ.Table, c.required) {
			if !slices.Contains(out, col) {
				out = append(out, col)
			}
		}
	}
	return out
}

// A sqlReading is a statement in one of the ways in which its text may be composed.
type sqlReading struct {
	*sqlCall
	args  sqlArgs
	stmt  *sqlscope.Statement
	n     int // the number of the statement in its text
	holes []Atom
	ids   []string
}

// settled returns what is known of v where the statement gets its arguments.
func (r *sqlReading) settled(v Value) Value { return r.e.settle(v, r.args.at) }

// access returns the access to a table of the statement, which is made when it is
// first met.
func (r *sqlReading) access(occ int, owner rowOwner, ref string) *Access {
	o := &r.stmt.Occurrences[occ]
	k := tableKey{r.n, occ, o.Table, ref}
	a := r.found[k]
	if a == nil {
		a = &Access{Kind: r.row.Kind, Op: opOf(o.Role), What: verbOf(o.Role) + " " + o.Table, Row: r.row, Entity: o.Table,
			Owner: r.owner, Instr: r.call, Pos: r.call.Pos(), Compared: r.compared, Child: owner.child && ref == "", Ref: ref,
			Members: owner.members, Lock: r.stmt.Lock(), Exact: true}
		a.Strict = !r.compared && (a.Child || ref != "")
		for _, col := range owner.columns {
			a.Need = append(a.Need, col.Need)
			a.Columns = append(a.Columns, col)
		}
		r.found[k] = a
		r.order = append(r.order, k)
	}
	return a
}

// occurrence adds what the statement does with a table, and with what its rows
// refer to.
func (r *sqlReading) occurrence(n int) {
	occ := &r.stmt.Occurrences[n]
	if occ.IsHole || occ.Implicit {
		return
	}
	if r.tables = append(r.tables, occ.Table); r.what == "" {
		r.what = verbOf(occ.Role) + " " + occ.Table
	}
	if r.schema == nil {
		return
	}
	r.references(n)
	owner := r.ownerOf(occ.Table)
	if len(owner.columns) == 0 || owner.child && occ.Role == sqlscope.Inserts || owner.child && !r.compared && r.meets(n) {
		return
	}
	cols := owner.columns
	a := r.access(n, owner, "")
	a.Optional = a.Optional || occ.Optional
	if occ.Role != sqlscope.Inserts {
		a.ID = join(a.ID, r.settled(r.foundBy(n, cols)))
		for _, col := range r.e.tableColumns(r.schema, occ.Table, []models.Dims{models.User}) {
			a.User = join(a.User, r.settled(r.args.restrictedTo(r.stmt.Restricted(n, col.Name), r.holes)))
		}
	}
	for i := range a.Columns {
		col := &a.Columns[i]
		col.Value = join(col.Value, r.settled(r.restriction(n, *col)))
	}
}

// references adds the foreign keys that the statement sets: what a row refers to
// must be the caller's as well.
func (r *sqlReading) references(n int) {
	occ := &r.stmt.Occurrences[n]
	for _, fk := range r.schema.ForeignKeys(occ.Table) {
		v, ok := assigned(r.stmt, n, occ.Role, fk)
		if !ok {
			continue
		}
		owner := r.parent(occ, fk)
		if len(owner.columns) == 0 {
			continue
		}
		if from, _, copied := r.stmt.Copied(n, fk.Columns[0]); copied && r.stmt.Occurrences[from].Table == fk.Parent {
			continue // of a row that the statement reads, which is judged by itself
		}
		a := r.access(n, owner, fk.Columns[0])
		a.ID = join(a.ID, r.settled(r.args.restrictedTo(v, r.holes)))
		for i := range a.Columns {
			a.Columns[i].Value = unrestricted()
		}
	}
}

// parent returns what says whose the rows are that a foreign key of a table refers to,
// as far as that is asked of statements of the package.
func (r *sqlReading) parent(occ *sqlscope.Occurrence, fk sqlscope.ForeignKeyDef) rowOwner {
	switch {
	case r.schema.Members(fk.Parent) == occ.Table:
		// It is what makes them members.
	case r.compared, r.children && len(r.e.tableColumns(r.schema, occ.Table, r.required)) == 0:
		return r.ownerOf(fk.Parent)
	}
	return rowOwner{}
}

// meets reports whether an occurrence is the row that an upsert meets, and that is one
// with the very foreign key of the row that it inserts: that key tells whose it is, too.
func (r *sqlReading) meets(n int) bool {
	occ := &r.stmt.Occurrences[n]
	if occ.Role != sqlscope.Upserts {
		return false
	}
	return slices.ContainsFunc(r.schema.ForeignKeys(occ.Table), func(fk sqlscope.ForeignKeyDef) bool {
		parent := r.parent(occ, fk)
		if len(fk.Columns) != 1 || len(parent.columns) == 0 || parent.members {
			return false
		}
		from, name, ok := r.stmt.Copied(n, fk.Columns[0])
		if !ok || name != fk.Columns[0] || r.stmt.Occurrences[from].Role != sqlscope.Inserts {
			return false
		}
		if _, given := assigned(r.stmt, from, sqlscope.Inserts, fk); given {
			return true
		}
		from, _, ok = r.stmt.Copied(from, name)
		return ok && r.stmt.Occurrences[from].Table == fk.Parent
	})
}

// foundBy returns the identifiers by which the rows of a table are found.
func (r *sqlReading) foundBy(n int, cols []ScopeColumn) Value {
	found := func(occ int) Value {
		table := r.stmt.Occurrences[occ].Table
		ids := slices.DeleteFunc(slices.Clone(r.ids), func(column string) bool { return r.shared(table, column) })
		return r.args.found(r.stmt, occ, ids, r.holes)
	}
	switch from := r.stmt.Restricted(n, cols[0].Name).From; {
	case r.stmt.Occurrences[n].Role != sqlscope.Upserts:
		return found(n)
	case len(from) > 0:
		out := unrestricted()
		for _, occ := range from {
			out = concat(out, found(occ)) // rows of whose those are
		}
		return out
	}
	return r.met(n, cols)
}

// shared reports whether a column of a table names what belongs to several tenants: a
// row of one of them is not found by it.
func (c *sqlCall) shared(table, column string) bool {
	return slices.ContainsFunc(c.schema.ForeignKeys(table), func(fk sqlscope.ForeignKeyDef) bool {
		members := c.schema.Members(fk.Parent)
		return members != "" && members != table && slices.Contains(fk.Columns, column)
	})
}

// met returns the identifiers by which an upsert may meet a row that is there:
// those of new rows that unique keys without the scope's columns hold. By a key
// with them it meets rows of the scope that is inserted.
func (r *sqlReading) met(occ int, scope []ScopeColumn) Value {
	stmt, table := r.stmt, r.stmt.Occurrences[occ].Table
	insert := slices.IndexFunc(stmt.Occurrences, func(o sqlscope.Occurrence) bool { return o.Role == sqlscope.Inserts && o.Table == table })
	keys, known := r.schema.UniqueKeys(table)
	if insert < 0 || !known {
		return unrestricted()
	}
	var out Value // by one key or by another
	for _, key := range keys {
		if slices.ContainsFunc(scope, func(c ScopeColumn) bool { return slices.Contains(key, c.Name) }) {
			continue
		}
		given := slices.DeleteFunc(slices.Clone(key), func(col string) bool {
			return stmt.Restricted(insert, col).Kind == sqlscope.Unset
		})
		if len(given) == 0 || slices.ContainsFunc(key, func(col string) bool { return models.IsID(col) && !slices.Contains(given, col) }) {
			continue // a number that the database counts up, or NULL, which equals nothing
		}
		one := unrestricted()
		for _, col := range given {
			if models.IsID(col) && !r.shared(table, col) {
				one = concat(one, r.args.restrictedTo(stmt.Restricted(insert, col), r.holes))
			}
		}
		out = join(out, one)
	}
	if out.bottom() {
		return unrestricted()
	}
	return out
}

// withinTenant returns a verdict on a column of a dimension within the tenant
// without the proofs that lead from row to row by the tenant alone: a tenant has
// rows of all of its environments.
func (e *engine) withinTenant(v sqlscope.Verdict, need models.Dims) sqlscope.Verdict {
	if need == models.Tenant {
		return v
	}
	tenant := func(column string) bool {
		return slices.ContainsFunc(e.policy.Synonyms(models.Tenant), func(name string) bool { return strings.EqualFold(name, column) })
	}
	v.Proofs = slices.DeleteFunc(slices.Clone(v.Proofs), func(p sqlscope.Proof) bool {
		return p.Kind == sqlscope.ForeignKey && !slices.ContainsFunc(p.Via, func(l sqlscope.Link) bool { return !tenant(l.Column) || !tenant(l.ToColumn) })
	})
	if v.Kind == sqlscope.ForeignKey && len(v.Proofs) == 0 {
		v.Kind = sqlscope.None
	}
	return v
}

// restriction returns what restricts a scope column of a table, or what it is set to.
func (r *sqlReading) restriction(n int, col ScopeColumn) Value {
	said := r.e.withinTenant(r.stmt.Restricted(n, col.Name), col.Need)
	occ := &r.stmt.Occurrences[n]
	v := concat(r.args.restrictedTo(said, r.holes), r.e.heldBy(r.row, r.call, occ.Table, occ.Role, append([]string{col.Name}, col.also...), col.Need))
	for _, other := range col.also {
		v = concat(v, r.args.restrictedTo(r.stmt.Restricted(n, other), r.holes))
	}
	if said.Kind != sqlscope.None {
		return v
	}
	switch occ.Role {
	case sqlscope.Reads:
		return concat(v, r.e.byParent(r.args, r.stmt, n, col, r.holes))
	case sqlscope.Inserts:
		return r.e.opaque(r.call.Pos(), "a column of other rows") // copied from them
	}
	return v
}
