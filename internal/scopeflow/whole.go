package scopeflow

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/sqlscope"
)

// Tables that are a tenant's as a whole, in a schema or a database of its own, say
// nothing of whose their rows are. What statements on them run on is all there is
// to ask.

// wholeAccess is the access of a statement on tables that do not say whose rows
// they hold, since they are a tenant's as a whole: in a schema or a database of its
// own. tables are those that it is on, none if that cannot be told. It is nil if the
// policy says nothing of the kind.
func (e *engine) wholeAccess(owner *ssa.Function, call ssa.CallInstruction, row *models.Sink, what string, tables []string) *Access {
	if !e.keptWhole() {
		return nil
	}
	if res := call.Common().Signature().Results(); res.Len() > 0 && isString(res.At(0).Type()) {
		return nil // writes the text of a statement, which something else runs
	}
	if len(tables) == 0 {
		tables = []string{""}
	}
	a := &Access{Kind: row.Kind, Op: row.Op, What: what, Row: row, Owner: owner, Instr: call, Pos: call.Pos(), Whole: true}
	if a.Op == models.Insert {
		a.Op = models.Write // no row says whose it is
	}
	for _, need := range e.need(row) {
		for i := range e.policy.Sessions {
			s := &e.policy.Sessions[i]
			at := slices.IndexFunc(tables, s.On)
			if at < 0 || s.Rows || s.Dims&need == 0 || !s.Holds(e.pass.Pkg.Path()) {
				continue
			}
			a.Entity = tables[at]
			a.Need = append(a.Need, need)
			a.Columns = append(a.Columns, ScopeColumn{Name: s.Within(), Need: need, Value: e.heldBy(row, call, a.Entity, roleOf(row.Op), nil, need)})
			break
		}
	}
	if len(a.Need) == 0 {
		return nil
	}
	a.asked = e.operands(call)
	a.Key = keyOfColumns(a.Columns)
	return a
}

// bySession reports whether v is a matter of a connection that the caller hands in.
func bySession(v Value) bool {
	return v.has(func(p *Atom) bool { _, step := p.Path.column(); return p.Kind == Param && isSession(step) })
}

// operands returns what a call is handed besides connections: none of it is what
// they are held by.
func (e *engine) operands(call ssa.CallInstruction) Value {
	var out Value
	for _, arg := range call.Common().Args {
		if mayCarry(arg.Type()) && len(e.sessionPaths(arg.Type())) == 0 {
			out = join(out, e.whole(arg, call))
		}
	}
	return out
}

// keptWhole reports whether the policy says of some tables that they are a tenant's
// as a whole.
func (e *engine) keptWhole() bool {
	return slices.ContainsFunc(e.policy.Sessions, func(s policy.Session) bool { return !s.Rows })
}

// namedTable returns the table of a query, none if its name is not known.
func (e *engine) namedTable(name string) []string {
	if name == "" {
		return nil
	}
	return []string{e.databaseTable(name)}
}

// databaseTable returns the name that the database has for a table, or for the
// table of a struct: what the schema declares, in the forms that object mappers make
// of a struct's name.
func (e *engine) databaseTable(name string) string {
	plain := snake(name)
	forms := []string{name, plain, plain + "s", plain + "es", strings.TrimSuffix(plain, "y") + "ies"}
	if schema := e.policy.Schema(); schema != nil {
		for _, form := range forms {
			if _, known := schema.Columns(form); known {
				return form
			}
		}
	}
	if plain != name {
		return forms[2]
	}
	return name
}

// snake returns a struct's name in lower case, with _ between its words.
func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// roleOf returns what an operation does to its table.
func roleOf(op models.Op) sqlscope.Role {
	switch op {
	case models.Insert:
		return sqlscope.Inserts
	case models.Write:
		return sqlscope.Updates
	case models.Delete:
		return sqlscope.Deletes
	}
	return sqlscope.Reads
}
