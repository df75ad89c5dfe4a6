package policy

import (
	"path"
	"slices"
	"strings"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/sqlscope"
	"github.com/tenantvet/tenantvet/internal/strictoml"
)

// A Session is a way in which statements may be held to a dimension by what
// they run on, without a predicate of their own: a run-time parameter that is set in
// their transaction, or a database that was chosen for the caller.
type Session struct {
	// Setting is the parameter, in lower case; empty if the database is chosen.
	Setting string
	Dims    models.Dims
	// Rows: policies of the tables read the setting. Otherwise all that the
	// statement can reach is the tenant's own: its schema, its database.
	Rows bool
	// Role is the role of the database that the service connects as; empty if
	// that may be the owner of the tables.
	Role string
	// Hooks: hooks of the pool set the parameter, out of sight.
	Hooks    bool
	tables   []string // patterns, in lower case
	packages []string // import path patterns; none: all
	At       models.At
}

// Holds reports whether the session is one for statements of a package.
func (s *Session) Holds(pkg string) bool {
	return len(s.packages) == 0 || slices.ContainsFunc(s.packages, func(p string) bool { return models.MatchPackage(p, pkg) })
}

// On reports whether the session is one for statements on a table, or on one of
// which the name cannot be told.
func (s *Session) On(table string) bool {
	return matchTable(s.tables, table)
}

// Within says what keeps a tenant's tables to itself, for messages.
func (s *Session) Within() string {
	if s.Setting != "" {
		return "its schema"
	}
	return "its database"
}

// By says by what the session keeps tenants apart.
func (s *Session) By() string {
	switch {
	case s.Rows:
		return "row-level security by " + s.Setting
	case s.Setting != "":
		return "schemas"
	}
	return "databases"
}

// Secured returns why the database does not hold a statement to the rows that the
// session is for; it is empty if it does, or if no file of [schema] speaks of the
// table. role is what the statement does to the table, columns are those that hold
// the dimension.
func (s *Session) Secured(schema *Schema, table string, role sqlscope.Role, columns []string) string {
	if !s.Rows || schema == nil || len(schema.files) == 0 {
		return ""
	}
	if _, declared := schema.read().UniqueKeys(table); !declared {
		return ""
	}
	return schema.read().Secured(table, role, columns, s.Setting, s.Role)
}

// accept reads the [accept] table.
func (r *reader) accept(p *Policy, root *strictoml.Table) {
	t := root.Table("accept")
	if t == nil {
		return
	}
	p.Compared = r.packages(t, "compared")
	p.redacted = r.packages(t, "redacted")
	p.noLabels = t.Has("labels") && !t.Bool("labels")
	p.noWellKnown = t.Has("wellknown") && !t.Bool("wellknown")
	for _, kind := range []string{"rls", "schema", "database"} {
		for _, e := range t.Tables(kind) {
			p.Sessions = append(p.Sessions, r.session(e, kind))
			e.Done()
		}
	}
	for _, e := range t.Tables("hook") {
		p.Hooks = append(p.Hooks, r.hook(e))
		e.Done()
	}
	t.Done()
}

// session reads an entry of [[accept.rls]], [[accept.schema]] or
// [[accept.database]].
func (r *reader) session(t *strictoml.Table, kind string) Session {
	s := Session{Rows: kind == "rls", At: r.at(t)}
	table := "accept." + kind
	switch kind {
	case "rls":
		s.Setting = strings.ToLower(t.String("setting").S)
		s.Role = strings.ToLower(t.String("role").S)
		s.Hooks = t.Bool("hooks")
		if s.Setting == "" {
			r.doc.Complain(t.At(), `write setting = "app.tenant_id"`, "[[%s]] needs setting", table)
		}
	case "schema":
		s.Setting = "search_path"
		s.Hooks = t.Bool("hooks")
	}
	s.Dims = r.accepted(t, table)
	s.tables = r.tables(t)
	s.packages = r.packages(t, "packages")
	return s
}

// accepted reads the dimensions to which an entry of [accept] holds statements.
func (r *reader) accepted(t *strictoml.Table, table string) models.Dims {
	var out models.Dims
	for _, d := range t.Strings("dimension") {
		one := models.ParseDim(d.S)
		if one == 0 {
			r.doc.Complain(d.At, "dimensions are tenant, env and user", "dimension: there is no dimension %q", d.S)
		}
		out |= one
	}
	if !t.Has("dimension") {
		r.doc.Complain(t.At(), `write dimension = "tenant"`, "[[%s]] needs dimension", table)
	}
	return out
}

// tables reads patterns for tables, in lower case: all, if there are none.
func (r *reader) tables(t *strictoml.Table) []string {
	var out []string
	for _, name := range t.Strings("tables") {
		if _, err := path.Match(name.S, ""); err != nil || name.S == "" {
			r.doc.Complain(name.At, `write the name of a table, with * for any text`, "tables: %q is no pattern", name.S)
		}
		out = append(out, strings.ToLower(name.S))
	}
	if !t.Has("tables") {
		return []string{"*"}
	}
	return out
}

// matchTable reports whether one of the patterns is for a table.
func matchTable(patterns []string, table string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		ok, err := path.Match(p, strings.ToLower(table))
		return err == nil && ok
	})
}
