package sqlscope

import (
	"slices"
	"strings"
)

// A Text is the text of one or several statements, or of a part of one, with
// holes where the text is not known.
type Text []Piece

// A Piece is text, or a hole if Hole is not nil.
type Piece struct {
	Text string
	Hole *Hole
}

// Plain returns a text without holes.
func Plain(s string) Text { return Text{{Text: s}} }

// A HoleKind says what is known of the text that a hole stands for.
type HoleKind uint8

// The kinds of holes.
const (
	Anything HoleKind = iota // any text
	Name                     // an identifier
	Params                   // a list of placeholders or values, without parentheses
	Number                   // a number
	Single                   // one placeholder or value
	Tail                     // nothing, or text that cannot undo what stands before it: it begins with AND or with a clause
	Repeat                   // Text, any number of times
	Argless                  // any text in which there are no placeholders
)

// A Hole is text that is known only at run time.
type Hole struct {
	ID   int // the caller's; verdicts name holes by it
	Kind HoleKind
	Text string // of Repeat: what is repeated, separators included
}

// A Dialect is a kind of SQL.
type Dialect uint8

// The dialects. Auto is what PostgreSQL, MySQL and SQLite have in common, and
// PostgreSQL where they differ, with some of ClickHouse's clauses; text with
// backquotes is taken for MySQL.
const (
	Auto Dialect = iota
	Postgres
	MySQL
	SQLite
	Cassandra // its query language
)

// A Form says what a text is.
type Form uint8

// The forms.
const (
	Statements  Form = iota // statements, separated by semicolons
	WhereForm               // a condition: what stands behind WHERE, HAVING or ON
	FromForm                // what stands behind FROM, or joins
	TailForm                // ORDER BY, GROUP BY, LIMIT and the like
	SelectList              // what stands between SELECT and FROM
	AssignForm              // what stands behind SET
	tooManyForm             // none of them
)

// A Table is a table that a fragment's names may refer to.
type Table struct{ Schema, Name, Alias string }

// A Catalog knows tables' columns. It may be partial: known is false for a
// table that it knows nothing of. A catalog may have a second method,
//
//	UniqueKeys(table string) (keys [][]string, known bool)
//
// which tells whether an upsert can meet another tenant's row. Names are in
// lower case, tables without their schema.
//
// and a third,
//
//	ForeignKeys(table string) []ForeignKeyDef
//
// which tells whether a join follows a foreign key.
type Catalog interface {
	Columns(table string) (cols []string, known bool)
}

type foreignKeys interface {
	ForeignKeys(table string) []ForeignKeyDef
}

// ownedTables tells whether each row of a table is some tenant's.
type ownedTables interface {
	Owned(table string) bool
}

type uniqueKeys interface {
	UniqueKeys(table string) (keys [][]string, known bool)
}

// Options tell what is known of a text. The zero value is fit for statements.
type Options struct {
	Dialect Dialect
	Form    Form
	Catalog Catalog // may be nil

	// Tables are those that a fragment's columns belong to. Without any, a
	// column without a qualifier belongs to one table that has no name.
	Tables []Table
}

// A Result is what a text holds. It is not changed after Scan returned, and
// may be used by several goroutines.
type Result struct {
	Statements []*Statement

	// Questions counts the ? placeholders of the text; holes may hold more.
	Questions int

	// TopOr reports, for a condition, that an OR stands in it outside of
	// parentheses: next to another condition it takes that one's force away.
	TopOr bool
}

// Scan reads a text. It never fails: a statement that could not be read says
// so, and none of its columns counts as restricted.
func Scan(text Text, opts Options) *Result {
	if opts.Dialect == Auto {
		for _, p := range text {
			if strings.IndexByte(p.Text, '`') >= 0 {
				opts.Dialect = MySQL
				break
			}
		}
	}
	l := lex(text, opts.Dialect)
	res := &Result{Questions: l.params}
	if opts.Dialect == Cassandra && len(l.toks) > 0 {
		l.cassandra()
	}
	if len(l.toks) == 0 { // too long
		res.Statements = []*Statement{{Unparsed: l.bad}}
		return res
	}
	if opts.Form != Statements {
		p := &parser{lexer: l, end: len(l.toks) - 1}
		t := p.fragment(opts)
		res.TopOr = opts.Form == WhereForm && topOr(l)
		res.Statements = []*Statement{Check(t, opts.Catalog)}
		return res
	}
	for i := 0; i < len(l.toks)-1; {
		if l.toks[i].op(";") {
			i++
			continue
		}
		end := l.statementEnd(i)
		p := &parser{lexer: l, i: i, end: end}
		res.Statements = append(res.Statements, Check(p.statement(), opts.Catalog))
		i = end
	}
	return res
}

// statementEnd returns the index of the token that ends the statement at i.
func (l *lexer) statementEnd(i int) int {
	if end := l.routineEnd(i); end > 0 {
		return end
	}
	end, depth := i, 0
	for ; end < len(l.toks)-1; end++ {
		t := &l.toks[end]
		switch {
		case t.op("("):
			depth++
		case t.op(")"):
			depth--
		}
		// An unbalanced statement is not read, but must not take the next
		// one with it unseen: it ends with the text.
		if depth <= 0 && t.op(";") {
			break
		}
	}
	return end
}

// routineEnd returns the index of the token behind CREATE TRIGGER … BEGIN …; END
// and its like, whose statements do not run when the text does; 0 if the one at
// i is none, or its END is not found.
func (l *lexer) routineEnd(i int) int {
	if !l.toks[i].is("create") {
		return 0
	}
	kind, begun, open := false, false, 0
	for ; i < len(l.toks)-1; i++ {
		switch t, next := &l.toks[i], &l.toks[i+1]; {
		case t.is("trigger"), t.is("procedure"), t.is("function"), t.is("event"):
			kind = true
		case !begun && t.op(";"), !kind && (t.op("(") || t.is("as") || t.is("table") || t.is("view") || t.is("index") || t.is("schema")):
			return 0
		case t.is("begin") && kind, t.is("case") && begun:
			begun = true
			open++
		case t.is("end") && begun && (next.is("if") || next.is("loop") || next.is("while") || next.is("repeat")):
			i++
		case t.is("end") && begun:
			if next.is("case") {
				i++
			}
			if open--; open == 0 {
				if i+1 < len(l.toks)-1 && !l.toks[i+1].op(";") {
					return 0
				}
				return i + 1
			}
		}
	}
	return 0
}

// topOr reports whether an OR stands outside of parentheses. MySQL's || is one.
func topOr(l *lexer) bool {
	depth := 0
	for i := range l.toks {
		switch t := &l.toks[i]; {
		case t.op("("), t.op("["), t.is("case"):
			depth++
		case t.op(")"), t.op("]"), t.is("end"):
			depth--
		case depth <= 0 && (t.is("or") || t.is("xor") || t.op("||") && l.dialect == MySQL):
			return true
		}
	}
	return false
}

// fragment reads a part of a statement.
func (p *parser) fragment(opts Options) *Tree {
	t := &Tree{Verb: Condition}
	for _, table := range opts.Tables {
		t.From = append(t.From, &From{Schema: strings.ToLower(table.Schema), Name: strings.ToLower(table.Name), Alias: strings.ToLower(table.Alias)})
	}
	if len(t.From) == 0 {
		t.From = append(t.From, &From{})
	}
	var q Query
	switch opts.Form {
	case WhereForm:
		// Some callers pass the keyword along.
		_ = p.word("where") || p.word("and") || p.word("on") || p.word("having")
		if !p.done() {
			q.Where = p.expr()
		}
		p.clauseHoles(&q)
		p.tail(&q)
	case FromForm:
		q.From, t.From = t.From, nil
		if p.word("from") || !p.startsJoin() && p.tok().kind != tHole {
			if len(opts.Tables) == 0 {
				q.From = nil
			}
			p.sym(",")
			q.From = append(q.From, p.fromList(&q)...)
		} else {
			p.clauseHoles(&q)
			p.moreFrom(&q)
			for p.sym(",") {
				q.From = append(q.From, p.fromList(&q)...)
			}
		}
		if p.word("where") {
			q.Where = p.expr()
		}
		p.clauseHoles(&q)
		p.tail(&q)
	case SelectList:
		for _, item := range p.items(&q) {
			if item.Expr != nil {
				q.Extra = append(q.Extra, item.Expr)
			}
		}
	case AssignForm:
		t.Set = p.assigns()
	case TailForm:
		if p.words("group", "by") {
			q.Extra = append(q.Extra, p.list()...)
			if p.word("having") {
				q.Extra = append(q.Extra, p.expr())
			}
		}
		before := p.i
		p.tail(&q)
		if p.i == before && !p.done() {
			q.Extra = append(q.Extra, p.orderList()...) // a bare list, as Order takes it
			p.tail(&q)
		}
	}
	t.Where, t.Extra = q.Where, q.Extra
	t.From = append(t.From, q.From...)
	t.Holes = q.Holes
	if p.err == "" && !p.done() {
		p.err = "it goes on after its end: " + p.near()
	}
	if p.err == "" && p.bad != "" {
		p.err = p.bad
	}
	n := 0
	for i := range p.toks {
		if p.toks[i].class&wCounted != 0 {
			n++
		}
	}
	if p.err == "" && n != p.taken {
		p.err = "a clause was not understood"
	}
	t.Unparsed = p.err
	return t
}

// A Role says what a statement does with a table.
type Role uint8

// The roles.
const (
	Reads   Role = iota
	Inserts      // rows are added
	Updates      // rows are changed
	Deletes      // rows are removed
	Upserts      // a row that is there already is changed by ON CONFLICT, ON DUPLICATE KEY or REPLACE
)

func (r Role) String() string {
	switch r {
	case Inserts:
		return "inserts"
	case Updates:
		return "updates"
	case Deletes:
		return "deletes"
	case Upserts:
		return "upserts"
	}
	return "reads"
}

// An Occurrence is one mention of a table. References to common table
// expressions are none.
type Occurrence struct {
	Schema, Table, Alias string
	Role                 Role
	Hole                 int // where IsHole: the name is not known
	IsHole               bool
	Implicit             bool // named by a fragment's columns only
	Optional             bool // rows come out, or are written, without one of its: an outer join's, or in a sub-select for a value
	Offset               int  // in the text, holes not counted
}

// Name returns what the statement calls the occurrence.
func (o Occurrence) Name() string { return orText(o.Alias, o.Table) }

// A Kind says how a column is restricted.
type Kind uint8

// The kinds. Those up to Expression restrict it.
const (
	Bound      Kind = iota + 1 // equals a placeholder, a hole or a literal with a hole in it; several joined by OR
	Linked                     // equals a column of another table that is restricted
	Set                        // is an element of a list, or of an array
	Const                      // equals a literal
	Expression                 // equals something computed, without columns in it
	ForeignKey                 // the rows are those of a restricted table, by other columns
	Optional                   // a value switches the restriction off
	Dynamic                    // not restricted by what is known of the text, but a hole may do it
	Unset                      // the INSERT gives the column no value
	Unknown                    // the INSERT does not say its columns
	None                       // not restricted
	Unparsed                   // the statement was not understood
)

func (k Kind) String() string {
	switch k {
	case Bound:
		return "bound"
	case Linked:
		return "linked"
	case Set:
		return "set"
	case Const:
		return "const"
	case Expression:
		return "expression"
	case ForeignKey:
		return "foreign key"
	case Optional:
		return "optional"
	case Dynamic:
		return "dynamic"
	case Unset:
		return "unset"
	case Unknown:
		return "unknown"
	case None:
		return "none"
	case Unparsed:
		return "unparsed"
	}
	return "invalid"
}

// Restricts reports whether the kind keeps the rows to certain values of the
// column. Whether those are the right values is for the caller to say.
func (k Kind) Restricts() bool { return k >= Bound && k <= Expression }

// A Link is one step of a chain of equal columns.
type Link struct {
	Table, Column     string // as the statement calls the table
	ToTable, ToColumn string

	// From and To are the indexes of the occurrences, -1 for what is no
	// table: a derived table, a common table expression, a function.
	From, To int
}

// A Proof is one way in which a column is restricted.
type Proof struct {
	Kind Kind
	Root Kind // of Linked and ForeignKey: how the column at the end of Via is restricted

	// Values are what the column may equal: each of them, so that all have to
	// be right.
	Values []Value

	Via []Link // of Linked and ForeignKey

	// Declared says, of ForeignKey, that the catalog has a foreign key for
	// each step between two tables, in one direction or the other, or one for
	// each of them to the same row, and that rows which are there because others
	// refer to them lead to more only where the catalog says whose they are.
	Declared bool

	// Undo names the holes next to the condition. A text that begins with OR
	// there, or has an OR outside of parentheses, takes the condition's force
	// away.
	Undo []int

	undeclared bool // a part of the way, which is not in Via, is not Declared
}

// A Verdict says how a column of an occurrence is restricted.
type Verdict struct {
	Kind Kind

	// Proofs are the ways in which it is, best first, each sufficient by
	// itself. Those of an Optional, Dynamic or Unset column prove nothing, but
	// tell what was tried.
	Proofs []Proof

	Holes  []int  // of Dynamic: the holes that may hold a condition
	Reason string // of None and Unparsed: why, where there is something to say

	// From lists, of None, for Inserts and Upserts, the occurrences that the
	// column is read from: the row is whosever theirs are.
	From []int
}

// A Statement is one statement of a text, judged.
type Statement struct {
	Verb        Verb
	Offset      int // in the text, holes not counted
	Occurrences []Occurrence
	Unparsed    string // why it was not understood; empty if it was
	Tree        *Tree

	c *checker
}

// Lock returns how a SELECT locks what it finds, as [Query.Lock] says it, empty if
// it does not.
func (s *Statement) Lock() string {
	if s.Tree == nil || s.Tree.Query == nil {
		return ""
	}
	return s.Tree.Query.Lock
}

// Restricted returns how a column of an occurrence, given by its index, is
// restricted. The column is in lower case. For Inserts, it is what the column
// is set to.
func (s *Statement) Restricted(occurrence int, column string) Verdict {
	if s.Unparsed != "" {
		return Verdict{Kind: Unparsed, Reason: s.Unparsed}
	}
	if s.c == nil || occurrence < 0 || occurrence >= len(s.Occurrences) {
		return Verdict{Kind: None}
	}
	return s.c.verdict(s.c.occRel[occurrence], column)
}

// Copied returns the occurrence whose column is what a column of an inserted row, or of
// the row that an upsert meets, is read from, and that column; ok is false if it comes
// from anywhere else, on some way at least.
func (s *Statement) Copied(occurrence int, column string) (from int, name string, ok bool) {
	if s.c == nil || s.Unparsed != "" || occurrence < 0 || occurrence >= len(s.Occurrences) {
		return 0, "", false
	}
	return s.c.copied(s.c.lookup(s.c.occRel[occurrence], column), 0)
}

// Rehomed returns what a SET list, of an UPDATE or of an upsert, gives the
// column of an occurrence; ok is false if it does not set it.
func (s *Statement) Rehomed(occurrence int, column string) (v Verdict, ok bool) {
	if s.c == nil || occurrence < 0 || occurrence >= len(s.Occurrences) {
		return Verdict{}, false
	}
	rel := s.c.occRel[occurrence]
	if !slices.Contains(s.c.rels[rel].assigned, column) {
		return Verdict{}, false
	}
	if s.Unparsed != "" {
		return Verdict{Kind: Unparsed, Reason: s.Unparsed}, true
	}
	return s.c.verdict(rel, column+assignedSuffix), true
}

// Assigned returns the columns of an occurrence that a SET list changes, in
// the order of the text.
func (s *Statement) Assigned(occurrence int) []string {
	if s.c == nil || occurrence < 0 || occurrence >= len(s.Occurrences) {
		return nil
	}
	return slices.Clone(s.c.rels[s.c.occRel[occurrence]].assigned)
}
