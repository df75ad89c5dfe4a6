package sqlscope

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// everything tells all that a result says, to compare two of them.
func everything(res *Result) string {
	var b strings.Builder
	for _, s := range res.Statements {
		fmt.Fprintf(&b, "%s %d %q\n", s.Verb, s.Offset, s.Unparsed)
		for i, o := range s.Occurrences {
			fmt.Fprintf(&b, "%+v %v\n", o, s.Assigned(i))
			for _, c := range []string{"t", "tenant_id", "id"} {
				fmt.Fprintf(&b, "\t%s %+v\n", c, s.Restricted(i, c))
				if v, ok := s.Rehomed(i, c); ok {
					fmt.Fprintf(&b, "\t:= %+v\n", v)
				}
			}
		}
	}
	return b.String()
}

// FuzzScan holds for any text: no panic, the same answer twice, offsets and
// placeholders within the text, and a statement whose every condition is
// taken away by OR TRUE restricts nothing that it did not restrict elsewhere.
func FuzzScan(f *testing.F) {
	files, schema := loadCorpus(f)
	for _, file := range files {
		for _, sql := range file.sql {
			f.Add(sql, uint8(file.dialect), uint8(0), 0)
		}
	}
	for _, s := range []string{"", "SELECT", "((((", "a = ? OR (", "WITH", "SELECT * FROM a WHERE t = $1 {", "'", "\"", "/*", "$$", "$a$", "INSERT INTO a (t) VALUES", "--", "SELECT CASE", "\x00", "a\xff", "MERGE INTO a USING b ON", "FROM a INNER"} {
		f.Add(s, uint8(0), uint8(1), 3)
	}
	f.Fuzz(func(t *testing.T, sql string, dialect, form uint8, cut int) {
		opts := Options{Dialect: Dialect(dialect % 4), Form: Form(form % uint8(tooManyForm)), Catalog: schema}
		text := Plain(sql)
		if cut > 0 && cut < len(sql) {
			text = Text{{Text: sql[:cut]}, {Hole: &Hole{ID: 7, Kind: HoleKind(form % 8), Text: "(?, ?)"}}, {Text: sql[cut:]}}
		}
		start := time.Now()
		res := Scan(text, opts)
		if d := time.Since(start); d > 5*time.Second {
			t.Fatalf("took %v", d)
		}
		if a, b := everything(res), everything(Scan(text, opts)); a != b {
			t.Fatalf("two answers:\n%s\n%s", a, b)
		}
		for _, s := range res.Statements {
			if s.Offset < 0 || s.Offset > len(sql) {
				t.Fatalf("offset %d of %d", s.Offset, len(sql))
			}
			for i, o := range s.Occurrences {
				if o.Offset < 0 || o.Offset > len(sql) {
					t.Fatalf("offset %d of %d", o.Offset, len(sql))
				}
				v := s.Restricted(i, "tenant_id")
				if s.Unparsed != "" && v.Kind != Unparsed {
					t.Fatalf("%v in a statement that was not understood", v.Kind)
				}
				if v.Kind.Restricts() && len(v.Proofs) == 0 {
					t.Fatalf("%v without a proof", v.Kind)
				}
				for _, p := range v.Proofs {
					if p.Kind.Restricts() && len(p.Values) == 0 {
						t.Fatalf("%v without a value", p.Kind)
					}
				}
			}
		}
		// A condition, and one that is always true.
		if opts.Form == WhereForm && cut <= 0 {
			or := Scan(Plain("("+sql+") OR 1 = 1"), opts)
			for _, s := range or.Statements {
				for i, o := range s.Occurrences {
					if o.Table == "" && s.Restricted(i, "tenant_id").Kind.Restricts() {
						t.Fatalf("%q OR 1 = 1 restricts", sql)
					}
				}
			}
		}
	})
}

func FuzzReadDDL(f *testing.F) {
	for _, s := range []string{
		"CREATE TABLE a (id int PRIMARY KEY, t uuid REFERENCES w (id), UNIQUE (t, id));", "ALTER TABLE a ADD COLUMN t int, DROP id, RENAME x TO y;",
		"CREATE TABLE b (LIKE a INCLUDING ALL) INHERITS (c);", "-- +goose Down\nDROP TABLE a;", "CREATE VIEW v AS SELECT 1", "RENAME TABLE a TO b, c TO d", "CREATE TABLE `a` (`id` int, KEY (`id`)) ENGINE=x",
		"CREATE TABLE a AS SELECT * FROM b", "CREATE UNIQUE INDEX i ON a (x, lower(y))", "$$", "CREATE TABLE a (((",
	} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		read := func() string {
			var s Schema
			s.ReadDDL("1.sql", first, Auto)
			s.ReadDDL("2.up.sql", second, MySQL)
			s.ReadDDL("3.sql", first, SQLite)
			names := s.Tables()
			if !slices.IsSorted(names) {
				t.Fatal("the tables are not sorted")
			}
			for _, n := range names {
				cols, _ := s.Columns(n)
				for i, c := range cols {
					if slices.Contains(cols[:i], c) {
						t.Fatalf("column %q twice", c)
					}
				}
			}
			return describe(&s)
		}
		if a, b := read(), read(); a != b {
			t.Fatalf("two answers:\n%s\n%s", a, b)
		}
	})
}

// Long and deep texts end soon, and unparsed.
func TestLimits(t *testing.T) {
	for name, sql := range map[string]string{
		"parentheses":     "SELECT * FROM a WHERE " + strings.Repeat("(", 10000) + "t = $1" + strings.Repeat(")", 10000),
		"open":            "SELECT * FROM a WHERE " + strings.Repeat("(", 10000),
		"long":            "SELECT * FROM a WHERE t = $1" + strings.Repeat(" AND x = 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy'", 30000),
		"queries":         strings.Repeat("SELECT * FROM (", 5000) + "SELECT 1" + strings.Repeat(") x", 5000),
		"subqueries":      strings.Repeat("SELECT * FROM a WHERE t IN (", 5000) + "SELECT 1" + strings.Repeat(")", 5000),
		"joins in joins":  "SELECT * FROM " + strings.Repeat("(", 3000) + "a" + strings.Repeat(" JOIN b ON b.t = a.t)", 3000),
		"not":             "SELECT * FROM a WHERE " + strings.Repeat("NOT ", 20000) + "x",
		"case":            "SELECT " + strings.Repeat("CASE WHEN x THEN ", 5000) + " 1 " + strings.Repeat(" END", 5000),
		"minus":           "SELECT " + strings.Repeat("- ", 100000) + "1",
		"brackets":        "SELECT x" + strings.Repeat("[", 50000) + " FROM a",
		"calls":           "SELECT " + strings.Repeat("f(", 50000) + " FROM a",
		"many statements": strings.Repeat("SELECT * FROM a;", 60000) + "SELECT (",
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			res := Scan(Plain(sql), Options{})
			if d := time.Since(start); d > 10*time.Second {
				t.Errorf("took %v", d)
			}
			if n := len(res.Statements); n == 0 || res.Statements[n-1].Unparsed == "" {
				t.Error("it was parsed")
			}
		})
	}
	// Wide is not deep: these are read.
	for name, sql := range map[string]string{
		"and":    "SELECT * FROM a WHERE t = $1" + strings.Repeat(" AND x = 1", 20000),
		"or":     "SELECT * FROM a WHERE t = $1" + strings.Repeat(" OR t = $1", 5000),
		"rows":   "INSERT INTO a (id, t) VALUES ($1, $2)" + strings.Repeat(", ($1, $2)", 20000),
		"list":   "SELECT * FROM a WHERE t IN ($1" + strings.Repeat(", $1", 20000) + ")",
		"joins":  "SELECT * FROM a " + joins(60) + " WHERE a.t = $1",
		"unions": "SELECT * FROM a WHERE t = $1" + strings.Repeat(" UNION ALL SELECT * FROM a WHERE t = $1", 150),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			s := Scan(Plain(sql), Options{}).Statements[0]
			if d := time.Since(start); d > 10*time.Second {
				t.Errorf("took %v", d)
			}
			for i := range s.Occurrences {
				if v := s.Restricted(i, "t"); !v.Kind.Restricts() {
					t.Fatalf("occurrence %d: %s", i, v)
				}
			}
		})
	}
}

// A result may be asked by several goroutines, about columns that the text does
// not have as well.
func TestConcurrent(t *testing.T) {
	files, schema := loadCorpus(t)
	for _, f := range files {
		for _, sql := range f.sql {
			res := Scan(Plain(sql), Options{Dialect: f.dialect, Catalog: schema})
			var wg sync.WaitGroup
			answers := make([]string, 4)
			for i := range answers {
				wg.Go(func() { answers[i] = everything(res) + verdicts(res, "nowhere") })
			}
			wg.Wait()
			for _, a := range answers[1:] {
				if a != answers[0] {
					t.Errorf("two answers on %s", sql)
				}
			}
		}
	}
}

func joins(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " JOIN b b%d ON b%d.t = a.t", i, i)
	}
	return b.String()
}

func BenchmarkScan(b *testing.B) {
	files, schema := loadCorpus(b)
	for _, f := range files {
		b.Run(f.name, func(b *testing.B) {
			b.ReportAllocs()
			n, bytes := 0, 0
			for b.Loop() {
				sql := f.sql[n%len(f.sql)]
				s := Scan(Plain(sql), Options{Dialect: f.dialect, Catalog: schema}).Statements[0]
				for i := range s.Occurrences {
					s.Restricted(i, "tenant_id")
					s.Restricted(i, "env_id")
				}
				n++
				bytes += len(sql)
			}
			b.SetBytes(int64(bytes / n))
		})
	}
	// What the median statement costs: each at its best, since a machine that
	// does other things as well only adds to it.
	b.Run("median", func(b *testing.B) {
		var best []time.Duration
		for b.Loop() {
			n := 0
			for _, f := range files {
				for _, sql := range f.sql {
					start := time.Now()
					s := Scan(Plain(sql), Options{Dialect: f.dialect, Catalog: schema}).Statements[0]
					for i := range s.Occurrences {
						s.Restricted(i, "tenant_id")
					}
					d := time.Since(start)
					if n == len(best) {
						best = append(best, d)
					}
					best[n] = min(best[n], d)
					n++
				}
			}
		}
		slices.Sort(best)
		b.ReportMetric(float64(best[len(best)/2].Nanoseconds()), "ns/median")
		b.ReportMetric(float64(best[len(best)*99/100].Nanoseconds()), "ns/p99")
	})
}
