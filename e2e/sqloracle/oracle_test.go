package sqloracle

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tenantvet/tenantvet/internal/sqlscope"
)

type dialect struct {
	name  string
	id    sqlscope.Dialect
	parse func(string) ([]*sqlscope.Tree, error)
}

func dialects() []dialect {
	return []dialect{
		{"postgres", sqlscope.Postgres, parsePG},
		{"mysql", sqlscope.MySQL, parseMySQL},
		{"sqlite", sqlscope.SQLite, parseSQLite},
	}
}

func schema(t testing.TB) *sqlscope.Schema {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "internal", "sqlscope", "testdata", "schema.sql"))
	if err != nil {
		t.Fatal(err)
	}
	var s sqlscope.Schema
	s.ReadDDL("schema.sql", string(data), sqlscope.Postgres)
	return &s
}

// tell describes a verdict without what the front ends may say differently:
// the text of computed values.
func tell(v sqlscope.Verdict) string {
	var b strings.Builder
	b.WriteString(v.Kind.String())
	if len(v.Proofs) == 0 || v.Proofs[0].Kind != v.Kind {
		return b.String()
	}
	p := v.Proofs[0]
	b.WriteString(" " + told(p, "f()"))
	for _, l := range p.Via {
		fmt.Fprintf(&b, " %s.%s=%s.%s", l.Table, l.Column, l.ToTable, l.ToColumn)
	}
	return b.String()
}

// number gives a number that a parser has read one form, and leaves others
// alone: 1e0 is 1, and 0x01 is 0x1.
func number(text string) string {
	plain := strings.ReplaceAll(strings.ToLower(text), "_", "")
	for _, prefix := range []string{"0x", "0b"} {
		if digits, ok := strings.CutPrefix(plain, prefix); ok {
			return prefix + strings.TrimLeft(digits, "0")
		}
	}
	if f, err := strconv.ParseFloat(plain, 64); err == nil {
		return strconv.FormatFloat(f+0, 'g', -1, 64)
	}
	return text
}

// A difference is one between the scanner and a parser.
type difference struct {
	sql, what string
	unsafe    bool
}

// compare returns the differences on a text, and how many verdicts it looked
// at; ok is false if the parser does not accept the text.
func compare(d dialect, sql string, catalog sqlscope.Catalog, columns []string) (diffs []difference, n int, ok bool) {
	trees, err := d.parse(sql)
	if err != nil {
		return nil, 0, false
	}
	res := sqlscope.Scan(sqlscope.Plain(sql), sqlscope.Options{Dialect: d.id, Catalog: catalog})
	add := func(unsafe bool, format string, args ...any) {
		diffs = append(diffs, difference{sql, fmt.Sprintf(format, args...), unsafe})
	}
	if len(trees) != len(res.Statements) {
		add(false, "%d statements, the parser has %d", len(res.Statements), len(trees))
		return diffs, 0, true
	}
	for i, tree := range trees {
		got, want := res.Statements[i], sqlscope.Check(tree, catalog)
		if got.Unparsed != "" {
			add(false, "unparsed: %s", got.Unparsed)
			continue
		}
		if got.Verb != want.Verb {
			add(got.Verb == sqlscope.Other && len(want.Occurrences) > 0, "%s, the parser has %s", got.Verb, want.Verb)
			continue
		}
		// Occurrences are matched by what they are, in their order: where a
		// sub-select stands in an expression may differ.
		used := make([]bool, len(got.Occurrences))
		for k, w := range want.Occurrences {
			g := -1
			for j, o := range got.Occurrences {
				if !used[j] && o.Table == w.Table && o.Schema == w.Schema && o.Alias == w.Alias && o.Role == w.Role {
					g = j
					break
				}
			}
			if g < 0 {
				add(true, "the scanner lost %s %s", w.Role, w.Name())
				continue
			}
			used[g] = true
			for _, c := range columns {
				a, b := got.Restricted(g, c), want.Restricted(k, c)
				n++
				if tell(a) != tell(b) {
					unsafe := a.Kind.Restricts() && (!b.Kind.Restricts() || values(a) != values(b)) || a.Kind == sqlscope.ForeignKey && b.Kind > sqlscope.ForeignKey
					add(unsafe, "%s.%s: %s, the parser has %s", w.Name(), c, tell(a), tell(b))
				}
				av, aok := got.Rehomed(g, c)
				bv, bok := want.Rehomed(k, c)
				if aok != bok || tell(av) != tell(bv) {
					add(false, "SET %s.%s: %v %s, the parser has %v %s", w.Name(), c, aok, tell(av), bok, tell(bv))
				}
			}
		}
		for j, o := range got.Occurrences {
			if !used[j] {
				add(false, "the scanner has %s %s, which the parser has not", o.Role, o.Name())
			}
		}
	}
	return diffs, n, true
}

func values(v sqlscope.Verdict) string {
	s := tell(v)
	if len(v.Proofs) == 0 {
		return s
	}
	return told(v.Proofs[0], "")
}

// told lists the values of a proof, each once. What is computed is called so.
func told(p sqlscope.Proof, computed string) string {
	var list []string
	for _, x := range p.Values {
		switch x.Kind {
		case sqlscope.Computed:
			x.Text = computed
		case sqlscope.Literal:
			x.Text = number(x.Text)
		}
		if s := x.String(); !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return strings.Join(list, " ")
}

func TestCorpus(t *testing.T) {
	catalog := schema(t)
	for _, d := range dialects() {
		for _, c := range []sqlscope.Catalog{catalog, nil} {
			data, err := os.ReadFile(filepath.Join("..", "..", "internal", "sqlscope", "testdata", d.name+".sql"))
			if err != nil {
				t.Fatal(err)
			}
			verdicts, statements := 0, 0
			for sql := range strings.SplitSeq(string(data), ";\n") {
				if strings.TrimSpace(sql) == "" {
					continue
				}
				diffs, n, ok := compare(d, sql, c, []string{"tenant_id", "env_id", "id", "ticket_id"})
				if !ok {
					t.Errorf("%s: the parser rejects %s", d.name, sql)
					continue
				}
				statements++
				verdicts += n
				for _, x := range diffs {
					t.Errorf("%s\n\t%s (unsafe: %v)", strings.TrimSpace(x.sql), x.what, x.unsafe)
				}
			}
			t.Logf("%s: %d statements, %d verdicts", d.name, statements, verdicts)
		}
	}
}

var (
	seed = flag.Uint64("seed", 1, "the seed of the generated statements")
	many = flag.Int("statements", 5000, "how many statements are generated")
)
