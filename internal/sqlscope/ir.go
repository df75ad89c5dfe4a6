package sqlscope

import "slices"

// The intermediate form: what of a statement decides which rows it reaches. A
// second front end may build it from another parser's tree and have it judged
// with [Check]; the differential tests do.
//
// Names are in lower case and without quotes. Casts, collations and
// parentheses around one expression are not represented.

// A Verb says what a statement does.
type Verb uint8

// The verbs.
const (
	Other     Verb = iota // a statement that is not judged: DDL, SET, CALL, …
	Select                // also VALUES and TABLE
	Insert                // also REPLACE
	Update                //
	Delete                //
	Merge                 //
	Truncate              //
	Copy                  // COPY of a table
	Condition             // a fragment: a condition, a FROM clause or a tail
)

func (v Verb) String() string {
	switch v {
	case Select:
		return "SELECT"
	case Insert:
		return "INSERT"
	case Update:
		return "UPDATE"
	case Delete:
		return "DELETE"
	case Merge:
		return "MERGE"
	case Truncate:
		return "TRUNCATE"
	case Copy:
		return "COPY"
	case Condition:
		return "condition"
	}
	return "other"
}

// A Tree is one statement in the intermediate form.
type Tree struct {
	Verb   Verb
	Offset int
	With   []CTE

	// Query is the statement itself for Select, and what an Insert takes its
	// rows from (VALUES included).
	Query *Query

	// Target is the table that is written. It is nil for a Select and for an
	// Update or Delete over a joined table list, whose written tables are
	// named by Written.
	Target  *From
	Written []string // names or aliases among From

	Columns    []Ident // of Insert
	HasColumns bool    // Insert says its columns
	Set        []Assign
	From       []*From // UPDATE … FROM, DELETE … USING, MERGE … USING; a joined table list
	Where      *Expr   // the condition of MERGE … ON, too
	Conflict   *Conflict
	Merge      []Action
	Returning  []Item
	Limited    bool
	Extra      []*Expr // ORDER BY, LIMIT: looked into for sub-selects
	Holes      []int   // unknown text between clauses
	Cond       Span    // of Where, in an Update or Delete

	Unparsed string // why the statement could not be read; empty if it could
}

// An Ident is a name, or a hole in the place of one.
type Ident struct {
	Name   string
	Hole   int
	IsHole bool
}

// A CTE is one common table expression of a WITH clause.
type CTE struct {
	Name      string
	Columns   []string
	Tree      *Tree
	Recursive bool // the WITH clause says RECURSIVE
}

// A Query is a SELECT, a VALUES list, or a set operation of two queries.
type Query struct {
	With        []CTE
	Left, Right *Query // of a set operation, whose other fields but With, Limited, Extra are unset

	Items      []Item
	From       []*From
	Where      *Expr
	GroupBy    []*Expr
	Having     *Expr
	Values     [][]*Expr // of VALUES
	DistinctOn []*Expr
	Limited    bool    // LIMIT, OFFSET or FETCH: a condition on its output is no condition on its input
	Windowed   bool    // has a window function: the same
	Lock       string  // "update", "no key update", "share" or "key share", if it locks what it finds; a front end need not say it
	Extra      []*Expr // ORDER BY, LIMIT, windows: looked into for sub-selects
	Holes      []int   // unknown text between clauses, which may hold joins or conditions
	Cond       Span    // of Where
	ValuesHole []int   // VALUES lists that are unknown text
}

// A Span is where a WHERE condition stands in the text, holes not counted: from
// its first word, behind WHERE, to the end of its last. Where there is none,
// both are the place at which WHERE would have to be put. The zero Span says
// that neither is known; a front end need not say it.
type Span struct{ Start, End int }

// An Item is an output column.
type Item struct {
	Expr  *Expr // nil for a star
	Alias string
	Star  bool
	Table string // of a star: t.*
}

// JoinKind is the kind of a join.
type JoinKind uint8

// The joins. Inner stands for CROSS and the comma as well.
const (
	NoJoin JoinKind = iota
	Inner
	Left
	Right
	Full
)

// A From is a table, a derived table, a function, or a join of two of them.
type From struct {
	Schema, Name, Alias string
	Columns             []string // of the alias: AS x (a, b)
	Hole                int      // where IsHole: the table's name is not known
	IsHole              bool
	Sub                 *Query
	Lateral             bool
	Func                *Expr
	Join                JoinKind
	Left, Right         *From
	On                  *Expr
	Using               []string
	Natural             bool
	Offset              int
}

// An Assign is one column of a SET list.
type Assign struct {
	Table  string
	Column Ident
	Value  *Expr
}

// A Conflict is what an insert does when the row is there already and is
// updated. (DO NOTHING is no Conflict.)
type Conflict struct {
	Columns []string // of the conflict target
	AnyKey  bool     // ON DUPLICATE KEY, REPLACE: whichever unique key it is
	Set     []Assign
	Where   *Expr
	Offset  int
}

// Or returns what a statement with two such clauses does: any of the two, so
// that nothing is known of the row which it meets. other may be nil.
func (c *Conflict) Or(other *Conflict) *Conflict {
	if other == nil {
		return c
	}
	return &Conflict{Set: append(slices.Clip(other.Set), c.Set...), Offset: other.Offset}
}

// An Action is one WHEN clause of MERGE.
type Action struct {
	Matched  bool // WHEN MATCHED
	BySource bool // WHEN NOT MATCHED BY SOURCE: rows that the condition did not select
	Cond     *Expr
	Insert   bool
	Nothing  bool
	Columns  []Ident
	Values   []*Expr
	Set      []Assign
	Offset   int
}

// An Op says what an expression is.
type Op uint8

// The expressions.
const (
	OpOther    Op = iota // anything that no rule looks at; Args holds the operands
	OpColumn             // Table.Name
	OpValue              // Value
	OpAnd                // Args
	OpOr                 // Args
	OpNot                // Args[0]
	OpEq                 // Args[0] = Args[1]; IS NOT DISTINCT FROM too
	OpIn                 // Args[0] IN (Args[1:]…), or IN (Sub); = ANY (Sub) too
	OpAny                // Args[0] = ANY (Args[1])
	OpExists             // EXISTS (Sub)
	OpSub                // the value of Sub
	OpRow                // (Args…), at least two
	OpNull               // Args[0] IS NULL
	OpCase               // Args: condition, result, condition, result, …, and the ELSE last if there is one
	OpCoalesce           // COALESCE, IFNULL
	OpFunc               // Name(Args…)
	OpDefault            // DEFAULT in the place of a value
	OpLoose              // Args[0] with holes at its top level, which may begin with OR
)

// An Expr is an expression.
type Expr struct {
	Op     Op
	Table  string // qualifier of a column
	Name   string
	Value  Value
	Args   []*Expr
	Sub    *Query
	Holes  []int // of OpLoose: unknown text that may begin with OR
	May    []int // of OpLoose: unknown text that may add a condition
	Window bool  // of a function: has an OVER clause
	NullOK bool  // of OpEq: true for two NULLs, too
}

// ValueKind is the kind of a [Value].
type ValueKind uint8

// The kinds of values.
const (
	Literal     ValueKind = iota // 'x', 1, TRUE, NULL
	Placeholder                  // $1, ?, :name, @name, a macro of sqlc
	HoleValue                    // unknown text where a value stands, or inside of a literal
	Computed                     // an expression without columns: now(), current_setting('x')
)

// A Value is what a column is compared with or set to.
type Value struct {
	Kind ValueKind

	// Index is the number of a placeholder, from 1: n for $n, the place among
	// all question marks for ?. It is 0 for a placeholder that has a name.
	// bun's ?0 has Index 1.
	Index int
	Name  string // of a named placeholder
	Hole  int    // the caller's id of the hole

	// Text is a literal's text without its quotes, the name of the function for
	// Computed, and for a HoleValue the $ or : of a placeholder whose number or name
	// the hole is.
	Text string

	// HolesBefore counts the holes before a ? that may hold placeholders of
	// their own, so that its number at run time may be greater.
	HolesBefore int

	InLiteral bool // the hole is a part of a quoted literal
	Elements  bool // the column equals an element of the value: IN (…), = ANY (…)
	Repeated  bool // part of a text that is repeated; Index counts within its first copy
	Part      bool // the column equals something computed from the value: lower($1)
	Offset    int
}
