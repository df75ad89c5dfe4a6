package sqlscope

// expr reads an expression up to what cannot belong to it.
func (p *parser) expr() *Expr {
	if !p.enter() {
		return &Expr{Op: OpOther}
	}
	defer p.leave()
	outer, outerMay := p.loose, p.may
	p.loose, p.may = nil, nil
	e := p.or()
	for !p.ends() {
		// Something unknown: nothing on this level is believed.
		e = &Expr{Op: OpOther, Args: []*Expr{e, p.junk()}}
	}
	if p.may != nil {
		e = &Expr{Op: OpLoose, Args: []*Expr{e}, Holes: p.loose, May: p.may}
	}
	p.loose, p.may = outer, outerMay
	return e
}

// ends reports whether the expression may end here.
func (p *parser) ends() bool {
	if p.done() {
		return true
	}
	switch t := p.tok(); t.kind {
	case tEOF, tHole, tQuoted:
		return true
	case tOp:
		return t.text == ")" || t.text == "," || t.text == "]" || t.text == ";" || t.text == ":" || t.text == "}"
	case tIdent:
		switch t.text {
		case "or", "and", "is", "in", "like", "between", "not", "collate", "any", "some", "all", "exists", "distinct":
			return false
		}
		// Any other word goes on with the clause, or is an alias.
		return true
	case tString:
		return true // an alias, in MySQL
	}
	return false
}

// junk consumes one piece of what was not understood, and reads what stands in
// parentheses in it.
func (p *parser) junk() *Expr {
	if p.op("(") || p.is("case") {
		return p.operand()
	}
	if p.op("[") {
		p.take()
		args := p.list()
		if !p.sym("]") {
			p.skip()
		}
		return &Expr{Op: OpOther, Args: args}
	}
	p.skip()
	return &Expr{Op: OpOther}
}

func (p *parser) or() *Expr {
	e := p.and()
	var args []*Expr
	opaque := false
	for p.err == "" {
		if p.is("or") || p.dialect == MySQL && p.op("||") {
			p.take()
		} else if p.is("xor") && p.dialect == MySQL {
			p.take()
			opaque = true
		} else {
			break
		}
		if args == nil {
			args = append(args, e)
		}
		args = append(args, p.and())
	}
	if args == nil {
		return e
	}
	if opaque {
		return &Expr{Op: OpOther, Args: args}
	}
	return &Expr{Op: OpOr, Args: args}
}

func (p *parser) and() *Expr {
	e := p.not()
	var args []*Expr
	for p.err == "" {
		switch t := p.tok(); {
		case t.is("and"), p.dialect == MySQL && t.op("&&"):
			p.take()
		case t.kind == tHole:
			// A hole between two conditions, or behind the last one.
			p.take()
			p.addLoose(t)
			if n := p.tok(); n.is("and") || n.is("or") || n.kind == tHole || p.ends() || !startsOperand(n, p.at(1)) {
				continue
			}
		default:
			if args == nil {
				return e
			}
			return &Expr{Op: OpAnd, Args: args}
		}
		if p.op(")") || p.done() {
			// The rest of the condition is a hole that has been taken.
			break
		}
		if args == nil {
			args = append(args, e)
		}
		args = append(args, p.not())
	}
	if args == nil {
		return e
	}
	return &Expr{Op: OpAnd, Args: args}
}

func (p *parser) addLoose(t *token) {
	if p.val(t).Kind == HoleValue {
		p.addLooseHole(p.val(t).Hole)
	}
}

func (p *parser) not() *Expr {
	if p.is("not") && !p.at(1).is("indexed") || p.op("!") {
		if !p.enter() {
			return &Expr{Op: OpOther}
		}
		defer p.leave()
		tight := p.op("!")
		p.take()
		if tight {
			return &Expr{Op: OpNot, Args: []*Expr{p.operand()}}
		}
		return &Expr{Op: OpNot, Args: []*Expr{p.not()}}
	}
	return p.predicate()
}

// boolean reports whether an expression is a condition by its form.
func boolean(e *Expr) bool {
	switch e.Op {
	case OpEq, OpIn, OpAny, OpExists, OpNull, OpAnd, OpOr, OpNot, OpLoose:
		return true
	case OpOther:
		return e.Name == "?"
	}
	return false
}

// predicate reads a comparison and the like. One in a text that is repeated may
// be repeated no times at all, and proves nothing.
func (p *parser) predicate() *Expr {
	if len(p.holes) == 0 {
		return p.comparison()
	}
	pos := int(p.tok().pos)
	e := p.comparison()
	if boolean(e) && p.repeated(pos) {
		return cond(e)
	}
	return e
}

func (p *parser) comparison() *Expr {
	e := p.arith()
	bare := e.Op == OpValue && e.Value.Kind == HoleValue && !e.Value.InLiteral
	for p.err == "" {
		t := p.tok()
		switch {
		case t.op("="), t.op("=="), t.op("<=>") && p.dialect != Postgres:
			nullOK := t.text == "<=>"
			p.take()
			e = p.equal(e)
			e.NullOK = nullOK
		case t.kind == tOp && (t.text == "<" || t.text == ">" || t.text == "<=" || t.text == ">=" || t.text == "<>" || t.text == "!="):
			p.take()
			if p.is("any") || p.is("some") || p.is("all") {
				p.take()
			}
			e = cond(e, p.arith())
		case t.is("global") && p.dialect == Auto && (p.at(1).is("in") || p.at(1).is("not") && p.at(2).is("in")):
			p.take() // ClickHouse
		case t.is("not"):
			n := p.at(1)
			switch {
			case n.is("null"):
				p.take()
				p.take()
				e = cond(e)
			case n.is("in"), n.is("like"), n.is("ilike"), n.is("between"), n.is("similar"), n.is("rlike"), n.is("regexp"), n.is("glob"), n.is("match"):
				p.take()
				e = &Expr{Op: OpNot, Args: []*Expr{p.wordOperator(e)}}
			default:
				return e
			}
		case t.is("is"):
			p.take()
			e = p.isTest(e)
		case t.is("isnull"):
			p.take()
			e = &Expr{Op: OpNull, Args: []*Expr{e}}
		case t.is("notnull"):
			p.take()
			e = cond(e)
		case t.is("in"), t.is("like"), t.is("ilike"), t.is("between"), t.is("similar") && p.at(1).is("to"),
			t.is("rlike"), t.is("regexp"), t.is("glob"), t.is("match") && !p.at(1).op("("),
			t.is("member") && (p.at(1).is("of") || p.at(1).op("(")), t.is("overlaps"), t.is("sounds") && p.at(1).is("like"):
			e = p.wordOperator(e)
		case t.kind == tHole && !boolean(e) && !bare && startsOperand(p.at(1), p.at(2)) && !p.at(1).is("and"):
			// A hole in the place of an operator.
			p.take()
			p.addLoose(t)
			e = cond(e, p.arith())
		default:
			if bare && e.Op == OpValue {
				p.addLooseHole(e.Value.Hole)
			}
			return e
		}
	}
	return e
}

// addLooseHole notes a hole that stands where conditions stand.
func (p *parser) addLooseHole(id int) {
	switch p.kindOf(id) {
	case Anything, Argless, Repeat:
		p.loose = append(p.loose, id)
		p.may = append(p.may, id)
	case Tail:
		p.may = append(p.may, id)
	}
}

// cond is a condition that proves nothing.
func cond(args ...*Expr) *Expr { return &Expr{Op: OpOther, Name: "?", Args: args} }

func (p *parser) equal(left *Expr) *Expr {
	t := p.tok()
	switch {
	case (t.is("any") || t.is("some")) && p.at(1).op("("):
		p.take()
		if p.startsQuery(p.i) {
			p.take()
			e := &Expr{Op: OpIn, Args: []*Expr{left}, Sub: p.query()}
			if !p.sym(")") {
				p.fail("a sub-select is not closed")
			}
			return e
		}
		p.take()
		arg := p.expr()
		if !p.sym(")") {
			p.fail("ANY is not closed")
		}
		return &Expr{Op: OpAny, Args: []*Expr{left, arg}}
	case t.is("all") && p.at(1).op("("):
		p.take()
		return cond(left, p.operand())
	case t.is("not"):
		return cond(left, p.not())
	}
	before := p.i
	right := p.arith()
	if p.i == before {
		p.fail("= lacks what stands behind it")
		return cond(left)
	}
	return &Expr{Op: OpEq, Args: []*Expr{left, right}}
}

func (p *parser) isTest(e *Expr) *Expr {
	negative := p.word("not")
	wrap := func(x *Expr) *Expr {
		if negative {
			return &Expr{Op: OpNot, Args: []*Expr{x}}
		}
		return x
	}
	t := p.tok()
	switch {
	case t.is("null"):
		p.take()
		return wrap(&Expr{Op: OpNull, Args: []*Expr{e}})
	case t.is("distinct") && p.at(1).is("from"):
		p.take()
		p.take()
		x := &Expr{Op: OpEq, Args: []*Expr{e, p.arith()}, NullOK: true}
		if negative {
			return x // IS NOT DISTINCT FROM
		}
		return &Expr{Op: OpNot, Args: []*Expr{x}}
	case t.is("true"), t.is("false"), t.is("unknown"):
		p.take()
		return cond(e)
	case t.is("json"), t.is("normalized"), t.is("document"), t.is("nfc"), t.is("nfd"), t.is("nfkc"), t.is("nfkd"):
		p.take()
		for p.word("normalized") || p.word("object") || p.word("array") || p.word("scalar") || p.word("value") {
		}
		if p.is("with") || p.is("without") {
			p.take()
			p.word("unique")
			p.word("keys")
		}
		return cond(e)
	case t.is("of") && p.at(1).op("("):
		p.take()
		p.operand()
		return cond(e)
	}
	// SQLite's IS compares anything.
	return wrap(&Expr{Op: OpEq, Args: []*Expr{e, p.arith()}, NullOK: true})
}

// scalarIn reports whether IN ((SELECT …)) is a list with the value of a query
// in it, as it is in SQLite and MySQL, not a query.
func (p *parser) scalarIn() bool {
	if p.dialect == Postgres || !p.at(1).op("(") {
		return false
	}
	m := int(p.at(1).match)
	return m > 0 && (p.toks[m+1].op(")") || p.toks[m+1].op(","))
}

func (p *parser) wordOperator(e *Expr) *Expr {
	t := p.take()
	switch t.text {
	case "in":
		switch {
		case p.startsQuery(p.i) && !p.scalarIn():
			p.take()
			x := &Expr{Op: OpIn, Args: []*Expr{e}, Sub: p.query()}
			if !p.sym(")") {
				p.fail("a sub-select is not closed")
			}
			return x
		case p.op("("):
			p.take()
			args := append([]*Expr{e}, p.list()...)
			if !p.sym(")") {
				p.fail("IN is not closed")
			}
			return &Expr{Op: OpIn, Args: args}
		}
		// gorm and others put the parentheses around a list by themselves.
		list := p.arith()
		if p.dialect == SQLite && list.Op == OpFunc {
			return cond(e, list) // a function that returns rows
		}
		return &Expr{Op: OpIn, Args: []*Expr{e, list}}
	case "between":
		p.word("symmetric")
		low := p.arith()
		if !p.word("and") {
			p.fail("BETWEEN lacks AND")
		}
		return cond(e, low, p.arith())
	case "similar", "sounds":
		p.take()
	case "member":
		p.word("of")
	}
	x := cond(e, p.arith())
	if p.word("escape") {
		x.Args = append(x.Args, p.arith())
	}
	return x
}

// arith reads operands joined by operators that are no comparison.
func (p *parser) arith() *Expr {
	e := p.operand()
	for p.err == "" {
		t := p.tok()
		switch {
		case t.kind == tOp && p.arithmetic(t.text) && !(p.dialect == MySQL && (t.text == "||" || t.text == "&&" || t.text == ":=")) && !(p.dialect != Postgres && t.text == "<=>"):
			p.take()
			if p.is("any") || p.is("some") || p.is("all") {
				p.take()
			}
		case t.op(":=") && p.dialect == MySQL:
			p.take() // takes all of the expression that follows
			return &Expr{Op: OpOther, Args: []*Expr{e, p.or()}}
		case (t.is("div") || t.is("mod")) && p.dialect == MySQL:
			p.take()
		case t.is("operator") && p.at(1).op("("):
			p.take()
			p.i = max(p.i, int(p.tok().match)+1)
		default:
			return e
		}
		e = &Expr{Op: OpOther, Args: []*Expr{e, p.operand()}}
	}
	return e
}

// arithmetic reports whether op joins two operands and is no comparison.
func (p *parser) arithmetic(op string) bool {
	switch op {
	case "=", "==", "<", ">", "<=", ">=", "<>", "!=", "(", ")", "[", "]", ",", ".", ";", ":", "::", "!":
		return false
	}
	if p.dialect == Postgres || p.dialect == Auto {
		return op != "$" && op != "\\" && op != "{" && op != "}"
	}
	switch op {
	case "+", "-", "*", "/", "%", "^", "||", "->", "->>", "#>", "#>>", "@>", "<@", "@@", "&&", "~", "~*", "!~", "!~*",
		"<<", ">>", "&", "|", "#", "?", "?|", "?&", "^@", "<->", "<=>", "<#>", "@", "#-", ":=", "=>", "|/":
		return true
	}
	return false
}

// startsOperand reports whether an operand can begin with t.
func startsOperand(t, next *token) bool {
	switch t.kind {
	case tQuoted, tNumber, tString, tParam, tHole:
		return true
	case tOp:
		return t.text == "(" || t.text == "-" || t.text == "+" || t.text == "~" || t.text == "@" || t.text == "!"
	case tIdent:
		if t.class&wReserved == 0 {
			return true
		}
		switch t.text {
		case "not", "exists", "case", "array", "default", "any":
			return true
		case "left", "right":
			return next.op("(")
		}
	}
	return false
}

// operand reads one operand with what is attached to it.
func (p *parser) operand() *Expr {
	if !p.enter() {
		return &Expr{Op: OpOther}
	}
	defer p.leave()
	e := p.primary()
	for p.err == "" {
		t := p.tok()
		switch {
		case t.op("::"):
			p.take()
			e = Cast(p.dialect, e, p.typeName())
		case t.op("["):
			p.take()
			args := []*Expr{e}
			for !p.done() && p.err == "" && !p.op("]") {
				if p.op(":") {
					p.take()
					continue
				}
				args = append(args, p.expr())
				if !p.op("]") && !p.op(":") && !p.op(",") {
					break
				}
				p.sym(",")
			}
			if !p.sym("]") {
				p.fail("a bracket is not closed")
			}
			e = &Expr{Op: OpOther, Args: args}
		case t.op(".") && (e.Op == OpOther || e.Op == OpFunc || e.Op == OpSub || e.Op == OpRow || e.Op == OpCase):
			p.take()
			p.take() // a field, or a star
			e = &Expr{Op: OpOther, Args: []*Expr{e}}
		case t.is("collate"):
			p.take()
			p.take()
			for p.sym(".") {
				p.take()
			}
		case t.is("at") && p.at(1).is("time") && p.at(2).is("zone"):
			p.take()
			p.take()
			p.take()
			e = &Expr{Op: OpOther, Args: []*Expr{e, p.operand()}}
		case t.is("at") && p.at(1).is("local"):
			p.take()
			p.take()
			e = &Expr{Op: OpOther, Args: []*Expr{e}}
		default:
			return e
		}
	}
	return e
}

// A Type is the type of a cast.
type Type struct {
	Name   string // its last word: varying, for character varying
	Length int    // in parentheses; 0 if there is none
	Array  bool
}

// Cast returns the expression for a cast. Casts of values do not matter: what
// comes out depends on the value alone. A column that a cast makes coarser, by
// cutting it off or by making a number of a text, is not the column any more.
func Cast(d Dialect, e *Expr, t Type) *Expr {
	if e.Op != OpColumn {
		return e
	}
	keeps := false
	if !t.Array {
		switch t.Name {
		case "text", "uuid", "string", "clob", "tinytext", "longtext":
			keeps = true
		case "varchar", "varying", "nvarchar":
			keeps = t.Length == 0 || t.Length >= 16
		case "char", "character", "bpchar", "nchar", "binary", "varbinary", "var_string", "varstring":
			keeps = t.Length >= 16 || t.Length == 0 && d == MySQL
		case "int", "integer", "int4", "int8", "bigint":
			keeps = d == Postgres || d == Auto
		}
	}
	if keeps {
		return e
	}
	return &Expr{Op: OpOther, Args: []*Expr{e}}
}

// typeName reads the type of a cast.
func (p *parser) typeName() Type {
	t := p.take()
	typ := Type{Name: t.text}
	if t.kind != tIdent && t.kind != tQuoted && t.kind != tHole {
		p.fail("a cast lacks its type")
		return typ
	}
	for p.op(".") {
		p.take()
		typ.Name = p.take().text
	}
	switch t.text {
	case "double":
		p.word("precision")
	case "character", "bit", "national", "char":
		p.word("character")
		if p.word("varying") {
			typ.Name = "varying"
		}
	}
	if p.op("(") && p.tok().match > 0 {
		if n := p.at(1); n.kind == tNumber {
			for _, c := range n.text {
				if c < '0' || c > '9' || typ.Length > 1<<20 {
					break
				}
				typ.Length = typ.Length*10 + int(c-'0')
			}
		}
		p.i = int(p.tok().match) + 1
	}
	switch t.text {
	case "timestamp", "time":
		if p.is("with") && p.at(1).is("time") || p.is("without") && p.at(1).is("time") {
			p.take()
			p.take()
			p.word("zone")
		}
	case "interval":
		for p.is("year") || p.is("month") || p.is("day") || p.is("hour") || p.is("minute") || p.is("second") || p.is("to") {
			p.take()
		}
	}
	for p.op("[") {
		typ.Array = true
		p.take()
		if p.tok().kind == tNumber {
			p.take()
		}
		if !p.sym("]") {
			p.fail("a bracket is not closed")
		}
	}
	if p.is("array") {
		typ.Array = true
		p.take()
	}
	return typ
}

func literal(t *token, p *parser) *Expr {
	return &Expr{Op: OpValue, Value: Value{Kind: Literal, Text: t.text, Offset: p.offset(t.pos)}}
}

func (p *parser) primary() *Expr {
	t := p.tok()
	switch t.kind {
	case tNumber:
		p.take()
		return literal(t, p)
	case tString:
		p.take()
		e := literal(t, p)
		if t.val != 0 {
			e.Value = *p.val(t)
			e.Value.Part = t.end-t.pos > 3 // more than the hole between the quotes
		}
		if p.dialect == Postgres && p.is("uescape") && p.at(1).kind == tString {
			p.take()
			p.take()
		}
		for n := p.tok(); n.kind == tString && !n.glued && e.Value.Kind == Literal && p.bridge(t, n); n = p.tok() {
			p.take() // 'a' 'b' is one string
			e.Value.Text += n.text
			if n.val != 0 {
				e.Value = *p.val(n)
				e.Value.Part = true
			}
		}
		return e
	case tParam:
		p.take()
		return &Expr{Op: OpValue, Value: *p.val(t)}
	case tHole:
		p.take()
		if n := p.tok(); n.op(".") && n.glued && p.at(1).kind != tNumber {
			// <alias>.column
			p.take()
			return p.columnOf("\x00", p.val(t).Hole)
		}
		e := p.hole(t)
		glued := false
		for n := p.tok(); n.glued && (n.kind == tIdent || n.kind == tNumber || n.kind == tHole) && p.at(-1).kind != tEOF && t.text == ""; n = p.tok() {
			glued = true // a name with a hole in it
			p.addLoose(t)
			p.take()
		}
		if p.op("(") && p.tok().glued {
			return p.call("")
		}
		if glued {
			return &Expr{Op: OpOther, Args: []*Expr{e}}
		}
		return e
	case tQuoted:
		return p.nameOrCall()
	case tOp:
		switch t.text {
		case "(":
			return p.paren()
		case "*":
			p.take()
			return &Expr{Op: OpOther}
		case "{":
			return p.odbc()
		case ")", "]", ",", ".", ";", ":", "::", "=", "<", ">", "<=", ">=", "<>", "!=", "[":
		default:
			p.take()
			if n := p.tok(); (t.text == "-" || t.text == "+") && n.kind == tNumber {
				p.take()
				e := literal(n, p)
				if t.text == "-" {
					e.Value.Text = "-" + e.Value.Text
				}
				return e
			}
			return &Expr{Op: OpOther, Args: []*Expr{p.operand()}}
		}
	case tIdent:
		return p.wordOperand(t)
	}
	if !p.ends() {
		return p.junk()
	}
	return &Expr{Op: OpOther}
}

// bridge reports whether two strings are one: with a line break between them
// in PostgreSQL, with any blank in MySQL.
func (p *parser) bridge(a, b *token) bool {
	if p.dialect == MySQL {
		return true
	}
	for _, c := range p.src[a.end:b.pos] {
		if c == '\n' {
			return true
		}
	}
	return false
}

// odbc reads {d '2020-01-01'}, {fn now()} and the like.
func (p *parser) odbc() *Expr {
	p.take()
	p.take()
	e := p.expr()
	if !p.sym("}") {
		p.fail("a brace is not closed")
	}
	return e
}

func (p *parser) paren() *Expr {
	if p.startsQuery(p.i) {
		p.take()
		e := &Expr{Op: OpSub, Sub: p.query()}
		if !p.sym(")") {
			p.fail("a sub-select is not closed")
		}
		return e
	}
	p.take()
	if p.sym(")") {
		return &Expr{Op: OpRow}
	}
	e := p.expr()
	if p.op(",") {
		args := []*Expr{e}
		for p.sym(",") {
			args = append(args, p.expr())
		}
		e = &Expr{Op: OpRow, Args: args}
	}
	for !p.done() && !p.op(")") {
		e = &Expr{Op: OpOther, Args: []*Expr{e, p.junk()}}
	}
	if !p.sym(")") {
		p.fail("a parenthesis is not closed")
	}
	if p.op(".") {
		e = &Expr{Op: OpOther, Args: []*Expr{e}} // a field of a composite
	}
	return e
}

func (p *parser) wordOperand(t *token) *Expr {
	switch t.text {
	case "case":
		return p.caseExpr()
	case "exists":
		p.take()
		if p.startsQuery(p.i) {
			p.take()
			e := &Expr{Op: OpExists, Sub: p.query()}
			if !p.sym(")") {
				p.fail("a sub-select is not closed")
			}
			return e
		}
		return cond(p.operand())
	case "not":
		return p.not()
	case "cast", "try_cast":
		if p.at(1).op("(") {
			p.take()
			p.take()
			e := p.expr()
			if p.word("as") {
				e = Cast(p.dialect, e, p.typeName())
				for !p.done() && !p.op(")") {
					if p.op("(") && p.tok().match > 0 {
						p.i = int(p.tok().match)
					}
					p.skip()
				}
			}
			if !p.sym(")") {
				p.fail("CAST is not closed")
			}
			return e
		}
	case "binary":
		if startsOperand(p.at(1), p.at(2)) && !p.at(1).op("(") {
			p.take()
			return p.operand()
		}
	case "array":
		p.take()
		switch {
		case p.startsQuery(p.i):
			p.take()
			e := &Expr{Op: OpFunc, Name: "array", Args: []*Expr{{Op: OpSub, Sub: p.query()}}}
			if !p.sym(")") {
				p.fail("a sub-select is not closed")
			}
			return e
		case p.sym("["):
			e := &Expr{Op: OpFunc, Name: "array", Args: p.elements()}
			return e
		}
		return &Expr{Op: OpOther}
	case "row":
		if p.at(1).op("(") {
			p.take()
			p.take()
			e := &Expr{Op: OpRow, Args: p.list()}
			if !p.sym(")") {
				p.fail("ROW is not closed")
			}
			return e
		}
	case "interval":
		if n := p.at(1); n.kind == tNumber || n.kind == tString || n.kind == tParam || n.kind == tHole || n.op("(") || n.op("-") || p.dialect == MySQL && isName(n) && p.unitBehind() {
			p.take()
			e := p.operand()
			if p.dialect == MySQL && p.tok().kind == tOp && p.arithmetic(p.tok().text) && p.unitBehind() {
				p.take()
				e = &Expr{Op: OpOther, Args: []*Expr{e, p.arith()}}
			}
			if p.tok().unit() && (!p.at(1).op("(") || p.at(2).kind == tNumber && p.at(3).op(")")) {
				p.take()
				for p.word("to") {
					p.take()
				}
				p.precision()
			}
			if e.Op == OpValue && e.Value.Kind == Literal && p.dialect != MySQL {
				return e
			}
			return &Expr{Op: OpOther, Args: []*Expr{e}}
		}
	case "null", "true", "false":
		if p.at(1).op(".") {
			break // a table that is called so, in SQLite
		}
		p.take()
		return literal(t, p)
	case "collation":
		if p.at(1).is("for") && p.at(2).op("(") {
			p.take()
			p.take()
			return &Expr{Op: OpOther, Args: []*Expr{p.operand()}}
		}
	case "next":
		if p.at(1).is("value") && p.at(2).is("for") { // of a sequence
			for range 3 {
				p.take()
			}
			p.table()
			return &Expr{Op: OpFunc, Name: "nextval"}
		}
	case "default":
		p.take()
		if p.op("(") {
			p.operand()
		}
		return &Expr{Op: OpDefault}
	case "current_date", "current_time", "current_timestamp", "current_user", "session_user", "localtime", "localtimestamp", "sysdate":
		if !p.at(1).op("(") && !p.at(1).op(".") {
			p.take()
			return &Expr{Op: OpFunc, Name: t.text}
		}
	case "select", "with":
		// A sub-select without its parentheses, as in ARRAY or a function.
		return &Expr{Op: OpSub, Sub: p.query()}
	case "any", "some", "all":
		if p.at(1).op("(") {
			p.take()
			return &Expr{Op: OpOther, Args: []*Expr{p.operand()}}
		}
	}
	if t.class&wReserved != 0 && !p.at(1).op("(") && !p.at(1).op(".") {
		if p.ends() {
			return &Expr{Op: OpOther}
		}
		return p.junk()
	}
	if t.class&wReserved != 0 && t.text != "left" && t.text != "right" && !p.at(1).op(".") && t.text != "values" {
		switch t.text {
		case "from", "where", "join", "using", "union", "except", "intersect", "on", "and", "or", "as", "in", "is", "like", "between", "then", "else", "end", "when",
			"group", "order", "having", "limit", "offset", "into", "returning", "for", "inner", "cross", "natural", "full", "lateral":
			if p.ends() {
				return &Expr{Op: OpOther}
			}
			return p.junk()
		}
	}
	if n := p.typedLiteral(t); n > 0 {
		p.i += n
		return literal(p.take(), p)
	}
	if n := p.at(1); p.dialect == MySQL && t.text[0] == '_' && (n.kind == tString || n.kind == tNumber) {
		p.take() // a character set: _utf8 'x'
		return p.primary()
	}
	// MySQL's full-text search.
	if t.text == "match" && p.at(1).op("(") {
		e := p.nameOrCall()
		if p.word("against") && p.sym("(") {
			e = cond(e, p.arith())
			for !p.done() && !p.op(")") {
				p.take()
			}
			if !p.sym(")") {
				p.fail("AGAINST is not closed")
			}
		}
		return e
	}
	if n := p.at(1); n.kind == tString && n.val == 0 && t.class == 0 && p.dialect != MySQL ||
		n.kind == tString && (t.text == "date" || t.text == "time" || t.text == "timestamp") {
		p.take()
		p.take()
		e := literal(n, p)
		if n.val != 0 {
			e.Value = *p.val(n)
		}
		return e
	}
	return p.nameOrCall()
}

// unit reports whether a token is one of time.
func (t *token) unit() bool {
	if t.kind != tIdent {
		return false
	}
	switch t.text {
	case "microsecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year", "day_hour", "day_minute", "day_second",
		"hour_minute", "hour_second", "minute_second", "year_month", "second_microsecond":
		return true
	}
	return false
}

// unitBehind reports whether names, calls, numbers and operators lead from here
// to a unit of time, as behind MySQL's INTERVAL.
func (p *parser) unitBehind() bool {
	for n := 1; n < 32; n++ {
		switch t := p.at(n); {
		case t.unit():
			return true
		case t.op("("):
			if m := int(t.match) - p.i; m > n {
				n = m
				continue
			}
			return false
		case t.op("."), t.kind == tNumber, isName(t), t.kind == tOp && p.arithmetic(t.text):
		default:
			return false
		}
	}
	return false
}

// typedLiteral returns how many tokens the type of a literal has that is
// followed by it, as in timestamp(3) with time zone '…', and 0 for what is none
// or has a type of one word.
func (p *parser) typedLiteral(t *token) int {
	n := 1
	if p.dialect == Postgres && p.at(1).op("(") && p.at(2).kind == tNumber && p.at(3).op(")") {
		n = 4
	}
	if (t.text == "timestamp" || t.text == "time") && (p.at(n).is("with") || p.at(n).is("without")) && p.at(n+1).is("time") && p.at(n+2).is("zone") {
		n += 3
	}
	if n == 1 || p.at(n).kind != tString {
		return 0
	}
	return n
}

// precision passes over the number of digits behind a type.
func (p *parser) precision() {
	if p.op("(") && p.at(1).kind == tNumber && p.at(2).op(")") {
		p.i += 3
	}
}

func (p *parser) elements() []*Expr {
	var list []*Expr
	for !p.done() && !p.op("]") {
		if p.op("[") {
			p.take()
			list = append(list, &Expr{Op: OpOther, Args: p.elements()})
		} else {
			list = append(list, p.expr())
		}
		if !p.sym(",") {
			break
		}
	}
	if !p.sym("]") {
		p.fail("a bracket is not closed")
	}
	return list
}

func (p *parser) caseExpr() *Expr {
	p.take()
	e := &Expr{Op: OpCase}
	var subject *Expr
	if !p.is("when") {
		subject = p.expr()
	}
	for p.word("when") {
		c := p.expr()
		if subject != nil {
			c = &Expr{Op: OpEq, Args: []*Expr{subject, c}}
		}
		if !p.word("then") {
			p.fail("CASE lacks THEN")
			return e
		}
		e.Args = append(e.Args, c, p.expr())
	}
	if p.word("else") {
		e.Args = append(e.Args, p.expr())
	}
	if !p.word("end") {
		p.fail("CASE lacks END: " + p.near())
	}
	return e
}

// columnOf reads a column behind the dot of a qualifier.
func (p *parser) columnOf(table string, holeID int) *Expr {
	e := &Expr{Op: OpColumn, Table: table}
	if table == "\x00" {
		e.Holes = []int{holeID}
	}
	t := p.tok()
	switch {
	case t.kind == tIdent || t.kind == tQuoted:
		p.take()
		e.Name = t.text
	case t.kind == tHole:
		p.take()
		return &Expr{Op: OpOther, Args: []*Expr{p.hole(t)}}
	case t.op("*"):
		p.take()
		return &Expr{Op: OpOther}
	default:
		return &Expr{Op: OpOther}
	}
	if h := p.tok(); h.kind == tHole && h.glued {
		p.take()
		p.addLoose(h)
		return &Expr{Op: OpOther, Args: []*Expr{p.hole(h)}}
	}
	return e
}

// nameOrCall reads a.b.c, or f(…).
func (p *parser) nameOrCall() *Expr {
	t := p.take()
	table, name := "", t.text
	if t.val != 0 {
		return &Expr{Op: OpOther, Args: []*Expr{p.hole(t)}}
	}
	for p.op(".") {
		n := p.at(1)
		switch {
		case n.kind == tIdent || n.kind == tQuoted:
			p.take()
			p.take()
			table, name = name, n.text
		case n.op("*"):
			p.take()
			p.take()
			return &Expr{Op: OpOther}
		case n.kind == tHole:
			p.take()
			p.take()
			return &Expr{Op: OpOther, Args: []*Expr{p.hole(n)}}
		default:
			p.take()
			return &Expr{Op: OpOther}
		}
	}
	if h := p.tok(); h.kind == tHole && h.glued {
		// More of the name, or anything else that follows.
		p.take()
		p.addLoose(h)
		for n := p.tok(); n.glued && (n.kind == tIdent || n.kind == tHole || n.kind == tNumber); n = p.tok() {
			p.take()
		}
		if !p.op("(") || !p.tok().glued {
			return &Expr{Op: OpOther, Args: []*Expr{p.hole(h)}}
		}
		name = ""
	}
	if p.op("(") && (p.at(-1).kind == tIdent || p.at(-1).kind == tQuoted || p.at(-1).kind == tHole) {
		if table == "sqlc" {
			return p.macro(name, t)
		}
		return p.call(name)
	}
	return &Expr{Op: OpColumn, Table: table, Name: name}
}

// macro reads sqlc.arg(x) and its kin.
func (p *parser) macro(name string, at *token) *Expr {
	p.take()
	t := p.take()
	if !p.sym(")") {
		p.fail("a macro is not closed")
	}
	if name == "embed" {
		return &Expr{Op: OpFunc, Name: "sqlc.embed", Args: []*Expr{{Op: OpColumn, Name: t.text}}}
	}
	v := Value{Kind: Placeholder, Name: p.src[t.pos:t.end], Elements: name == "slice", Offset: p.offset(at.pos)}
	if t.kind == tString {
		v.Name = t.text
	}
	return &Expr{Op: OpValue, Value: v}
}

// call reads the arguments of a function, and OVER, FILTER and WITHIN GROUP.
func (p *parser) call(name string) *Expr {
	e := &Expr{Op: OpFunc, Name: name}
	p.take()
	if name == "extract" && p.at(1).is("from") {
		p.take() // the field is no column
	}
	for !p.done() && !p.op(")") {
		t := p.tok()
		switch {
		case p.startsQuery(p.i) && t.op("("):
			e.Args = append(e.Args, p.expr())
		case t.is("select"), t.is("with") && (p.at(2).is("as") || p.at(2).op("(") || p.at(1).is("recursive")):
			e.Args = append(e.Args, &Expr{Op: OpSub, Sub: p.query()})
		case t.op(","):
			p.take()
		case t.is("from") || t.is("using") || t.is("for") || t.is("as") || t.is("in") || t.is("order") || t.is("distinct") || t.is("all") ||
			t.is("on") || t.is("with") || t.is("default") || t.is("limit") || t.is("group") || t.is("array") && !p.at(1).op("[") && !p.at(1).op("("):
			p.take() // EXTRACT(x FROM y), CAST, TRIM, …
		case t.is("where"):
			p.take()
		default:
			before := p.i
			e.Args = append(e.Args, p.expr())
			if p.i == before {
				p.skip()
			}
		}
	}
	if !p.sym(")") {
		p.fail("a call is not closed")
	}
	for p.err == "" {
		switch t := p.tok(); {
		case t.is("filter") && p.at(1).op("("), t.is("within") && p.at(1).is("group"):
			p.take()
			p.word("group")
			e.Args = append(e.Args, p.window())
		case t.is("over") && (p.at(1).op("(") || isName(p.at(1))):
			p.take()
			e.Window = true
			if p.op("(") {
				e.Args = append(e.Args, p.window())
			} else {
				p.take()
			}
		case t.is("from") && (p.at(1).is("first") || p.at(1).is("last")) && (p.at(2).is("over") || p.at(3).is("nulls")):
			p.take()
			p.take()
		case (t.is("respect") || t.is("ignore")) && p.at(1).is("nulls"):
			p.take()
			p.take()
		default:
			return convert(e)
		}
	}
	return e
}

// window reads what stands in the parentheses of OVER and FILTER.
func (p *parser) window() *Expr {
	e := &Expr{Op: OpOther}
	if !p.sym("(") {
		return e
	}
	for !p.done() && !p.op(")") {
		t := p.tok()
		switch {
		case t.is("where"), t.is("order"), t.is("by"), t.is("partition"), t.op(","), t.is("between"), t.is("and"):
			p.take()
		case t.is("rows") || t.is("range") || t.is("groups"):
			for !p.done() && !p.op(")") {
				if p.op("(") {
					p.operand()
					continue
				}
				p.take()
			}
		default:
			before := p.i
			e.Args = append(e.Args, p.expr())
			if p.i == before {
				p.skip()
			}
		}
	}
	if !p.sym(")") {
		p.fail("a window is not closed")
	}
	return e
}

// convert gives functions that are conditionals their form.
func convert(e *Expr) *Expr {
	switch {
	case e.Window:
	case (e.Name == "coalesce" || e.Name == "ifnull" || e.Name == "nvl" || e.Name == "isnull" && len(e.Args) == 2) && len(e.Args) > 0:
		return &Expr{Op: OpCoalesce, Args: e.Args}
	case (e.Name == "if" || e.Name == "iif") && len(e.Args) == 3:
		return &Expr{Op: OpCase, Args: e.Args}
	}
	return e
}
