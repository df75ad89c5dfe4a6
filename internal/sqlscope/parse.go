package sqlscope

// The clause scanner: recursive descent over the structure of a statement. It
// knows clauses, joins and the tree of AND, OR and NOT; of expressions it
// knows what can restrict a column and takes the rest for opaque operands.
//
// It is tolerant: what it does not know makes the expression around it opaque,
// so that it proves nothing. Words that bring in tables or take conditions
// away are counted; if one of them was passed over, the statement counts as
// not read.

type parser struct {
	*lexer
	i     int
	end   int // of the statement
	depth int
	taken int   // counted words that were read as what they are
	loose []int // holes of the level that is being read: they may begin with OR
	may   []int // holes of the level: they may add a condition
	err   string
}

func (p *parser) fail(why string) {
	if p.err == "" {
		p.err = why
	}
	p.i = p.end
}

func (p *parser) enter() bool {
	p.depth++
	if p.depth > maxDepth {
		p.fail("it is nested too deeply")
		return false
	}
	return p.err == ""
}

func (p *parser) leave() { p.depth-- }

func (p *parser) at(n int) *token {
	if p.i+n >= p.end {
		return &p.toks[len(p.toks)-1]
	}
	return &p.toks[p.i+n]
}

func (p *parser) tok() *token { return p.at(0) }
func (p *parser) done() bool  { return p.i >= p.end }

func (t *token) is(word string) bool { return t.kind == tIdent && t.text == word }
func (t *token) op(text string) bool { return t.kind == tOp && t.text == text }

func (p *parser) is(word string) bool { return p.tok().is(word) }
func (p *parser) op(text string) bool { return p.tok().op(text) }

// take consumes a token that was understood.
func (p *parser) take() *token {
	t := p.tok()
	if p.i < p.end {
		if t.class&wCounted != 0 {
			p.taken++
		}
		p.i++
	}
	return t
}

// skip consumes a token that was not.
func (p *parser) skip() {
	if p.i < p.end {
		p.i++
	}
}

func (p *parser) word(w string) bool {
	if p.is(w) {
		p.take()
		return true
	}
	return false
}

func (p *parser) words(a, b string) bool {
	if p.is(a) && p.at(1).is(b) {
		p.take()
		p.take()
		return true
	}
	return false
}

func (p *parser) sym(s string) bool {
	if p.op(s) {
		p.take()
		return true
	}
	return false
}

// isName reports whether t can be a name where no keyword is due.
func isName(t *token) bool {
	return t.kind == tQuoted || t.kind == tIdent && t.class&wReserved == 0
}

// startsQuery reports whether the parenthesis at token i holds a query.
func (p *parser) startsQuery(i int) bool {
	for range maxDepth {
		if i+1 >= p.end || !p.toks[i].op("(") {
			return false
		}
		switch t := &p.toks[i+1]; {
		case t.is("select"), t.is("with"), t.is("values") && (p.toks[i+2].op("(") || p.toks[i+2].is("row")), t.is("table") && isName(&p.toks[i+2]):
			return true
		case t.op("("):
			m := int(t.match)
			if m < 0 || m+1 >= p.end {
				return false
			}
			switch n := &p.toks[m+1]; {
			case n.op(")"), n.is("union"), n.is("intersect"), n.is("except"), n.is("order"), n.is("limit"), n.is("offset"), n.is("fetch"), n.is("for"):
				i++
				continue
			}
			return false
		default:
			// A data-modifying statement stands only in WITH.
			return false
		}
	}
	return false
}

// statement reads one statement, up to p.end.
func (p *parser) statement() *Tree {
	start := p.i
	t := p.tree()
	if t.Verb == Other {
		p.i = p.end
		t.Unparsed = ""
		if p.bad != "" {
			t.Unparsed = p.bad
		}
		return t
	}
	if p.err == "" && !p.done() {
		p.err = "it goes on after its end: " + p.near()
	}
	if p.err == "" && p.bad != "" {
		p.err = p.bad
	}
	if p.err == "" {
		n := 0
		for i := start; i < p.end; i++ {
			if p.toks[i].class&wCounted != 0 {
				n++
			}
		}
		if n != p.taken {
			p.err = "a clause was not understood"
		}
	}
	t.Unparsed = p.err
	return t
}

// near names the token that was not understood, if it is a word of SQL: other
// text may be anybody's data.
func (p *parser) near() string {
	t := p.tok()
	if t.kind == tIdent && t.class != 0 || t.kind == tOp {
		return t.text
	}
	return "unknown text"
}

// tree reads a statement without its end.
func (p *parser) tree() *Tree {
	t := &Tree{Offset: p.offset(p.tok().pos)}
	if !p.enter() {
		return t
	}
	defer p.leave()
	if p.word("explain") || p.word("describe") || p.word("desc") {
		p.explained()
	}
	var with []CTE
	if p.is("with") {
		with = p.with()
	}
	tok := p.tok()
	switch {
	case tok.is("select"), tok.is("values"), tok.op("("), tok.is("table"), tok.is("from"), tok.kind == tHole && p.i+1 < p.end:
		t.Verb = Select
		t.Query = p.query()
	case tok.is("insert"), tok.is("replace"):
		p.insert(t)
	case tok.is("update"):
		p.update(t)
	case tok.is("delete"):
		p.delete(t)
	case tok.is("merge"):
		p.merge(t)
	case tok.is("truncate"):
		p.take()
		p.word("table")
		t.Verb = Truncate
		p.word("only")
		t.Target = p.table()
		for p.sym(",") {
			p.word("only")
			t.From = append(t.From, p.table())
		}
		for p.word("restart") || p.word("continue") || p.word("identity") || p.word("cascade") || p.word("restrict") {
		}
	case tok.is("copy"):
		p.take()
		t.Verb = Copy
		if p.op("(") {
			p.take()
			at := t.Offset
			*t = *p.tree()
			t.Offset = at
			if t.Verb == Other {
				p.fail("COPY holds something unknown")
			}
			p.sym(")")
		} else {
			t.Target = p.table()
			if p.op("(") {
				t.Columns, t.HasColumns = p.names(), true
			}
		}
		if p.is("from") || p.is("to") {
			p.take()
			for !p.done() {
				p.take()
			}
		}
	default:
		t.Verb = Other
	}
	t.With = append(with, t.With...)
	return t
}

// explained passes over what EXPLAIN says of itself, up to the statement, if
// there is one.
func (p *parser) explained() {
	if p.op("(") && p.tok().match > 0 && !p.startsQuery(p.i) {
		p.i = int(p.tok().match) + 1
		return
	}
	for n := 0; ; n++ {
		switch t := p.at(n); {
		case t.kind == tEOF, t.is("create"), t.is("alter"), t.is("drop"):
			return // EXPLAIN of a table, or of a connection
		case t.is("select"), t.is("with"), t.is("insert"), t.is("replace"), t.is("update"), t.is("delete"), t.is("merge"), t.is("values"), t.op("("):
			for range n {
				p.take()
			}
			return
		}
	}
}

func (p *parser) with() []CTE {
	p.take()
	recursive := p.word("recursive")
	var list []CTE
	for {
		if p.tok().kind != tHole && !isName(p.tok()) {
			p.fail("WITH lacks a name")
			return list
		}
		c := CTE{Name: p.take().text, Recursive: recursive}
		if p.op("(") {
			for _, n := range p.names() {
				c.Columns = append(c.Columns, n.Name)
			}
		}
		if !p.word("as") {
			p.fail("WITH lacks AS")
			return list
		}
		p.word("not")
		p.word("materialized")
		switch {
		case p.sym("("):
			c.Tree = p.tree()
			if c.Tree.Verb == Other {
				if p.tok().kind == tHole {
					p.take()
				} else {
					p.fail("WITH holds something unknown")
				}
			}
			if !p.sym(")") {
				p.fail("WITH is not closed")
			}
		case p.tok().kind == tHole:
			p.take()
			c.Tree = &Tree{Verb: Other}
		default:
			p.fail("WITH lacks a query")
			return list
		}
		// SEARCH … SET, CYCLE … SET … USING
		for p.is("search") || p.is("cycle") {
			for !p.done() && !p.op(",") && !p.is("select") && !p.is("insert") && !p.is("update") && !p.is("delete") && !p.is("merge") {
				p.take()
				if p.op(",") && isName(p.at(1)) && !p.at(2).is("as") && !p.at(2).op("(") {
					p.take()
				}
			}
		}
		list = append(list, c)
		if !p.sym(",") {
			return list
		}
	}
}

// names reads "(a, b)".
func (p *parser) names() []Ident {
	var list []Ident
	if !p.sym("(") {
		return nil
	}
	for !p.done() && !p.op(")") {
		t := p.tok()
		switch {
		case t.kind == tHole:
			p.take()
			list = append(list, Ident{Hole: p.val(t).Hole, IsHole: true})
		case t.kind == tIdent || t.kind == tQuoted:
			p.take()
			name := t.text
			for p.sym(".") {
				// MySQL's table.column, PostgreSQL's column.field.
				if n := p.take().text; p.dialect == MySQL {
					name = n
				}
			}
			list = append(list, Ident{Name: name})
			if h := p.tok(); h.kind == tHole && h.glued {
				p.take()
				list[len(list)-1] = Ident{Hole: p.val(h).Hole, IsHole: true}
			}
			// A prefix length, a type (of a function's columns) or a direction.
			for !p.done() && !p.op(",") && !p.op(")") {
				if p.op("(") {
					if m := int(p.tok().match); m > p.i {
						p.i = m
					}
				}
				if p.tok().kind == tHole {
					break
				}
				p.skip()
			}
		default:
			p.fail("a list of names holds something else")
			return list
		}
		if !p.sym(",") && p.tok().kind != tHole {
			break
		}
	}
	if !p.sym(")") {
		p.fail("a list of names is not closed")
	}
	return list
}

// query reads a query with its WITH and its tail.
func (p *parser) query() *Query {
	if !p.enter() {
		return &Query{}
	}
	defer p.leave()
	var with []CTE
	if p.is("with") {
		with = p.with()
	}
	q := p.setOperations(p.setTerm())
	p.tail(q)
	q.With = append(with, q.With...)
	return q
}

// setOperations reads UNION and the like behind a query.
func (p *parser) setOperations(q *Query) *Query {
	for p.is("union") || p.is("intersect") || p.is("except") || p.is("minus") {
		p.take()
		if !p.word("all") && !p.word("distinct") {
			p.word("distinctrow")
		}
		if p.words("by", "name") {
			p.fail("BY NAME is not known")
		}
		q = &Query{Left: q, Right: p.setTerm()}
	}
	return q
}

func (p *parser) setTerm() *Query {
	switch {
	case p.op("("):
		p.take()
		q := p.query()
		if !p.sym(")") {
			p.fail("a parenthesis of a query is not closed")
		}
		return q
	case p.is("values"):
		return p.values()
	case p.word("table"):
		p.word("only")
		return &Query{Items: []Item{{Star: true}}, From: []*From{p.table()}}
	}
	return p.core()
}

func (p *parser) values() *Query {
	p.take()
	q := &Query{}
	for {
		p.word("row")
		t := p.tok()
		switch {
		case t.op("("):
			p.take()
			var row []*Expr
			for !p.done() && !p.op(")") {
				row = append(row, p.assigned())
				if !p.sym(",") {
					if p.tok().kind == tHole {
						row = append(row, p.hole(p.take()))
						p.sym(",")
						continue
					}
					break
				}
			}
			if !p.sym(")") {
				p.fail("VALUES is not closed")
			}
			q.Values = append(q.Values, row)
		case t.kind == tHole && p.kindOf(p.val(t).Hole) == Tail:
			return q
		case t.kind == tHole || t.kind == tParam:
			// Rows that are not in the text: gorm and go-sql-driver expand "VALUES ?".
			p.take()
			if t.kind == tParam {
				q.Values = append(q.Values, []*Expr{{Op: OpValue, Value: *p.val(t)}})
			} else {
				q.ValuesHole = append(q.ValuesHole, p.val(t).Hole)
			}
		default:
			return q
		}
		if !p.sym(",") && p.tok().kind != tHole && !(p.op("(") && p.repeated(int(p.tok().pos))) {
			return q
		}
	}
}

func (p *parser) hole(t *token) *Expr { return &Expr{Op: OpValue, Value: *p.val(t)} }

// core reads SELECT … up to HAVING and WINDOW.
func (p *parser) core() *Query {
	q := &Query{}
	for p.tok().kind == tHole {
		// The beginning of the statement is not in the text.
		h := p.val(p.take()).Hole
		q.Holes = append(q.Holes, h)
		q.From = append(q.From, &From{Hole: h, IsHole: true, Offset: p.offset(p.toks[p.i-1].pos)})
	}
	if p.word("select") {
		for p.selectModifier() {
			if p.word("on") && p.sym("(") {
				q.DistinctOn = p.list()
				p.sym(")")
			}
		}
		if p.word("top") {
			q.Limited = true
			p.operand()
		}
		q.Items = p.items(q)
	} else if len(q.Holes) > 0 {
		q.Items = []Item{{Star: true}}
	} else if !p.is("from") {
		p.fail("a query does not begin with SELECT: " + p.near())
		return q
	}
	if p.is("into") {
		p.into()
	}
	if p.word("from") {
		if len(q.Holes) > 0 && len(q.From) > 0 && q.From[0].IsHole {
			q.From = q.From[:0]
		}
		q.From = append(q.From, p.fromList(q)...)
	} else if len(q.Holes) > 0 {
		p.moreFrom(q)
	}
	if p.is("into") {
		p.into()
	}
	if n := len(q.Holes); n > 0 && (p.is("and") || p.is("or")) {
		q.Where = p.more(nil, q.Holes[n-1])
	}
	if p.is("prewhere") && p.dialect == Auto { // ClickHouse
		p.take()
		q.Where = p.expr()
	}
	if q.Where == nil {
		q.Cond = p.gap()
	}
	if p.word("where") {
		start := p.offset(p.tok().pos)
		e := p.expr()
		if q.Where != nil {
			e = &Expr{Op: OpAnd, Args: []*Expr{q.Where, e}}
		} else {
			q.Cond = Span{start, max(start, p.gap().End)}
		}
		q.Where = e
	}
	p.clauseHoles(q)
	if p.words("group", "by") {
		if !p.word("all") {
			p.word("distinct")
		}
		for !p.done() {
			if p.op("(") && p.at(1).op(")") {
				p.take()
				p.take()
			} else if p.is("grouping") && p.at(1).is("sets") {
				p.take()
				p.take()
				q.GroupBy = append(q.GroupBy, &Expr{Op: OpOther, Args: []*Expr{p.operand()}})
			} else {
				q.GroupBy = append(q.GroupBy, p.expr())
				if !p.word("asc") {
					p.word("desc") // MySQL, up to 5.7
				}
			}
			if p.words("with", "rollup") {
				q.GroupBy = append(q.GroupBy, &Expr{Op: OpOther})
			}
			if !p.sym(",") {
				break
			}
		}
		p.clauseHoles(q)
	}
	if p.word("having") {
		q.Having = p.expr()
	}
	if p.word("window") {
		for {
			p.take()
			p.word("as")
			if p.op("(") {
				q.Extra = append(q.Extra, p.window())
			}
			if !p.sym(",") {
				break
			}
		}
	}
	p.clauseHoles(q)
	return q
}

// selectModifier passes over one of the words between SELECT and the columns.
func (p *parser) selectModifier() bool {
	switch p.tok().text {
	case "distinct", "all", "straight_join":
		return p.word(p.tok().text)
	case "distinctrow", "high_priority", "sql_small_result", "sql_big_result", "sql_buffer_result", "sql_cache", "sql_no_cache", "sql_calc_found_rows":
		// Elsewhere than in MySQL, columns may be called so.
		n := p.at(1)
		return (n.op("*") || n.is("distinct") || n.is("all") || n.is("straight_join") || startsOperand(n, p.at(2))) && p.word(p.tok().text)
	}
	return false
}

// into passes over SELECT … INTO.
func (p *parser) into() {
	p.take()
	if p.is("outfile") || p.is("dumpfile") {
		p.intoFile()
		return
	}
	p.word("temp")
	p.word("temporary")
	p.word("table")
	for {
		p.take()
		for p.sym(".") {
			p.take()
		}
		if !p.sym(",") {
			return
		}
	}
}

// intoFile passes over the name of a file, and how it is written.
func (p *parser) intoFile() {
	p.take()
	p.take()
	for {
		switch t := p.tok(); {
		case t.kind == tString, t.is("character"), t.is("fields"), t.is("columns"), t.is("lines"), t.is("terminated"), t.is("enclosed"), t.is("optionally"), t.is("escaped"), t.is("starting"), t.is("by"):
			p.take()
		case t.is("charset"), t.is("set"):
			p.take()
			p.take()
		default:
			return
		}
	}
}

// clauseHoles takes the holes between two clauses.
func (p *parser) clauseHoles(q *Query) {
	for p.tok().kind == tHole {
		q.Holes = append(q.Holes, p.val(p.take()).Hole)
		p.moreFrom(q)
		if q.Where == nil && p.word("where") {
			q.Where = p.expr()
		} else if p.is("and") || p.is("or") {
			q.Where = p.more(q.Where, q.Holes[len(q.Holes)-1])
		}
	}
}

// more reads conditions that follow a hole: … <hole> AND x. They may belong to
// a WHERE, an ON or a HAVING that is in the hole, and prove nothing; what comes
// before the hole holds unless the hole takes it away.
func (p *parser) more(e *Expr, id int) *Expr {
	or := p.is("or")
	p.take()
	right := &Expr{Op: OpOther, Args: []*Expr{p.expr()}}
	switch {
	case e == nil:
		return &Expr{Op: OpLoose, Args: []*Expr{right}, Holes: []int{id}, May: []int{id}}
	case or:
		return &Expr{Op: OpOther, Args: []*Expr{e, right}}
	}
	e = &Expr{Op: OpLoose, Args: []*Expr{e}, Holes: []int{id}, May: []int{id}}
	return &Expr{Op: OpAnd, Args: []*Expr{e, right}}
}

// moreFrom reads joins that follow a hole.
func (p *parser) moreFrom(q *Query) {
	if !p.startsJoin() {
		return
	}
	var left *From
	if n := len(q.From); n > 0 {
		left, q.From = q.From[n-1], q.From[:n-1]
	}
	if left == nil {
		left = &From{IsHole: true, Hole: q.Holes[len(q.Holes)-1]}
	}
	q.From = append(q.From, p.joins(left))
}

func (p *parser) items(q *Query) []Item {
	var items []Item
	for !p.done() {
		t := p.tok()
		switch {
		case t.op("*"):
			p.take()
			items = append(items, Item{Star: true})
		case (isName(t) || t.kind == tHole) && p.at(1).op(".") && p.at(2).op("*") && !p.at(3).op("::"):
			p.take()
			p.take()
			p.take()
			items = append(items, Item{Star: true, Table: t.text})
		case isName(t) && p.at(1).op(".") && isName(p.at(2)) && p.at(3).op(".") && p.at(4).op("*"):
			items = append(items, Item{Star: true, Table: p.at(2).text})
			p.i += 5
		case t.kind == tHole && (p.at(1).op(",") || p.at(1).is("from") || p.at(1).kind == tEOF):
			p.take()
			items = append(items, Item{Expr: p.hole(t)})
		case t.is("from") || t.kind == tIdent && t.class&wReserved != 0 && !startsOperand(t, p.at(1)):
			return items
		case t.op(")") || t.op(";"):
			return items
		default:
			item := Item{Expr: p.expr()}
			if p.word("as") {
				item.Alias = p.alias()
			} else if t := p.tok(); isName(t) || t.kind == tString {
				item.Alias = p.take().text
			}
			if item.Expr.Op == OpFunc && item.Expr.Name == "sqlc.embed" && len(item.Expr.Args) == 1 {
				items = append(items, Item{Star: true, Table: item.Expr.Args[0].Name})
			} else {
				items = append(items, item)
			}
			if windowed(item.Expr) {
				q.Windowed = true
			}
		}
		if p.tok().kind == tHole { // ", x" may be in it
			items = append(items, Item{Expr: p.hole(p.take())})
			if !p.is("from") && !p.done() && !p.op(",") && !p.op(")") {
				continue
			}
		}
		if !p.sym(",") {
			break
		}
	}
	return items
}

// alias reads a name behind AS, where reserved words may stand.
func (p *parser) alias() string {
	t := p.take()
	if t.kind != tIdent && t.kind != tQuoted && t.kind != tString && t.kind != tHole && !(t.kind == tNumber && p.dialect == MySQL) {
		p.fail("AS lacks a name")
	}
	name := t.text
	for h := p.tok(); h.kind == tHole && h.glued; h = p.tok() {
		name = ""
		p.take()
	}
	return name
}

func windowed(e *Expr) bool {
	if e == nil {
		return false
	}
	if e.Window {
		return true
	}
	for _, a := range e.Args {
		if windowed(a) {
			return true
		}
	}
	return false
}

// tail reads ORDER BY, LIMIT and what may follow.
func (p *parser) tail(q *Query) {
	for !p.done() {
		switch t := p.tok(); {
		case t.is("order") && (p.at(1).is("by") || p.at(1).is("siblings")):
			p.take()
			p.take()
			q.Extra = append(q.Extra, p.orderList()...)
		case t.is("limit"):
			p.take()
			q.Limited = true
			if !p.word("all") {
				q.Extra = append(q.Extra, p.list()...)
			}
			if p.dialect == Auto && p.word("by") {
				q.Extra = append(q.Extra, p.list()...)
			}
		case t.is("settings") && p.dialect == Auto && p.at(2).op("="):
			p.take()
			for {
				p.take()
				p.sym("=")
				p.operand()
				if !p.sym(",") {
					break
				}
			}
		case t.is("offset"):
			p.take()
			q.Limited = true
			q.Extra = append(q.Extra, p.arith())
			if !p.word("rows") {
				p.word("row")
			}
		case t.is("fetch"):
			p.take()
			q.Limited = true
			p.take() // FIRST, NEXT
			if !p.is("rows") && !p.is("row") {
				q.Extra = append(q.Extra, p.operand())
			}
			if !p.word("rows") {
				p.word("row")
			}
			if !p.word("only") {
				p.words("with", "ties")
			}
		case t.is("for"):
			p.take()
			q.Lock = ""
			for p.is("no") || p.is("key") || p.is("update") || p.is("share") {
				if q.Lock != "" {
					q.Lock += " "
				}
				q.Lock += p.take().text
			}
			if p.word("of") {
				for {
					p.take()
					for p.sym(".") {
						p.take()
					}
					if !p.sym(",") {
						break
					}
				}
			}
			switch {
			case p.word("nowait"):
			case p.word("skip"):
				p.word("locked")
			case p.word("wait"):
				p.take()
			}
		case t.is("lock") && p.at(1).is("in"):
			q.Lock = "share"
			p.take()
			p.take()
			p.word("share")
			p.word("mode")
		case t.is("into"):
			p.into()
		case t.kind == tHole:
			q.Holes = append(q.Holes, p.val(p.take()).Hole)
		default:
			return
		}
	}
}

func (p *parser) orderList() []*Expr {
	var list []*Expr
	for !p.done() {
		list = append(list, p.expr())
		for p.word("asc") || p.word("desc") || p.word("nulls") || p.word("first") || p.word("last") || p.is("using") {
			if p.word("using") {
				p.take()
			}
		}
		if p.tok().kind == tHole {
			p.take()
		}
		if !p.sym(",") {
			break
		}
	}
	return list
}

func (p *parser) list() []*Expr {
	var list []*Expr
	for !p.done() && !p.op(")") {
		list = append(list, p.expr())
		if !p.sym(",") {
			if p.tok().kind == tHole {
				list = append(list, p.hole(p.take()))
				p.sym(",")
				continue
			}
			break
		}
	}
	return list
}

func (p *parser) fromList(q *Query) []*From {
	var list []*From
	for {
		list = append(list, p.joins(p.fromItem()))
		for p.tok().kind == tHole {
			h := p.val(p.take()).Hole
			if q != nil {
				q.Holes = append(q.Holes, h)
			}
			if p.startsJoin() {
				n := len(list) - 1
				list[n] = p.joins(list[n])
			}
		}
		if n := len(list); n > 1 && p.dialect == SQLite && p.startsCondition() {
			// The comma is a join like others there.
			f := &From{Join: Inner, Left: list[n-2], Right: list[n-1], Offset: list[n-2].Offset}
			p.condition(f)
			list = append(list[:n-2], p.joins(f))
		}
		if !p.sym(",") {
			return list
		}
	}
}

// modified reports whether a word of ClickHouse's joins stands here: ANY LEFT
// JOIN, ANTI JOIN, GLOBAL JOIN.
func (p *parser) modified(n int) bool {
	t := p.at(n)
	if p.dialect != Auto || t.kind != tIdent {
		return false
	}
	switch t.text {
	case "anti", "semi", "asof", "global", "any", "all":
		next := p.at(n + 1)
		return next.is("join") || next.is("left") || next.is("right") || next.is("inner") || next.is("full") || p.modified(n+1)
	}
	return false
}

func (p *parser) startsJoin() bool {
	t := p.tok()
	if p.modified(0) {
		return true
	}
	switch t.text {
	case "join", "straight_join", "inner", "cross", "natural", "full":
		return t.kind == tIdent
	case "left", "right":
		return t.kind == tIdent && !p.at(1).op("(")
	case "outer":
		return t.kind == tIdent && p.dialect == SQLite
	}
	return false
}

func (p *parser) joins(left *From) *From {
	for p.err == "" && p.startsJoin() {
		left = p.join(left)
	}
	return left
}

func (p *parser) join(left *From) *From {
	if !p.enter() {
		return left
	}
	defer p.leave()
	f := &From{Join: Inner, Left: left, Right: &From{}, Offset: left.Offset}
	bare, anti := false, false
	for p.modified(0) {
		anti = p.is("anti") || anti
		p.take()
	}
	// SQLite takes them in any order.
kind:
	for {
		switch {
		case p.word("natural"):
			f.Natural = true
		case p.word("left"):
			f.Join = Left
		case p.word("right"):
			f.Join = Right
		case p.word("full"):
			f.Join = Full
		case p.word("cross"):
			bare = true
		case p.word("inner"), p.word("outer"):
		default:
			break kind
		}
	}
	for p.dialect == Auto && (p.is("anti") || p.is("semi") || p.is("any") || p.is("asof") || p.is("all")) {
		anti = p.is("anti") || anti
		p.take()
	}
	if anti && f.Join == Inner {
		f.Join = Left // what the right side has decides which rows of the left stay
	}
	if !p.word("join") && !p.word("straight_join") {
		p.fail("a join of an unknown kind: " + p.near())
		return f
	}
	f.Right = p.fromItem()
	if bare || f.Natural {
		if p.dialect != Postgres && p.dialect != Auto {
			p.condition(f) // MySQL and SQLite let CROSS JOIN have one
		}
		return f
	}
	// a JOIN b JOIN c ON … ON …
	for p.err == "" && p.startsJoin() {
		n := p.i
		f.Right = p.join(f.Right)
		if p.i == n {
			break
		}
	}
	p.condition(f)
	return f
}

// startsCondition reports whether ON or USING of a join stands here, not the
// ON of an upsert.
func (p *parser) startsCondition() bool {
	n := p.at(1)
	return p.is("on") && !(n.is("duplicate") && p.at(2).is("key")) && !(n.is("conflict") && (p.at(2).op("(") || p.at(2).is("do"))) ||
		p.is("using") && n.op("(")
}

// condition reads ON or USING, if it is there.
func (p *parser) condition(f *From) {
	if !p.startsCondition() {
		return
	}
	switch {
	case p.word("on"):
		f.On = p.expr()
	case p.word("using"):
		for _, n := range p.names() {
			f.Using = append(f.Using, n.Name)
		}
		if p.word("as") {
			p.alias()
		}
	}
}

// table reads a table's name, which may be a hole or have one in it.
func (p *parser) table() *From {
	t := p.tok()
	f := &From{Offset: p.offset(t.pos)}
	for {
		t = p.tok()
		switch {
		case t.kind == tHole:
			p.take()
			f.IsHole, f.Hole = true, p.val(t).Hole
			f.Schema, f.Name = f.Name, ""
		case (t.kind == tQuoted || t.kind == tString) && t.text == "" && t.val == 0:
			p.fail("a table's name is empty")
			return f
		case t.kind == tIdent || t.kind == tQuoted || t.kind == tString:
			p.take()
			f.Schema, f.Name = f.Name, t.text
			f.IsHole = false
			if t.val != 0 {
				f.IsHole, f.Hole, f.Name = true, p.val(t).Hole, ""
			}
		default:
			p.fail("a table's name is missing: " + p.near())
			return f
		}
		// Parts of one name: "tab_" + x, x + "_tab".
		for n := p.tok(); n.glued && (n.kind == tHole || f.IsHole && (n.kind == tIdent || n.kind == tNumber)); n = p.tok() {
			if n.kind == tHole {
				f.IsHole, f.Hole = true, p.val(n).Hole
			}
			f.Name = ""
			p.take()
		}
		if !p.op(".") {
			break
		}
		p.take()
		if p.op(".") {
			p.take() // db..table
		}
		if p.op("*") {
			break // MySQL's DELETE t.* FROM
		}
	}
	p.sym("*")
	return f
}

func (p *parser) fromItem() *From {
	if !p.enter() {
		return &From{}
	}
	defer p.leave()
	lateral := p.word("lateral")
	if p.is("only") && (isName(p.at(1)) || p.at(1).op("(")) {
		p.take()
		if p.op("(") {
			p.take()
			f := p.table()
			p.sym(")")
			p.fromAlias(f)
			return f
		}
	}
	t := p.tok()
	var f *From
	switch {
	case t.op("{"): // {oj a LEFT JOIN b ON …}
		p.take()
		p.take()
		f = p.joins(p.fromItem())
		if !p.sym("}") {
			p.fail("a brace is not closed")
		}
		return f
	case t.op("(") && p.startsQuery(p.i):
		f = &From{Lateral: lateral, Offset: p.offset(t.pos)}
		p.take()
		f.Sub = p.query()
		if !p.sym(")") {
			p.fail("a derived table is not closed")
		}
	case t.op("("):
		p.take()
		inner := p.joins(p.fromItem())
		for p.err == "" && p.sym(",") {
			inner = &From{Join: Inner, Left: inner, Right: p.joins(p.fromItem()), Offset: inner.Offset}
		}
		if !p.sym(")") {
			p.fail("a join is not closed")
		}
		if p.is("as") || isName(p.tok()) && !p.clauseWord() {
			// The alias hides the names of the tables.
			f = &From{Offset: inner.Offset, Sub: &Query{Items: []Item{{Star: true}}, From: []*From{inner}}}
			break
		}
		return inner
	case t.is("rows") && p.at(1).is("from") && p.at(2).op("("):
		p.take()
		p.take()
		f = &From{Lateral: true, Func: p.operand(), Offset: p.offset(t.pos)}
	case t.kind == tIdent && p.funcAhead():
		f = &From{Lateral: true, Offset: p.offset(t.pos)}
		f.Func = p.operand()
		if p.words("with", "ordinality") {
			f.Columns = nil
		}
	default:
		f = p.table()
		if f.Name == "dual" && f.Schema == "" && p.dialect == MySQL {
			f = &From{Func: &Expr{Op: OpFunc, Name: "dual"}, Offset: f.Offset} // no table, one row
		}
	}
	p.fromAlias(f)
	return f
}

// funcAhead reports whether a function call stands here: name(…), a.name(…).
func (p *parser) funcAhead() bool {
	i := 0
	for p.at(i).kind == tIdent || p.at(i).kind == tQuoted {
		if p.at(i + 1).op("(") {
			return true
		}
		if !p.at(i + 1).op(".") {
			return false
		}
		i += 2
	}
	return false
}

// clauseWord reports whether a word that may be a name goes on with the
// statement here.
func (p *parser) clauseWord() bool {
	t := p.tok()
	if t.kind != tIdent {
		return false
	}
	switch t.text {
	case "set":
		// "UPDATE t SET a = 1", but "UPDATE t set SET a = 1" too.
		return !(p.at(1).is("set") || p.at(1).op("."))
	case "values", "minus", "do", "returns", "qualify", "overriding":
		return true
	case "final", "prewhere", "settings", "anti", "semi", "asof", "global":
		return p.dialect == Auto && (t.text == "final" || p.modified(0) || t.text == "prewhere" || t.text == "settings" && isName(p.at(1)) && p.at(2).op("="))
	case "value":
		return p.at(1).op("(")
	case "use", "force", "ignore":
		return p.at(1).is("index") || p.at(1).is("key")
	case "partition":
		return p.at(1).op("(")
	case "lock":
		return p.at(1).is("in")
	case "table":
		return isName(p.at(1))
	case "outer":
		return p.dialect == SQLite
	case "indexed":
		return p.at(1).is("by")
	}
	return false
}

func (p *parser) fromAlias(f *From) {
	p.partition()
	if p.word("tablesample") {
		p.operand()
		if p.word("repeatable") {
			p.operand()
		}
	}
	switch t := p.tok(); {
	case t.is("as") && p.at(1).is("of") && p.at(2).is("timestamp"): // TiDB's reading of the past
		p.take()
		p.take()
		p.take()
		p.arith()
		p.fromAlias(f)
		return
	case t.is("as") && p.at(1).op("("): // a function's columns without a name
		p.take()
	case t.is("as"):
		p.take()
		f.Alias = p.alias()
	case isName(t) && !p.clauseWord():
		p.take()
		f.Alias = t.text
	}
	if p.op("(") && (f.Alias != "" || f.Func != nil) {
		for _, n := range p.names() {
			f.Columns = append(f.Columns, n.Name)
		}
	}
	for {
		t := p.tok()
		switch {
		case t.is("partition") && p.at(1).op("("):
			p.partition()
		case t.is("final") && p.dialect == Auto:
			p.take()
		case p.words("with", "ordinality"):
			if t := p.tok(); f.Alias == "" && (t.is("as") || isName(t) && !p.clauseWord()) {
				p.word("as")
				f.Alias = p.alias()
				if p.op("(") {
					for _, n := range p.names() {
						f.Columns = append(f.Columns, n.Name)
					}
				}
			}
		case t.is("use") || t.is("force") || t.is("ignore"):
			if !p.at(1).is("index") && !p.at(1).is("key") {
				return
			}
			p.take()
			p.take()
			if p.word("for") {
				for !p.done() && !p.op("(") {
					p.take()
				}
			}
			if p.op("(") {
				p.names()
			}
		case t.is("indexed") && p.at(1).is("by"):
			p.take()
			p.take()
			p.take()
		case t.is("not") && p.at(1).is("indexed"):
			p.take()
			p.take()
		case t.is("tablesample"):
			p.take()
			p.operand()
			if p.word("repeatable") {
				p.operand()
			}
		default:
			return
		}
	}
}

// partition passes over MySQL's choice of partitions.
func (p *parser) partition() {
	if p.is("partition") && p.at(1).op("(") {
		p.take()
		p.names()
	}
}

func (p *parser) insert(t *Tree) {
	t.Verb = Insert
	verb := p.take()
	replace := verb.is("replace")
	if p.word("or") {
		replace = p.is("replace")
		p.take()
	}
	p.priority()
	if !p.word("into") && verb.is("replace") && !isName(p.tok()) && p.tok().kind != tHole {
		t.Verb = Other
		return
	}
	t.Target = p.table()
	p.partition()
	if p.word("as") {
		t.Target.Alias = p.alias()
	} else if isName(p.tok()) && !p.clauseWord() {
		t.Target.Alias = p.take().text
	}
	if p.op("(") && !p.startsQuery(p.i) {
		t.Columns = p.names()
		t.HasColumns = len(t.Columns) > 0 // MySQL's () says nothing
	}
	for p.tok().kind == tHole && !p.at(1).op(",") && p.at(1).kind != tEOF {
		// A column list, or more of the head, that is not in the text.
		if !t.HasColumns {
			t.Columns, t.HasColumns = []Ident{{IsHole: true, Hole: p.val(p.tok()).Hole}}, true
		}
		t.Holes = append(t.Holes, p.val(p.take()).Hole)
	}
	if p.word("overriding") {
		p.take()
		p.word("value")
	}
	switch {
	case p.words("default", "values"):
		t.Query = nil
		t.HasColumns = true
	case p.is("values") || p.is("value"):
		t.Query = p.setOperations(p.values())
		if t.Query.Left != nil {
			p.tail(t.Query)
		}
		if v := t.Query.Values; len(v) > 0 && len(v[0]) == 0 {
			t.HasColumns = true // MySQL's VALUES (): the defaults of all columns
		}
	case p.word("set"):
		t.HasColumns = true
		var row []*Expr
		for _, a := range p.assigns() {
			t.Columns = append(t.Columns, a.Column)
			row = append(row, a.Value)
		}
		t.Query = &Query{Values: [][]*Expr{row}}
	case p.tok().kind == tHole && p.at(1).kind == tEOF:
		t.Query = &Query{ValuesHole: []int{p.val(p.take()).Hole}}
	default:
		t.Query = p.query()
	}
	if p.word("as") { // MySQL: a name for the new row
		p.alias()
		if p.op("(") {
			p.names()
		}
	}
	for p.tok().kind == tHole {
		t.Holes = append(t.Holes, p.val(p.take()).Hole)
	}
	if replace {
		t.Conflict = &Conflict{AnyKey: true, Offset: t.Target.Offset}
	}
	for p.is("on") && p.err == "" {
		at := p.offset(p.take().pos)
		c := &Conflict{Offset: at}
		switch {
		case p.words("duplicate", "key"):
			p.word("update")
			c.AnyKey = true
			c.Set = p.assigns()
			t.Conflict = c.Or(t.Conflict)
		case p.word("conflict"):
			if p.op("(") {
				c.Columns = p.target()
				if p.word("where") {
					p.expr()
				}
			} else if p.words("on", "constraint") {
				p.take()
			}
			if !p.word("do") {
				p.fail("ON CONFLICT lacks DO")
				return
			}
			if p.word("nothing") {
				break
			}
			if !p.word("update") || !p.word("set") {
				p.fail("ON CONFLICT DO lacks its action")
				return
			}
			c.Set = p.assigns()
			if p.word("where") {
				c.Where = p.expr()
			}
			t.Conflict = c.Or(t.Conflict)
		default:
			p.fail("ON is followed by something unknown")
			return
		}
	}
	p.returning(t)
}

// target reads the columns of a conflict target. An expression counts as no
// column.
func (p *parser) target() []string {
	p.take()
	var cols []string
	for !p.done() && !p.op(")") {
		e := p.expr()
		if e.Op == OpColumn {
			cols = append(cols, e.Name)
		}
		for isName(p.tok()) {
			p.take() // an operator class
		}
		if !p.sym(",") {
			break
		}
	}
	if !p.sym(")") {
		p.fail("a conflict target is not closed")
	}
	return cols
}

func (p *parser) returning(t *Tree) {
	for p.tok().kind == tHole {
		t.Holes = append(t.Holes, p.val(p.take()).Hole)
	}
	if p.word("returning") {
		q := &Query{}
		if p.is("with") && p.at(1).op("(") {
			p.take()
			p.i = max(p.i, int(p.tok().match)+1)
		}
		t.Returning = p.items(q)
		if p.is("into") {
			p.into()
		}
	}
	for p.tok().kind == tHole {
		p.take()
	}
}

func (p *parser) assigns() []Assign {
	var list []Assign
	for !p.done() {
		t := p.tok()
		switch {
		case t.kind == tHole:
			p.take()
			if p.sym("=") {
				list = append(list, Assign{Column: Ident{IsHole: true, Hole: p.val(t).Hole}, Value: p.assigned()})
			} else {
				list = append(list, Assign{Column: Ident{IsHole: true, Hole: p.val(t).Hole}})
			}
		case t.op("("):
			names := p.names()
			if !p.sym("=") {
				p.fail("SET lacks =")
				return list
			}
			p.word("row")
			v := p.expr()
			for i, n := range names {
				a := Assign{Column: n, Value: &Expr{Op: OpOther, Args: []*Expr{v}}}
				if v.Op == OpRow && i < len(v.Args) {
					a.Value = v.Args[i]
				} else if i > 0 {
					a.Value = &Expr{Op: OpOther}
				}
				list = append(list, a)
			}
		case t.kind == tIdent || t.kind == tQuoted:
			p.take()
			a := Assign{Column: Ident{Name: t.text}}
			for p.sym(".") {
				n := p.take()
				if p.dialect == Postgres {
					continue // a field of a column: no table is named there
				}
				a.Table, a.Column.Name = a.Column.Name, n.text
				if n.kind == tHole {
					a.Column = Ident{IsHole: true, Hole: p.val(n).Hole}
				}
			}
			if h := p.tok(); h.kind == tHole && h.glued {
				p.take()
				a.Column = Ident{IsHole: true, Hole: p.val(h).Hole}
			}
			for p.op("[") && p.tok().match > 0 {
				p.i = int(p.tok().match) + 1
				if p.sym(".") {
					p.take()
				}
			}
			if !p.sym("=") && !p.sym(":=") {
				if p.tok().kind == tHole { // "a" + " = ?"
					p.take()
					list = append(list, a)
					break
				}
				p.fail("SET lacks =")
				return list
			}
			a.Value = p.assigned()
			list = append(list, a)
		default:
			p.fail("SET holds something unknown")
			return list
		}
		for p.tok().kind == tHole && !p.at(1).op("=") {
			h := p.take()
			list = append(list, Assign{Column: Ident{IsHole: true, Hole: p.val(h).Hole}})
			if isName(p.tok()) && (p.at(1).op("=") || p.at(1).op(".")) {
				break
			}
		}
		if p.sym(",") {
			continue
		}
		if p.tok().kind == tHole || isName(p.tok()) && p.at(1).op("=") {
			continue
		}
		break
	}
	return list
}

func (p *parser) assigned() *Expr {
	if p.is("default") && !p.at(1).op("(") {
		p.take()
		return &Expr{Op: OpDefault}
	}
	return p.expr()
}

func (p *parser) update(t *Tree) {
	t.Verb = Update
	p.take()
	if p.word("or") {
		p.take()
	}
	p.priority()
	from := p.joins(p.fromItem())
	var q Query
	t.From = nil
	if from.Join == NoJoin && !p.op(",") {
		t.Target = from
	} else {
		t.From = append(t.From, from)
		for p.sym(",") {
			t.From = append(t.From, p.joins(p.fromItem()))
		}
	}
	for p.tok().kind == tHole {
		t.Holes = append(t.Holes, p.val(p.take()).Hole)
	}
	if !p.word("set") {
		p.fail("UPDATE lacks SET")
		return
	}
	t.Set = p.assigns()
	if t.Target == nil {
		t.Written = written(t.Set, t.From)
	}
	if p.word("from") {
		t.From = append(t.From, p.fromList(&q)...)
	}
	p.rest(t, &q)
}

// priority passes over the words that MySQL lets stand behind a verb. A table
// may be called like one elsewhere.
func (p *parser) priority() {
	for {
		switch p.tok().text {
		case "ignore", "low_priority", "high_priority", "delayed", "quick":
			if n := p.at(1); !n.is("set") && !n.op(".") && p.word(p.tok().text) {
				continue
			}
		}
		return
	}
}

// written names the tables whose columns are set: those that qualify them, or
// all of the list if one is set without a qualifier.
func written(set []Assign, from []*From) []string {
	var names []string
	for _, a := range set {
		if a.Table == "" {
			return tableNames(from)
		}
		names = append(names, a.Table)
	}
	return names
}

func tableNames(from []*From) []string {
	var names []string
	for _, f := range from {
		switch {
		case f.Join != NoJoin:
			names = append(names, tableNames([]*From{f.Left, f.Right})...)
		case f.Alias != "":
			names = append(names, f.Alias)
		case f.Name != "":
			names = append(names, f.Name)
		}
	}
	return names
}

// gap returns the place behind what was read last.
func (p *parser) gap() Span {
	if p.i == 0 {
		return Span{}
	}
	at := p.offset(p.toks[p.i-1].end)
	return Span{at, at}
}

// rest reads WHERE, the tail and RETURNING of an UPDATE or DELETE.
func (p *parser) rest(t *Tree, q *Query) {
	for p.tok().kind == tHole {
		q.Holes = append(q.Holes, p.val(p.take()).Hole)
	}
	t.Cond = p.gap()
	if p.word("where") {
		if p.words("current", "of") {
			p.take()
			t.Cond = Span{}
		} else {
			t.Cond.Start = p.offset(p.tok().pos)
			q.Where = p.expr()
			t.Cond.End = max(t.Cond.Start, p.gap().End)
		}
	}
	p.clauseHoles(q)
	p.tail(q)
	t.Where = q.Where
	t.From = append(t.From, q.From...)
	t.Holes = append(t.Holes, q.Holes...)
	t.Limited = q.Limited
	t.Extra = q.Extra
	p.returning(t)
}

func (p *parser) delete(t *Tree) {
	t.Verb = Delete
	p.take()
	p.priority()
	var q Query
	if !p.is("from") {
		// MySQL: DELETE a, b FROM …
		for {
			f := p.table()
			if f.IsHole {
				q.Holes = append(q.Holes, f.Hole)
			}
			t.Written = append(t.Written, f.Name)
			if !p.sym(",") {
				break
			}
		}
		if !p.word("from") {
			p.fail("DELETE lacks FROM")
			return
		}
		t.From = p.fromList(&q)
		p.rest(t, &q)
		return
	}
	p.take()
	first := p.fromItem()
	var more []*From
	if p.startsJoin() {
		t.From = []*From{p.joins(first)}
		if t.Written = tableNames([]*From{first}); len(t.Written) != 1 {
			p.fail("DELETE of a joined table that has no name")
		}
		p.rest(t, &q)
		return
	}
	for p.sym(",") {
		more = append(more, p.fromItem())
	}
	for p.tok().kind == tHole {
		q.Holes = append(q.Holes, p.val(p.take()).Hole)
	}
	if p.word("using") {
		t.From = p.fromList(&q)
		// MySQL names the tables of USING before it, PostgreSQL does not.
		for _, f := range append([]*From{first}, more...) {
			name := orText(f.Alias, f.Name)
			if name != "" && contains(tableNames(t.From), name) && p.dialect != Postgres {
				t.Written = append(t.Written, name)
			} else if t.Target == nil {
				t.Target = f
			} else {
				p.fail("DELETE lists tables that are not joined")
			}
		}
	} else if len(more) > 0 {
		p.fail("DELETE lists tables that are not joined")
	} else {
		t.Target = first
	}
	p.rest(t, &q)
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func (p *parser) merge(t *Tree) {
	t.Verb = Merge
	p.take()
	p.word("into")
	t.Target = p.fromItem()
	if !p.word("using") {
		p.fail("MERGE lacks USING")
		return
	}
	t.From = []*From{p.joins(p.fromItem())}
	// The condition belongs to MERGE, not to a join of the source.
	if f := t.From[0]; f.Join != NoJoin && p.is("when") && f.On != nil {
		p.fail("MERGE lacks ON")
		return
	}
	if !p.word("on") {
		p.fail("MERGE lacks ON")
		return
	}
	t.Where = p.expr()
	for p.err == "" && p.word("when") {
		a := Action{Offset: p.offset(p.tok().pos)}
		a.Matched = !p.word("not")
		p.take() // MATCHED
		if p.word("by") {
			a.BySource = p.is("source")
			p.take()
		}
		if p.word("and") {
			a.Cond = p.expr()
		}
		if !p.word("then") {
			p.fail("WHEN lacks THEN")
			return
		}
		switch {
		case p.word("insert"):
			a.Insert = true
			if p.op("(") {
				a.Columns = p.names()
			}
			if p.word("overriding") {
				p.take()
				p.word("value")
			}
			if p.is("values") {
				if q := p.values(); len(q.Values) > 0 {
					a.Values = q.Values[0]
				}
			} else {
				p.words("default", "values")
			}
		case p.word("update"):
			p.word("set")
			a.Set = p.assigns()
		case p.word("delete"):
		case p.word("do"):
			p.word("nothing")
			a.Nothing = true
		default:
			p.fail("THEN is followed by something unknown")
		}
		t.Merge = append(t.Merge, a)
	}
	p.returning(t)
}
