package sqlscope

import (
	"fmt"
	"testing"
)

func TestAmend(t *testing.T) {
	for _, tt := range []struct {
		text, want string // "" where it is no matter of form
		args       string
	}{
		{"SELECT id FROM invoices WHERE id = $1", "SELECT id FROM invoices WHERE id = $1 AND tenant_id = $2 AND env = $3", "[1 2] of 1"},
		{"SELECT id FROM invoices WHERE id = ?", "SELECT id FROM invoices WHERE id = ? AND tenant_id = ? AND env = ?", "[1 2] of 1"},
		{"SELECT id FROM invoices WHERE id = ? LIMIT ? OFFSET ?", "SELECT id FROM invoices WHERE id = ? AND tenant_id = ? AND env = ? LIMIT ? OFFSET ?", "[1 2] of 3"},
		{"SELECT id FROM invoices WHERE id = $2 LIMIT $1", "SELECT id FROM invoices WHERE id = $2 AND tenant_id = $3 AND env = $4 LIMIT $1", "[2 3] of 2"},
		{"SELECT id FROM invoices WHERE a = $1 OR b = $1", "SELECT id FROM invoices WHERE (a = $1 OR b = $1) AND tenant_id = $2 AND env = $3", "[1 2] of 1"},
		{"SELECT id FROM invoices WHERE (a = $1 OR b = $1)", "SELECT id FROM invoices WHERE (a = $1 OR b = $1) AND tenant_id = $2 AND env = $3", "[1 2] of 1"},
		{"SELECT id FROM invoices ORDER BY id LIMIT ?", "SELECT id FROM invoices WHERE tenant_id = ? AND env = ? ORDER BY id LIMIT ?", "[0 1] of 1"},
		{"SELECT id, $1::text FROM invoices i", "SELECT id, $1::text FROM invoices i WHERE tenant_id = $2 AND env = $3", "[1 2] of 1"},
		{"SELECT id FROM invoices WHERE id = $1 -- by id\nORDER BY id", "SELECT id FROM invoices WHERE id = $1 AND tenant_id = $2 AND env = $3 -- by id\nORDER BY id", "[1 2] of 1"},
		{"SELECT id FROM invoices WHERE id = $1 GROUP BY id HAVING count(*) > 1;", "SELECT id FROM invoices WHERE id = $1 AND tenant_id = $2 AND env = $3 GROUP BY id HAVING count(*) > 1;", "[1 2] of 1"},
		{"SELECT id FROM invoices WHERE id = $1 FOR UPDATE", "SELECT id FROM invoices WHERE id = $1 AND tenant_id = $2 AND env = $3 FOR UPDATE", "[1 2] of 1"},
		{"UPDATE invoices SET a = ?, b = ? WHERE id = ?", "UPDATE invoices SET a = ?, b = ? WHERE id = ? AND tenant_id = ? AND env = ?", "[3 4] of 3"},
		{"UPDATE invoices SET a = $1 RETURNING id", "UPDATE invoices SET a = $1 WHERE tenant_id = $2 AND env = $3 RETURNING id", "[1 2] of 1"},
		{"UPDATE invoices SET env = $1 WHERE id = $2", "UPDATE invoices SET env = $1 WHERE id = $2 AND tenant_id = $3 AND env = $4", "[2 3] of 2"},
		{"DELETE FROM invoices WHERE id = ANY($1)", "DELETE FROM invoices WHERE id = ANY($1) AND tenant_id = $2 AND env = $3", "[1 2] of 1"},
		{"DELETE FROM invoices WHERE id = ? LIMIT ?", "DELETE FROM invoices WHERE id = ? AND tenant_id = ? AND env = ? LIMIT ?", "[1 2] of 2"},
		{"select `id` from `invoices` where a = ? || b = ?", "select `id` from `invoices` where (a = ? || b = ?) AND tenant_id = ? AND env = ?", "[2 3] of 2"},

		{text: "SELECT id FROM invoices"},                                              // which kind of placeholder?
		{text: "SELECT id FROM invoices WHERE id = :id"},                               // by name
		{text: "SELECT id FROM invoices WHERE id = ?1"},                                // by number
		{text: "SELECT id FROM ?? WHERE id = ?"},                                       // the table is put in
		{text: "SELECT id FROM invoices WHERE id = $1 AND x = ?"},                      // of two kinds
		{text: "SELECT id FROM invoices i JOIN lines l ON l.i = i.id WHERE i.id = $1"}, // two tables
		{text: "SELECT id FROM invoices, unnest($1) x WHERE id = x"},                   // whose column?
		{text: "SELECT id FROM (SELECT * FROM invoices WHERE id = $1) d"},              // one within another
		{text: "WITH mine AS (SELECT * FROM invoices WHERE id = $1) SELECT id FROM mine"},
		{text: "SELECT id FROM invoices WHERE id = $1 UNION SELECT 1"},
		{text: "SELECT id FROM invoices WHERE id = $1; SELECT 1"},
		{text: "UPDATE invoices SET a = 1 WHERE CURRENT OF $1"},
		{text: "INSERT INTO invoices (id) VALUES ($1)"},
		{text: "SELECT id FROM invoices PREWHERE id = $1 WHERE b = $2"},
		{text: "SELECT id FROM invoices WHERE id = $1 AND ("},
		{text: "SELECT id FROM invoices WHERE id = $1 AND tenant_id = $2 OR x = $3"}, // it was meant to hold
		{text: "SELECT id FROM invoices WHERE id = $1 AND \"Env\" <> $2"},
		{text: "SELECT 1 WHERE 1 = $1"},
		{text: ""},
	} {
		a, ok := Amend(tt.text, Options{}, []string{"tenant_id", "env"})
		if !ok {
			if tt.want != "" {
				t.Errorf("%s: refused", tt.text)
			}
			continue
		}
		if got := a.Apply(tt.text); got != tt.want {
			t.Errorf("%s: got\n%s, want\n%s", tt.text, got, tt.want)
		}
		if got := fmt.Sprintf("%v of %d", a.Args, a.Had); got != tt.args {
			t.Errorf("%s: the arguments are %s, want %s", tt.text, got, tt.args)
		}
	}
	for _, column := range []string{"", "Tenant", "tenant id", "order", "user", "1st", `x" OR 1=1 --`} {
		if _, ok := Amend("SELECT id FROM invoices WHERE id = $1", Options{}, []string{column}); ok {
			t.Errorf("%q is taken for a name that needs no quotes", column)
		}
	}
}

// FuzzAmend: what is amended is restricted, and nothing of it is lost.
func FuzzAmend(f *testing.F) {
	f.Add("SELECT id FROM invoices WHERE a = $1 OR b = $1 -- x\nORDER BY id", "tenant_id")
	f.Add("UPDATE `invoices` SET a = ? WHERE b = ? || c = ? LIMIT ?", "env")
	f.Add("DELETE FROM invoices /* ? */ WHERE x = '?' AND y ? 'k' AND z = ?", "org_id")
	f.Fuzz(func(t *testing.T, text, column string) {
		a, ok := Amend(text, Options{}, []string{column})
		if !ok {
			return
		}
		added := a.Apply(text)
		res := Scan(Plain(added), Options{})
		if len(res.Statements) != 1 || res.Statements[0].Unparsed != "" || !res.Statements[0].Restricted(0, column).Kind.Restricts() {
			t.Fatalf("%q is not restricted by %s", added, column)
		}
		before, after := Scan(Plain(text), Options{}).Statements[0], res.Statements[0]
		if before.Verb != after.Verb || len(before.Occurrences) != len(after.Occurrences) || len(before.Assigned(0)) != len(after.Assigned(0)) {
			t.Fatalf("%q became another statement: %q", text, added)
		}
		marks, _ := placeholders(added, Auto)
		if len(a.Args) != 1 || a.Args[0] < 0 || a.Args[0] > a.Had || len(marks) == 0 {
			t.Fatalf("%q: arguments %v of %d", added, a.Args, a.Had)
		}
	})
}
