package sqloracle

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"github.com/tenantvet/tenantvet/internal/sqlscope"
)

// The two front ends share the checker, so that they cannot find its faults.
// A database can: where a column is said to be restricted to certain values,
// rows with other values must not make a difference to what a statement
// returns or changes.

const rowsPerTable = 5

type flat struct{}

func (flat) Columns(table string) ([]string, bool) { return columnNames, true }

// cells are what columns hold.
func cell(r *rand.Rand) any {
	switch r.IntN(9) {
	case 0:
		return nil
	case 1:
		return "a"
	case 2:
		return "b"
	}
	return int64(r.IntN(3))
}

func allTables() []string { return append(slices.Clone(tables), "cte") }

func fill(db *sql.DB, r *rand.Rand) error {
	for _, t := range allTables() {
		if _, err := db.Exec("DELETE FROM " + t); err != nil {
			return err
		}
		for range rowsPerTable {
			if err := insert(db, t, r, cell(r)); err != nil {
				return err
			}
		}
	}
	return nil
}

func insert(db *sql.DB, table string, r *rand.Rand, tenant any) error {
	_, err := db.Exec("INSERT INTO "+table+" VALUES (?, ?, ?, ?, ?, ?)", tenant, cell(r), cell(r), cell(r), cell(r), cell(r))
	return err
}

// outcome returns what a statement returns, or what it leaves in the table that
// it changes; ok is false if it fails.
func outcome(db *sql.DB, text, changes string) (out []string, ok bool) {
	if changes == "" {
		return rows(db, text)
	}
	if _, err := db.Exec("BEGIN"); err != nil {
		return nil, false
	}
	if _, err := db.Exec(text); err == nil {
		out, ok = rows(db, "SELECT * FROM "+changes)
	}
	if _, err := db.Exec("ROLLBACK"); err != nil {
		return nil, false
	}
	return out, ok
}

// rows returns what a query returns, sorted; ok is false if it fails.
func rows(db *sql.DB, query string) ([]string, bool) {
	res, err := db.Query(query)
	if err != nil {
		return nil, false
	}
	defer func() { _ = res.Close() }()
	cols, err := res.Columns()
	if err != nil {
		return nil, false
	}
	var out []string
	for res.Next() {
		row := make([]any, len(cols))
		at := make([]any, len(cols))
		for i := range row {
			at[i] = &row[i]
		}
		if err := res.Scan(at...); err != nil {
			return nil, false
		}
		out = append(out, fmt.Sprint(row...))
	}
	if res.Err() != nil {
		return nil, false
	}
	slices.Sort(out)
	return out, true
}

// permitted returns the values that a table's column is said to be restricted
// to, over all of its occurrences; ok is false if one of them is not
// restricted, or to something that is not known here. Of occurrences that go
// with the rows of another table, the values are those of its column; tied says
// that there are such.
func permitted(s *sqlscope.Statement, table string, values map[string]any, questions []any) (list []any, tied, ok bool) {
	found := false
	for i, o := range s.Occurrences {
		if o.Table != table {
			continue
		}
		found = true
		v := s.Restricted(i, "tenant_id")
		tied = tied || v.Kind == sqlscope.ForeignKey
		if !v.Kind.Restricts() && v.Kind != sqlscope.ForeignKey {
			return nil, false, false
		}
		// Each proof is sufficient by itself: the one with the fewest values
		// says the most, the first will do.
		p := v.Proofs[0]
		for _, x := range p.Values {
			switch {
			case x.Part || x.Kind == sqlscope.Computed || x.Kind == sqlscope.HoleValue:
				return nil, false, false
			case x.Kind == sqlscope.Placeholder && x.Name != "":
				list = append(list, values[x.Name])
			case x.Kind == sqlscope.Placeholder:
				list = append(list, questions[x.Index-1])
			case x.Text == "null":
				list = append(list, nil)
			case x.Text == "true" || x.Text == "1":
				list = append(list, int64(1))
			case x.Text == "-1":
				list = append(list, int64(-1))
			default:
				list = append(list, x.Text)
			}
		}
	}
	return list, tied, found
}

// leave removes the rows that have one of the values from all tables.
func leave(db *sql.DB, list []any) error {
	for _, t := range allTables() {
		for _, v := range list {
			if _, err := db.Exec("DELETE FROM "+t+" WHERE tenant_id IS ?", v); err != nil {
				return err
			}
		}
	}
	return nil
}

func foreignCell(r *rand.Rand, permitted []any) (any, bool) {
	for range 20 {
		if v := cell(r); !slices.Contains(permitted, v) {
			return v, true
		}
	}
	return nil, false
}

func literalOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case string:
		return "'" + v + "'"
	}
	return fmt.Sprint(v)
}

func open(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	for _, table := range allTables() {
		if _, err := db.Exec("CREATE TABLE " + table + " (" + strings.Join(columnNames, ", ") + ")"); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// small writes a statement that a database can run on a few rows, and names the
// table that it changes.
func (g *gen) small() (stmt, changes string) {
	r := g.Rand
	switch r.IntN(6) {
	case 0:
		changes = g.pick(tables...)
		stmt = "DELETE FROM " + changes + " WHERE " + g.cond(scope{changes})
	case 1:
		changes = g.pick(tables...)
		from, s := g.from(nil)
		stmt = "UPDATE " + changes + " AS z SET status = 'new' FROM " + from + " WHERE " + g.cond(append(scope{"z", "z"}, s...))
	default:
		stmt = g.query(nil, 0, true)
	}
	stmt = strings.NewReplacer(" ORDER BY 1 LIMIT 10", "", " ORDER BY 1 LIMIT 1", "", "?2", "?").Replace(stmt)
	columns := "id, tenant_id, env_id, queue_id, ticket_id, status"
	switch r.IntN(6) {
	case 0:
		// UNION, so that it ends.
		second := g.pick("webhooks", "queues")
		stmt = "WITH RECURSIVE cte AS (SELECT " + columns + " FROM queues WHERE " + g.cond(scope{"queues"}) +
			" UNION SELECT q.id, " + g.pick("q", "c") + ".tenant_id, q.env_id, q.queue_id, q.ticket_id, q.status FROM " + second + " q JOIN cte c ON " + g.cond(scope{"q", "c"}) +
			g.pick("", " AND q.tenant_id = c.tenant_id", " WHERE q.tenant_id = "+g.param()) + ") " + stmt
		stmt = strings.NewReplacer(" ORDER BY 1 LIMIT 10", "", " ORDER BY 1 LIMIT 1", "", "?2", "?").Replace(stmt)
	case 1, 2:
		stmt = "WITH cte AS (SELECT " + columns + " FROM tickets WHERE " + g.cond(scope{"tickets"}) + ") " + stmt
		stmt = strings.ReplaceAll(stmt, "?2", "?")
	}
	return stmt, changes
}

// TestSemantics adds a row to each table in turn, which no statement that
// restricts the table to other values may notice. Where the table's rows are
// only tied to those of others, these others have no such values, either.
func TestSemantics(t *testing.T) {
	count := *many
	if testing.Short() {
		count = min(count, 2000)
	}
	db := open(t)
	r := rand.New(rand.NewPCG(*seed, 4))
	ran, tried, loose, controls, changed, wrong := 0, 0, 0, 0, 0, 0
	for range count {
		g := &gen{Rand: r, d: "sqlite", links: r.IntN(3) > 0}
		stmt, changes := g.small()
		if strings.Contains(stmt, "CAST(") {
			continue // a cast of a value is taken for the value
		}
		if strings.Count(stmt, " JOIN ")+strings.Count(stmt, ", x") > 9 {
			continue
		}
		res := sqlscope.Scan(sqlscope.Plain(stmt), sqlscope.Options{Dialect: sqlscope.SQLite, Catalog: flat{}})
		s := res.Statements[0]
		named := map[string]any{"t": cell(r), "e": cell(r)}
		var questions []any
		for range res.Questions {
			questions = append(questions, cell(r))
		}
		// What runs has the values in the text: SQLite numbers ? and :t as one.
		var b strings.Builder
		n := 0
		for i := 0; i < len(stmt); i++ {
			switch {
			case stmt[i] == '?':
				b.WriteString(literalOf(questions[n]))
				n++
			case strings.HasPrefix(stmt[i:], ":t"), strings.HasPrefix(stmt[i:], "@e"):
				b.WriteString(literalOf(named[stmt[i+1:i+2]]))
				i++
			default:
				b.WriteByte(stmt[i])
			}
		}
		text := b.String()
		if err := fill(db, r); err != nil {
			t.Fatal(err)
		}
		filled, ok := outcome(db, text, changes)
		if !ok {
			continue
		}
		ran++
		for _, table := range allTables() {
			list, tied, restricted := permitted(s, table, named, questions)
			if !restricted {
				if !slices.ContainsFunc(s.Occurrences, func(o sqlscope.Occurrence) bool { return o.Table == table }) {
					continue
				}
				list, tied = nil, false
			}
			tenant, ok := foreignCell(r, list)
			if !ok {
				continue
			}
			before := filled
			if tied {
				if err := leave(db, list); err != nil {
					t.Fatal(err)
				}
				if before, ok = outcome(db, text, changes); !ok {
					continue
				}
			}
			if err := insert(db, table, r, tenant); err != nil {
				t.Fatal(err)
			}
			expect := before
			if changes == table {
				// The row has to be there, and as it was.
				added, _ := rows(db, "SELECT * FROM "+table+" WHERE rowid = (SELECT max(rowid) FROM "+table+")")
				expect = append(slices.Clone(before), added...)
				slices.Sort(expect)
			}
			after, ok := outcome(db, text, changes)
			if _, err := db.Exec("DELETE FROM " + table + " WHERE rowid = (SELECT max(rowid) FROM " + table + ")"); err != nil {
				t.Fatal(err)
			}
			if tied {
				loose++
				if err := fill(db, r); err != nil {
					t.Fatal(err)
				}
				if filled, ok = outcome(db, text, changes); !ok {
					break
				}
			}
			if !ok {
				continue
			}
			same := slices.Equal(expect, after)
			if !restricted {
				controls++
				if !same {
					changed++
				}
				continue
			}
			tried++
			if !same {
				wrong++
				if wrong <= 5 {
					var all []string
					for i, o := range s.Occurrences {
						all = append(all, o.Name()+" "+o.Table+": "+s.Restricted(i, "tenant_id").String())
					}
					t.Errorf("a row of %s with tenant_id %v makes a difference to\n%s\n%s", table, tenant, text, strings.Join(all, "\n"))
				}
			}
		}
	}
	t.Logf("%d statements ran; %d times a row was added outside of what a restricted table is restricted to, %d of them tied to another: %d differences; %d times to one that is not restricted: %d differences", ran, tried, loose, wrong, controls, changed)
	if tried < ran/20 || loose < ran/100 || changed == 0 {
		t.Errorf("the test tries too little")
	}
}
