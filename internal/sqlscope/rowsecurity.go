package sqlscope

import (
	"fmt"
	"slices"
	"strings"
)

// rowSecurity is what migrations say of the row-level security of a table.
type rowSecurity struct {
	enabled, forced bool
	policies        []rowPolicy
}

// rowPolicy is a policy of a table, as CREATE POLICY has it.
type rowPolicy struct {
	name         string
	restrictive  bool
	command      string   // all, select, insert, update or delete
	roles        []string // nobody named: everybody
	using, check *Expr
}

// Secured returns why PostgreSQL does not hold a statement to rows of the table
// in which one of the columns equals the run-time parameter setting; it is empty
// if it does. The statement does to the table what role says. It is made by the
// database role user, who is not the owner of the table; without a name anybody
// may make it, and the owner too.
func (s *Schema) Secured(table string, role Role, columns []string, setting, user string) (why string) {
	t := s.find(table)
	switch {
	case t == nil || !t.security.enabled:
		return "row-level security is not enabled on " + table
	case !t.security.forced && user == "":
		return "row-level security is not forced on " + table + ", so the owner of the table is not held to it"
	}
	allowed, held := false, false
	loose := ""
	for _, p := range t.security.policies {
		if !p.concerns(role, user) {
			continue
		}
		good := s.restricts(p.condition(role), table, columns, setting)
		switch {
		case p.restrictive:
			held = held || good
		case !good:
			allowed, loose = true, orText(loose, p.name)
		default:
			allowed = true
		}
	}
	switch {
	case !allowed:
		return fmt.Sprintf("no policy of %s compares %s with %s", table, strings.Join(columns, " or "), setting)
	case loose != "" && !held:
		return fmt.Sprintf("policy %s of %s does not compare %s with %s", loose, table, strings.Join(columns, " or "), setting)
	}
	return ""
}

// concerns reports whether the policy is about what user does.
func (p *rowPolicy) concerns(role Role, user string) bool {
	command := map[Role]string{Reads: "select", Inserts: "insert", Updates: "update", Upserts: "update", Deletes: "delete"}[role]
	if p.command != "all" && p.command != command {
		return false
	}
	return user == "" || len(p.roles) == 0 || slices.Contains(p.roles, user) || slices.Contains(p.roles, "public")
}

// condition returns the condition of the rows that the policy lets pass.
func (p *rowPolicy) condition(role Role) *Expr {
	if role == Inserts && p.check != nil {
		return p.check
	}
	return p.using
}

// restricts reports whether cond holds only for rows of which a column equals
// the setting.
func (s *Schema) restricts(cond *Expr, table string, columns []string, setting string) bool {
	if cond == nil {
		return false
	}
	stmt := Check(&Tree{Verb: Condition, From: []*From{{Name: table}}, Where: s.withSettings(cond, 0)}, s)
	for _, col := range columns {
		v := stmt.Restricted(0, col)
		if v.Kind == Bound && slices.ContainsFunc(v.Proofs, func(p Proof) bool {
			return len(p.Undo) == 0 && len(p.Values) > 0 && !slices.ContainsFunc(p.Values, func(v Value) bool {
				return v.Kind != Placeholder || v.Name != setting || v.Part
			})
		}) {
			return true
		}
	}
	return false
}

// withSettings returns an expression with a named placeholder for each
// current_setting, whichever way it is read.
func (s *Schema) withSettings(e *Expr, depth int) *Expr {
	if e == nil || depth > maxDepth {
		return e
	}
	out := *e
	out.Args = make([]*Expr, len(e.Args))
	for i, arg := range e.Args {
		out.Args[i] = s.withSettings(arg, depth+1)
	}
	setting := func(name string) *Expr { return &Expr{Op: OpValue, Value: Value{Kind: Placeholder, Name: name}} }
	switch {
	case e.Op == OpFunc && e.Name == "current_setting" && len(out.Args) > 0 && isLiteral(out.Args[0]):
		return setting(strings.ToLower(out.Args[0].Value.Text))
	case e.Op == OpFunc && e.Name == "nullif" && len(out.Args) == 2 && isLiteral(out.Args[1]):
		return out.Args[0] // NULL equals nothing
	case e.Op == OpFunc && s.settings[e.Name] != "":
		return setting(s.settings[e.Name])
	case e.Op == OpSub && e.Sub != nil && e.Sub.Left == nil && len(e.Sub.From) == 0 && e.Sub.Where == nil && len(e.Sub.Items) == 1 && e.Sub.Items[0].Expr != nil:
		return s.withSettings(e.Sub.Items[0].Expr, depth+1)
	}
	return &out
}

func isLiteral(e *Expr) bool { return e.Op == OpValue && e.Value.Kind == Literal }

// security reads what ALTER TABLE says of row-level security; false if it speaks
// of something else.
func (d *ddl) security(t *tableDef) bool {
	field, on := &t.security.enabled, true
	switch {
	case d.words("enable", "row"):
	case d.words("disable", "row"):
		on = false
	case d.words("force", "row"):
		field = &t.security.forced
	case d.is("no") && d.at(1).is("force"):
		d.take()
		d.take()
		d.word("row")
		field, on = &t.security.forced, false
	default:
		return false
	}
	if d.words("level", "security") {
		*field = on
	}
	return true
}

// known returns the table of that name, which may have been made elsewhere: then
// nothing is known of its columns.
func (d *ddl) known(name string) *tableDef {
	t := d.s.find(name)
	if t == nil {
		t = &tableDef{name: name, open: true}
		d.s.tables = append(d.s.tables, t)
	}
	return t
}

// createPolicy reads CREATE POLICY.
func (d *ddl) createPolicy() {
	p := rowPolicy{name: d.take().text, command: "all"}
	if !d.word("on") {
		return
	}
	name := d.tableName()
	if name == "" {
		return
	}
	d.policyClauses(&p)
	t := d.known(name)
	t.security.policies = append(t.security.policies, p)
}

// alterPolicy reads ALTER POLICY.
func (d *ddl) alterPolicy() {
	name := d.take().text
	if !d.word("on") {
		return
	}
	t := d.s.find(d.tableName())
	if t == nil {
		return
	}
	for i := range t.security.policies {
		if p := &t.security.policies[i]; p.name == name {
			if d.words("rename", "to") {
				p.name = d.take().text
				return
			}
			d.policyClauses(p)
		}
	}
}

// dropPolicy reads DROP POLICY.
func (d *ddl) dropPolicy() {
	d.exists()
	name := d.take().text
	if !d.word("on") {
		return
	}
	if t := d.s.find(d.tableName()); t != nil {
		t.security.policies = slices.DeleteFunc(t.security.policies, func(p rowPolicy) bool { return p.name == name })
	}
}

// policyClauses reads what stands behind the table of a policy.
func (d *ddl) policyClauses(p *rowPolicy) {
	for !d.done() {
		switch {
		case d.word("as"):
			p.restrictive = d.take().text == "restrictive"
		case d.word("for"):
			p.command = d.take().text
		case d.word("to"):
			p.roles = nil
			for {
				p.roles = append(p.roles, d.take().text)
				if !d.sym(",") {
					break
				}
			}
		case d.word("using"):
			p.using = d.condition()
		case d.words("with", "check"):
			p.check = d.condition()
		default:
			d.skip()
		}
	}
}

// condition reads a condition in parentheses. One that is not understood is an
// expression that restricts nothing.
func (d *ddl) condition() *Expr {
	if !d.op("(") || d.tok().match < 0 {
		return &Expr{Op: OpOther}
	}
	start, end := d.i+1, int(d.tok().match)
	p := &parser{lexer: d.lexer, i: start, end: end}
	e := p.expr()
	d.i = end + 1
	if p.err != "" || !p.done() {
		return &Expr{Op: OpOther}
	}
	return e
}

// function reads CREATE FUNCTION. All that matters of one is that it returns a
// run-time parameter, and nothing else but NULL.
func (d *ddl) function() {
	name := d.tableName()
	if name == "" {
		return
	}
	delete(d.s.settings, name)
	for ; !d.done(); d.skip() {
		body := d.tok()
		if body.kind != tString || !strings.Contains(body.text, "current_setting") {
			continue
		}
		if setting := d.s.returned(body.text); setting != "" {
			if d.s.settings == nil {
				d.s.settings = map[string]string{}
			}
			d.s.settings[name] = setting
		}
		return
	}
}

// returned returns the run-time parameter that a function with that body returns.
func (s *Schema) returned(body string) string {
	l := lex(Plain(body), Postgres)
	name := ""
	for i := 0; i < len(l.toks)-1; i++ {
		if t := &l.toks[i]; !t.is("return") && !(t.is("select") && i == 0) {
			continue
		}
		end := i
		for end < len(l.toks)-1 && !l.toks[end].op(";") {
			end++
		}
		p := &parser{lexer: l, i: i + 1, end: end}
		e := s.withSettings(p.expr(), 0)
		switch {
		case p.err != "" || !p.done():
			return ""
		case isLiteral(e) && e.Value.Text == "null":
		case e.Op != OpValue || e.Value.Kind != Placeholder || e.Value.Name == "" || name != "" && name != e.Value.Name:
			return ""
		default:
			name = e.Value.Name
		}
		i = end
	}
	return name
}
