package sqlscope

import (
	"fmt"
	"strings"
	"testing"
)

// TestSettings reads what texts set, as name=value, with ! where the setting
// stays with the connection.
func TestSettings(t *testing.T) {
	hole := Piece{Hole: &Hole{ID: 7}}
	for _, tc := range []struct {
		text Text
		want string
	}{
		{Plain(`SET LOCAL app.tenant_id = 'a'`), "app.tenant_id='a'"},
		{Plain(`set app.tenant_id to a`), "app.tenant_id='a'!"},
		{Plain(`SET SESSION "app.tenant_id" = 'a'; SELECT 1`), "app.tenant_id='a'!"},
		{Text{{Text: `SET LOCAL app.tenant_id = '`}, hole, {Text: `'`}}, "app.tenant_id='{7}'"},
		{Text{{Text: `SET LOCAL app.tenant_id = `}, hole}, "app.tenant_id={7}"},
		{Text{{Text: `SET LOCAL search_path TO "tenant_`}, hole, {Text: `", public`}}, "search_path='{7}'"},
		{Text{{Text: `SET search_path = tenant_`}, hole}, "search_path={7}!"},
		{Plain(`SELECT set_config('App.Tenant_ID', $1, true)`), "app.tenant_id=$1"},
		{Plain(`select set_config('a', $1::text, false), pg_catalog.set_config('b', ?, 't')`), "a=$1! b=$1"},
		{Plain(`SELECT set_config($1, $2, $3)`), "$1=$2?$3"},
		{Plain(`SELECT set_config('a', $1, true) WHERE $2`), ""},
		{Plain(`SELECT CASE WHEN $2 THEN set_config('a', $1, true) END`), ""},
		{Plain(`RESET app.tenant_id`), "app.tenant_id=''!"},
		{Plain(`SET LOCAL ROLE tenant`), "role='tenant'"},
		{Plain(`SET TIME ZONE 'UTC'`), ""},
		{Plain(`BEGIN; SET LOCAL a.b = 'c'; SET LOCAL d.e = DEFAULT`), "a.b='c' d.e=''"},
		{Plain(`UPDATE t SET a = 'b'`), ""},
		{Plain(`SET LOCAL a = `), ""},
	} {
		var got []string
		for _, s := range Settings(tc.text) {
			name := s.Name.Text
			if s.Name.Kind != Literal {
				name = s.Name.String()
			}
			mark := map[string]string{"'true'": "", "'false'": "!"}
			m, ok := mark[s.Local.String()]
			if !ok {
				m = "?" + s.Local.String()
			}
			got = append(got, fmt.Sprintf("%s=%s%s", name, s.Value, m))
		}
		if s := strings.Join(got, " "); s != tc.want {
			t.Errorf("%v: got %q; want %q", tc.text, s, tc.want)
		}
	}
}

// FuzzSettings reads whatever text for what it sets, and as Cassandra's language.
func FuzzSettings(f *testing.F) {
	for _, s := range []string{"SET LOCAL a.b = 'c'", "SELECT set_config('a', $1, true)", "RESET a", "UPDATE t USING TTL ? SET a = ? WHERE b = ? IF c", "DELETE a[1] FROM t", "BEGIN BATCH", "CREATE POLICY p ON t USING (a = current_setting('b'))"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range Settings(Plain(text)) {
			if s.Name.Kind == Literal && s.Name.Text == "" {
				t.Errorf("%q sets a parameter without a name", text)
			}
		}
		for _, stmt := range Scan(Plain(text), Options{Dialect: Cassandra}).Statements {
			for i := range stmt.Occurrences {
				stmt.Restricted(i, "a")
			}
		}
		var s Schema
		s.ReadDDL("1.sql", text, Auto)
		for _, table := range s.Tables() {
			s.Secured(table, Reads, []string{"a"}, "b", "")
		}
	})
}
