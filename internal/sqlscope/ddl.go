package sqlscope

import (
	"slices"
	"strings"
)

// A Schema is what migrations say of tables. The zero value is ready for use.
// It implements [Catalog]. Reading is not for several goroutines at once,
// asking is.
type Schema struct {
	tables   []*tableDef
	settings map[string]string // functions that return a run-time parameter, and which
}

type tableDef struct {
	name    string
	columns []string
	open    bool // there may be more columns
	keys    []ForeignKeyDef
	unique  [][]string
	names   []string // of the constraints in unique, "" for those without
	view    bool

	security rowSecurity
}

// A ForeignKeyDef is a reference from columns of a table to a parent's. Parent
// columns are empty where the parent's primary key is meant and not known.
type ForeignKeyDef struct {
	Columns       []string
	Parent        string
	ParentColumns []string
	name          string
}

func (s *Schema) find(name string) *tableDef {
	for _, t := range s.tables {
		if t.name == name {
			return t
		}
	}
	return nil
}

func (s *Schema) drop(name string) {
	s.tables = slices.DeleteFunc(s.tables, func(t *tableDef) bool { return t.name == name })
}

// Tables returns the names of the tables and views, sorted, in lower case and
// without their schema.
func (s *Schema) Tables() []string {
	names := make([]string, 0, len(s.tables))
	for _, t := range s.tables {
		names = append(names, t.name)
	}
	slices.Sort(names)
	return names
}

// Columns returns a table's columns in their order. known is false for tables
// that no migration creates, and for those whose columns are not all known:
// views, copies of unknown tables.
func (s *Schema) Columns(table string) (cols []string, known bool) {
	t := s.find(table)
	if t == nil {
		return nil, false
	}
	return slices.Clone(t.columns), !t.open
}

// ForeignKeys returns the references of a table, in the order in which they
// were declared.
func (s *Schema) ForeignKeys(table string) []ForeignKeyDef {
	t := s.find(table)
	if t == nil {
		return nil
	}
	keys := slices.Clone(t.keys)
	for i := range keys {
		if len(keys[i].ParentColumns) == 0 {
			if p := s.find(keys[i].Parent); p != nil && len(p.unique) > 0 && len(p.unique[0]) == len(keys[i].Columns) {
				keys[i].ParentColumns = p.unique[0]
			}
		}
	}
	return keys
}

// UniqueKeys returns the columns of the primary key and of the unique
// constraints and indexes of a table.
func (s *Schema) UniqueKeys(table string) (keys [][]string, known bool) {
	t := s.find(table)
	if t == nil || t.view {
		return nil, false
	}
	for _, k := range t.unique {
		keys = append(keys, slices.Clone(k))
	}
	return keys, true
}

// ReadDDL reads one migration file. Files have to be read in the order in
// which they are applied. What undoes a migration is passed over: files named
// *.down.sql, and the part of a file behind "-- +goose Down", "-- migrate:down"
// or "-- +migrate Down". Statements that are not known are passed over, too.
func (s *Schema) ReadDDL(name, text string, dialect Dialect) {
	lower := strings.ToLower(name)
	if strings.HasSuffix(lower, ".down.sql") || strings.HasSuffix(lower, "_down.sql") || strings.HasSuffix(lower, ".undo.sql") {
		return
	}
	text = upOnly(text)
	if dialect == Auto && strings.IndexByte(text, '`') >= 0 {
		dialect = MySQL
	}
	for len(text) > 0 {
		// Dumps are longer than what is read at once.
		part := text
		if len(part) > maxLen {
			part = part[:maxLen]
			if i := strings.LastIndex(part, ";\n"); i > 0 {
				part = part[:i+1]
			}
		}
		text = text[len(part):]
		l := lex(Plain(part), dialect)
		for i := 0; i < len(l.toks); {
			end := i
			for end < len(l.toks)-1 && !l.toks[end].op(";") {
				if t := &l.toks[end]; t.op("(") && int(t.match) > end {
					end = int(t.match)
				}
				end++
			}
			d := &ddl{parser: parser{lexer: l, i: i, end: end}, s: s}
			d.statement()
			i = end + 1
		}
	}
}

// upOnly drops the sections of a migration that undo it.
func upOnly(text string) string {
	if !strings.Contains(text, "--") {
		return text
	}
	var b strings.Builder
	down := false
	for line := range strings.Lines(text) {
		if t := strings.TrimSpace(line); strings.HasPrefix(t, "--") {
			switch mark := strings.ToLower(strings.Join(strings.Fields(strings.TrimLeft(t, "- ")), " ")); {
			case strings.HasPrefix(mark, "+goose down"), strings.HasPrefix(mark, "+migrate down"), strings.HasPrefix(mark, "migrate:down"),
				strings.HasPrefix(mark, "+micrate down"), mark == "+down":
				down = true
			case strings.HasPrefix(mark, "+goose up"), strings.HasPrefix(mark, "+migrate up"), strings.HasPrefix(mark, "migrate:up"),
				strings.HasPrefix(mark, "+micrate up"), mark == "+up":
				down = false
			}
		}
		if !down {
			b.WriteString(line)
		}
	}
	return b.String()
}

type ddl struct {
	parser
	s *Schema
}

// any consumes one of several words.
func (d *ddl) any(words ...string) bool {
	for _, w := range words {
		if d.word(w) {
			return true
		}
	}
	return false
}

func (d *ddl) exists() {
	if d.word("if") {
		d.word("not")
		d.word("exists")
	}
}

// tableName reads a name without its schema.
func (d *ddl) tableName() string {
	t := d.tok()
	if t.kind != tIdent && t.kind != tQuoted {
		return ""
	}
	name := d.take().text
	for d.sym(".") {
		if t := d.tok(); t.kind != tIdent && t.kind != tQuoted {
			return ""
		}
		name = d.take().text
	}
	d.sym("*")
	return name
}

func (d *ddl) statement() {
	switch {
	case d.word("create"):
		d.create()
	case d.word("alter"):
		if d.any("table", "view") {
			d.alter()
		} else if d.words("foreign", "table") || d.words("materialized", "view") {
			d.alter()
		} else if d.word("policy") {
			d.alterPolicy()
		}
	case d.word("drop"):
		if d.word("policy") {
			d.dropPolicy()
			return
		}
		d.any("materialized", "foreign", "temporary")
		if !d.any("table", "view") {
			return
		}
		d.exists()
		for {
			if name := d.tableName(); name != "" {
				d.s.drop(name)
			}
			if !d.sym(",") {
				return
			}
		}
	case d.words("rename", "table"):
		for {
			from := d.tableName()
			if !d.word("to") {
				return
			}
			d.rename(from, d.tableName())
			if !d.sym(",") {
				return
			}
		}
	}
}

func (d *ddl) rename(from, to string) {
	t := d.s.find(from)
	if t == nil || to == "" || from == to {
		return
	}
	d.s.drop(to)
	t.name = to
	for _, x := range d.s.tables {
		for i := range x.keys {
			if x.keys[i].Parent == from {
				x.keys[i].Parent = to
			}
		}
	}
}

func (d *ddl) create() {
	d.words("or", "replace")
	unique := d.word("unique")
	for d.any("global", "local", "temporary", "temp", "unlogged", "foreign", "virtual", "recursive", "algorithm", "definer", "sql", "security", "external") {
		if d.sym("=") {
			d.skip()
		}
	}
	switch {
	case d.word("table"):
		d.exists()
		d.table()
	case d.is("view") || d.is("materialized"):
		d.word("materialized")
		d.word("view")
		d.exists()
		name := d.tableName()
		if name == "" {
			return
		}
		d.s.drop(name)
		d.s.tables = append(d.s.tables, &tableDef{name: name, open: true, view: true})
	case d.word("policy"):
		d.createPolicy()
	case d.word("function"):
		d.function()
	case d.word("index"):
		if unique {
			d.uniqueIndex()
		}
	}
}

// uniqueIndex reads CREATE UNIQUE INDEX. One with a condition is a key of the
// rows that meet it only: it still can conflict.
func (d *ddl) uniqueIndex() {
	d.word("concurrently")
	d.exists()
	name := ""
	if !d.is("on") {
		name = d.tableName()
	}
	if !d.word("on") {
		return
	}
	d.word("only")
	t := d.s.find(d.tableName())
	if t == nil {
		return
	}
	if d.word("using") {
		d.skip()
	}
	if cols := d.columns(); cols != nil {
		t.unique = append(t.unique, cols)
		t.names = append(t.names, name)
	}
}

// columns reads a list of columns. An expression is named as "".
func (d *ddl) columns() []string {
	if !d.op("(") || d.tok().match < 0 {
		return nil
	}
	close := int(d.tok().match)
	d.take()
	var cols []string
	for d.i < close {
		t := d.tok()
		name := ""
		if (t.kind == tIdent || t.kind == tQuoted) && !(d.at(1).op("(") && d.at(2).kind != tNumber) {
			name = t.text
		}
		cols = append(cols, name)
		d.element(close)
		d.sym(",")
	}
	d.i = close + 1
	return cols
}

// element passes over the rest of a list's element.
func (d *ddl) element(close int) {
	for d.i < close && !d.op(",") {
		if t := d.tok(); (t.op("(") || t.op("[")) && int(t.match) > d.i {
			d.i = int(t.match)
		}
		d.i++
	}
}

func (d *ddl) table() {
	name := d.tableName()
	if name == "" {
		return
	}
	if d.s.find(name) != nil {
		return // IF NOT EXISTS, or a second file that says the same
	}
	t := &tableDef{name: name}
	if d.words("partition", "of") {
		d.copyOf(t, d.tableName())
		d.s.tables = append(d.s.tables, t)
		return
	}
	if d.word("like") { // MySQL
		d.copyOf(t, d.tableName())
		d.s.tables = append(d.s.tables, t)
		return
	}
	if d.op("(") && !d.startsQuery(d.i) && d.tok().match > 0 {
		close := int(d.tok().match)
		d.take()
		for d.i < close {
			before := d.i
			d.definition(t, close)
			d.element(close)
			d.sym(",")
			if d.i <= before {
				d.i = before + 1
			}
		}
		d.i = close + 1
	} else if !d.is("as") && !d.is("select") {
		t.open = true
	}
	for !d.done() {
		switch {
		case d.word("inherits"):
			for _, parent := range d.columns() {
				d.copyOf(t, parent)
			}
		case d.is("as") || d.is("select") || d.startsQuery(d.i):
			d.word("as")
			d.selected(t)
			d.i = d.end
		default:
			if m := int(d.tok().match); d.op("(") && m > d.i {
				d.i = m
			}
			d.skip()
		}
	}
	d.s.tables = append(d.s.tables, t)
}

// selected takes a table's columns from the query that fills it.
func (d *ddl) selected(t *tableDef) {
	p := &parser{lexer: d.lexer, i: d.i, end: d.end}
	q := p.query()
	for q.Left != nil {
		q = q.Left
	}
	if p.err != "" || q.Values != nil {
		t.open = true
		return
	}
	for _, item := range q.Items {
		if item.Star {
			if len(q.From) == 1 && q.From[0].Join == NoJoin && q.From[0].Name != "" {
				d.copyOf(t, q.From[0].Name)
				continue
			}
			t.open = true
			continue
		}
		if n := outName(item); n != "" {
			t.addColumn(n)
		}
	}
}

// copyOf gives a table the columns of another.
func (d *ddl) copyOf(t *tableDef, parent string) {
	p := d.s.find(parent)
	if p == nil {
		t.open = true
		return
	}
	for _, c := range p.columns {
		t.addColumn(c)
	}
	t.open = t.open || p.open
	for _, k := range p.keys {
		if slices.ContainsFunc(t.keys, func(x ForeignKeyDef) bool { return x.Parent == k.Parent && slices.Equal(x.Columns, k.Columns) }) {
			continue
		}
		k.Columns, k.ParentColumns = slices.Clone(k.Columns), slices.Clone(k.ParentColumns)
		t.keys = append(t.keys, k)
	}
	for i, k := range p.unique {
		if !slices.ContainsFunc(t.unique, func(x []string) bool { return slices.Equal(x, k) }) {
			t.unique = append(t.unique, slices.Clone(k))
			t.names = append(t.names, p.names[i])
		}
	}
}

func (t *tableDef) addColumn(name string) {
	if !slices.Contains(t.columns, name) {
		t.columns = append(t.columns, name)
	}
}

func (t *tableDef) dropColumn(name string) {
	t.columns = slices.DeleteFunc(t.columns, func(c string) bool { return c == name })
	t.keys = slices.DeleteFunc(t.keys, func(k ForeignKeyDef) bool { return slices.Contains(k.Columns, name) })
	for i := len(t.unique) - 1; i >= 0; i-- {
		if slices.Contains(t.unique[i], name) {
			t.unique = slices.Delete(t.unique, i, i+1)
			t.names = slices.Delete(t.names, i, i+1)
		}
	}
}

// definition reads one element of CREATE TABLE or ADD: a column or a
// constraint. It stops somewhere within it.
func (d *ddl) definition(t *tableDef, close int) {
	first := d.tok()
	if first.kind == tIdent {
		switch first.text {
		case "constraint", "primary", "unique", "foreign", "check", "exclude", "key", "index", "fulltext", "spatial", "like", "period":
			// A column may be called key or index: then a type follows.
			next := d.at(1)
			column := next.kind == tIdent && isType(next.text)
			if !column {
				d.constraint(t)
				return
			}
		}
	}
	if first.kind != tIdent && first.kind != tQuoted {
		return
	}
	name := d.take().text
	t.addColumn(name)
	// The column's own constraints.
	cname := ""
	for d.i < close && !d.op(",") {
		switch {
		case d.word("constraint"):
			cname = d.take().text
			continue
		case d.words("primary", "key"):
			t.unique = slices.Insert(t.unique, 0, []string{name})
			t.names = slices.Insert(t.names, 0, cname)
			continue
		case d.word("unique"):
			d.word("key")
			t.unique = append(t.unique, []string{name})
			t.names = append(t.names, cname)
			continue
		case d.word("references"):
			d.references(t, []string{name}, cname)
			continue
		}
		if m := int(d.tok().match); d.op("(") && m > d.i {
			d.i = m
		}
		d.i++
	}
}

func isType(w string) bool {
	switch w {
	case "text", "varchar", "char", "character", "int", "integer", "bigint", "smallint", "tinyint", "mediumint", "uuid", "boolean", "bool", "bytea", "blob",
		"json", "jsonb", "timestamp", "timestamptz", "date", "datetime", "time", "numeric", "decimal", "real", "double", "float", "serial", "bigserial",
		"varbinary", "binary", "longtext", "mediumtext", "citext", "bit", "enum", "interval", "inet", "name":
		return true
	}
	return false
}

func (d *ddl) references(t *tableDef, cols []string, name string) {
	parent := d.tableName()
	if parent == "" {
		return
	}
	k := ForeignKeyDef{Columns: cols, Parent: parent, name: name}
	if d.op("(") {
		k.ParentColumns = d.columns()
	}
	t.keys = append(t.keys, k)
}

func (d *ddl) constraint(t *tableDef) {
	name := ""
	if d.word("constraint") {
		if !d.is("primary") && !d.is("unique") && !d.is("foreign") && !d.is("check") {
			name = d.take().text
		}
	}
	switch {
	case d.words("primary", "key"):
		d.any("clustered", "nonclustered")
		if d.word("using") {
			d.skip()
		}
		if d.words("using", "index") {
			return
		}
		if cols := d.columns(); cols != nil {
			t.unique = slices.Insert(t.unique, 0, cols)
			t.names = slices.Insert(t.names, 0, name)
		}
	case d.word("unique"):
		if !d.word("key") {
			d.word("index")
		}
		if d.tok().kind != tOp && !d.is("using") && !d.is("nulls") {
			name = d.take().text
		}
		for !d.done() && !d.op("(") && !d.op(",") {
			d.skip()
		}
		if cols := d.columns(); cols != nil {
			t.unique = append(t.unique, cols)
			t.names = append(t.names, name)
		}
	case d.words("foreign", "key"):
		if !d.op("(") {
			d.exists()
			if !d.op("(") {
				name = orText(name, d.take().text)
			}
		}
		cols := d.columns()
		if cols != nil && d.word("references") {
			d.references(t, cols, name)
		}
	case d.word("like"):
		d.copyOf(t, d.tableName())
	}
}

func (d *ddl) alter() {
	d.exists()
	d.word("only")
	name := d.tableName()
	t := d.s.find(name)
	if t == nil {
		// A table that was made elsewhere: what is added to it is known.
		if name == "" {
			return
		}
		t = &tableDef{name: name, open: true}
		defer func() {
			if (len(t.columns)+len(t.keys)+len(t.unique) > 0 || t.security.enabled || t.security.forced) && d.s.find(t.name) == nil {
				d.s.tables = append(d.s.tables, t)
			}
		}()
	}
	for !d.done() {
		d.action(t)
		d.element(d.end)
		if !d.sym(",") {
			return
		}
	}
}

func (d *ddl) action(t *tableDef) {
	switch {
	case d.security(t):
	case d.word("add"):
		d.word("column")
		d.exists()
		if d.op("(") && d.tok().match > 0 { // ADD (a int, b int)
			close := int(d.tok().match)
			d.take()
			for d.i < close {
				before := d.i
				d.definition(t, close)
				d.element(close)
				d.sym(",")
				if d.i <= before {
					d.i = before + 1
				}
			}
			d.i = close + 1
			return
		}
		d.definition(t, d.end)
	case d.word("drop"):
		switch {
		case d.word("constraint"), d.words("foreign", "key"), d.word("index"), d.word("key"):
			d.exists()
			name := d.take().text
			t.keys = slices.DeleteFunc(t.keys, func(k ForeignKeyDef) bool { return k.name != "" && k.name == name })
			for i := len(t.names) - 1; i >= 0; i-- {
				if name != "" && t.names[i] == name || t.names[i] == "" && name == t.name+"_pkey" && i == 0 {
					t.unique = slices.Delete(t.unique, i, i+1)
					t.names = slices.Delete(t.names, i, i+1)
				}
			}
		case d.words("primary", "key"):
			if len(t.unique) > 0 {
				t.unique, t.names = t.unique[1:], t.names[1:]
			}
		case d.word("default"), d.word("not"), d.word("partition"):
		default:
			d.word("column")
			d.exists()
			if tok := d.tok(); tok.kind == tIdent || tok.kind == tQuoted {
				t.dropColumn(d.take().text)
			}
		}
	case d.word("rename"):
		switch {
		case d.word("to"), d.word("as"):
			d.rename(t.name, d.tableName())
		case d.any("constraint", "index", "key"):
		default:
			d.word("column")
			from := d.take().text
			if d.word("to") {
				d.renameColumn(t, from, d.take().text)
			} else if tok := d.tok(); t.name != "" && tok.kind != tEOF && !slices.Contains(t.columns, from) {
				d.rename(t.name, from) // MySQL: RENAME new
			}
		}
	case d.word("change"): // MySQL: CHANGE old new type
		d.word("column")
		from := d.take().text
		d.renameColumn(t, from, d.take().text)
	case d.word("inherit"), d.words("attach", "partition"):
	}
}

func (d *ddl) renameColumn(t *tableDef, from, to string) {
	swap := func(list []string) {
		for i := range list {
			if list[i] == from {
				list[i] = to
			}
		}
	}
	if to == "" {
		return
	}
	swap(t.columns)
	for _, k := range t.keys {
		swap(k.Columns)
	}
	for _, k := range t.unique {
		swap(k)
	}
	for _, x := range d.s.tables {
		for _, k := range x.keys {
			if k.Parent == t.name {
				swap(k.ParentColumns)
			}
		}
	}
}
