package policy

import (
	"cmp"
	"crypto/sha256"
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
// The files that declare them are read when a table is first asked about.
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

// openDDL finds the files that the policy names. A pattern that matches none
// is an error: a schema that went missing would take every statement's table
// with it, without a word.
func (p *Policy) openDDL() error {
	var names []string
	for _, g := range p.ddl {
		found, err := globFiles(p.Dir, g.pattern)
		if err != nil {
			return fmt.Errorf("%s:%d:%d: ddl %q: %w", p.Path, g.line, g.col, g.pattern, err)
		}
		if len(found) == 0 {
			return fmt.Errorf("%s:%d:%d: ddl %q matches no file under %s", p.Path, g.line, g.col, g.pattern, p.Dir)
		}
		for _, name := range found {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		return nil
	}
	p.schema.ddl = sync.OnceValue(func() *sqlscope.Schema {
		s := new(sqlscope.Schema)
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				continue // it was there a moment ago; its tables are unknown
			}
			s.ReadDDL(filepath.Base(name), string(data), sqlscope.Auto)
		}
		return s
	})
	return nil
}

// globFiles returns the files under dir that match pattern, in the order in
// which migrations run: numbers in names count as numbers.
func globFiles(dir, pattern string) ([]string, error) {
	found, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern)))
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(name string) bool {
		info, err := os.Stat(name)
		return err != nil || !info.Mode().IsRegular()
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
		names, _ := globFiles(dir, p)
		for _, name := range names {
			rel, err := filepath.Rel(dir, name)
			if err != nil {
				rel = filepath.Base(name)
			}
			data, err := os.ReadFile(name)
			if err != nil && !os.IsNotExist(err) {
				data = []byte(fs.ErrPermission.Error())
			}
			one := sha256.Sum256(data)
			fmt.Fprintf(sum, "%s\n%x\n", filepath.ToSlash(rel), one)
		}
	}
	if len(patterns) == 0 {
		return nil
	}
	return sum.Sum(nil)
}
