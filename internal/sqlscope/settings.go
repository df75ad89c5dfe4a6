package sqlscope

import "strings"

// A Setting is a run-time parameter of the connection that a text sets.
type Setting struct {
	Name  Value // mostly a literal: app.tenant_id
	Value Value // what it is set to: the empty literal where it is reset
	// Local is the literal "true" where the setting ends with the transaction,
	// "false" where it stays with the connection, or what says which.
	Local Value
}

// Settings returns the run-time parameters of PostgreSQL that a text sets, in
// their order: by SET, by RESET, or by a SELECT of nothing but set_config, which
// may not do so. A hole or placeholder that is a part of a value, as in
// 'tenant_%s', stands for all of it.
func Settings(text Text) []Setting {
	l := lex(text, Postgres)
	var out []Setting
	for i := 0; i < len(l.toks)-1; i++ {
		end := i
		for end < len(l.toks)-1 && !l.toks[end].op(";") {
			end++
		}
		p := &parser{lexer: l, i: i, end: end}
		out = append(out, p.settings()...)
		i = end
	}
	return out
}

func (p *parser) settings() []Setting {
	switch {
	case p.word("set"):
		local := p.word("local")
		if !local {
			p.word("session")
		}
		name := p.settingName()
		if name == "" || !p.sym("=") && !p.word("to") && name != "role" {
			return nil
		}
		value, ok := settingValue(p.operand())
		if !ok {
			return nil
		}
		if value.Text == "default" && value.Kind == Literal {
			value.Text = ""
		}
		return []Setting{{literalValue(name), value, truth(local)}}
	case p.word("reset"):
		if name := p.settingName(); name != "" {
			return []Setting{{literalValue(name), literalValue(""), truth(false)}}
		}
		return nil
	case p.is("select"):
		return p.configured()
	}
	return nil
}

// configured reads SELECT set_config(name, value, local), ….
func (p *parser) configured() []Setting {
	t := p.statement()
	q := t.Query
	if t.Unparsed != "" || t.Verb != Select || q == nil || q.Left != nil || len(q.From) > 0 || q.Where != nil || len(q.Holes) > 0 {
		return nil
	}
	var out []Setting
	for _, item := range q.Items {
		e := item.Expr
		if e == nil || e.Op != OpFunc || e.Name != "set_config" || len(e.Args) != 3 {
			continue
		}
		name, ok := settingValue(e.Args[0])
		value, valued := settingValue(e.Args[1])
		local, said := settingValue(e.Args[2])
		if !ok || !valued || !said || name.Kind == Literal && name.Text == "" {
			continue
		}
		name.Text = strings.ToLower(name.Text)
		if local.Kind == Literal {
			local = truth(isTrue(local.Text))
		}
		out = append(out, Setting{name, value, local})
	}
	return out
}

// settingName reads the name of a parameter, "" if there is none.
func (p *parser) settingName() string {
	var parts []string
	for {
		t := p.tok()
		if !isName(t) && t.kind != tQuoted || t.val != 0 {
			return ""
		}
		parts = append(parts, strings.ToLower(p.take().text))
		if !p.sym(".") {
			return strings.Join(parts, ".")
		}
	}
}

// settingValue returns what an expression is made of, if that is one value.
func settingValue(e *Expr) (Value, bool) {
	switch {
	case e.Op == OpValue:
		v := e.Value
		v.Part = false
		return v, true
	case e.Op == OpColumn && e.Table == "":
		return literalValue(e.Name), true // SET x TO word
	case e.Op == OpDefault:
		return literalValue(""), true
	case e.Op == OpOther && len(e.Args) == 1:
		return settingValue(e.Args[0])
	}
	return Value{}, false
}

func literalValue(s string) Value { return Value{Kind: Literal, Text: s} }

func truth(yes bool) Value {
	if yes {
		return literalValue("true")
	}
	return literalValue("false")
}

// isTrue reports whether a literal is one of PostgreSQL's words for true.
func isTrue(text string) bool {
	switch strings.ToLower(text) {
	case "true", "t", "yes", "y", "on", "1":
		return true
	}
	return false
}
