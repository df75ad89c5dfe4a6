package starter

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/sqlscope"
)

// migrations are files that one pattern of [schema] names, and the tables that
// they declare.
type migrations struct {
	pattern string
	files   int
	tables  []table
	schema  *policy.Schema
}

// A table is one that migrations, or statements, tell of.
type table struct {
	name    string
	columns []string
	at      place // of the statement
}

var createTable = regexp.MustCompile(`(?i)\bcreate\s+(?:unlogged\s+|foreign\s+)?table\b`)

// statement finds files with statements that tell of the columns of a table.
var statement = regexp.MustCompile(`(?i)\b(?:create\s+(?:unlogged\s+|foreign\s+)?table|insert\s+into)\b`)

func declaresTables(text string) bool { return createTable.MatchString(text) }

// readMigrations reads files that declare tables, by the pattern that is to name
// them: all of a directory, or, where each migration has a directory, the file of
// that name in all of them.
func (m *module) readMigrations(files []string) {
	count := map[string]int{}
	for _, f := range files {
		dir, base := path.Split(f)
		dir = path.Clean(dir)
		pattern := path.Join(dir, "*.sql")
		if same := path.Join(path.Dir(dir), "*", base); dir != "." && siblings(files, same) >= 3 {
			pattern = same
		}
		count[pattern]++
	}
	for pattern, n := range count {
		// The policy reads them, so that what is proposed is what would be in force.
		p, err := policy.ForText(policy.FileName, fmt.Sprintf("[schema]\nddl = %q\n", pattern), m.root)
		if err != nil || p.Schema().Check() != nil {
			continue
		}
		set := migrations{pattern: pattern, files: n, schema: p.Schema()}
		for _, name := range p.Schema().Tables() {
			cols, _ := p.Schema().Columns(name)
			set.tables = append(set.tables, table{name: name, columns: cols})
		}
		m.migrations = append(m.migrations, set)
	}
	slices.SortFunc(m.migrations, func(a, b migrations) int {
		if n := len(b.tables) - len(a.tables); n != 0 {
			return n
		}
		return strings.Compare(a.pattern, b.pattern)
	})
}

// siblings counts the files that a pattern names.
func siblings(files []string, pattern string) int {
	n := 0
	for _, f := range files {
		if ok, err := path.Match(pattern, f); ok && err == nil {
			n++
		}
	}
	return n
}

// learn finds out what a tenant is called where no table has a column of a usual
// name: a column with an identifier that a third of the tables have.
func (m *module) learn() {
	all := slices.Clone(m.tables)
	for _, set := range m.migrations {
		all = append(all, set.tables...)
	}
	count, tables, usual := map[string]int{}, len(all), false
	for _, t := range all {
		for _, c := range t.columns {
			count[c]++
			usual = usual || m.identifies(split(c)) == models.Tenant
		}
	}
	if usual {
		return
	}
	for c, n := range count {
		word, ok := strings.CutSuffix(c, "_id")
		if ok && n >= 3 && 3*n >= tables && !slices.Contains([]string{"user", "parent", "created_by", "owner", "external"}, word) {
			m.words = append(m.words, word)
		}
	}
	slices.Sort(m.words)
}

// owned returns the tables with a column for the tenant, and how often there is a
// column of that name.
func (m *module) owned(set *migrations) (tables []table, columns map[string]int) {
	columns = map[string]int{}
	for _, t := range set.tables {
		owned := false
		for _, c := range t.columns {
			if d := m.identifies(split(c)); d != 0 && d != models.User {
				columns[c]++
				owned = owned || d == models.Tenant
			}
		}
		if owned {
			tables = append(tables, t)
		}
	}
	return tables, columns
}

// members returns the tables of which tenants share rows, with the one that links them:
// its column for the tenant and the one that refers to the row are unique together.
func (m *module) members(set *migrations) [][2]string {
	var out [][2]string
	owned, _ := m.owned(set)
	for _, t := range set.tables {
		if slices.ContainsFunc(owned, func(o table) bool { return o.name == t.name }) {
			continue
		}
		var by []string
		for _, link := range owned {
			keys, _ := set.schema.UniqueKeys(link.name)
			for _, fk := range set.schema.ForeignKeys(link.name) {
				tenant := func(key []string) string {
					i := slices.IndexFunc(key, func(c string) bool { return m.identifies(split(c)) == models.Tenant })
					if i < 0 {
						return ""
					}
					return key[i]
				}
				links := fk.Parent == t.name && len(fk.Columns) == 1 && slices.ContainsFunc(keys, func(key []string) bool {
					of := tenant(key)
					return len(key) == 2 && of != "" && of != fk.Columns[0] && slices.Contains(key, fk.Columns[0])
				})
				if links && !slices.Contains(by, link.name) {
					by = append(by, link.name)
				}
			}
		}
		if len(by) == 1 {
			out = append(out, [2]string{t.name, by[0]})
		}
	}
	return out
}

var insertInto = regexp.MustCompile("(?is)^\\s*insert\\s+into\\s+([\\w.\"`]+)\\s*\\(([^()]*)\\)")

// readStatement keeps what a text in Go code tells of the columns of a table: one
// that declares it, or one that inserts a row.
func (m *module) readStatement(text string, at place) {
	if match := insertInto.FindStringSubmatch(text); match != nil {
		name := match[1][strings.LastIndexByte(match[1], '.')+1:]
		var columns []string
		for c := range strings.SplitSeq(match[2], ",") {
			columns = append(columns, strings.ToLower(strings.Trim(strings.TrimSpace(c), "\"`")))
		}
		m.addTable(table{strings.ToLower(strings.Trim(name, "\"`")), columns, at})
		return
	}
	if !declaresTables(text) {
		return
	}
	schema := new(sqlscope.Schema)
	schema.ReadDDL("", text, sqlscope.Auto)
	for _, name := range schema.Tables() {
		if cols, known := schema.Columns(name); known && len(cols) > 0 {
			m.addTable(table{name, cols, at})
		}
	}
}

var columnName = regexp.MustCompile(`^[a-z_][a-z0-9_]*$`)

// addTable adds what a statement tells of a table to what others did.
func (m *module) addTable(t table) {
	if !columnName.MatchString(t.name) || slices.ContainsFunc(t.columns, func(c string) bool { return !columnName.MatchString(c) }) {
		return // made of parts
	}
	for _, set := range m.migrations {
		if slices.ContainsFunc(set.tables, func(o table) bool { return o.name == t.name }) {
			return
		}
	}
	i := slices.IndexFunc(m.tables, func(o table) bool { return o.name == t.name })
	if i < 0 {
		m.tables = append(m.tables, t)
		return
	}
	for _, c := range t.columns {
		if !slices.Contains(m.tables[i].columns, c) {
			m.tables[i].columns = append(m.tables[i].columns, c)
		}
	}
}

// tagLibrary returns which library the tag of a field is for, "" if for none that
// makes rows of structs.
func tagLibrary(tag string) string {
	for _, name := range []string{"gorm", "bun", "xorm", "bson", "db", "ch"} {
		if strings.Contains(tag, name+`:"`) {
			return name
		}
	}
	return ""
}
