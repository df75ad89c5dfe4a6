package scopeflow

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/sqlscope"
)

// An Unjudged is a statement, or what one does to one of its tables, that is
// not among the judged accesses: the table is nobody's, or it cannot be told
// whose it is.
type Unjudged struct {
	*Access
	// Global: the table is known to have no scope column, or there is no table.
	Global bool
	// Why no more can be told, or why it is global; for messages.
	Why string
}

// Reason returns why no more can be told, in words that many share, and what it is
// that cannot be told, "" if it has no name.
func (u *Unjudged) Reason() (why, about string) {
	switch u.Why {
	case unknownColumns(u.Entity):
		return unknownColumns("its table"), u.Entity
	case unknownName:
		return "the name of its table cannot be told", ""
	}
	why, about, _ = strings.Cut(u.Why, ": ")
	return why, about
}

// Unjudged returns the statements of modelled sinks that no judged access is
// about, in the order of the source. It looks at all of them again, so it is
// for those who list what was not proven, not for every run.
func (r *Result) Unjudged() []Unjudged {
	if r.e == nil || r.e.index == nil {
		return nil
	}
	e := r.e
	var out []Unjudged
	for _, owner := range e.funcs {
		if obj, ok := owner.Object().(*types.Func); ok && e.runs(obj) {
			continue // a sink itself: its statements are its callers', who have a line each
		}
		e.instrs(owner, func(in ssa.Instruction) {
			call, ok := in.(ssa.CallInstruction)
			if !ok {
				return
			}
			fn := callee(call.Common())
			m := e.rowsFor(fn, call.Common())
			if m == nil {
				return
			}
			for i := range m.Sinks {
				row := &m.Sinks[i]
				required := e.need(row)
				if !row.IsQuery() || len(required) == 0 {
					continue
				}
				if slices.ContainsFunc(e.callAccesses(owner, call), func(a *Access) bool { return a.Whole }) {
					continue // judged by what it runs on
				}
				u := unjudged{e, owner, call, row, required, &out}
				if row.SQL != nil {
					u.texts(e.sinkName(fn, call.Common()))
				} else {
					u.query(e.sinkName(fn, call.Common()))
				}
			}
		})
	}
	return out
}

// runs reports whether a function is declared as a sink of statements.
func (e *engine) runs(fn *types.Func) bool {
	m := e.index.Func(fn)
	return m != nil && slices.ContainsFunc(m.Sinks, func(s models.Sink) bool { return s.IsQuery() })
}

// unjudged looks at one call.
type unjudged struct {
	e        *engine
	owner    *ssa.Function
	call     ssa.CallInstruction
	row      *models.Sink
	required []models.Dims
	out      *[]Unjudged
}

func (u unjudged) add(what, entity string, global bool, why string) {
	*u.out = append(*u.out, Unjudged{
		&Access{Kind: u.row.Kind, Op: u.row.Op, What: what, Row: u.row, Entity: entity, Owner: u.owner, Instr: u.call, Pos: u.call.Pos()},
		global, why,
	})
}

// query looks at a call that runs a query which is a value.
func (u unjudged) query(what string) {
	var name string
	var columns []ScopeColumn
	switch {
	case u.row.Entity == nil:
		t := u.e.tableOf(u.row, u.call)
		if name, columns = t.name, t.columns; t.rows != nil {
			name, columns = t.rows.Obj().Name(), u.e.scopeColumns(t.rows.Obj())
		}
		if t.missing != "" {
			u.add(what, t.missing, false, unknownColumns(t.missing))
			return
		}
		if name == "" && u.e.rowsParam(u.owner, u.call, u.row) >= 0 {
			return // a line each for those who say of which type the rows are
		}
		if name == "" {
			u.add(what, "", false, "its table cannot be told")
			return
		}
	case u.row.Entity.Pkg() == u.e.pass.Pkg:
		return // the generated code itself
	default:
		name, columns = u.row.Entity.Name(), u.e.scopeColumns(u.row.Entity)
	}
	for _, col := range columns {
		for _, need := range u.required {
			if need&col.Need != 0 {
				return // judged
			}
		}
	}
	u.add(what, name, true, name+" has no scope column")
}

// texts looks at a call that runs SQL text, for each kind of calls of the function
// around it.
func (u unjudged) texts(what string) {
	seen := map[string]bool{}
	kinds := u.e.statementKinds(u.owner)
	if kinds == nil {
		u.text(what, seen)
	}
	for _, k := range kinds {
		u.e.under(k, func(sub *engine) {
			of := u
			of.e = sub
			of.text(what, seen)
		})
	}
}

// text looks at a call that runs SQL text. What is seen is not told again.
func (u unjudged) text(what string, seen map[string]bool) {
	e := u.e
	v := argument(u.call.Common(), placeNumber(*u.row.SQL))
	if v == nil {
		return
	}
	texts, ok := e.sqlTexts(v, u.call)
	add := func(what, entity string, global bool, why string) {
		if key := what + "\x00" + why; !seen[key] {
			seen[key] = true
			u.add(what, entity, global, why)
		}
	}
	if !ok {
		add(what, "", false, "its text cannot be told: "+e.untold(v, u.call))
		return
	}
	schema := e.policy.Schema()
	c := &sqlCall{e: e, schema: schema, required: u.required, compared: e.policy.ComparedLater(e.pass.Pkg.Path())}
	c.children = schema != nil && schema.Children(e.pass.Pkg.Path())
	for _, t := range texts {
		for _, stmt := range e.statementsIn(t, u.row).Statements {
			if stmt.Unparsed != "" {
				add(what, "", false, "its text was not understood: "+stmt.Unparsed)
				continue
			}
			tables := 0
			for _, occ := range stmt.Occurrences {
				if occ.Implicit {
					continue
				}
				tables++
				name := verbOf(occ.Role) + " " + occ.Table
				if occ.IsHole {
					add(verbOf(occ.Role)+" a table", "", false, unknownName)
					continue
				}
				known := false
				if schema != nil {
					_, known = schema.Columns(occ.Table)
				}
				switch {
				case !known && ofDatabase(&occ, u.row.CQL):
					add(name, occ.Table, true, occ.Table+" is the database's own")
				case !known:
					add(name, occ.Table, false, unknownColumns(occ.Table))
				case occ.Role != sqlscope.Inserts && len(c.ownerOf(occ.Table).columns) > 0:
					// Judged, by what its rows belong to if it has no scope column.
				case len(e.tableColumns(schema, occ.Table, u.required)) == 0:
					add(name, occ.Table, true, occ.Table+" has no scope column")
				}
			}
			if tables == 0 {
				add(what, "", true, "it is about no table")
			}
		}
	}
}

// ofDatabase reports whether a table is one of those in which PostgreSQL, MySQL and
// SQLite, or else Cassandra, keep what they know of themselves.
func ofDatabase(occ *sqlscope.Occurrence, cassandra bool) bool {
	if cassandra {
		schema := strings.ToLower(occ.Schema)
		return schema == "system" || strings.HasPrefix(schema, "system_")
	}
	switch strings.ToLower(occ.Schema) {
	case "information_schema", "pg_catalog", "performance_schema", "sys":
		return true
	}
	name := strings.ToLower(occ.Table)
	return strings.HasPrefix(name, "pg_") || strings.HasPrefix(name, "sqlite_")
}

const unknownName = "its name cannot be told"

func unknownColumns(table string) string {
	return "the policy does not say which columns " + table + " has"
}

// untold says what of a text cannot be told.
func (e *engine) untold(v ssa.Value, at ssa.Instruction) string {
	val := e.ev(v, "", at)
	if len(val.Alts) > maxSQL {
		return "there are too many ways in which it may be composed"
	}
	for i := range val.Alts {
		for k := range val.Alts[i].Parts {
			if p := &val.Alts[i].Parts[k]; p.Kind != Constant || p.Mixed {
				return describe(p)
			}
		}
	}
	return "it is put together in a way that cannot be followed"
}

// PartsOf lists what a value is made of, for messages, as [Leaf.Parts] does;
// it is empty if there is nothing to name.
func PartsOf(v Value) string { return parts(v, "") }
