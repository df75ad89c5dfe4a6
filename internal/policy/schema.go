package policy

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/BurntSushi/toml"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/sqlscope"
	"github.com/tenantvet/tenantvet/internal/strictoml"
)

// Schema is what the policy says of the tables of a database: which columns
// they have. It is safe for concurrent use. The files that declare tables are
// read when one is first asked about: most packages never ask. Whoever asks must
// look at Err when done.
type Schema struct {
	*declared
	asked atomic.Bool // by this package
}

// declared is the tables, for all packages that have the policy.
type declared struct {
	tables map[string][]string // listed in the policy
	refs   []reference         // that the policy lists
	joined []membership
	files  []globFile

	children []string                 // import path patterns
	scoped   func(cols []string) bool // one of them is a scope column, of tenants or environments

	once sync.Once
	ddl  *sqlscope.Schema
	err  error
}

// view returns the schema as one package sees it: what another asks is not its
// business.
func (s *Schema) view() *Schema {
	if s == nil {
		return nil
	}
	return &Schema{declared: s.declared}
}

// reference is a foreign key that the policy lists.
type reference struct {
	table string
	key   sqlscope.ForeignKeyDef
	place string // where it stands: "file:line:col"
}

// membership is a table whose rows belong to the tenants that another one links to
// them.
type membership struct{ table, members, place string }

// globFile is a file that the policy names.
type globFile struct {
	name string
	glob fileGlob // that it matches
	text *string  // of a packed one
}

// read returns the text of the file. The error says how the pattern is to be
// changed, if it cannot be read.
func (f *globFile) read() (string, error) {
	if f.text != nil {
		return *f.text, nil
	}
	text, err := readDDL(f.name)
	if err != nil {
		return "", f.glob.error("cannot read %s: %w; make it readable, or narrow the pattern so that it leaves the file out", f.glob.relative(f.name), cause(err))
	}
	return text, nil
}

// Columns returns the columns of a table, in lower case; known is false if the
// policy says nothing of it, or if its files cannot be read: see Err.
func (s *Schema) Columns(table string) (cols []string, known bool) {
	if cols, known = s.tables[table]; known || len(s.files) == 0 {
		return cols, known
	}
	return s.read().Columns(table)
}

// Tables returns the names of the tables that the policy lists or its files declare,
// sorted, each once.
func (s *Schema) Tables() []string {
	names := slices.Collect(maps.Keys(s.tables))
	if len(s.files) > 0 {
		names = append(names, s.read().Tables()...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// UniqueKeys returns the columns of the primary key and of the unique
// constraints and indexes of a table that a schema file declares.
func (s *Schema) UniqueKeys(table string) (keys [][]string, known bool) {
	if _, listed := s.tables[table]; listed || len(s.files) == 0 {
		return nil, false
	}
	return s.read().UniqueKeys(table)
}

// ForeignKeys returns the references of a table that a schema file declares, and those
// that the policy lists.
func (s *Schema) ForeignKeys(table string) []sqlscope.ForeignKeyDef {
	if len(s.files)+len(s.refs) == 0 {
		return nil
	}
	out := slices.Clone(s.read().ForeignKeys(table))
	for _, r := range s.refs {
		if r.table == table {
			out = append(out, r.key)
		}
	}
	return out
}

// Members returns the table whose rows say which tenants a row of the given table
// belongs to, by referring to it: "" if the policy names none.
func (s *Schema) Members(table string) string {
	for _, m := range s.joined {
		if m.table == table {
			s.read() // whose error says if there is no such table
			return m.members
		}
	}
	return ""
}

// Children reports whether statements of the package on tables that have no scope
// column, but refer to tables with one, must keep to what these say.
func (s *Schema) Children(pkg string) bool {
	return slices.ContainsFunc(s.children, func(pattern string) bool { return models.MatchPackage(pattern, pkg) })
}

// checkReferences reports a reference, or a table of members, of the policy that names
// what is not there.
func (s *Schema) checkReferences() error {
	has := func(table, column string) error {
		cols, known := s.tables[table]
		if !known {
			cols, known = s.ddl.Columns(table)
		}
		switch {
		case !known:
			return fmt.Errorf("there is no table %s: name one that [schema] or a [[table]] has", table)
		case column != "" && !slices.Contains(cols, column):
			return fmt.Errorf("table %s has no column %s: it has %s", table, column, strings.Join(cols, ", "))
		}
		return nil
	}
	for _, r := range s.refs {
		parent := ""
		if len(r.key.ParentColumns) > 0 {
			parent = r.key.ParentColumns[0]
		}
		if err := cmp.Or(has(r.table, r.key.Columns[0]), has(r.key.Parent, parent)); err != nil {
			return fmt.Errorf("%s: references: %w", r.place, err)
		}
	}
	for _, m := range s.joined {
		if err := cmp.Or(has(m.table, ""), has(m.members, "")); err != nil {
			return fmt.Errorf("%s: members: %w", m.place, err)
		}
		cols, listed := s.tables[m.members]
		if !listed {
			cols, _ = s.ddl.Columns(m.members)
		}
		to := func(k sqlscope.ForeignKeyDef) bool { return k.Parent == m.table && len(k.Columns) == 1 }
		switch {
		case !s.scoped(cols):
			return fmt.Errorf("%s: members: table %s has no scope column that says of which tenant its members are: it has %s", m.place, m.members, strings.Join(cols, ", "))
		case !slices.ContainsFunc(s.ddl.ForeignKeys(m.members), to) && !slices.ContainsFunc(s.refs, func(r reference) bool { return r.table == m.members && to(r.key) }):
			return fmt.Errorf("%s: members: no column of %s is known to refer to %s: list it under references of %s", m.place, m.members, m.table, m.members)
		}
	}
	return nil
}

// Err returns the error of reading the files, which names the pattern's place in
// the policy and the remedy; nil if all could be read, or none was needed so
// far. With an error nothing that was said of tables is worth anything.
func (s *Schema) Err() error {
	if s == nil || !s.asked.Load() {
		return nil
	}
	s.read()
	return s.err
}

// Check reads the files if nobody has yet, and returns what Err does then.
func (s *Schema) Check() error {
	if s == nil {
		return nil
	}
	s.read()
	return s.err
}

// read reads the files, once. If one cannot be read no table is known.
func (s *Schema) read() *sqlscope.Schema {
	s.asked.Store(true)
	s.once.Do(func() {
		s.ddl = new(sqlscope.Schema)
		read := new(sqlscope.Schema)
		for _, f := range s.files {
			text, err := f.read()
			if err != nil {
				s.err = err
				return
			}
			read.ReadDDL(filepath.Base(f.name), text, sqlscope.Auto)
		}
		s.ddl = read
		s.err = s.checkReferences()
	})
	return s.ddl
}

// Schema returns the tables that the policy knows, nil if it speaks of none.
func (p *Policy) Schema() *Schema { return p.schema }

// readSchema reads the [schema] and [[table]] tables.
func (r *reader) readSchema(p *Policy, root *strictoml.Table) {
	var globs []strictoml.Str
	var children []string
	if t := root.Table("schema"); t != nil {
		globs = t.Strings("ddl")
		p.entityFiles = r.globs("entities", t.Strings("entities"))
		children = r.packages(t, "children")
		t.Done()
	}
	p.ddl = r.globs("ddl", globs)
	tables := map[string][]string{}
	var refs []reference
	var joined []membership
	for _, t := range root.Tables("table") {
		names, cols := t.Strings("name"), t.Strings("columns")
		keys, members := r.readReferences(t), t.String("members")
		if len(names) == 0 {
			r.doc.Complain(t.At(), `write name = "orders"`, "[[table]] needs name")
		}
		for _, n := range names {
			key := strings.ToLower(n.S)
			for _, ref := range keys {
				ref.table = key
				refs = append(refs, ref)
			}
			if members.S != "" {
				joined = append(joined, membership{key, strings.ToLower(members.S), fmt.Sprintf("%s:%d:%d", r.doc.File, members.At.Line, members.At.Col)})
			}
			if (len(keys) > 0 || members.S != "") && len(cols) == 0 {
				continue // its columns are in the files
			}
			if _, dup := tables[key]; dup {
				r.doc.Complain(n.At, "", "[[table]] %s is there already", n.S)
			}
			tables[key] = []string{}
			for _, c := range cols {
				tables[key] = append(tables[key], strings.ToLower(c.S))
			}
		}
		t.Done()
	}
	if len(tables)+len(globs) > 0 {
		p.schema = &Schema{declared: &declared{tables: tables, refs: refs, joined: joined, children: children, scoped: p.scoped}}
	} else if len(refs)+len(joined)+len(children) > 0 {
		r.doc.Complain(root.At(), "name the files that declare the tables: [schema] ddl", "references, members or children of tables of which nothing else is known")
	}
}

// scoped reports whether one of the columns has a name of the tenant or the environment.
func (p *Policy) scoped(cols []string) bool {
	for _, d := range (models.Tenant | models.Env).Each() {
		for _, name := range p.Synonyms(d) {
			if slices.ContainsFunc(cols, func(col string) bool { return models.ColumnName(col) == models.ColumnName(name) }) {
				return true
			}
		}
	}
	return false
}

// readReferences reads which tables the columns of a table refer to.
func (r *reader) readReferences(row *strictoml.Table) []reference {
	t := row.Table("references")
	if t == nil {
		return nil
	}
	var out []reference
	for _, column := range t.Keys() {
		to := t.String(column)
		table, parent, _ := strings.Cut(strings.ToLower(to.S), ".")
		if table == "" {
			r.doc.Complain(to.At, `write column = "table", or "table.column" if that is not its primary key`, "references: %q is no table", to.S)
			continue
		}
		ref := reference{key: sqlscope.ForeignKeyDef{Columns: []string{strings.ToLower(column)}, Parent: table}}
		if parent != "" {
			ref.key.ParentColumns = []string{parent}
		}
		ref.place = fmt.Sprintf("%s:%d:%d", r.doc.File, to.At.Line, to.At.Col)
		out = append(out, ref)
	}
	t.Done()
	return out
}

// globs reads patterns for files.
func (r *reader) globs(key string, strs []strictoml.Str) []fileGlob {
	var out []fileGlob
	for _, g := range strs {
		if g.S == "" || path.IsAbs(g.S) || strings.Contains(g.S, "\\") {
			r.doc.Complain(g.At, "globs are relative to the module's root, with / between elements", "%s %q is not a glob", key, g.S)
		} else if _, err := path.Match(g.S, ""); err != nil {
			r.doc.Complain(g.At, "", "%s %q is not a glob", key, g.S)
		}
		out = append(out, fileGlob{key: key, pattern: g.S, line: g.At.Line, col: g.At.Col})
	}
	return out
}

// fileGlob is a pattern for files, and where it stands.
type fileGlob struct {
	key         string // of the policy
	pattern     string
	line, col   int
	policy, dir string
}

// error returns an error about the pattern.
func (g fileGlob) error(format string, args ...any) error {
	return fmt.Errorf("%s:%d:%d: %s %q: %w", g.policy, g.line, g.col, g.key, g.pattern, fmt.Errorf(format, args...))
}

// relative returns name as messages have it.
func (g fileGlob) relative(name string) string { return slashed(g.dir, name) }

// openFiles finds the files that the policy names. A pattern that matches none is
// an error, and so is one that leads through a directory which cannot be read: a
// table that went missing would take every statement on it along, without a
// word.
func (p *Policy) openFiles() error {
	var err error
	if len(p.ddl) > 0 {
		if p.schema.files, err = p.find(p.ddl); err != nil {
			return err
		}
	}
	if len(p.entityFiles) > 0 {
		files, err := p.find(p.entityFiles)
		if err != nil {
			return err
		}
		p.entities = &Entities{entitySources: &entitySources{files: files, dir: p.Dir, module: p.Module}}
	}
	if len(p.isolation) > 0 {
		files, err := p.find(p.isolation)
		if err != nil {
			return err
		}
		p.tests = &Tests{files: files}
	}
	return nil
}

// find returns the files that patterns match, each once.
func (p *Policy) find(globs []fileGlob) ([]globFile, error) {
	var out []globFile
	for _, g := range globs {
		g.policy, g.dir = p.Path, p.Dir
		if p.packed != nil {
			out = append(out, p.unpack(g)...)
			continue
		}
		found, err := globFiles(p.Dir, g.pattern)
		if err != nil {
			return nil, g.error("cannot read %s: %w; make it readable, or narrow the pattern", g.relative(pathOf(err)), cause(err))
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("%s:%d:%d: %s %q matches no file under %s: name the files that are there, or remove it", p.Path, g.line, g.col, g.key, g.pattern, p.Dir)
		}
		for _, name := range found {
			if !slices.ContainsFunc(out, func(f globFile) bool { return f.name == name }) {
				out = append(out, globFile{name: name, glob: g})
			}
		}
	}
	return out, nil
}

// readDDL returns the text of a file that declares tables.
func readDDL(name string) (string, error) {
	info, err := os.Stat(name)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", errNotRegular // reading a pipe may never end
	}
	data, err := os.ReadFile(name)
	return string(data), err
}

var errNotRegular = errors.New("it is no regular file")

// cause returns what an error says beside the path, which differs between
// machines.
func cause(err error) error {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err
	}
	return err
}

func pathOf(err error) string {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Path
	}
	return ""
}

// slashed returns name relative to dir, with slashes.
func slashed(dir, name string) string {
	rel, err := filepath.Rel(dir, name)
	if err != nil {
		rel = filepath.Base(name)
	}
	return filepath.ToSlash(rel)
}

// globFiles returns the files under dir that match pattern, in the order in
// which migrations run: numbers in names count as numbers. Directories are left
// out; anything else that matches is returned, readable or not. Other than with
// filepath.Glob, a directory that cannot be read is an error, and no file is
// looked at but by its directory's entry.
func globFiles(dir, pattern string) ([]string, error) {
	type match struct {
		name string
		mode fs.FileMode
	}
	found := []match{{dir, fs.ModeDir}}
	for elem := range strings.SplitSeq(pattern, "/") {
		var next []match
		for _, base := range found {
			if isDir, err := leadsToDir(base.name, base.mode); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return nil, err
			} else if !isDir {
				continue
			}
			if !strings.ContainsAny(elem, "*?[") {
				name := filepath.Join(base.name, elem)
				if info, err := os.Lstat(name); err == nil {
					next = append(next, match{name, info.Mode().Type()})
				} else if !errors.Is(err, fs.ErrNotExist) {
					return nil, err
				}
				continue
			}
			entries, err := os.ReadDir(base.name)
			if err != nil {
				return nil, err
			}
			for _, e := range entries {
				ok, err := path.Match(elem, e.Name())
				if err != nil {
					return nil, err
				}
				if ok {
					next = append(next, match{filepath.Join(base.name, e.Name()), e.Type()})
				}
			}
		}
		found = next
	}
	var names []string
	for _, m := range found {
		if isDir, err := leadsToDir(m.name, m.mode); err != nil || !isDir {
			names = append(names, m.name)
		}
	}
	slices.SortFunc(names, naturalCompare)
	return names, nil
}

// leadsToDir reports whether name, of that type, is a directory or a link to one.
func leadsToDir(name string, mode fs.FileMode) (bool, error) {
	if mode&fs.ModeSymlink == 0 {
		return mode.IsDir(), nil
	}
	info, err := os.Stat(name)
	return err == nil && info.IsDir(), err
}

// naturalCompare orders names so that 9_x stands before 10_x.
func naturalCompare(a, b string) int {
	for a != "" && b != "" {
		na, nb := digits(a), digits(b)
		if na > 0 && nb > 0 {
			x, y := strings.TrimLeft(a[:na], "0"), strings.TrimLeft(b[:nb], "0")
			if c := cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y)); c != 0 {
				return c
			}
			a, b = a[na:], b[nb:]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

func digits(s string) int {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return n
}

// filesDigest returns a digest of the files that the policy text names, for
// those who keep results: the policy is as good as changed when they are.
func filesDigest(dir string, text []byte) []byte {
	var doc struct {
		Baseline any
		Schema   struct {
			DDL      any
			Entities any
		}
		Tests struct {
			Isolation any
		}
	}
	if _, err := toml.Decode(string(text), &doc); err != nil {
		return nil // a broken policy is an error for whoever reads it
	}
	patterns := slices.Concat(texts(doc.Schema.DDL), texts(doc.Schema.Entities), texts(doc.Tests.Isolation))
	sum := sha256.New()
	for _, p := range patterns {
		names, err := globFiles(dir, p)
		if err != nil {
			fmt.Fprintf(sum, "%s\n!%s: %s\n", p, slashed(dir, pathOf(err)), cause(err))
		}
		for _, name := range names {
			text, err := readDDL(name)
			if err != nil {
				// Such a policy is an error, and another one when the reason
				// is another: what was kept under the one must not answer for
				// the other.
				fmt.Fprintf(sum, "%s\n!%s\n", slashed(dir, name), cause(err))
				continue
			}
			fmt.Fprintf(sum, "%s\n%x\n", slashed(dir, name), sha256.Sum256([]byte(text)))
		}
	}
	name, known := doc.Baseline.(string)
	if known {
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		fmt.Fprintf(sum, "baseline %t %x\n", err == nil, sha256.Sum256(data))
	}
	if len(patterns) == 0 && !known {
		return nil
	}
	return sum.Sum(nil)
}

// texts returns the strings of a value that is one or a list of them.
func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, x := range v {
			if s, ok := x.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}
