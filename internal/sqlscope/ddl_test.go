package sqlscope

import (
	"fmt"
	"strings"
	"testing"
)

func describe(s *Schema) string {
	var b strings.Builder
	for _, name := range s.Tables() {
		cols, known := s.Columns(name)
		fmt.Fprintf(&b, "%s(%s", name, strings.Join(cols, " "))
		if !known {
			b.WriteString(" ?")
		}
		b.WriteString(")")
		for _, k := range s.ForeignKeys(name) {
			fmt.Fprintf(&b, " %s>%s.%s", strings.Join(k.Columns, "+"), k.Parent, strings.Join(k.ParentColumns, "+"))
		}
		if keys, _ := s.UniqueKeys(name); keys != nil {
			var list []string
			for _, k := range keys {
				list = append(list, strings.Join(k, "+"))
			}
			b.WriteString(" unique " + strings.Join(list, ","))
		}
		b.WriteString("; ")
	}
	return strings.TrimSuffix(b.String(), "; ")
}

func TestReadDDL(t *testing.T) {
	for _, test := range []struct {
		name string
		sql  []string
		want string
	}{
		{"columns", []string{"CREATE TABLE IF NOT EXISTS public.a (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), t TEXT NOT NULL CHECK (t IN ('x', 'y')), n numeric(10, 2), tags text[] DEFAULT '{}');"},
			"a(id t n tags) unique id"},
		{"quotes", []string{`CREATE TABLE "A" ("Id" int, "order" int);`, "CREATE TABLE `b` (`id` int, `key` varchar(9), KEY `k` (`id`));"}, "a(id order); b(id key)"},
		{"keys", []string{"CREATE TABLE p (id int, t int, PRIMARY KEY (t, id));", "CREATE TABLE c (id int primary key, p_id int REFERENCES p (id) ON DELETE CASCADE, q int, t int, CONSTRAINT f FOREIGN KEY (t, q) REFERENCES p, UNIQUE (t, q));"},
			"c(id p_id q t) p_id>p.id t+q>p.t+id unique id,t+q; p(id t) unique t+id"},
		{"mysql", []string{"CREATE TABLE a (\n id bigint unsigned NOT NULL AUTO_INCREMENT,\n t varchar(36) NOT NULL COMMENT 'the ; owner',\n PRIMARY KEY (id),\n UNIQUE KEY u (t, id),\n KEY i (t),\n FULLTEXT KEY ft (t),\n CONSTRAINT f FOREIGN KEY (t) REFERENCES w (id)\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;"},
			"a(id t) t>w.id unique id,t+id"},
		{"a column called key", []string{"CREATE TABLE a (id int, key text, index int, check (id > 0))"}, "a(id key index)"},
		{"add", []string{"CREATE TABLE a (id int);", "ALTER TABLE a ADD COLUMN IF NOT EXISTS t uuid REFERENCES w (id), ADD n int, DROP COLUMN IF EXISTS id;"}, "a(t n) t>w.id"},
		{"add to an unknown table", []string{"ALTER TABLE ONLY s.a ADD COLUMN t int"}, "a(t ?)"},
		{"a sequence is no table", []string{"ALTER TABLE public.a_id_seq OWNER TO me; ALTER TABLE x RENAME TO y"}, ""},
		{"add a list", []string{"CREATE TABLE a (id int); ALTER TABLE a ADD (x int, y varchar(3))"}, "a(id x y)"},
		{"rename", []string{"CREATE TABLE a (id int, o int); CREATE TABLE b (x int REFERENCES a (o)); ALTER TABLE a RENAME COLUMN o TO t; ALTER TABLE a RENAME TO c; ALTER TABLE b CHANGE x y bigint;"}, "b(y) y>c.t; c(id t)"},
		{"rename tables", []string{"CREATE TABLE a (id int); CREATE TABLE b (id int); RENAME TABLE a TO x, b TO a"}, "a(id); x(id)"},
		{"drop", []string{"CREATE TABLE a (id int); CREATE TABLE b (id int); DROP TABLE IF EXISTS a, c CASCADE"}, "b(id)"},
		{"constraints", []string{"CREATE TABLE a (id int, t int); ALTER TABLE ONLY a ADD CONSTRAINT pk PRIMARY KEY (id); ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (t) REFERENCES w(id) NOT VALID; CREATE UNIQUE INDEX CONCURRENTLY u ON a USING btree (t, lower(id)) WHERE t > 0;"},
			"a(id t) t>w.id unique id,t+"},
		{"constraints dropped", []string{"CREATE TABLE a (id int, t int, CONSTRAINT u UNIQUE (t), CONSTRAINT f FOREIGN KEY (t) REFERENCES w (id)); ALTER TABLE a DROP CONSTRAINT u, DROP CONSTRAINT IF EXISTS f"}, "a(id t)"},
		{"a dropped column takes its keys", []string{"CREATE TABLE a (id int, t int REFERENCES w, UNIQUE (t, id)); ALTER TABLE a DROP t"}, "a(id)"},
		{"like", []string{"CREATE TABLE a (id int primary key, t int); CREATE TABLE b (LIKE a INCLUDING ALL, x int); CREATE TABLE c LIKE a; CREATE TABLE d (LIKE unknown)"},
			"a(id t) unique id; b(id t x) unique id; c(id t) unique id; d( ?)"},
		{"as", []string{"CREATE TABLE a (id int, t int); CREATE TABLE b AS SELECT id, t AS o FROM a WHERE id > 1; CREATE TABLE c AS SELECT * FROM a; CREATE TABLE d AS SELECT * FROM a, b"}, "a(id t); b(id o); c(id t); d( ?)"},
		{"partitions and inheritance", []string{"CREATE TABLE a (id int, t int) PARTITION BY LIST (t); CREATE TABLE a1 PARTITION OF a FOR VALUES IN (1); CREATE TABLE k (x int) INHERITS (a)"}, "a(id t); a1(id t); k(x id t)"},
		{"views", []string{"CREATE OR REPLACE VIEW v AS SELECT * FROM a; CREATE MATERIALIZED VIEW m AS SELECT 1; DROP MATERIALIZED VIEW m"}, "v( ?)"},
		{"functions", []string{"CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN CREATE TABLE no (id int); DROP TABLE a; END $$ LANGUAGE plpgsql; CREATE TABLE a (id int);"}, "a(id)"},
		{"goose", []string{"-- +goose Up\nCREATE TABLE a (id int);\n-- +goose Down\nDROP TABLE a;\n"}, "a(id)"},
		{"dbmate", []string{"-- migrate:up\nCREATE TABLE a (id int);\n\n-- migrate:down\nDROP TABLE a;"}, "a(id)"},
		{"sql-migrate", []string{"-- +migrate Down\nDROP TABLE a;\n-- +migrate Up\nCREATE TABLE a (id int);\n"}, "a(id)"},
		{"temporary and foreign", []string{"CREATE TEMP TABLE x (id int); CREATE UNLOGGED TABLE y (id int); CREATE FOREIGN TABLE z (id int) SERVER s"}, "x(id); y(id); z(id)"},
		{"twice", []string{"CREATE TABLE a (id int, t int)", "CREATE TABLE IF NOT EXISTS a (id int)"}, "a(id t)"},
		{"sqlite", []string{"CREATE TABLE [a] (id INTEGER PRIMARY KEY AUTOINCREMENT, t TEXT, UNIQUE(t) ON CONFLICT REPLACE) WITHOUT ROWID, STRICT"}, "a(id t) unique id,t"},
		{"nonsense", []string{"CREATE TABLE", "CREATE TABLE (", "ALTER TABLE a ADD", "CREATE TABLE b (,,)", "DROP", "CREATE TABLE x (id", "$$"}, "b(); x( ?)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var s Schema
			for i, sql := range test.sql {
				d := Auto
				if strings.Contains(sql, "[a]") {
					d = SQLite
				}
				s.ReadDDL(fmt.Sprintf("%d.up.sql", i), sql, d)
			}
			s.ReadDDL("9.down.sql", "DROP TABLE a", Auto)
			if got := describe(&s); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// A schema settles which table a column belongs to.
func TestSchemaIsCatalog(t *testing.T) {
	var s Schema
	s.ReadDDL("1.sql", "CREATE TABLE a (id int, t int); CREATE TABLE b (id int PRIMARY KEY, a_id int, t int, UNIQUE (t, a_id));", Auto)
	run(t, Options{Catalog: &s}, []rule{
		{"SELECT * FROM a JOIN b ON a_id = a.id WHERE a.t = $1", "a: bound $1; b: foreign key $1 via b.a_id=a.id"},
		{"INSERT INTO b (t, a_id) VALUES ($1, $2) ON DUPLICATE KEY UPDATE x = 1", "b!ins: bound $1; b!ups: linked $1 via b.t=b.t"},
		{"INSERT INTO b (id, t, a_id) VALUES ($1, $2, $3) ON DUPLICATE KEY UPDATE x = 1", "b!ins: bound $2; b!ups: none"},
	})
}

// owning is a schema in which the rows of some tables are tenants'.
type owning struct {
	*Schema
	tables string
}

func (o owning) Owned(table string) bool { return strings.Contains(o.tables, table) }

// A join that follows a foreign key says so.
func TestDeclared(t *testing.T) {
	var s Schema
	s.ReadDDL("1.sql", "CREATE TABLE p (id int PRIMARY KEY, t int, n int); CREATE TABLE c (id int PRIMARY KEY, p_id int REFERENCES p, n int); CREATE TABLE d (c_id int REFERENCES c (id)); CREATE TABLE e (p_id int REFERENCES p (id), t int, n int REFERENCES d); CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE s (u_id int REFERENCES u (id), t int); CREATE TABLE m (u_id int REFERENCES u, n int);", Auto)
	for sql, want := range map[string]string{
		"SELECT * FROM c JOIN p ON p.id = c.p_id WHERE p.t = $1":                                                      "true",
		"SELECT * FROM c JOIN p ON p.n = c.n WHERE p.t = $1":                                                          "false",
		"SELECT * FROM c JOIN p ON p.n = c.p_id WHERE p.t = $1":                                                       "false",
		"SELECT * FROM c WHERE p_id IN (SELECT id FROM p WHERE t = $1)":                                               "true",
		"SELECT * FROM c WHERE p_id IN (SELECT n FROM p WHERE t = $1)":                                                "false",
		"WITH m AS (SELECT id FROM p WHERE t = $1) SELECT * FROM c JOIN m ON m.id = c.p_id":                           "true",
		"SELECT * FROM c JOIN e ON e.p_id = c.p_id WHERE e.t = $1":                                                    "true",
		"SELECT * FROM c JOIN e ON e.n = c.p_id WHERE e.t = $1":                                                       "false",
		"SELECT * FROM c JOIN e ON e.p_id = c.n WHERE e.t = $1":                                                       "false",
		"SELECT * FROM m JOIN s ON s.u_id = m.u_id WHERE s.t = $1":                                                    "false",
		"SELECT * FROM u JOIN s ON s.u_id = u.id WHERE s.t = $1":                                                      "true",
		"SELECT * FROM m JOIN u ON u.id = m.u_id JOIN s ON s.u_id = u.id WHERE s.t = $1":                              "false true",
		"SELECT * FROM c JOIN p ON p.id = c.p_id JOIN e ON e.p_id = p.id WHERE e.t = $1":                              "true true",
		"SELECT * FROM c JOIN p ON p.id = c.p_id JOIN d ON d.c_id = c.id WHERE p.t = $1":                              "true true",
		"WITH m AS (SELECT c.id FROM c JOIN p ON p.id = c.p_id WHERE t = $1) DELETE FROM d USING m WHERE c_id = m.id": "true true",
	} {
		st := Scan(Plain(sql), Options{Catalog: owning{&s, "p"}}).Statements[0]
		var got []string
		for i := range st.Occurrences {
			if v := st.Restricted(i, "t"); v.Kind == ForeignKey {
				got = append(got, fmt.Sprint(v.Proofs[0].Declared))
			}
		}
		if g := strings.Join(got, " "); g != want {
			t.Errorf("%s: got %s, want %s", sql, g, want)
		}
	}
}
