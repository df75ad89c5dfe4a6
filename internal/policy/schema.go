package policy

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"

	"github.com/tenantvet/tenantvet/internal/sqlscope"
	"github.com/tenantvet/tenantvet/internal/strictoml"
)

// Schema is what the policy says of the tables of a database: which columns
// they have. It is immutable and safe for concurrent use.
type Schema struct {
	tables map[string][]string // listed in the policy
	ddl    func() *sqlscope.Schema
}

// Columns returns the columns of a table, in lower case; known is false if the
// policy says nothing of it.
func (s *Schema) Columns(table string) (cols []string, known bool) {
	if cols, known = s.tables[table]; known || s.ddl == nil {
		return cols, known
	}
	return s.ddl().Columns(table)
}

// UniqueKeys returns the columns of the primary key and of the unique
// constraints and indexes of a table that a schema file declares.
func (s *Schema) UniqueKeys(table string) (keys [][]string, known bool) {
	if _, listed := s.tables[table]; listed || s.ddl == nil {
		return nil, false
	}
	return s.ddl().UniqueKeys(table)
}

// ForeignKeys returns the references of a table that a schema file declares.
func (s *Schema) ForeignKeys(table string) []sqlscope.ForeignKeyDef {
	if s.ddl == nil {
		return nil
	}
	return s.ddl().ForeignKeys(table)
}

// Schema returns the tables that the policy knows, nil if it speaks of none.
func (p *Policy) Schema() *Schema { return p.schema }

// readSchema reads the [schema] and [[table]] tables.
func (r *reader) readSchema(p *Policy, root *strictoml.Table) {
	var globs []strictoml.Str
	if t := root.Table("schema"); t != nil {
		globs = t.Strings("ddl")
		t.Done()
	}
	for _, g := range globs {
		if g.S == "" || path.IsAbs(g.S) || strings.Contains(g.S, "\\") {
			r.doc.Complain(g.At, "globs are relative to the module's root, with / between elements", "ddl %q is not a glob", g.S)
		} else if _, err := path.Match(g.S, ""); err != nil {
			r.doc.Complain(g.At, "", "ddl %q is not a glob", g.S)
		}
		p.ddl = append(p.ddl, ddlGlob{g.S, g.At.Line, g.At.Col})
	}
	tables := map[string][]string{}
	for _, t := range root.Tables("table") {
		names, cols := t.Strings("name"), t.Strings("columns")
		if len(names) == 0 {
			r.doc.Complain(t.At(), `write name = "orders"`, "[[table]] needs name")
		}
		for _, n := range names {
			key := strings.ToLower(n.S)
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
		p.schema = &Schema{tables: tables}
	}
}

// ddlGlob is a pattern for files that declare tables, and where it stands.
type ddlGlob struct {
	pattern   string
	line, col int
}

// openDDL reads the files that the policy names. A pattern that matches none
// is an error, and so is a file that cannot be read: a table that went missing
// would take every statement on it along, without a word. What the files
// declare is worked out when a table is first asked about.
func (p *Policy) openDDL() error {
	type file struct{ name, text string }
	var files []file
	for _, g := range p.ddl {
		found, err := globFiles(p.Dir, g.pattern)
		if err != nil {
			return fmt.Errorf("%s:%d:%d: ddl %q: %s: %w; make it readable, or narrow the pattern", p.Path, g.line, g.col, g.pattern, slashed(p.Dir, pathOf(err)), cause(err))
		}
		if len(found) == 0 {
			return fmt.Errorf("%s:%d:%d: ddl %q matches no file under %s", p.Path, g.line, g.col, g.pattern, p.Dir)
		}
		for _, name := range found {
			if slices.ContainsFunc(files, func(f file) bool { return f.name == name }) {
				continue
			}
			text, err := readDDL(name)
			if err != nil {
				return fmt.Errorf("%s:%d:%d: ddl %q: cannot read %s: %w; make it readable, or narrow the pattern so that it leaves the file out", p.Path, g.line, g.col, g.pattern, slashed(p.Dir, name), cause(err))
			}
			files = append(files, file{name, text})
		}
	}
	if len(files) == 0 {
		return nil
	}
	p.schema.ddl = sync.OnceValue(func() *sqlscope.Schema {
		s := new(sqlscope.Schema)
		for _, f := range files {
			s.ReadDDL(filepath.Base(f.name), f.text, sqlscope.Auto)
		}
		return s
	})
	return nil
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
// out; anything else that matches is returned, readable or not. Other than
// filepath.Glob's, a directory that cannot be read is an error.
func globFiles(dir, pattern string) ([]string, error) {
	found := []string{dir}
	for elem := range strings.SplitSeq(pattern, "/") {
		var next []string
		for _, base := range found {
			info, err := os.Stat(base)
			if errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
				continue
			}
			if err != nil {
				return nil, err
			}
			if !strings.ContainsAny(elem, "*?[") {
				name := filepath.Join(base, elem)
				if _, err := os.Lstat(name); err == nil {
					next = append(next, name)
				} else if !errors.Is(err, fs.ErrNotExist) {
					return nil, err
				}
				continue
			}
			entries, err := os.ReadDir(base)
			if err != nil {
				return nil, err
			}
			for _, e := range entries {
				ok, err := path.Match(elem, e.Name())
				if err != nil {
					return nil, err
				}
				if ok {
					next = append(next, filepath.Join(base, e.Name()))
				}
			}
		}
		found = next
	}
	found = slices.DeleteFunc(found, func(name string) bool {
		info, err := os.Stat(name)
		return err == nil && info.IsDir()
	})
	slices.SortFunc(found, naturalCompare)
	return found, nil
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

// ddlDigest returns a digest of the files that the policy text names, for
// those who keep results: the policy is as good as changed when they are.
func ddlDigest(dir string, text []byte) []byte {
	var doc struct {
		Schema struct {
			DDL any
		}
	}
	if _, err := toml.Decode(string(text), &doc); err != nil {
		return nil // a broken policy is an error for whoever reads it
	}
	var patterns []string
	switch v := doc.Schema.DDL.(type) {
	case string:
		patterns = append(patterns, v)
	case []any:
		for _, p := range v {
			if s, ok := p.(string); ok {
				patterns = append(patterns, s)
			}
		}
	}
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
	if len(patterns) == 0 {
		return nil
	}
	return sum.Sum(nil)
}
