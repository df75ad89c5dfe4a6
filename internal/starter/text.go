package starter

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/routes"
)

const head = `# What tenantvet has to know of this module: see docs/policy.md of
# github.com/tenantvet/tenantvet. It belongs at the root of the module, as
# .tenantvet.toml.
#
# Below are proposals, each with what speaks for it. None is in force. Read the place
# that a proposal names; if it is right, take the # away from its lines, otherwise
# remove them. Then run: tenantvet ./...

# 1. Sources hand out who the caller is. A key is proven when the caller's tenant (and
# environment, if there is a source for it) is part of it; so what stands here is what
# everything else rests on.
`

const noSource = `#
# No function was found that looks like one: takes a context or a request, and has a
# name that speaks of a tenant, org, workspace, account or environment. If there is
# one, name it:
#
# [[source]]
# func = "./internal/auth.TenantID"
# result = "result0"
# dimension = "tenant"
`

const someSources = `# The functions below look like it, going by their names. Of each, make sure that what
# it returns comes from the caller's session or token and not from what the caller may
# choose (a header, a path, a body).
`

const tablesHead = `
# 2. Tables with a column that says whose a row is. Statements on them are asked for it.
`

const guardsHead = `
# 3. Guards of routes. Middleware below refuses requests. "membership": whoever passes
# belongs to the tenant of the request; "scope": who it is is known, no more; "role":
# holds a role.
`

const rowsHead = `
# 4. Sinks that nothing shows: interfaces behind which keys end out of sight, and
# functions that most calls hand the caller's tenant and some do not.
`

const tail = `
# What keys must carry follows from the sources. To say it yourself:
#
# [require]
# cache = ["tenant", "env"]
# topic = ["tenant"]

# What all tenants share on purpose: keys by their constant beginning, variables and
# functions by their names.
#
# [[shared]]
# key = "rates:"
# reason = "exchange rates are the same for everybody"

# Findings that are known and will stay.
#
# [[exempt]]
# category = "unscopedkey"
# packages = "./internal/migrate/..."
# reason = "runs once, by an operator, over all tenants"
`

// write returns the text of a policy that proposes what m holds, what the routes of
// the module show, and rows.
func (m *module) write(rows string, table *routes.Routes) string {
	var b strings.Builder
	b.WriteString(head)
	cs := m.sources()
	if len(cs) == 0 {
		b.WriteString(noSource)
	} else {
		b.WriteString(someSources)
	}
	for _, c := range cs {
		c.write(&b)
	}
	m.writeTables(&b)
	m.writeRoutes(&b, table)
	if rows != "" {
		b.WriteString(rowsHead)
		b.WriteString(rows)
	}
	fmt.Fprintf(&b, "\n# Names that say what a field, header, column or parameter is. They prove nothing; they\n# word findings, and tell a tenant of the request from a plain id.\n%s", m.dimensions(cs))
	b.WriteString(tail)
	return b.String()
}

func (c *candidate) write(b *strings.Builder) {
	fmt.Fprintf(b, "\n# %s:%d %s\n", c.at.file, c.at.line, c.evidence[0])
	for _, e := range c.evidence[1:] {
		fmt.Fprintf(b, "# %s\n", e)
	}
	b.WriteString("# [[source]]\n")
	switch {
	case c.key != "":
		fmt.Fprintf(b, "# contextstring = %q\n", c.key)
	case c.field != "":
		fmt.Fprintf(b, "# field = %q\n", c.field)
	default:
		fmt.Fprintf(b, "# func = %q\n# result = %q\n", c.fn, c.result)
	}
	fmt.Fprintf(b, "# dimension = %q\n", c.dim)
}

func (m *module) writeTables(b *strings.Builder) {
	var listed []table
	for _, t := range m.tables {
		if slices.ContainsFunc(t.columns, func(c string) bool { return m.identifies(split(c)) == models.Tenant }) {
			listed = append(listed, t)
		}
	}
	declared := slices.ContainsFunc(m.migrations, func(set migrations) bool { owned, _ := m.owned(&set); return len(owned) > 0 })
	if !declared && len(m.structs)+len(listed) == 0 {
		return
	}
	b.WriteString(tablesHead)
	for i := range m.migrations {
		set := &m.migrations[i]
		owned, columns := m.owned(set)
		if len(owned) == 0 {
			continue
		}
		fmt.Fprintf(b, "\n# %s: %s in %s; %d have a column for the tenant%s\n", set.pattern, plural(len(set.tables), "table"), plural(set.files, "file"), len(owned), names(owned))
		for _, c := range slices.Sorted(maps.Keys(columns)) {
			fmt.Fprintf(b, "# %s: in %s\n", c, plural(columns[c], "table"))
		}
		fmt.Fprintf(b, "# [schema]\n# ddl = [%q]\n", set.pattern)
		for _, t := range m.members(set) {
			fmt.Fprintf(b, "\n# Tenants share rows of %s: whose one is, %s says.\n# [[table]]\n# name = %q\n# members = %q\n", t[0], t[1], t[0], t[1])
		}
	}
	slices.SortFunc(listed, func(a, b table) int { return strings.Compare(a.name, b.name) })
	for _, t := range listed {
		fmt.Fprintf(b, "\n# %s:%d\n# [[table]]\n# name = %q\n# columns = [%s]\n", t.at.file, t.at.line, t.name, quoted(t.columns))
	}
	for _, library := range slices.Sorted(maps.Keys(m.structs)) {
		list := m.structs[library]
		fmt.Fprintf(b, "\n# %s with %s tags and a field for the tenant, such as %s at %s:%d.", plural(len(list), "struct"), library, list[0].name, list[0].file, list[0].line)
		if library == "db" || library == "ch" {
			b.WriteString("\n# Their tables have to be in a [schema] or [[table]].\n")
		} else {
			b.WriteString(" They need no row.\n")
		}
	}
}

// names lists the first tables of many.
func names(tables []table) string {
	var out []string
	for i, t := range tables {
		if i == 6 {
			out = append(out, "…")
			break
		}
		out = append(out, t.name)
	}
	if len(out) == 0 {
		return ""
	}
	return ": " + strings.Join(out, ", ")
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func quoted(names []string) string { return `"` + strings.Join(names, `", "`) + `"` }

// writeRoutes writes what the routes show, and the roles that there are.
func (m *module) writeRoutes(b *strings.Builder, table *routes.Routes) {
	if len(table.Routes) == 0 {
		return
	}
	b.WriteString(guardsHead)
	list, count := routers(table)
	for _, name := range list {
		fmt.Fprintf(b, "# %s of %s.\n", plural(count[name], "route"), name)
	}
	for _, g := range m.guards(table) {
		fmt.Fprintf(b, "\n# before %s; %s:%d speaks of %s\n# [[guard]]\n# func = %q\n# grants = %q\n", plural(g.routes, "route"), g.at.file, g.at.line, g.at.name, g.fn, g.grants)
		if g.grants == "role" && g.args {
			b.WriteString("# roles = \"arg0...\"\n")
		}
	}
	m.writeRoles(b, table)
}

func (m *module) writeRoles(b *strings.Builder, table *routes.Routes) {
	var texts []string
	for _, r := range m.roles {
		if !slices.Contains(texts, r.text) {
			texts = append(texts, r.text)
		}
	}
	slices.Sort(texts)
	if len(texts) > 0 {
		at := m.roles[0].at
		fmt.Fprintf(b, "\n# Roles that constants name, such as %s at %s:%d: %s.\n", at.name, at.file, at.line, strings.Join(texts, ", "))
	}
	if pattern, n, at := admin(table); pattern != "" {
		fmt.Fprintf(b, "\n# %s:%d registers the first of %s there\n# [[role]]\n# path = %q\n", at.File, at.Line, plural(n, "route"), pattern)
	}
}

// dimensions writes the table of names, with the defaults and the words that
// the module uses instead.
func (m *module) dimensions(cs []candidate) string {
	tenant := []string{"tenant_id", "TenantID", "X-Tenant-ID"}
	env := []string{"env", "environment_id", "EnvironmentID", "X-Environment-ID"}
	words := slices.Clone(m.words)
	for i := range m.migrations {
		_, columns := m.owned(&m.migrations[i])
		for _, c := range slices.Sorted(maps.Keys(columns)) {
			if m.identifies(split(c)) == models.Tenant {
				words = append(words, split(c)[0])
			}
		}
	}
	for _, c := range cs {
		if c.dim == models.Tenant {
			words = append(words, split(c.fn[strings.LastIndexByte(c.fn, '.')+1:]+"_"+strings.TrimPrefix(c.result, "result0."))...)
		}
	}
	for _, w := range words {
		if w == "tenant" || m.dimension([]string{w}) != models.Tenant {
			continue
		}
		upper := strings.ToUpper(w[:1]) + w[1:]
		for _, name := range []string{w + "_id", upper + "ID", "X-" + upper + "-ID"} {
			if !slices.Contains(tenant, name) {
				tenant = append(tenant, name)
			}
		}
	}
	return fmt.Sprintf("[dimensions]\ntenant = [%s]\nenv = [%s]\n", quoted(tenant), quoted(env))
}
