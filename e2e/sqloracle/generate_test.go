package sqloracle

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/tenantvet/tenantvet/internal/sqlscope"
)

// gen writes random statements of one dialect: every construct that decides
// which rows a statement reaches, nested, with operators in every order.
type gen struct {
	*rand.Rand
	d      string
	params int
	alias  int
	depth  int
	links  bool // conditions are mostly about which rows belong together
}

var tables = []string{"tickets", "queues", "comments", "members", "webhooks", "deliveries"}
var columnNames = []string{"tenant_id", "env_id", "id", "queue_id", "ticket_id", "status"}

func (g *gen) pick(list ...string) string { return list[g.IntN(len(list))] }
func (g *gen) chance(n int) bool          { return g.IntN(n) == 0 }

func (g *gen) param() string {
	g.params++
	switch g.d {
	case "postgres":
		return fmt.Sprintf("$%d", g.IntN(4)+1)
	case "sqlite":
		return g.pick("?", "?", ":t", "@e", "?2")
	}
	return "?"
}

type scope []string // aliases in sight

func (g *gen) name() string {
	g.alias++
	return fmt.Sprintf("x%d", g.alias)
}

func (g *gen) column(s scope) string {
	c := g.pick(columnNames...)
	if g.chance(3) {
		c = "tenant_id"
	}
	if len(s) == 0 || g.chance(12) {
		return c
	}
	return s[g.IntN(len(s))] + "." + c
}

func (g *gen) value(s scope) string {
	switch g.IntN(14) {
	case 0:
		return "'a'"
	case 1:
		return g.pick("1", "-1", "NULL", "TRUE", "'it''s'")
	case 2:
		return "lower(" + g.value(s) + ")"
	case 3:
		return "COALESCE(" + g.value(s) + ", " + g.value(s) + ")"
	case 4:
		return "CASE WHEN " + g.cond(s) + " THEN " + g.value(s) + g.pick("", " ELSE "+g.value(s)) + " END"
	case 5:
		if g.depth < 3 {
			return "(" + g.query(s, 1, false) + ")"
		}
	case 6:
		return "CAST(" + g.value(s) + " AS " + g.castType() + ")"
	case 7:
		return g.column(s) + g.pick(" + ", " - ", " * ") + g.value(s)
	case 8, 9:
		return g.column(s)
	case 10:
		if g.d == "postgres" {
			return g.pick("("+g.param()+")::uuid", "NULLIF("+g.param()+", '')", "current_setting('app.t')", g.column(s)+"::text", g.column(s)+" ->> 'k'")
		}
		return "NULLIF(" + g.param() + ", '')"
	case 11:
		return "(" + g.value(s) + ")"
	}
	return g.param()
}

func (g *gen) castType() string {
	if g.d == "mysql" {
		return g.pick("CHAR", "SIGNED", "CHAR(36)")
	}
	return g.pick("text", "integer", "varchar(10)")
}

func (g *gen) cond(s scope) string {
	g.depth++
	defer func() { g.depth-- }()
	if g.links && g.depth < 5 && !g.chance(4) {
		return g.link(s)
	}
	n := 19
	if g.depth > 6 {
		n = 8
	}
	switch g.IntN(n) {
	case 0, 1, 2, 3:
		return g.column(s) + " = " + g.param()
	case 4:
		return g.column(s) + " = " + g.column(s)
	case 5:
		return g.column(s) + g.pick(" IS NULL", " IS NOT NULL", " <> "+g.param(), " < "+g.param(), " >= "+g.param())
	case 6:
		return g.param() + " IS NULL"
	case 7:
		return g.value(s) + " = " + g.column(s)
	case 8:
		return g.cond(s) + " AND " + g.cond(s)
	case 9:
		return g.cond(s) + " OR " + g.cond(s)
	case 10:
		return "(" + g.cond(s) + ")"
	case 11:
		return "NOT " + g.pick(g.cond(s), "("+g.cond(s)+")")
	case 12:
		var list []string
		for range g.IntN(3) + 1 {
			list = append(list, g.value(s))
		}
		return g.column(s) + g.pick(" IN (", " NOT IN (") + strings.Join(list, ", ") + ")"
	case 13:
		if g.depth < 4 {
			return g.column(s) + g.pick(" IN (", " NOT IN (") + g.query(s, 1, false) + ")"
		}
	case 14:
		if g.depth < 4 {
			return g.pick("EXISTS (", "NOT EXISTS (") + g.query(s, 1, false) + ")"
		}
	case 15:
		return "(" + g.column(s) + ", " + g.column(s) + ") = (" + g.value(s) + ", " + g.value(s) + ")"
	case 16:
		if g.d == "postgres" {
			return g.column(s) + g.pick(" = ANY("+g.param()+")", " <> ALL("+g.param()+")", " = ANY(ARRAY["+g.value(s)+", "+g.value(s)+"])", " IS NOT DISTINCT FROM "+g.value(s), " IS DISTINCT FROM "+g.param(), " ILIKE '%x'")
		}
		if g.d == "mysql" {
			return g.column(s) + g.pick(" <=> ", " LIKE ", " REGEXP ") + g.param()
		}
		return g.column(s) + g.pick(" IS ", " IS NOT ", " == ", " LIKE ", " GLOB ") + g.param()
	case 17:
		return g.column(s) + g.pick(" BETWEEN ", " NOT BETWEEN ") + g.param() + " AND " + g.param()
	}
	return "(" + g.column(s) + ", " + g.column(s) + ") IN ((" + g.param() + ", " + g.param() + "), (" + g.param() + ", 'b'))"
}

// link writes a condition on which rows belong together.
func (g *gen) link(s scope) string {
	switch g.IntN(7) {
	case 0, 1:
		return "(" + g.cond(s) + " OR " + g.cond(s) + ")"
	case 2:
		return g.cond(s) + " AND " + g.cond(s)
	case 3, 4:
		return g.column(s) + " = " + g.column(s)
	}
	if len(s) == 0 {
		return "tenant_id = " + g.param()
	}
	return s[g.IntN(len(s))] + ".tenant_id = " + g.param()
}

func (g *gen) from(outer scope) (string, scope) {
	one := func(s scope) (string, string) {
		a := g.name()
		if g.depth < 3 && g.chance(6) {
			g.depth++
			defer func() { g.depth-- }()
			seen := outer
			lateral := ""
			if g.d == "postgres" && g.chance(3) {
				lateral, seen = "LATERAL ", s
			}
			return lateral + "(" + g.query(seen, 0, false) + ") AS " + a, a
		}
		if g.d == "postgres" && g.chance(12) {
			return "unnest(" + g.param() + "::uuid[], " + g.param() + "::uuid[]) AS " + a + " (id, tenant_id)", a
		}
		if g.d == "postgres" && g.chance(14) {
			return "(VALUES (" + g.value(nil) + ", " + g.param() + "), (1, " + g.param() + ")) AS " + a + " (id, tenant_id)", a
		}
		if g.chance(5) {
			return "cte AS " + a, a
		}
		return g.pick(tables...) + g.pick(" ", " AS ") + a, a
	}
	text, a := one(outer)
	s := append(append(scope{}, outer...), a)
	own := scope{a}
	for g.chance(2) {
		right, b := one(s)
		s = append(s, b)
		own = append(own, b)
		kind := g.pick(" JOIN ", " INNER JOIN ", " LEFT JOIN ", " LEFT OUTER JOIN ", " RIGHT JOIN ")
		if g.d != "mysql" && g.chance(6) {
			kind = " FULL JOIN "
		}
		switch g.IntN(8) {
		case 0:
			text += g.pick(" CROSS JOIN ", ", ") + right
		case 1:
			if strings.Contains(text, ",") {
				text += kind + right + " ON " + own[len(own)-2] + ".id = " + b + ".id"
			} else {
				text += kind + right + " USING (tenant_id)"
			}
		default:
			on := own[g.IntN(len(own))] + ".tenant_id = " + b + ".tenant_id"
			if g.chance(2) {
				on = g.cond(own)
			}
			if strings.Contains(text, ",") {
				on = g.cond(scope{b})
			}
			text += kind + right + " ON " + on
		}
	}
	return text, s
}

// query writes a SELECT of so many columns, any number for 0.
func (g *gen) query(outer scope, columns int, top bool) string {
	g.depth++
	defer func() { g.depth-- }()
	from, s := g.from(outer)
	own := s[len(outer):]
	items := ""
	switch {
	case columns == 0 && !top && g.chance(4):
		// What a condition on the output may not be moved past.
		a := own[g.IntN(len(own))]
		group := a + "." + g.pick("tenant_id", "tenant_id", "env_id")
		q := "SELECT " + group + " AS tenant_id, count(*) AS id, max(" + a + ".status) AS status FROM " + from
		if g.chance(2) {
			q += " WHERE " + g.cond(s)
		}
		switch g.IntN(3) {
		case 0:
			return q + " GROUP BY " + group
		case 1:
			return q + " GROUP BY " + group + " HAVING " + group + " = " + g.param()
		}
		over := g.pick("", "PARTITION BY "+a+".tenant_id", "PARTITION BY "+a+".env_id")
		return "SELECT " + a + ".id, " + a + ".tenant_id, count(*) OVER (" + over + ") AS status FROM " + from
	case columns == 0 && g.chance(3):
		items = "*"
	case columns == 0:
		a := own[g.IntN(len(own))]
		items = a + ".id, " + own[g.IntN(len(own))] + ".tenant_id" + g.pick("", " AS tenant_id") + ", " + g.value(s) + " AS status"
	default:
		items = own[g.IntN(len(own))] + "." + g.pick(columnNames...)
		if g.chance(4) {
			items = g.pick("1", "count(*)", "max("+items+")")
		}
	}
	distinct := ""
	if g.chance(10) {
		distinct = "DISTINCT "
	}
	q := "SELECT " + distinct + items + " FROM " + from
	if !g.chance(4) {
		q += " WHERE " + g.cond(s)
	}
	if columns > 0 && g.chance(8) {
		q += " GROUP BY " + own[0] + ".tenant_id"
		if g.chance(2) {
			q += " HAVING " + g.cond(s)
		}
	}
	if g.chance(8) && g.depth < 4 {
		n := columns
		arm := g.query(outer, n, false)
		if !strings.Contains(arm, "LIMIT") {
			q += g.pick(" UNION ", " UNION ALL ", " EXCEPT ") + arm
		}
	} else if g.chance(8) {
		q += " ORDER BY 1 LIMIT " + g.pick("1", "10")
	}
	return q
}

func (g *gen) statement() string {
	with := ""
	switch g.IntN(4) {
	case 0:
		with = "WITH cte AS (SELECT id, tenant_id, env_id, status FROM tickets WHERE " + g.cond(scope{"tickets"}) + ") "
	case 1:
		with = "WITH RECURSIVE cte AS (SELECT id, tenant_id, env_id, status FROM queues WHERE " + g.cond(scope{"queues"}) +
			" UNION ALL SELECT q.id, q.tenant_id, q.env_id, q.status FROM queues q JOIN cte c ON " + g.cond(scope{"q", "c"}) + ") "
	}
	t := g.pick(tables...)
	switch g.IntN(7) {
	case 0:
		if g.d == "mysql" {
			switch g.IntN(3) {
			case 0:
				from, s := g.from(nil)
				return with + "UPDATE " + from + " SET " + s[0] + ".status = " + g.value(s) + " WHERE " + g.cond(s)
			case 1:
				return with + "UPDATE " + t + " SET status = " + g.value(nil) + ", tenant_id = " + g.param() + " WHERE " + g.cond(scope{t})
			}
			return with + "UPDATE " + t + " AS z SET z.status = 'x' WHERE " + g.cond(scope{"z"})
		}
		if g.chance(2) {
			from, s := g.from(nil)
			return with + "UPDATE " + t + " AS z SET status = " + g.value(append(scope{"z"}, s...)) + ", tenant_id = " + g.param() + " FROM " + from + " WHERE " + g.cond(append(scope{"z"}, s...))
		}
		return with + "UPDATE " + t + " SET status = " + g.value(nil) + " WHERE " + g.cond(scope{t})
	case 1:
		switch g.d {
		case "postgres":
			if g.chance(2) {
				from, s := g.from(nil)
				return with + "DELETE FROM " + t + " z USING " + from + " WHERE " + g.cond(append(scope{"z"}, s...)) + g.pick("", " RETURNING *")
			}
		case "mysql":
			if g.chance(2) {
				from, s := g.from(nil)
				return with + "DELETE " + s[0] + " FROM " + from + " WHERE " + g.cond(s)
			}
		}
		return with + "DELETE FROM " + t + " WHERE " + g.cond(scope{t})
	case 2:
		row := func() string { return "(" + g.value(nil) + ", " + g.value(nil) + ")" }
		ins := "INSERT INTO " + t + " (" + g.pick("id, tenant_id", "tenant_id, id", "id, status") + ") VALUES " + row()
		if g.chance(3) {
			ins += ", " + row()
		}
		if g.chance(3) {
			ins = strings.Replace(ins, "(", "(", 1)
			ins = ins[:strings.Index(ins, " VALUES")] + " " + g.query(nil, 1, false)
			ins = strings.Replace(ins, "SELECT ", "SELECT "+g.value(nil)+", ", 1)
			return ins
		}
		switch {
		case g.d == "mysql" && g.chance(2):
			ins += " ON DUPLICATE KEY UPDATE status = " + g.pick("VALUES(status)", "'x'") + g.pick("", ", tenant_id = VALUES(tenant_id)")
		case g.d != "mysql" && g.chance(2):
			ins += " ON CONFLICT (" + g.pick("id", "tenant_id, id", "tenant_id") + ") DO " + g.pick("NOTHING", "UPDATE SET status = excluded.status", "UPDATE SET tenant_id = excluded.tenant_id WHERE "+t+".tenant_id = excluded.tenant_id")
		}
		return ins
	}
	return with + g.query(nil, 0, true)
}

// The verdicts on generated statements are equal, too.
func TestGenerated(t *testing.T) {
	catalog := schema(t)
	count := *many
	if testing.Short() {
		count = min(count, 2000)
	}
	for k, d := range dialects() {
		t.Run(d.name, func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(*seed, uint64(k)))
			accepted, verdicts, restricted, unequal, unsafe := 0, 0, 0, 0, 0
			for i := 0; i < count; i++ {
				g := &gen{Rand: rnd, d: d.name}
				sql := g.statement()
				var c sqlscope.Catalog
				if i%2 == 0 {
					c = catalog
				}
				diffs, n, ok := compare(d, sql, c, []string{"tenant_id", "id"})
				if !ok {
					continue
				}
				accepted++
				verdicts += n
				for _, s := range sqlscope.Scan(sqlscope.Plain(sql), sqlscope.Options{Dialect: d.id, Catalog: c}).Statements {
					for o := range s.Occurrences {
						if s.Restricted(o, "tenant_id").Kind.Restricts() {
							restricted++
						}
					}
				}
				if len(diffs) > 0 {
					unequal++
				}
				for _, x := range diffs {
					if x.unsafe {
						unsafe++
					}
					if unequal < 6 || x.unsafe && unsafe < 6 {
						t.Logf("%s\n\t%s (unsafe: %v)", sql, x.what, x.unsafe)
					}
				}
			}
			t.Logf("%d statements, of which the parser accepts %d; %d verdicts, %d restrict tenant_id; %d statements differ, %d unsafe", count, accepted, verdicts, restricted, unequal, unsafe)
			if accepted < count/3 {
				t.Errorf("the parser accepts only %d of %d statements", accepted, count)
			}
			if unsafe > 0 {
				t.Errorf("%d differences are unsafe", unsafe)
			}
			if unequal*1000 > accepted {
				t.Errorf("%d of %d statements differ, more than one in a thousand", unequal, accepted)
			}
		})
	}
}
