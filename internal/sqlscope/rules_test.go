package sqlscope

import (
	"fmt"
	"strings"
	"testing"
)

// text turns "… {1} … {2:name} …" into a text with holes.
func holes(s string) Text {
	var t Text
	for {
		i := strings.IndexByte(s, '{')
		if i < 0 || i+1 < len(s) && (s[i+1] < '0' || s[i+1] > '9') {
			break
		}
		j := strings.IndexByte(s[i:], '}') + i
		h := &Hole{}
		num, kind, _ := strings.Cut(s[i+1:j], ":")
		fmt.Sscan(num, &h.ID)
		kind, h.Text, _ = strings.Cut(kind, "=")
		switch kind {
		case "name":
			h.Kind = Name
		case "params":
			h.Kind = Params
		case "number":
			h.Kind = Number
		case "single":
			h.Kind = Single
		case "tail":
			h.Kind = Tail
		case "repeat":
			h.Kind = Repeat
		}
		t = append(t, Piece{Text: s[:i]}, Piece{Hole: h})
		s = s[j+1:]
	}
	return append(t, Piece{Text: s})
}

type catalog map[string]string

func (c catalog) Columns(table string) ([]string, bool) {
	s, ok := c[table]
	return strings.Fields(s), ok
}

type keyed struct {
	catalog
	keys map[string][][]string
}

func (k keyed) UniqueKeys(table string) ([][]string, bool) {
	keys, ok := k.keys[table]
	return keys, ok
}

// verdicts tells all occurrences' verdicts on column t, separated by "; ".
func verdicts(res *Result, column string) string {
	var out []string
	for _, s := range res.Statements {
		if s.Verb == Other {
			out = append(out, "other")
		}
		if len(s.Occurrences) == 0 && s.Unparsed != "" {
			out = append(out, "unparsed: "+s.Unparsed)
		}
		for i, o := range s.Occurrences {
			name := o.Name()
			if o.IsHole && name == "" {
				name = fmt.Sprintf("{%d}", o.Hole)
			}
			if o.Role != Reads {
				name += "!" + o.Role.String()[:3]
			}
			line := name + ": " + s.Restricted(i, column).String()
			if v, ok := s.Rehomed(i, column); ok {
				line += " := " + v.String()
			}
			out = append(out, line)
		}
	}
	return strings.Join(out, "; ")
}

type rule struct {
	sql, want string
}

func run(t *testing.T, opts Options, rules []rule) {
	t.Helper()
	for _, r := range rules {
		if got := verdicts(Scan(holes(r.sql), opts), "t"); got != r.want {
			t.Errorf("%s\n got %s\nwant %s", r.sql, got, r.want)
		}
	}
}

func TestConditions(t *testing.T) {
	run(t, Options{}, []rule{
		{"SELECT * FROM a WHERE t = $1", "a: bound $1"},
		{"SELECT * FROM a WHERE $1 = t", "a: bound $1"},
		{"SELECT * FROM a", "a: none"},
		{"SELECT t FROM a WHERE id = $1", "a: none"},
		{"SELECT * FROM a WHERE id = $1 AND t = $2", "a: bound $2"},
		{"SELECT * FROM a WHERE id = $1 OR t = $2", "a: none"},
		{"SELECT * FROM a WHERE t = $1 OR t = $2", "a: bound $1 | $2"},
		{"SELECT * FROM a WHERE t = $1 OR t IS NULL", "a: bound $1 | 'null'"},
		{"SELECT * FROM a WHERE t = $1 AND id = $2 OR pub", "a: none"},
		{"SELECT * FROM a WHERE t = $1 AND (id = $2 OR pub)", "a: bound $1"},
		{"SELECT * FROM a WHERE (t = $1 AND id = 1) OR (id = 2 AND t = $2)", "a: bound $1 | $2"},
		{"SELECT * FROM a WHERE t =", "a: unparsed: = lacks what stands behind it"},
		{"SELECT * FROM a WHERE t = OR t = $1", "a: unparsed: it goes on after its end: unknown text"},
		{`SELECT * FROM "" WHERE t = $1`, ": unparsed: a table's name is empty"},
		{`SELECT * FROM a WHERE x <> "" AND t = $1`, "a: bound $1"},
		{"SELECT * FROM a WHERE NOT t = $1", "a: none"},
		{"SELECT * FROM a WHERE NOT (t = $1 OR x = 2)", "a: none"},
		{"SELECT * FROM a WHERE NOT (NOT t = $1)", "a: bound $1"},
		{"SELECT * FROM a WHERE x <<| $1 AND y &< $2 AND !! z AND t = $3", "a: bound $3"},
		{"SELECT * FROM a WHERE t ~=~ $1", "a: none"},
		{"SELECT * FROM a WHERE t =-1 AND x!=-1", "a: const '-1'"},
		{"SELECT * FROM a WHERE t != $1", "a: none"},
		{"SELECT * FROM a WHERE t <> $1", "a: none"},
		{"SELECT * FROM a WHERE t < $1", "a: none"},
		{"SELECT * FROM a WHERE t >= $1 AND t <= $1", "a: none"},
		{"SELECT * FROM a WHERE t LIKE $1", "a: none"},
		{"SELECT * FROM a WHERE t BETWEEN $1 AND $1", "a: none"},
		{"SELECT * FROM a WHERE x BETWEEN $1 AND $2 AND t = $3", "a: bound $3"},
		{"SELECT * FROM a WHERE t IN ($1)", "a: set $1"},
		{"SELECT * FROM a WHERE t IN ($1, $2)", "a: set $1 | $2"},
		{"SELECT * FROM a WHERE t NOT IN ($1, $2)", "a: none"},
		{"SELECT * FROM a WHERE t = ANY($1)", "a: set $1"},
		{"SELECT * FROM a WHERE t = ANY($1::uuid[])", "a: set $1"},
		{"SELECT * FROM a WHERE t = ALL($1)", "a: none"},
		{"SELECT * FROM a WHERE t <> ANY($1)", "a: none"},
		{"SELECT * FROM a WHERE t = ANY(ARRAY[$1, $2])", "a: set $1 | $2"},
		{"SELECT * FROM a WHERE t = 'x'", "a: const 'x'"},
		{"SELECT * FROM a WHERE t IN ('x', 'y')", "a: const 'x' | 'y'"},
		{"SELECT * FROM a WHERE t IS NULL", "a: const 'null'"},
		{"SELECT * FROM a WHERE t IS NOT NULL", "a: none"},
		{"SELECT * FROM a WHERE t = lower($1)", "a: expression of $1"},
		{"SELECT * FROM a WHERE t = current_setting('app.t')::uuid", "a: expression current_setting(app.t)"},
		{"SELECT * FROM a WHERE lower(t) = $1", "a: none"},
		{"SELECT * FROM a WHERE t::text = $1", "a: bound $1"},
		{"SELECT * FROM a WHERE CAST(t AS text) = CAST($1 AS varchar(10))", "a: bound $1"},
		{"SELECT * FROM a WHERE t = $1::double precision AND x", "a: bound $1"},
		{"SELECT * FROM a WHERE t::varchar(4) = $1", "a: none"},
		{"SELECT * FROM a WHERE CAST(t AS char) = $1", "a: none"},
		{"SELECT * FROM a WHERE t::date = $1", "a: none"},
		{"SELECT * FROM a WHERE t::character varying = $1", "a: bound $1"},
		{"SELECT * FROM a WHERE t COLLATE \"C\" = $1", "a: bound $1"},
		{"SELECT * FROM a WHERE t = t", "a: none"},
		{"SELECT * FROM a WHERE t = other", "a: none: it equals a.other, which nothing restricts"},
		{"SELECT * FROM a WHERE t = other AND other = $1", "a: linked $1 via a.t=a.other"},
		{"SELECT * FROM a WHERE (t = $1) IS NOT TRUE", "a: none"},
		{"SELECT * FROM a WHERE t = $1 IS FALSE", "a: none"},
		{"SELECT * FROM a WHERE t IS NOT DISTINCT FROM $1", "a: bound $1"},
		{"SELECT * FROM a WHERE t IS DISTINCT FROM $1", "a: none"},
		{"SELECT * FROM a WHERE (t, id) = ($1, $2)", "a: bound $1"},
		{"SELECT * FROM a WHERE (id, t) IN (($1, $2), ($3, $4))", "a: set $2 | $4"},
		{"SELECT * FROM a WHERE (id, t) NOT IN (($1, $2), ($3, $4))", "a: none"},
		{"SELECT * FROM a WHERE ROW(id, t) = ROW($1, $2)", "a: bound $2"},
		{"SELECT * FROM a WHERE (id, t) < ($1, $2)", "a: none"},
		{"SELECT * FROM a WHERE COALESCE(t, '') = $1", "a: expression $1 | 'null'"},
		{"SELECT * FROM a WHERE CASE WHEN x THEN t = $1 ELSE FALSE END", "a: bound $1"},
		{"SELECT * FROM a WHERE CASE WHEN x THEN t = $1 ELSE TRUE END", "a: none"},
		{"SELECT * FROM a WHERE t = $1 + 1", "a: expression of $1"},
		{"SELECT * FROM a WHERE t = x || $1", "a: none"},
		{"SELECT * FROM a WHERE data->>'t' = $1", "a: none"},
		{"SELECT * FROM a GROUP BY t HAVING t = $1", "a: bound $1"},
		{"SELECT * FROM a GROUP BY u HAVING t = $1", "a: none"},
		{"SELECT * FROM a WHERE x = $1 /* AND t = $2 */", "a: none"},
		{"SELECT * FROM a WHERE x = $1 -- AND t = $2\n", "a: none"},
		{"SELECT * FROM a WHERE x = 'AND t = $2'", "a: none"},
		{"SELECT * FROM a WHERE x = $$ AND t = $2 $$", "a: none"},
	})
}

// A predicate that a value switches off.
func TestOptional(t *testing.T) {
	run(t, Options{}, []rule{
		{"SELECT * FROM a WHERE t = $1 OR $1 = ''", "a: optional $1"},
		{"SELECT * FROM a WHERE (t = $1 OR $1 = '') AND id = $2", "a: optional $1"},
		{"SELECT * FROM a WHERE ($1 IS NULL OR t = $1)", "a: optional $1"},
		{"SELECT * FROM a WHERE ($1::uuid IS NULL OR t = $1::uuid)", "a: optional $1"},
		{"SELECT * FROM a WHERE (cardinality($1) = 0 OR t = ANY($1))", "a: optional $1"},
		{"SELECT * FROM a WHERE (NOT @filter OR t = @t)", "a: optional :t"},
		{"SELECT * FROM a WHERE (t = sqlc.narg('t') OR sqlc.narg('t') IS NULL)", "a: optional :t"},
		{"SELECT * FROM a WHERE t = COALESCE($1, t)", "a: optional $1"},
		{"SELECT * FROM a WHERE t = COALESCE($1, $2)", "a: expression $1 | $2"},
		{"SELECT * FROM a WHERE t = COALESCE(NULLIF($1, ''), t)", "a: optional of $1"},
		{"SELECT * FROM a WHERE t = CASE WHEN $1 = '' THEN t ELSE $1 END", "a: optional $1"},
		{"SELECT * FROM a WHERE CASE WHEN $1 = '' THEN TRUE ELSE t = $1 END", "a: optional $1"},
		{"SELECT * FROM a WHERE (t = $1 OR $2) AND t = $3", "a: bound $3"},
		{"SELECT * FROM a WHERE (t = $1 OR x = $1)", "a: none"},
		{"SELECT * FROM a WHERE (t = $1 OR TRUE)", "a: none"},
		{"SELECT * FROM a JOIN b ON a.t = b.t WHERE b.t = $1 OR $1 = ''", "a: optional $1 via a.t=b.t; b: optional $1"},
	})
	run(t, Options{Dialect: MySQL}, []rule{
		{"SELECT * FROM a WHERE IF(? = '', TRUE, t = ?)", "a: optional $2"},
		{"SELECT * FROM a WHERE t = IFNULL(?, t)", "a: optional $1"},
		{"SELECT * FROM a WHERE t = ? || x = ?", "a: none"},
		{"SELECT * FROM a WHERE t = ? && x = ?", "a: bound $1"},
		{"SELECT * FROM a WHERE t = ? XOR x = ?", "a: none"},
		{"SELECT * FROM a WHERE t <=> ?", "a: bound $1"},
		{"SELECT * FROM a WHERE t = \"x\"", "a: const 'x'"},
		{"SELECT * FROM a WHERE x = 'it\\'s' AND t = ?", "a: bound $1"},
		{"SELECT * FROM `a` WHERE `a`.`t` = ? # OR 1\n AND x", "a: bound $1"},
		{"SELECT * FROM a WHERE x > DATE_SUB(NOW(), INTERVAL ? DAY) AND t = ?", "a: bound $2"},
		{"SELECT * FROM a FORCE INDEX (i) WHERE BINARY t = ?", "a: bound $1"},
		{"SELECT * FROM a WHERE t = ? /*! OR 1 */", "a: none"},
		{"SELECT * FROM a WHERE t = ? /*!50100 AND x = 1 */", "a: bound $1"},
		{"SELECT * FROM a WHERE t = ? /*!50100 OR 1", "a: unparsed: a comment is not closed"},
		{"SELECT * FROM a WHERE t = ? /*!90100 OR 1 */", "a: unparsed: a comment of the form /*! … */ is code"},
		{"SELECT * FROM a WHERE t = ? /*M! OR 1 */", "a: unparsed: a comment of the form /*! … */ is code"},
		{"SELECT * FROM a WHERE x = 5--1 OR t = ?", "a: none"},
		{"SELECT * FROM a WHERE @n := x = ? AND t = ?", "a: none"},
		{"SELECT * FROM a WHERE t = ? XOR (x = ?)", "a: none"},
	})
	run(t, Options{Dialect: SQLite}, []rule{
		{"SELECT * FROM a WHERE t IS ?", "a: bound $1"},
		{"SELECT * FROM a WHERE t == ?2", "a: bound $2"},
		{"SELECT * FROM [a] WHERE [t] = :t", "a: bound :t"},
		{"SELECT * FROM a WHERE t = $t", "a: bound :t"},
		{"INSERT OR REPLACE INTO a (id, t) VALUES (?, ?)", "a!ins: bound $2; a!ups: none"},
		{"INSERT INTO a (id, t) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET x = 1 ON CONFLICT (t, id) DO UPDATE SET x = 2", "a!ins: bound $2; a!ups: none"},
	})
}

func TestJoins(t *testing.T) {
	run(t, Options{}, []rule{
		{"SELECT * FROM a JOIN b ON a.t = b.t WHERE a.t = $1", "a: bound $1; b: linked $1 via b.t=a.t"},
		{"SELECT * FROM a JOIN b ON a.t = b.t", "a: none: it equals b.t, which nothing restricts; b: none: it equals a.t, which nothing restricts"},
		{"SELECT * FROM a JOIN b ON b.a_id = a.id WHERE a.t = $1", "a: bound $1; b: foreign key $1 via b.a_id=a.id"},
		{"SELECT * FROM a JOIN b ON b.a_id > a.id WHERE a.t = $1", "a: bound $1; b: none"},
		{"SELECT * FROM a LEFT JOIN b ON b.t = $1", "a: none; b: bound $1"},
		{"SELECT * FROM a LEFT JOIN b ON a.t = $1", "a: none; b: none"},
		{"SELECT * FROM a LEFT JOIN b ON b.t = a.t AND a.t = $1", "a: none; b: bound $1"},
		{"SELECT * FROM a LEFT JOIN b ON b.t = a.t WHERE a.t = $1", "a: bound $1; b: linked $1 via b.t=a.t"},
		{"SELECT * FROM a LEFT JOIN b ON b.t = a.t WHERE b.t = $1", "a: linked $1 via a.t=b.t; b: bound $1"},
		{"SELECT * FROM a LEFT JOIN b ON b.t = a.t WHERE b.t = $1 OR b.t IS NULL", "a: none; b: none: it equals a.t, which nothing restricts"},
		{"SELECT * FROM a LEFT JOIN b ON b.a_id = a.id WHERE b.t IS NULL", "a: none; b: none"},
		{"SELECT * FROM a LEFT JOIN b ON b.a_id = a.id WHERE b.t IS NOT DISTINCT FROM $1", "a: none; b: none"},
		{"SELECT * FROM a LEFT JOIN b ON b.a_id = a.id JOIN c ON b.t IS NULL", "a: none; b: none; c: none"},
		{"SELECT * FROM a LEFT JOIN b ON b.t = a.t WHERE b.t = $1 OR b.t = $2", "a: linked $1 | $2 via a.t=b.t; b: bound $1 | $2"},
		{"SELECT * FROM a LEFT JOIN b ON b.t = $1 WHERE b.id IS NULL", "a: none; b: bound $1"},
		{"SELECT * FROM a RIGHT JOIN b ON a.t = $1", "a: bound $1; b: none"},
		{"SELECT * FROM a RIGHT JOIN b ON b.t = $1", "a: none; b: none"},
		{"SELECT * FROM a FULL JOIN b ON a.t = b.t AND a.t = $1", "a: none; b: none"},
		{"SELECT * FROM a FULL JOIN b ON a.t = b.t WHERE a.t = $1", "a: bound $1; b: linked $1 via b.t=a.t"},
		{"SELECT * FROM a, b WHERE a.t = b.t AND b.t = $1", "a: linked $1 via a.t=b.t; b: bound $1"},
		{"SELECT * FROM a CROSS JOIN b WHERE b.t = $1", "a: none; b: bound $1"},
		{"SELECT * FROM a JOIN b USING (t) WHERE a.t = $1", "a: bound $1; b: linked $1 via b.t=a.t"},
		{"SELECT * FROM a JOIN b USING (t) WHERE t = $1", "a: bound $1; b: linked $1 via b.t=a.t"},
		{"SELECT * FROM a LEFT JOIN b USING (t) WHERE t = $1", "a: bound $1; b: linked $1 via b.t=a.t"},
		{"SELECT * FROM a JOIN b ON a.id = b.id JOIN c ON c.t = b.t AND b.t = $1", "a: foreign key $1 via a.id=b.id; b: bound $1; c: linked $1 via c.t=b.t"},
		{"SELECT * FROM a JOIN b JOIN c ON c.t = b.t ON a.t = b.t WHERE c.t = $1", "a: linked $1 via a.t=b.t via b.t=c.t; b: linked $1 via b.t=c.t; c: bound $1"},
		{"SELECT * FROM a LEFT JOIN (b JOIN c ON b.t = c.t AND c.t = $1) ON a.id = b.id", "a: none; b: bound $1; c: bound $1"},
		{"SELECT * FROM (a JOIN b ON a.t = b.t) WHERE a.t = $1", "a: bound $1; b: linked $1 via b.t=a.t"},
		{"SELECT * FROM a x JOIN a y ON x.t = y.t WHERE x.t = $1", "x: bound $1; y: linked $1 via y.t=x.t"},
		{"SELECT * FROM a JOIN b ON a.id = b.id WHERE t = $1", "a: none; b: none"}, // ambiguous
		{"SELECT * FROM s.a AS x WHERE x.t = $1", "x: bound $1"},
		{"SELECT * FROM a AS x (t, y) WHERE x.t = $1", "x: none"},
		{"SELECT * FROM (a JOIN b ON a.id = b.id) AS j WHERE j.t = $1", "a: none; b: none"},
		{"SELECT * FROM (a JOIN b ON a.t = b.t AND b.t = $1) j", "a: linked $1 via a.t=b.t; b: bound $1"},
		{"SELECT * FROM a WHERE a.t = $1 AND b.t = $2", "a: bound $1"},
		{"SELECT * FROM a, LATERAL (SELECT * FROM b WHERE b.t = a.t) l WHERE a.t = $1", "a: bound $1; b: linked $1 via b.t=a.t"},
		{"SELECT * FROM a CROSS JOIN LATERAL (SELECT * FROM b WHERE b.a_id = a.id LIMIT 1) l WHERE a.t = $1", "a: bound $1; b: foreign key $1 via b.a_id=a.id"},
	})
	run(t, Options{Catalog: catalog{"a": "id t", "b": "id a_id", "c": "id t"}}, []rule{
		{"SELECT * FROM a JOIN b ON a_id = a.id WHERE t = $1", "a: bound $1; b: foreign key $1 via b.a_id=a.id"},
		{"SELECT * FROM a JOIN c ON a.id = c.id WHERE t = $1", "a: none; c: none"},
		{"SELECT * FROM a WHERE EXISTS (SELECT 1 FROM b WHERE t = $1 AND a_id = a.id)", "a: bound $1; b: foreign key $1 via b.a_id=a.id"},
		{"SELECT * FROM a AS x (t, y) WHERE x.y = $1", "x: bound $1"},
		{"SELECT * FROM a AS x (t, y) WHERE x.t = $1", "x: none"},
		{"SELECT * FROM a AS x (y) WHERE x.t = $1", "x: bound $1"},
		{"SELECT * FROM a NATURAL JOIN c WHERE a.t = $1", "a: bound $1; c: linked $1 via c.t=a.t"},
		{"SELECT * FROM a NATURAL JOIN b WHERE a.t = $1", "a: bound $1; b: foreign key $1 via b.id=a.id"},
	})
}

func TestSubqueries(t *testing.T) {
	run(t, Options{}, []rule{
		{"SELECT * FROM a WHERE id IN (SELECT a_id FROM b WHERE t = $1)", "a: foreign key $1 via a.id=b.a_id; b: bound $1"},
		{"SELECT * FROM a WHERE t = $1 AND id IN (SELECT a_id FROM b)", "a: bound $1; b: foreign key $1 via b.a_id=a.id"},
		{"SELECT * FROM a WHERE t IN (SELECT t FROM b WHERE u = $1)", "a: none: it equals b.t, which nothing restricts; b: none: it equals a.t, which nothing restricts"},
		{"SELECT * FROM a WHERE t IN (SELECT t FROM b WHERE b.t = $1)", "a: linked $1 via a.t=b.t; b: bound $1"},
		{"SELECT * FROM a WHERE t = $1 AND t IN (SELECT t FROM b)", "a: bound $1; b: linked $1 via b.t=a.t"},
		{"SELECT * FROM a WHERE t = $1 AND t IN (SELECT t FROM b LIMIT 1)", "a: bound $1; b: none"},
		{"SELECT * FROM a WHERE t = (SELECT t FROM b WHERE b.t = $1)", "a: linked $1 via a.t=b.t; b: bound $1"},
		{"SELECT * FROM a WHERE t = (SELECT t FROM b WHERE b.id = $1)", "a: none: it equals b.t, which nothing restricts; b: none"},
		{"SELECT * FROM a WHERE t NOT IN (SELECT t FROM b WHERE b.t = $1)", "a: none; b: bound $1"},
		{"SELECT * FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.t = a.t AND b.t = $1)", "a: bound $1; b: bound $1"},
		{"SELECT * FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.t = a.t) AND a.t = $1", "a: bound $1; b: linked $1 via b.t=a.t"},
		{"SELECT * FROM a WHERE NOT EXISTS (SELECT 1 FROM b WHERE b.t = a.t AND a.t = $1)", "a: none; b: bound $1"},
		{"SELECT * FROM a WHERE EXISTS (SELECT 1 FROM b WHERE a.t = $1)", "a: bound $1; b: none"},
		{"SELECT * FROM a WHERE EXISTS (SELECT count(*) FROM b WHERE a.t = $1)", "a: none; b: none"},
		{"SELECT * FROM a WHERE x OR EXISTS (SELECT 1 FROM b WHERE a.t = $1)", "a: none; b: none"},
		{"SELECT (SELECT count(*) FROM b WHERE b.t = a.t) FROM a WHERE a.t = $1", "a: bound $1; b: linked $1 via b.t=a.t"},
		{"SELECT (SELECT count(*) FROM b WHERE a.t = $1) FROM a", "a: none; b: none"},
		{"SELECT * FROM (SELECT * FROM a WHERE t = $1) d", "a: bound $1"},
		{"SELECT * FROM (SELECT * FROM a) d WHERE d.t = $1", "a: linked $1 via a.t=d.t"},
		{"SELECT * FROM (SELECT id, t AS o FROM a) d WHERE d.o = $1", "a: linked $1 via a.t=d.o"},
		{"SELECT * FROM (SELECT id, lower(t) AS o FROM a) d WHERE d.o = $1", "a: none"},
		{"SELECT * FROM (SELECT * FROM a LIMIT 10) d WHERE d.t = $1", "a: none"},
		{"SELECT * FROM (SELECT *, row_number() OVER () n FROM a) d WHERE d.t = $1", "a: none"},
		{"SELECT * FROM (SELECT t, count(*) FROM a GROUP BY t) d WHERE d.t = $1", "a: linked $1 via a.t=d.t"},
		{"SELECT * FROM (SELECT a.t, count(*) FROM a GROUP BY u) d WHERE d.t = $1", "a: none"},
		{"SELECT * FROM (SELECT t FROM a UNION ALL SELECT t FROM b) d WHERE d.t = $1", "a: linked $1 via a.t=d.t; b: linked $1 via b.t=d.t"},
		{"SELECT * FROM b JOIN (SELECT t FROM a WHERE t = $1) d ON b.t = d.t", "b: linked $1 via b.t=d.t via d.t=a.t; a: bound $1"},
		{"SELECT * FROM b JOIN (SELECT t FROM a WHERE t = $1 UNION SELECT t FROM c) d ON b.t = d.t", "b: none: it equals d.t, which nothing restricts; a: bound $1; c: none: it equals d.t, which nothing restricts"},
		{"SELECT * FROM a WHERE t = $1 UNION SELECT * FROM b", "a: bound $1; b: none"},
		{"(SELECT * FROM a WHERE t = $1) UNION ALL (SELECT * FROM b WHERE t = $2 ORDER BY x LIMIT 1)", "a: bound $1; b: bound $2"},
		{"SELECT * FROM a WHERE t IN (VALUES ($1), ($2))", "a: bound $1 | $2"},
		{"SELECT a.* FROM a JOIN (VALUES ($1::uuid, $2::uuid)) v(id, t) ON a.t = v.t", "a: linked $2 via a.t=v.t"},
		{"SELECT a.* FROM a JOIN unnest($1::uuid[], $2::uuid[]) AS u(id, t) ON a.t = u.t", "a: linked $2 via a.t=u.t"},
		{"SELECT a.* FROM a JOIN unnest($1::uuid[]) t ON a.t = t", "a: linked $1 via a.t=t.t"},
		{"SELECT * FROM a WHERE t = (SELECT unnest($1::uuid[]))", "a: set $1"},
		{"SELECT * FROM a JOIN json_to_recordset($1) AS r(t uuid) ON r.t = a.t", "a: linked of $1 via a.t=r.t"},
	})
}

func TestCTE(t *testing.T) {
	run(t, Options{}, []rule{
		{"WITH c AS (SELECT * FROM a WHERE t = $1) SELECT * FROM c", "a: bound $1"},
		{"WITH c AS (SELECT * FROM a) SELECT * FROM c WHERE t = $1", "a: linked $1 via a.t=c.t"},
		{"WITH c AS (SELECT * FROM a) SELECT * FROM c WHERE t = $1 UNION SELECT * FROM c", "a: none"},
		{"WITH c AS (SELECT * FROM a) SELECT * FROM c WHERE t = $1 UNION SELECT * FROM c WHERE t = $2", "a: linked $1 | $2 via a.t=c.t"},
		{"WITH c AS (SELECT id, t FROM a WHERE t = $1) SELECT * FROM b JOIN c ON b.t = c.t", "a: bound $1; b: linked $1 via b.t=c.t via c.t=a.t"},
		{"WITH c (i, o) AS (SELECT id, t FROM a WHERE t = $1) SELECT * FROM b JOIN c ON b.t = c.o", "a: bound $1; b: linked $1 via b.t=c.o via c.o=a.t"},
		{"WITH c AS (SELECT id FROM a WHERE t = $1) SELECT * FROM b JOIN c ON b.a_id = c.id", "a: bound $1; b: foreign key $1 via b.a_id=c.id via c.id=a.id"},
		{"WITH c AS (SELECT id, t FROM a WHERE t = $1) SELECT * FROM b JOIN c AS d (x, y) ON b.t = d.y", "a: bound $1; b: linked $1 via b.t=d.y via d.y=a.t"},
		{"WITH c AS (SELECT * FROM a WHERE t = $1) SELECT * FROM b JOIN c AS d (x, y) ON b.t = d.y", "a: bound $1; b: none: it equals d.y, which nothing restricts"},
		{"WITH c AS (VALUES ($1, $2)) SELECT * FROM a JOIN c ON a.t = c.column2", "a: linked $2 via a.t=c.column2"},
		{"WITH c AS (SELECT $1::uuid AS t) SELECT * FROM a, c WHERE a.t = c.t", "a: linked $1 via a.t=c.t"},
		{"WITH RECURSIVE r AS (SELECT id, t FROM a WHERE id = $1 AND t = $2 UNION ALL SELECT a.id, a.t FROM a JOIN r ON a.parent = r.id AND a.t = r.t) SELECT * FROM r",
			"a: bound $2; a: linked $2 via a.t=r.t via r.t=a.t"},
		{"WITH RECURSIVE r AS (SELECT id, t FROM a WHERE id = $1 AND t = $2 UNION ALL SELECT a.id, a.t FROM a JOIN r ON a.parent = r.id) SELECT * FROM r",
			"a: bound $2; a: foreign key $2 via a.parent=r.id via r.id=a.id"},
		{"WITH RECURSIVE r AS (SELECT id, t FROM a WHERE t = $2 UNION ALL SELECT a.id, b.t FROM a JOIN r ON a.t = r.t JOIN b ON b.id = a.id) SELECT * FROM r",
			"a: bound $2; a: none: it equals r.t, which nothing restricts; b: foreign key $2 via b.id=a.id via a.t=r.t via r.t=a.t"},
		{"WITH RECURSIVE r AS (SELECT id, t FROM a WHERE t = $1 AND t = $2 UNION ALL SELECT b.id, b.t FROM b JOIN r ON b.parent = r.id WHERE b.t = $1) SELECT * FROM c JOIN r ON r.t = c.t",
			"a: bound $1; b: bound $1; c: linked $1 via c.t=r.t via r.t=a.t"},
		{"WITH RECURSIVE r AS (SELECT id, t FROM a WHERE t = $1 UNION ALL SELECT b.id, b.t FROM b JOIN r ON b.parent = r.id WHERE b.t = $2) SELECT * FROM c JOIN r ON r.t = c.t",
			"a: bound $1; b: bound $2; c: linked $1 | $2 via c.t=r.t via r.t=a.t"},
		{"WITH RECURSIVE r AS (SELECT id, t FROM a WHERE t = $1 UNION ALL SELECT b.id, b.t FROM b JOIN r ON b.t = r.t JOIN c ON c.t = r.t WHERE b.t = $2) SELECT 1",
			"a: bound $1; b: bound $2; c: linked $2 via c.t=r.t via r.t=b.t"},
		{"WITH d AS (DELETE FROM a WHERE t = $1 RETURNING id, t) INSERT INTO b (id, t) SELECT id, t FROM d", "a!del: bound $1; b!ins: linked $1 via b.t=d.t via d.t=a.t"},
		{"WITH u AS (UPDATE a SET t = $2 WHERE t = $1 RETURNING t) SELECT * FROM b JOIN u ON u.t = b.t", "a!upd: bound $1 := bound $2; b: linked $2 via b.t=u.t via u.t=a.t"},
		{"WITH i AS (INSERT INTO a (id, t) VALUES ($1, $2) RETURNING *) SELECT * FROM b JOIN i ON i.t = b.t", "a!ins: bound $2; b: linked $2 via b.t=i.t via i.t=a.t"},
		{"WITH a AS (SELECT * FROM b) SELECT * FROM a WHERE t = $1", "b: linked $1 via b.t=a.t"},
		{"WITH a AS (SELECT * FROM a) SELECT * FROM s.a WHERE t = $1", "a: none; a: bound $1"},
		{"WITH c AS MATERIALIZED (SELECT * FROM a), d AS (SELECT * FROM c WHERE t = $1) SELECT * FROM d", "a: linked $1 via a.t=c.t"},
	})
}

func TestWrites(t *testing.T) {
	run(t, Options{}, []rule{
		{"INSERT INTO a (id, t) VALUES ($1, $2)", "a!ins: bound $2"},
		{"INSERT INTO a (id, t) VALUES ($1, $2), ($3, $4)", "a!ins: bound $2 | $4"},
		{"INSERT INTO a (id, t) VALUES {1} ON CONFLICT (t) DO UPDATE SET x = 1", "a!ins: dynamic [1]; a!ups: dynamic via a.t=a.t"},
		{"INSERT INTO a (id, t) VALUES {1} ON CONFLICT (id) DO UPDATE SET x = 1", "a!ins: dynamic [1]; a!ups: none"},
		{"INSERT INTO a (id, t) VALUES ($1, 'x')", "a!ins: const 'x'"},
		{"INSERT INTO a (id, t) VALUES ($1, DEFAULT)", "a!ins: unset"},
		{"INSERT INTO a (id, t) VALUES ($1, NULL)", "a!ins: const 'null'"},
		{"INSERT INTO a (id) VALUES ($1)", "a!ins: unset"},
		{"INSERT INTO a VALUES ($1, $2)", "a!ins: unknown"},
		{"INSERT INTO a DEFAULT VALUES", "a!ins: unset"},
		{"INSERT INTO a (id, t) SELECT id, t FROM b WHERE t = $1", "a!ins: linked $1 via a.t=b.t; b: bound $1"},
		{"INSERT INTO a (id, t) SELECT id, $2 FROM b WHERE t = $1", "a!ins: bound $2; b: bound $1"},
		{"INSERT INTO a (id, t) SELECT id, t FROM b WHERE id = $1", "a!ins: none: the value comes from what is not restricted; b: none"},
		{"INSERT INTO a (id, t) SELECT * FROM b WHERE t = $1", "a!ins: none: the value comes from what is not restricted; b: bound $1"},
		{"INSERT INTO a (id, t) SELECT unnest($1::uuid[]), unnest($2::uuid[])", "a!ins: set $2"},
		{"INSERT INTO a (id, t) VALUES ($1, $2) ON CONFLICT DO NOTHING", "a!ins: bound $2"},
		{"INSERT INTO a (id, t) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET x = 1", "a!ins: bound $2; a!ups: none"},
		{"INSERT INTO a (id, t) VALUES ($1, $2) ON CONFLICT (t, id) DO UPDATE SET x = EXCLUDED.x", "a!ins: bound $2; a!ups: linked $2 via a.t=a.t"},
		{"INSERT INTO a (id, t) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET x = 1 WHERE a.t = EXCLUDED.t", "a!ins: bound $2; a!ups: linked $2 via a.t=excluded.t via excluded.t=a.t"},
		{"INSERT INTO a AS x (id, t) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET x = 1 WHERE x.t = $2 RETURNING id", "x!ins: bound $2; x!ups: bound $2"},
		{"INSERT INTO a (id, t) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET t = EXCLUDED.t", "a!ins: bound $2; a!ups: none := linked $2 via a.t=excluded.t via excluded.t=a.t"},
		{"INSERT INTO a (id, t) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT a_pk DO UPDATE SET x = 1", "a!ins: bound $2; a!ups: none"},
		{"UPDATE a SET x = $1 WHERE t = $2", "a!upd: bound $2"},
		{"UPDATE a SET t = $1 WHERE id = $2", "a!upd: none := bound $1"},
		{"UPDATE a SET (x, t) = ($1, $2) WHERE t = $3", "a!upd: bound $3 := bound $2"},
		{"UPDATE a SET x = b.x FROM b WHERE a.t = b.t AND b.t = $1", "a!upd: linked $1 via a.t=b.t; b: bound $1"},
		{"UPDATE a SET x = 1 FROM b WHERE a.b_id = b.id AND b.t = $1", "a!upd: foreign key $1 via a.b_id=b.id; b: bound $1"},
		{"UPDATE a SET x = (SELECT max(x) FROM b WHERE b.t = a.t) WHERE a.t = $1 RETURNING *", "a!upd: bound $1; b: linked $1 via b.t=a.t"},
		{"DELETE FROM a WHERE t = $1", "a!del: bound $1"},
		{"DELETE FROM a", "a!del: none"},
		{"DELETE FROM a USING b WHERE a.t = b.t AND b.t = $1", "a!del: linked $1 via a.t=b.t; b: bound $1"},
		{"TRUNCATE TABLE a, b CASCADE", "a!del: none; b!del: none"},
		{"MERGE INTO a USING b ON a.id = b.id AND a.t = b.t AND b.t = $1 WHEN MATCHED THEN UPDATE SET x = 1", "a!upd: bound $1; b: bound $1"},
		{"MERGE INTO a USING b ON a.id = b.id AND a.t = b.t AND b.t = $1 WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (id, t) VALUES (b.id, b.t)",
			"a!del: bound $1; b: none; a!ins: none: the value comes from what is not restricted"},
		{"MERGE INTO a USING b ON a.t = $1 WHEN NOT MATCHED BY SOURCE THEN DELETE", "a!del: none; b: none"},
		{"MERGE INTO a USING (SELECT $1::int id, $2::int t) s ON a.id = s.id AND a.t = s.t WHEN NOT MATCHED THEN INSERT (id, t) VALUES (s.id, s.t) WHEN MATCHED THEN UPDATE SET x = 1",
			"a!upd: linked $2 via a.t=s.t; a!ins: linked $2 via a.t=s.t"},
	})
	run(t, Options{Dialect: MySQL}, []rule{
		{"UPDATE a JOIN b ON a.t = b.t SET a.x = 1 WHERE b.t = ?", "a!upd: linked $1 via a.t=b.t; b: bound $1"},
		{"UPDATE a, b SET a.x = 1, b.x = 2 WHERE a.t = ?", "a!upd: bound $1; b!upd: none"},
		{"UPDATE a SET x = ? WHERE t = ? ORDER BY id LIMIT 1", "a!upd: bound $2"},
		{"DELETE a FROM a JOIN b ON a.id = b.id WHERE b.t = ?", "a!del: foreign key $1 via a.id=b.id; b: bound $1"},
		{"DELETE x, y FROM a x JOIN b y ON x.t = y.t WHERE y.t = ?", "x!del: linked $1 via x.t=y.t; y!del: bound $1"},
		{"DELETE FROM a USING a JOIN b ON a.t = b.t WHERE b.t = ?", "a!del: linked $1 via a.t=b.t; b: bound $1"},
		{"INSERT INTO a SET id = ?, t = ?", "a!ins: bound $2"},
		{"INSERT INTO a (id, t) VALUES (?, ?) ON DUPLICATE KEY UPDATE x = VALUES(x)", "a!ins: bound $2; a!ups: none"},
		{"INSERT IGNORE INTO a (id, t) VALUES (?, ?)", "a!ins: bound $2"},
		{"REPLACE INTO a (id, t) VALUES (?, ?)", "a!ins: bound $2; a!ups: none"},
	})
	keys := keyed{catalog{}, map[string][][]string{"a": {{"id"}, {"t", "name"}}, "b": {{"t", "id"}, {"name"}}}}
	run(t, Options{Dialect: MySQL, Catalog: keys}, []rule{
		{"INSERT INTO a (name, t) VALUES (?, ?) ON DUPLICATE KEY UPDATE x = VALUES(x)", "a!ins: bound $2; a!ups: linked $2 via a.t=a.t"},
		{"INSERT INTO a ({1}) VALUES ({2}) ON DUPLICATE KEY UPDATE x = VALUES(x)", "a!ins: dynamic [1]; a!ups: none"},
		{"INSERT INTO a ({1}) VALUES ({2}) ON CONFLICT (name, t) DO UPDATE SET x = 1", "a!ins: dynamic [1]; a!ups: dynamic"},
		{"INSERT INTO a (id, name, t) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE x = VALUES(x)", "a!ins: bound $3; a!ups: none"},
		{"REPLACE INTO b (id, t, name) VALUES (?, ?, ?)", "b!ins: bound $2; b!ups: none"},
	})
}

// ClickHouse is read as far as this.
func TestClickHouse(t *testing.T) {
	run(t, Options{}, []rule{
		{"SELECT * FROM a FINAL WHERE t = ?", "a: bound $1"},
		{"SELECT * FROM a FINAL PREWHERE t = ? WHERE x = ? LIMIT 1 BY id SETTINGS max_threads = 2", "a: bound $1"},
		{"SELECT * FROM a ANTI JOIN b ON a.id = b.id AND a.t = ?", "a: none; b: none"},
		{"SELECT * FROM a ANTI JOIN (SELECT id FROM b WHERE t = ?) p ON a.id = p.id WHERE a.t = ?", "a: bound $2; b: bound $1"},
		{"SELECT * FROM a LEFT ANY JOIN b ON a.t = b.t WHERE a.t = ?", "a: bound $1; b: linked $1 via b.t=a.t"},
		{"SELECT * FROM a WHERE t GLOBAL IN (SELECT t FROM b WHERE b.t = ?)", "a: linked $1 via a.t=b.t; b: bound $1"},
		{"SELECT * FROM a WHERE t GLOBAL NOT IN (SELECT t FROM b WHERE b.t = ?)", "a: none; b: bound $1"},
	})
}

func TestHoles(t *testing.T) {
	run(t, Options{}, []rule{
		{"SELECT * FROM {1} WHERE t = $1", "{1}: bound $1"},
		{"SELECT * FROM tab_{1} WHERE t = $1", "{1}: bound $1"},
		{"SELECT * FROM {1} x WHERE x.t = $1", "x: bound $1"},
		{"SELECT * FROM {1} WHERE {1}.t = $1", "{1}: bound $1"},
		{"SELECT {1} FROM a WHERE t = $1", "a: bound $1"},
		{"SELECT id, {1} FROM a WHERE t = $1", "a: bound $1"},
		{"SELECT * FROM a WHERE t = {1}", "a: bound {1}"},
		{"SELECT * FROM a WHERE t = '{1}'", "a: bound '{1}'"},
		{"SELECT * FROM a WHERE t = 'x-{1}'", "a: bound of '{1}'"},
		{"SELECT * FROM a WHERE t = ${1}", "a: bound {1}"},
		{"SELECT * FROM a WHERE t = :{1}", "a: bound {1}"},
		{"SELECT * FROM a WHERE id = :{1} AND t = :t", "a: bound :t"},
		{"SELECT x::{1}, y[1:{2}] FROM a WHERE t = :t", "a: bound :t"},
		{"INSERT INTO a (id, t, {1}) VALUES (:id, :t, :{2}) ON CONFLICT (id) DO NOTHING", "a!ins: bound :t"},
		{"SELECT * FROM a WHERE t IN ({1:params})", "a: set {1}"},
		{"SELECT * FROM a WHERE t = $1 {1}", "a: bound $1 unless [1]"},
		{"SELECT * FROM a WHERE t = $1{1}", "a: bound $1 unless [1]"},
		{"SELECT * FROM a WHERE t = $1 {1:tail}", "a: bound $1"},
		{"SELECT * FROM a WHERE (t = $1) AND ({1})", "a: bound $1"},
		{"SELECT * FROM a WHERE t = $1 AND {1}", "a: bound $1 unless [1]"},
		{"SELECT * FROM a WHERE {1} AND t = $1", "a: bound $1 unless [1]"},
		{"SELECT * FROM a WHERE t = $1 {1} ORDER BY x", "a: bound $1 unless [1]"},
		{"SELECT * FROM a WHERE t = $1 ORDER BY {1}", "a: bound $1"},
		{"SELECT * FROM a WHERE t = $1 LIMIT {1:number}", "a: bound $1"},
		{"SELECT * FROM a WHERE {1}", "a: dynamic [1]"},
		{"SELECT * FROM a {1}", "a: dynamic [1]"},
		{"SELECT * FROM a {1} WHERE t = $1", "a: bound $1"},
		{"SELECT * FROM a WHERE id = $1 {1}", "a: dynamic [1]"},
		{"SELECT * FROM a WHERE id = $1 {1:tail}", "a: dynamic [1]"},
		{"SELECT * FROM a WHERE x {1} $1 AND t = $2", "a: bound $2 unless [1]"},
		{"SELECT * FROM a WHERE {1} = $1 AND t = $2", "a: bound $2"},
		{"SELECT * FROM a WHERE (id = 1 {1}) AND t = $2", "a: bound $2"},
		{"UPDATE a SET {1} WHERE t = $1", "a!upd: bound $1"},
		{"UPDATE a SET x = 1, {1} WHERE t = $1", "a!upd: bound $1"},
		{"UPDATE a SET x = 1 {1} WHERE t = $1", "a!upd: bound $1"},
		{"INSERT INTO a (id, t) VALUES {1}", "a!ins: dynamic [1]"},
		{"INSERT INTO a (id, t) VALUES {1:repeat=(?, ?),}", "a!ins: bound $2…"},
		{"SELECT * FROM a {1} AND t = $1", "a: dynamic [1]"},
		{"SELECT * FROM a {1} OR t = $1", "a: dynamic [1]"},
		{"SELECT * FROM a WHERE t = $1 GROUP BY x {1} AND y", "a: bound $1"},
		{"SELECT * FROM a WHERE t = $1 GROUP BY x {1} OR y", "a: bound $1"},
		{"SELECT * FROM a WHERE t = $1 AND a.active{1}", "a: bound $1 unless [1]"},
		{"SELECT * FROM a WHERE t = $1 AND active{1} = 3", "a: bound $1 unless [1]"},
		{"SELECT * FROM a WHERE t = $1 AND active{1:name} = 3", "a: bound $1"},
		{"SELECT * FROM a WHERE t = $1 AND {1}_at > now()", "a: bound $1 unless [1]"},
		{"SELECT * FROM a WHERE t = $1 AND fn_{1:name}(x) = 3", "a: bound $1"},
		{"SELECT * FROM a WHERE t{1:name} = $1", "a: none"},
		{"SELECT * FROM a WHERE a.{1:name} = $1", "a: none"},
		{"SELECT * FROM a {1} JOIN b ON b.t = a.t WHERE a.t = $1", "a: bound $1; b: linked $1 via b.t=a.t"},
		{"SELECT * FROM a, {1} WHERE a.t = $1", "a: bound $1; {1}: none"},
		{"{1} JOIN b ON b.t = $1 WHERE b.x = 2", "{1}: dynamic [1]; b: bound $1"},
		{"WITH c AS ({1}) SELECT * FROM a JOIN c ON c.t = a.t WHERE a.t = $1", "{1}: linked $1 via t=c.t via c.t=a.t; a: bound $1"},
		{"WITH c AS ({1}) SELECT * FROM a JOIN c ON c.t = a.t", "{1}: dynamic [1]; a: none: it equals c.t, which nothing restricts"},
		{"DELETE FROM a {1}", "a!del: dynamic [1]"},
		{"DELETE FROM a WHERE t = $1 {1}", "a!del: bound $1 unless [1]"},
		{"UPDATE {1} SET x = $1 WHERE t = $2", "{1}!upd: bound $2"},
		{"UPDATE a SET {1} = $1, t = $2 WHERE t = $3", "a!upd: bound $3 := bound $2"},
		{"INSERT INTO a (id, t) {1}", "a!ins: dynamic [1]"},
		{"INSERT INTO a (id, t) VALUES ({1}, $1, {2})", "a!ins: dynamic"},
		{"INSERT INTO a (id, t) VALUES ?", "a!ins: dynamic"},
		{"INSERT INTO a (id, t) VALUES ({1:single}, {2:single})", "a!ins: bound {2}"},
		{"INSERT INTO a (id, t) VALUES ($1, $2) {1}", "a!ins: dynamic [1]"},
		{"INSERT INTO a (id, t) VALUES ($1, $2) {1:tail}", "a!ins: bound $2"},
		{"INSERT INTO a (id, t) VALUES ({1}, {2})", "a!ins: bound {2}"},
		{"SELECT * FROM a WHERE t IN ({1})", "a: set {1}"},
		{"SELECT * FROM a WHERE t = ANY({1})", "a: set {1}"},
		{"SELECT * FROM a WHERE t = ({1})", "a: bound {1}"},
		{"SELECT * FROM a WHERE (x, t) IN (({1}, {2}))", "a: set {2}"},
		{"SELECT * FROM a WHERE (x, t) IN ({1})", "a: set of {1}"},
		{"SELECT {1} {2}", ""},
		{"SELECT a.{1} FROM a WHERE t = $1", "a: bound $1"},
		{"SELECT x AS {1} FROM a WHERE t = $1 ORDER BY {2} {3} LIMIT {4} OFFSET {5}", "a: bound $1"},
		{"SELECT * FROM a WHERE t = $1 FOR UPDATE {1}", "a: bound $1"},
		{"SELECT * FROM a WHERE x BETWEEN {1} AND {2} AND t = $1", "a: bound $1"},
		{"SELECT * FROM a WHERE t IN ({1:repeat=?, }?) AND x = ?", "a: set $1… | $2+1"},
		{"SELECT * FROM a WHERE x = ? {1:repeat= AND t = ?}", "a: none"},
		{"SELECT * FROM a WHERE x IN ({1:repeat=?,}) AND t = ?", "a: bound $2+1"},
		{"SELECT * FROM a WHERE t = ? {1:repeat= AND x = ?}", "a: bound $1"},
		{"SELECT * FROM a WHERE t = ? {1:repeat= OR t = ?}", "a: none"},
		{"SELECT * FROM a {1:repeat= JOIN b ON a.t = ?}", "a: none; b: none"},
		{"INSERT INTO a (t, id) VALUES ($1, {1})", "a!ins: bound $1"},
		{"INSERT INTO a (id, t) VALUES ({1}, $1)", "a!ins: bound $1"},
		{"INSERT INTO a ({1}) VALUES ({2})", "a!ins: dynamic [1]"},
		{"INSERT INTO a (t, {1}) VALUES ($1, {2})", "a!ins: bound $1"},
		{"INSERT INTO {1} (id, t) VALUES ($1, $2)", "{1}!ins: bound $2"},
		{"SELECT * FROM a WHERE x IN ({1:params}) AND t = ?", "a: bound $1+1"},
		{"SELECT * FROM a WHERE x IN (/*SLICE:ids*/?) AND t = ?", "a: bound $2+1"},
		{"{1} WHERE t = $1", "{1}: bound $1"},
		{"SELECT * FROM a JOIN b ON a.t = b.t {1} WHERE a.t = $1", "a: bound $1; b: linked $1 via b.t=a.t unless [1]"},
	})
}

func TestPlaceholders(t *testing.T) {
	run(t, Options{}, []rule{
		{"SELECT * FROM a WHERE x = ? AND t = ?", "a: bound $2"},
		{"SELECT * FROM a WHERE x = '?' AND t = ?", "a: bound $1"},
		{"SELECT * FROM a WHERE data ? 'k' AND t = ?", "a: bound $1"},
		{"SELECT * FROM a WHERE data ?| array['k'] AND t = ?", "a: bound $1"},
		{"SELECT * FROM a WHERE data ? k.name AND t = ?", "a: bound $1"},
		{"SELECT * FROM a WHERE (data -> 'x') ? name AND t = ?", "a: bound $1"},
		{"SELECT * FROM a WHERE data ?& $1 AND t = $2", "a: bound $2"},
		{"SELECT * FROM a WHERE x LIKE ? AND t = ? LIMIT ?", "a: bound $2"},
		{"SELECT * FROM a WHERE t = :t AND x::text = 'y'", "a: bound :t"},
		{"SELECT * FROM a WHERE x[1:2] = $2 AND t = @t", "a: bound :t"},
		{"SELECT * FROM a WHERE t = sqlc.arg(tenant)", "a: bound :tenant"},
		{"SELECT * FROM a WHERE t IN (sqlc.slice('ts'))", "a: set :ts"},
		{"SELECT * FROM a WHERE x = ?0 AND t = ?1", "a: bound $2"},
		{"SELECT * FROM ?TableName AS ?TableAlias WHERE ?TableAlias.t = ?", "?tablealias: bound $1"},
		{"SELECT * FROM a WHERE t = ?tenant", "a: bound :tenant"},
		{"SELECT * FROM a WHERE t IN ?", "a: set $1"},
		{"SELECT * FROM a WHERE (x, t) IN ?", "a: set of $1"},
		{"SELECT * FROM a WHERE x @> $1 AND t = $2", "a: bound $2"},
	})
	if n := Scan(Plain("SELECT '?' , ? FROM a WHERE x ? 'k' AND y = ? -- ?"), Options{}).Questions; n != 2 {
		t.Errorf("%d question marks, want 2", n)
	}
}

func TestForms(t *testing.T) {
	base := []Table{{Name: "a"}}
	run(t, Options{Form: WhereForm, Tables: base}, []rule{
		{"t = ?", "a: bound $1"},
		{"a.t = ? AND x", "a: bound $1"},
		{"t = ? OR x = ?", "a: none"},
		{"?TableAlias.t = ?", "a: bound $1"},
		{"b.t = ?", "a: none; b: bound $1"},
		{"a.t = b.t AND b.t = ?", "a: linked $1 via a.t=b.t; b: bound $1"},
		{"id IN (SELECT a_id FROM c WHERE t = ?)", "a: foreign key $1 via a.id=c.a_id; c: bound $1"},
		{"", "a: none"},
		{"t = ? )", "a: unparsed: it goes on after its end: )"},
	})
	run(t, Options{Form: WhereForm}, []rule{{"t = ?", ": bound $1"}, {"a.t = ?", ": none; a: bound $1"}})
	run(t, Options{Form: FromForm, Tables: base}, []rule{
		{"JOIN b ON b.t = a.t AND a.t = ?", "a: bound $1; b: linked $1 via b.t=a.t"},
		{"LEFT JOIN b ON b.t = a.t AND a.t = ?", "a: none; b: bound $1"},
		{"b x", "a: none; x: none"},
	})
	run(t, Options{Form: TailForm, Tables: base}, []rule{
		{"ORDER BY (SELECT count(*) FROM b WHERE b.t = ?) DESC LIMIT 3", "a: none; b: bound $1"},
		{"x DESC, y", "a: none"},
	})
	for s, want := range map[string]bool{"a = 1 OR b = 2": true, "(a = 1 OR b = 2)": false, "a = 'OR'": false, "x AND (y OR z)": false, "CASE WHEN a OR b THEN 1 END": false} {
		if got := Scan(Plain(s), Options{Form: WhereForm}).TopOr; got != want {
			t.Errorf("%s: TopOr is %v", s, got)
		}
	}
}

func TestStatements(t *testing.T) {
	run(t, Options{}, []rule{
		{"SELECT * FROM a WHERE t = $1; DELETE FROM b WHERE t = $2;", "a: bound $1; b!del: bound $2"},
		{"", ""},
		{"  -- nothing\n;", ""},
		{"SET LOCAL app.t = 'x'", "other"},
		{"CREATE TABLE x (id int)", "other"},
		{"EXPLAIN ANALYZE SELECT * FROM a WHERE t = $1", "a: bound $1"},
		{"SELECT * FROM a WHERE t = $1 FOR UPDATE OF a SKIP LOCKED", "a: bound $1"},
		{"SELECT EXTRACT(EPOCH FROM x), trim(both ' ' from y), substring(x from 1 for 2) FROM a WHERE t = $1", "a: bound $1"},
		{"SELECT DISTINCT ON (x) x FROM a WHERE t = $1 ORDER BY x", "a: bound $1"},
		{"SELECT count(*) FILTER (WHERE x), sum(y) OVER (PARTITION BY z ORDER BY w ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM a WHERE t = $1", "a: bound $1"},
		{"SELECT string_agg(x, ',' ORDER BY y) FROM a TABLESAMPLE BERNOULLI (10) REPEATABLE (1) WHERE t = $1", "a: bound $1"},
		{"SELECT (a).x, (f(y)).* FROM a WHERE t = $1", "a: bound $1"},
		{"SELECT bool 'true', date '2020-01-01' FROM a WHERE t = $1", "a: bound $1"},
		{"TABLE a", "a: none"},
		{"VALUES (1)", ""},
		{"COPY a FROM STDIN", "a: none"},
		{"SELECT * FROM a WHERE t = $1 SELECT * FROM b", "a: unparsed: it goes on after its end: select"},
		{"SELECT * FROM a WHERE t = $1)", "a: unparsed: it goes on after its end: )"},
		{"SELECT * FROM a WHERE (t = $1", "a: unparsed: a parenthesis is not closed"},
		{"SELECT * FROM a WHERE t = 'x", "a: unparsed: a quote is not closed"},
		{"SELECT * FROM a FOO BAR JOIN b WHERE t = $1", "foo: unparsed: it goes on after its end: unknown text"},
		{"UPDATE a SET x = 1 WHERE t = $1 GROUP FROM b", "a!upd: unparsed: it goes on after its end: group"},
	})
}

// What each arm of an OR comes to, all of them do.
func TestCases(t *testing.T) {
	run(t, Options{}, []rule{
		{"SELECT * FROM a JOIN b ON b.a_id = a.id WHERE a.t = $1 OR b.t = $2", "a: foreign key $1 | $2 via a.id=b.a_id; b: foreign key $1 | $2 via b.a_id=a.id"},
		{"SELECT * FROM a JOIN b ON b.t = a.t WHERE a.t = $1 OR b.t = $2", "a: linked $1 | $2 via a.t=b.t; b: linked $1 | $2 via b.t=a.t"},
		{"SELECT * FROM a JOIN b ON b.t = a.t AND (a.t = $1 OR b.t = $1)", "a: linked $1 via a.t=b.t; b: linked $1 via b.t=a.t"},
		{"SELECT * FROM a JOIN b ON b.x > a.x WHERE a.t = $1 OR b.t = $2", "a: none; b: none"},
		{"SELECT * FROM a JOIN b ON b.a_id = a.id WHERE a.t = $1 OR b.t = $2 OR a.pub", "a: none; b: none"},
		{"SELECT * FROM a JOIN b ON b.a_id = a.id WHERE (a.t = $1 OR b.t = $2) AND a.t = $3", "a: bound $3; b: foreign key $3 via b.a_id=a.id"},
		{"SELECT * FROM a JOIN b ON b.a_id = a.id WHERE (a.t = $1 OR b.t = $2) OR a.x = 1", "a: none; b: none"},
		{"SELECT * FROM a JOIN b ON b.a_id = a.id WHERE NOT (a.t = $1 OR b.t = $2)", "a: none; b: none"},
		{"SELECT * FROM (SELECT x AS t, y FROM a) d WHERE d.t = $1", "a: none"},
		{"SELECT * FROM b JOIN (SELECT x AS t, y FROM a) d ON b.d_y = d.y WHERE d.t = $1", "b: none; a: none"},
		{"SELECT * FROM b JOIN (SELECT t, y FROM a LIMIT 9) d ON b.d_y = d.y WHERE d.t = $1", "b: foreign key $1 via b.d_y=d.y; a: none"},
		{"SELECT * FROM a, b WHERE a.t = $1 AND (b.a_id = a.id OR b.root_id = a.id)", "a: bound $1; b: foreign key $1 via b.a_id=a.id"},
		{"SELECT * FROM a, b WHERE a.t = $1 AND (b.a_id = a.id OR b.root_id = a.id {1})", "a: bound $1; b: foreign key $1 via b.a_id=a.id unless [1]"},
		{"SELECT * FROM a, b WHERE a.t = $1 AND (b.a_id = a.id OR b.root_id = a.id) {1}", "a: bound $1 unless [1]; b: foreign key $1 via b.a_id=a.id unless [1]"},
		{"SELECT * FROM a, b, c WHERE a.t = $1 AND c.a_id = a.id AND (b.a_id = a.id OR b.c_id = c.id)", "a: bound $1; b: foreign key $1 via b.a_id=a.id; c: foreign key $1 via c.a_id=a.id"},
		{"SELECT * FROM a, b, c WHERE a.t = $1 AND (b.a_id = a.id OR b.c_id = c.id)", "a: bound $1; b: none; c: none"},
		{"SELECT (SELECT count(*) FROM b WHERE b.a_id = a.id OR b.c_id = c.id) FROM a LEFT JOIN c ON c.id = a.c_id WHERE a.t = $1", "a: bound $1; c: foreign key $1 via c.id=a.c_id; b: foreign key $1 via b.a_id=a.id"},
		{"SELECT (SELECT count(*) FROM b WHERE b.a_id = a.id) FROM a JOIN c ON c.id = a.c_id WHERE a.t = $1 OR c.t = $1", "a: foreign key $1 via a.c_id=c.id; c: foreign key $1 via c.id=a.c_id; b: foreign key $1 via b.a_id=a.id via a.c_id=c.id"},
		{"SELECT * FROM a WHERE a.b_id IN (SELECT id FROM b WHERE b.t = $1) OR a.c_id IN (SELECT id FROM c WHERE c.t = $1)", "a: foreign key $1 via a.b_id=b.id; b: bound $1; c: bound $1"},
		{"SELECT * FROM a WHERE a.t = $1 OR a.c_id IN (SELECT id FROM c WHERE c.t = $2)", "a: foreign key $1 | $2 via a.c_id=c.id; c: bound $2"},
		{"SELECT * FROM a WHERE a.t = $1 OR a.c_id IN (SELECT id FROM c)", "a: none; c: none"},
		// An outer join's rows that it leaves out.
		{"SELECT * FROM a LEFT JOIN b ON b.a_id = a.id OR b.root_id = a.id WHERE a.t = $1", "a: bound $1; b: foreign key $1 via b.a_id=a.id"},
		{"SELECT * FROM a LEFT JOIN b ON b.t = $1 OR a.t = $1", "a: none; b: none"},
		{"SELECT * FROM a LEFT JOIN b ON b.a_id = a.id WHERE a.t = $1 OR b.t = $2", "a: none; b: foreign key $1 | $2 via b.a_id=a.id"},
		{"SELECT * FROM a LEFT JOIN b ON b.a_id = a.id WHERE a.t = $1 OR b.t IS NULL", "a: none; b: none"},
		// Another query may see several rows, each by another arm.
		{"WITH d AS (SELECT a.t, b.t u FROM a JOIN b ON b.a_id = a.id WHERE a.t = $1 OR b.t = $2) SELECT * FROM c JOIN d ON c.t = d.t", "a: foreign key $1 | $2 via a.id=b.a_id; b: foreign key $1 | $2 via b.a_id=a.id; c: foreign key $1 | $2 via c.t=d.t via d.t=a.t via a.id=b.a_id"},
		{"WITH d AS (SELECT a.id FROM a JOIN b ON b.a_id = a.id WHERE a.t = $1 OR b.t = $2) SELECT * FROM c JOIN d ON c.a_id = d.id", "a: foreign key $1 | $2 via a.id=b.a_id; b: foreign key $1 | $2 via b.a_id=a.id; c: foreign key $1 | $2 via c.a_id=d.id via d.id=a.id via a.id=b.a_id"},
		{"UPDATE a SET x = 1 FROM b WHERE a.b_id = b.id AND (a.t = $1 OR b.t = $1)", "a!upd: foreign key $1 via a.b_id=b.id; b: foreign key $1 via b.id=a.b_id"},
		{"MERGE INTO a USING b ON a.b_id = b.id AND (a.t = $1 OR b.t = $1) WHEN MATCHED THEN DELETE", "a!del: none; b: none"},
		{"INSERT INTO a (id, t) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET x = 1 WHERE a.t = $2 OR a.x = EXCLUDED.x", "a!ins: bound $2; a!ups: none"},
	})
}

// Rows that a column is computed from, or is an element of a list in.
func TestComputedLinks(t *testing.T) {
	run(t, Options{}, []rule{
		{"SELECT * FROM a LEFT JOIN b ON b.id = split_part(a.urn, ':', 2)::uuid WHERE a.t = $1", "a: bound $1; b: foreign key $1 via b.id=a.urn"},
		{"SELECT * FROM a LEFT JOIN b ON b.id = CASE WHEN a.urn LIKE 'b:%' THEN split_part(a.urn, ':', 2)::uuid END WHERE a.t = $1", "a: bound $1; b: foreign key $1 via b.id=a.urn"},
		{"SELECT * FROM a JOIN b ON b.id = ANY(a.b_ids) WHERE a.t = $1", "a: bound $1; b: foreign key $1 via b.id=a.b_ids"},
		{"SELECT * FROM a JOIN b ON b.id = ANY(a.b_ids) OR b.id = a.b_id WHERE a.t = $1", "a: bound $1; b: foreign key $1 via b.id=a.b_ids"},
		{"SELECT * FROM a JOIN b ON b.t = lower(a.t) WHERE a.t = $1", "a: bound $1; b: foreign key $1 via b.t=a.t"},
		{"SELECT * FROM a, c JOIN b ON b.id = concat(a.x, c.x) WHERE a.t = $1", "a: bound $1; c: none; b: none"},
		{"SELECT * FROM a JOIN b ON b.id = lower($1)", "a: none; b: none"},
		{"SELECT * FROM a JOIN b ON lower(b.id) = a.b_id WHERE a.t = $1", "a: bound $1; b: none"},
		{"SELECT * FROM a WHERE x = lower(t) AND x = $1", "a: none"},
	})
}

// Whose a row is that is made of another.
func TestFrom(t *testing.T) {
	for sql, want := range map[string]string{
		"INSERT INTO a (id, t) SELECT $1, b.t FROM b WHERE b.id = $2":                                                          "a!ins [1]; b []",
		"INSERT INTO a (id, t) SELECT $1, b.t FROM b WHERE b.id = $2 ON CONFLICT (t) DO UPDATE SET x = 1":                      "a!ins [1]; b []; a!ups [1]",
		"INSERT INTO a (id, t) SELECT $1, b.t FROM b WHERE b.id = $2 ON CONFLICT (id) DO UPDATE SET x = 1":                     "a!ins [1]; b []; a!ups []",
		"WITH c AS (SELECT b.t FROM b WHERE b.id = $2) INSERT INTO a (id, t) SELECT $1, c.t FROM c ON CONFLICT DO NOTHING":     "b []; a!ins [0]",
		"INSERT INTO a (id, t) VALUES ($1, (SELECT b.t FROM b WHERE b.id = $2)) ON CONFLICT (id) DO UPDATE SET t = excluded.t": "a!ins [1]; b []; a!ups []",
		"INSERT INTO a (id, t) SELECT $1, lower(b.t) FROM b":                                                                   "a!ins []; b []",
	} {
		var out []string
		for _, s := range Scan(Plain(sql), Options{}).Statements {
			for i, o := range s.Occurrences {
				name := o.Table
				if o.Role != Reads {
					name += "!" + o.Role.String()[:3]
				}
				out = append(out, fmt.Sprint(name, " ", s.Restricted(i, "t").From))
			}
		}
		if got := strings.Join(out, "; "); got != want {
			t.Errorf("%s\n got %s\nwant %s", sql, got, want)
		}
	}
}

// Which occurrences a row that comes out need not go with.
func TestOptionalOccurrences(t *testing.T) {
	for sql, want := range map[string]string{
		"SELECT * FROM a JOIN b ON b.id = a.id":                                       "",
		"SELECT * FROM a LEFT JOIN b ON b.id = a.id":                                  "b",
		"SELECT * FROM a LEFT JOIN b ON b.id = a.id WHERE b.t = $1":                   "",
		"SELECT * FROM a RIGHT JOIN b ON b.id = a.id":                                 "a",
		"SELECT a.id, (SELECT max(x) FROM b WHERE b.id = a.id) FROM a":                "b",
		"SELECT EXISTS (SELECT 1 FROM a WHERE t = $1)":                                "",
		"SELECT * FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.id = a.id)":            "",
		"UPDATE a SET x = (SELECT x FROM b WHERE b.id = a.id) WHERE a.t = $1":         "b",
		"WITH c AS (SELECT id FROM a WHERE t = $1) SELECT * FROM b JOIN c USING (id)": "",
	} {
		var out []string
		for _, o := range Scan(Plain(sql), Options{}).Statements[0].Occurrences {
			if o.Optional {
				out = append(out, o.Table)
			}
		}
		if got := strings.Join(out, " "); got != want {
			t.Errorf("%s: %q, want %q", sql, got, want)
		}
	}
}

// Tables that are all joined to each other, by one column or another: the search
// for one that is restricted ends. Without a bound it outlasts any time limit.
func TestManyLinks(t *testing.T) {
	var from, where []string
	for i := range 20 {
		from = append(from, fmt.Sprintf("t%d", i))
		for k := range i {
			where = append(where, fmt.Sprintf("(t%d.a%d = t%d.id OR t%d.b%d = t%d.id)", i, k, k, k, i, i))
			where = append(where, fmt.Sprintf("t%d.c%d = t%d.d%d", i, k, k, i))
		}
	}
	s := Scan(Plain("SELECT * FROM "+strings.Join(from, ", ")+" WHERE "+strings.Join(where, " AND ")), Options{}).Statements[0]
	for i := range s.Occurrences {
		if v := s.Restricted(i, "t"); v.Kind != None {
			t.Errorf("t%d: %v", i, v)
		}
	}
}

func TestLock(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"SELECT id FROM invoices WHERE id = $1", ""},
		{"SELECT id FROM invoices WHERE id = $1 FOR UPDATE", "update"},
		{"select id from invoices where id = $1 For No Key Update skip locked", "no key update"},
		{"SELECT id FROM invoices WHERE id = $1 FOR SHARE OF invoices NOWAIT", "share"},
		{"SELECT id FROM invoices WHERE id = ? LOCK IN SHARE MODE", "share"},
		{"UPDATE invoices SET paid = true WHERE id = $1", ""},
	} {
		stmts := Scan(Plain(c.text), Options{}).Statements
		if len(stmts) != 1 || stmts[0].Lock() != c.want {
			t.Errorf("%s: locks %q, want %q", c.text, stmts[0].Lock(), c.want)
		}
	}
}

// TestRoutines: the statements of a trigger run when its table changes, not
// when the text does.
func TestRoutines(t *testing.T) {
	for text, want := range map[string]string{
		"CREATE TRIGGER x AFTER UPDATE ON a BEGIN UPDATE b SET n = CASE WHEN n > 1 THEN 0 ELSE 1 END WHERE id = NEW.id; DELETE FROM c; END; UPDATE d SET x = 1": "other, UPDATE",
		"CREATE PROCEDURE p() BEGIN IF n THEN DELETE FROM b; END IF; CASE n WHEN 1 THEN DELETE FROM c; END CASE; END":                                           "other",
		"CREATE TRIGGER x AFTER UPDATE ON a BEGIN UPDATE b SET n = 1; DELETE FROM c":                                                                            "other, DELETE",
		"CREATE TABLE event (begin int); DELETE FROM c; END; DELETE FROM d":                                                                                     "other, DELETE, other, DELETE",
		"CREATE VIEW begin AS SELECT 1; DELETE FROM c; SELECT x AS end":                                                                                         "other, DELETE, SELECT",
	} {
		var got []string
		for _, s := range Scan(Plain(text), Options{}).Statements {
			got = append(got, s.Verb.String())
		}
		if s := strings.Join(got, ", "); s != want {
			t.Errorf("%s\n got %s\nwant %s", text, s, want)
		}
	}
}

// TestTies: each of the joins that lead to restricted rows is told of.
func TestTies(t *testing.T) {
	text := "SELECT 1 FROM a WHERE a.t = $1 AND EXISTS (SELECT 1 FROM b WHERE b.x = a.x AND b.id = a.b_id)"
	var got []string
	for _, p := range Scan(Plain(text), Options{}).Statements[0].Restricted(1, "t").Proofs {
		for _, l := range p.Via {
			got = append(got, fmt.Sprintf("%s %s.%s=%s.%s", p.Kind, l.Table, l.Column, l.ToTable, l.ToColumn))
		}
	}
	if s, want := strings.Join(got, ", "), "foreign key b.x=a.x, foreign key b.id=a.b_id"; s != want {
		t.Errorf("%s\n got %s\nwant %s", text, s, want)
	}
}
