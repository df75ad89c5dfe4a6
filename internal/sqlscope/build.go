package sqlscope

import "slices"

// From the intermediate form to facts. A fact says that a column of one
// relation equals one of some terms: values, or columns of other relations.
// Facts have a direction: the ON of a LEFT JOIN says something about its right
// side only.

// assignedSuffix marks what a SET list gives a column, which is not what the
// column is restricted to.
const assignedSuffix = "\x00set"

type termKind uint8

const (
	tNone    termKind = iota // nothing is known
	tCol                     // a column
	tVal                     // a value
	tAlts                    // one of alts
	tDefault                 // what the table's definition says
	tDyn                     // unknown text
	tFrom                    // computed from a row: from col, and from others of its relation
)

type term struct {
	kind termKind
	col  int
	k    Kind // of tVal; of tAlts the least that is made of it, or 0
	val  Value
	alts []term
}

// follows reports whether t leads to the row of another relation.
func (t term) follows() bool { return t.kind == tCol || t.kind == tFrom }

type fact struct {
	dst      int
	t        term
	optional bool
	nulls    bool // the column may be NULL, too: it holds for a row that an outer join left out
	undo     []int
}

type relKind uint8

const (
	relTable relKind = iota
	relDerived
	relCTE
	relFunc
)

type rel struct {
	kind     relKind
	from     *From
	name     string // what the statement calls it
	table    string // of a table: its name
	schema   string
	occ      int // index of the occurrence, or -1
	block    *block
	cols     []string // of the alias
	info     *info    // of a derived table
	cte      *cte
	self     bool // a reference of a CTE to itself
	catalog  []string
	known    bool // catalog is what there is
	assigned []string
	insert   *insertion
}

type insertion struct {
	columns []Ident
	has     bool
	holes   []int
}

// A block is one SELECT, or the tables of one other statement: the names that
// a column can refer to.
type block struct {
	parent *block
	rels   []int
	merged []merged // columns that USING merged
	raw    []fact   // of its WHERE and inner ONs, about outer columns as well
	holes  []int
	fixed  bool // a fragment's: unknown qualifiers are tables of their own
}

// merged is a column that USING made one of two: by itself, its name means
// that of the side whose rows are all there.
type merged struct {
	name string
	from []int // the relations of that side; none for a full join
}

// info is what is known of a query's output.
type info struct {
	arms    []arm
	limited bool
}

type arm struct {
	q       *Query
	items   []Item
	values  [][]*Expr
	block   *block
	limited bool
	tree    *Tree // of RETURNING
	target  int   // of RETURNING: the relation that is written
	unknown bool
}

type cte struct {
	name      string
	columns   []string
	info      *info
	recursive bool
	building  bool
	refs      []int // relations outside of its own body
	selfRefs  []int
	written   bool // its body writes
}

type env struct {
	parent *env
	cte    *cte
}

func (e *env) find(name string) *cte {
	for ; e != nil; e = e.parent {
		if e.cte.name == name {
			return e.cte
		}
	}
	return nil
}

type column struct {
	rel  int
	name string
}

type checker struct {
	catalog Catalog
	stmt    *Statement
	rels    []rel
	occRel  []int
	cols    []column
	facts   []fact
	subs    map[*Query]*info
	proofs  [][]Proof
	done    int // columns whose outputs were looked at
	depth   int
	broken  string
	holes   []int // of the statement
	banned  map[column]bool
	steps   map[int][]term // of a recursive query's reference to itself: what each arm gives its column
	relCols [][]int        // per relation: its columns
	cases   []cases
}

func (c *checker) rel(id int) *rel { return &c.rels[id] }

// intern returns the number of a column.
func (c *checker) intern(r int, name string) int {
	if n := c.lookup(r, name); n >= 0 {
		return n
	}
	c.cols = append(c.cols, column{r, name})
	n := len(c.cols) - 1
	c.relCols[r] = append(c.relCols[r], n)
	return n
}

func (c *checker) lookup(r int, name string) int {
	for _, n := range c.relCols[r] {
		if c.cols[n].name == name {
			return n
		}
	}
	return -1
}

func (c *checker) addRel(r rel, b *block) int {
	id := len(c.rels)
	r.block = b
	c.rels = append(c.rels, r)
	c.relCols = append(c.relCols, nil)
	b.rels = append(b.rels, id)
	return id
}

// addTable adds an occurrence of a table.
func (c *checker) addTable(f *From, b *block, role Role) int {
	r := rel{kind: relTable, from: f, table: f.Name, schema: f.Schema, name: orText(f.Alias, f.Name), occ: len(c.stmt.Occurrences), cols: f.Columns}
	if c.catalog != nil && !f.IsHole && f.Name != "" {
		r.catalog, r.known = c.catalog.Columns(f.Name)
	}
	id := c.addRel(r, b)
	c.occRel = append(c.occRel, id)
	c.stmt.Occurrences = append(c.stmt.Occurrences, Occurrence{Schema: f.Schema, Table: f.Name, Alias: f.Alias, Role: role, Hole: f.Hole, IsHole: f.IsHole, Offset: f.Offset})
	return id
}

// tree processes a statement; parent is the block that it can see.
func (c *checker) tree(t *Tree, parent *block, e *env) *info {
	if t == nil {
		return &info{}
	}
	c.depth++
	defer func() { c.depth-- }()
	if c.depth > 3*maxDepth {
		c.broken = "it is nested too deeply"
		return &info{}
	}
	e = c.with(t.With, parent, e)
	switch t.Verb {
	case Select:
		return c.query(t.Query, parent, e)
	case Insert:
		return c.insert(t, parent, e)
	case Merge:
		return c.merge(t, parent, e)
	case Other:
		return &info{arms: []arm{{unknown: true, block: &block{parent: parent}}}}
	}
	b := &block{parent: parent, holes: t.Holes, fixed: t.Verb == Condition}
	target := -1
	role := Reads
	switch t.Verb {
	case Update:
		role = Updates
	case Delete, Truncate:
		role = Deletes
	}
	if t.Target != nil {
		target = c.addTable(t.Target, b, role)
	}
	for _, f := range t.From {
		if t.Verb == Truncate {
			c.addTable(f, b, role)
			continue
		}
		c.from(f, b, e)
	}
	for _, name := range t.Written {
		for _, id := range b.rels {
			if r := c.rel(id); r.name == name && r.occ >= 0 {
				c.stmt.Occurrences[r.occ].Role = role
			}
		}
	}
	skip := 0
	if target >= 0 {
		skip = 1
	}
	from := t.From
	if t.Verb == Truncate {
		from = nil
	}
	c.where(b, t.Where, from, skip, nil, e)
	for _, x := range t.Extra {
		c.walk(x, b, e)
	}
	c.set(t.Set, target, b, e)
	return c.returning(t, b, target, e)
}

func (c *checker) returning(t *Tree, b *block, target int, e *env) *info {
	for _, item := range t.Returning {
		c.walk(item.Expr, b, e)
	}
	if t.Returning == nil {
		return &info{}
	}
	return &info{arms: []arm{{items: t.Returning, block: b, tree: t, target: target}}}
}

// set notes what a SET list does.
func (c *checker) set(list []Assign, target int, b *block, e *env) {
	for _, a := range list {
		first := len(c.stmt.Occurrences)
		c.walk(a.Value, b, e)
		c.optional(first)
		if a.Column.IsHole || a.Value == nil {
			continue
		}
		dst := target
		if dst < 0 || a.Table != "" {
			if r := c.resolve(a.Table, a.Column.Name, b); r >= 0 {
				dst = c.cols[r].rel
			}
		}
		if dst < 0 {
			continue
		}
		r := c.rel(dst)
		if !slices.Contains(r.assigned, a.Column.Name) {
			r.assigned = append(r.assigned, a.Column.Name)
		}
		c.fact(fact{dst: c.intern(dst, a.Column.Name+assignedSuffix), t: c.term(a.Value, b)})
	}
}

func (c *checker) fact(f fact) {
	if f.t.kind != tNone {
		c.facts = append(c.facts, f)
	}
}

func (c *checker) with(list []CTE, parent *block, e *env) *env {
	for i := range list {
		w := &list[i]
		x := &cte{name: w.Name, columns: w.Columns, recursive: w.Recursive, written: w.Tree == nil || w.Tree.Verb != Select}
		if w.Recursive {
			e = &env{parent: e, cte: x}
			x.building = true
		}
		x.info = c.tree(w.Tree, parent, e)
		x.building = false
		if !w.Recursive {
			e = &env{parent: e, cte: x}
		}
	}
	return e
}

func (c *checker) query(q *Query, parent *block, e *env) *info {
	if q == nil {
		return &info{}
	}
	c.depth++
	defer func() { c.depth-- }()
	if c.depth > 3*maxDepth {
		c.broken = "it is nested too deeply"
		return &info{}
	}
	e = c.with(q.With, parent, e)
	if q.Left != nil {
		left := c.query(q.Left, parent, e)
		right := c.query(q.Right, parent, e)
		in := &info{limited: q.Limited}
		for _, a := range left.arms {
			a.limited = a.limited || left.limited || q.Limited
			in.arms = append(in.arms, a)
		}
		for _, a := range right.arms {
			a.limited = a.limited || right.limited || q.Limited
			in.arms = append(in.arms, a)
		}
		b := &block{parent: parent}
		for _, x := range q.Extra {
			c.walk(x, b, e)
		}
		return in
	}
	b := &block{parent: parent, holes: q.Holes}
	if q.Values != nil || q.ValuesHole != nil {
		for _, row := range q.Values {
			for _, x := range row {
				c.walk(x, b, e)
			}
		}
		return &info{arms: []arm{{q: q, values: q.Values, block: b, unknown: q.ValuesHole != nil}}, limited: q.Limited}
	}
	for _, f := range q.From {
		c.from(f, b, e)
	}
	c.where(b, q.Where, q.From, 0, q, e)
	first := len(c.stmt.Occurrences)
	for _, item := range q.Items {
		c.walk(item.Expr, b, e)
	}
	if len(q.Items) != 1 || q.Items[0].Expr == nil || q.Items[0].Expr.Op != OpExists { // which says whether there is one
		c.optional(first)
	}
	for _, list := range [][]*Expr{q.GroupBy, q.DistinctOn, q.Extra} {
		for _, x := range list {
			c.walk(x, b, e)
		}
	}
	return &info{arms: []arm{{q: q, items: q.Items, block: b}}, limited: q.Limited}
}

// from adds a FROM item. Joins are noted, their conditions are read by where,
// which knows what WHERE does to outer joins.
func (c *checker) from(f *From, b *block, e *env) {
	c.depth++
	defer func() { c.depth-- }()
	if c.depth > 3*maxDepth {
		c.broken = "it is nested too deeply"
		return
	}
	switch {
	case f == nil:
		c.addTable(&From{}, b, Reads)
	case f.Join != NoJoin:
		start := len(b.rels)
		c.from(f.Left, b, e)
		mid := len(b.rels)
		c.from(f.Right, b, e)
		for _, name := range f.Using {
			m := merged{name: name}
			switch f.Join {
			case Inner, Left:
				m.from = slices.Clone(b.rels[start:mid])
			case Right:
				m.from = slices.Clone(b.rels[mid:])
			}
			b.merged = append(b.merged, m)
		}
	case f.Sub != nil:
		outer := b.parent
		if f.Lateral {
			outer = b
		}
		in := c.query(f.Sub, outer, e)
		c.addRel(rel{kind: relDerived, from: f, name: f.Alias, occ: -1, info: in, cols: f.Columns}, b)
	case f.Func != nil:
		c.walk(f.Func, b, e)
		c.addRel(rel{kind: relFunc, from: f, name: orText(f.Alias, f.Func.Name), occ: -1, cols: f.Columns}, b)
	default:
		if f.Schema == "" && !f.IsHole {
			if x := e.find(f.Name); x != nil {
				r := rel{kind: relCTE, from: f, name: orText(f.Alias, f.Name), occ: -1, cte: x, cols: f.Columns}
				id := c.addRel(r, b)
				if x.building {
					c.rel(id).self = true
					x.selfRefs = append(x.selfRefs, id)
				} else {
					x.refs = append(x.refs, id)
				}
				return
			}
		}
		c.addTable(f, b, Reads)
	}
}

// where reads the conditions of a block: WHERE, HAVING and ON. skip counts the
// relations of the block that stand before those of from.
func (c *checker) where(b *block, where *Expr, from []*From, skip int, q *Query, e *env) {
	c.walk(where, b, e)
	var raw []fact
	ors := len(c.cases)
	c.conds(where, b, nil, &raw)
	b.holes = may(where, slices.Clip(b.holes))
	if q != nil && q.Having != nil {
		c.walk(q.Having, b, e)
		var having []fact
		n := len(c.cases)
		c.conds(q.Having, b, nil, &having)
		c.cases = c.cases[:n]
		for _, f := range having {
			if c.grouped(q, b, f.dst) {
				raw = append(raw, f)
			}
		}
	}
	strong := c.strong(raw)
	pos := skip
	var joined []fact
	var absent []int
	for _, f := range from {
		absent = append(absent, c.join(f, b, &pos, false, strong, &joined, e)...)
	}
	raw = append(c.present(raw, absent), joined...)
	b.raw = raw
	c.keep(raw, b.rels)
	for _, r := range absent {
		if o := c.rels[r].occ; o >= 0 {
			c.stmt.Occurrences[o].Optional = true
		}
	}
	c.claim(ors, b, raw, b.rels, absent)
}

// optional marks the occurrences from a number on.
func (c *checker) optional(first int) {
	for i := first; i < len(c.stmt.Occurrences); i++ {
		c.stmt.Occurrences[i].Optional = true
	}
}

// grouped reports whether a column is among those of GROUP BY.
func (c *checker) grouped(q *Query, b *block, col int) bool {
	for _, g := range q.GroupBy {
		if g.Op == OpColumn && c.resolve(g.Table, g.Name, b) == col {
			return true
		}
	}
	return false
}

// may appends the holes of a condition's own level.
func may(e *Expr, holes []int) []int {
	if e == nil {
		return holes
	}
	switch e.Op {
	case OpLoose:
		holes = append(holes, e.May...)
		return may(e.Args[0], holes)
	case OpAnd:
		for _, a := range e.Args {
			holes = may(a, holes)
		}
	}
	return holes
}

// keep adds the facts about the given relations. Facts about others hold in
// the block only; what follows from them is worked out here.
func (c *checker) keep(raw []fact, rels []int) {
	if c.about(raw, rels) {
		raw = c.closure(raw)
	}
	for _, f := range raw {
		if slices.Contains(rels, c.cols[f.dst].rel) {
			c.fact(f)
		}
	}
}

const maxClosure = 256

// closure adds what follows from a list of facts that hold together.
func (c *checker) closure(list []fact) []fact {
	list = slices.Clip(list)
	has := func(f fact) bool {
		for _, g := range list {
			if g.dst == f.dst && sameTerm(g.t, f.t) && g.optional == f.optional && g.nulls == f.nulls {
				return true
			}
		}
		return false
	}
	for i := 0; i < len(list) && len(list) < maxClosure; i++ {
		f := list[i]
		for j := 0; j < len(list) && len(list) < maxClosure; j++ {
			g := list[j]
			var n fact
			switch {
			case f.t.kind == tCol && f.t.col == g.dst:
				n = fact{dst: f.dst, t: g.t}
			case g.t.kind == tCol && g.t.col == f.dst:
				n = fact{dst: g.dst, t: f.t}
			default:
				continue
			}
			n.optional = f.optional || g.optional
			n.nulls = f.nulls || g.nulls
			n.undo = union(f.undo, g.undo)
			if n.t.kind == tCol && n.t.col == n.dst || has(n) {
				continue
			}
			list = append(list, n)
		}
	}
	return list
}

func sameTerm(a, b term) bool {
	if a.kind != b.kind || a.col != b.col || a.k != b.k || !sameValue(a.val, b.val) || len(a.alts) != len(b.alts) {
		return false
	}
	for i := range a.alts {
		if !sameTerm(a.alts[i], b.alts[i]) {
			return false
		}
	}
	return true
}

func union(a, b []int) []int {
	if len(b) == 0 {
		return a
	}
	a = slices.Clip(a)
	for _, x := range b {
		if !slices.Contains(a, x) {
			a = append(a, x)
		}
	}
	return a
}

// strong returns the relations that a condition takes rows from only if they
// are there: an outer join that may leave them out is none, then.
func (c *checker) strong(raw []fact) []int {
	var out []int
	for _, f := range raw {
		if !f.nulls && !f.optional && len(f.undo) == 0 {
			out = append(out, c.cols[f.dst].rel)
		}
	}
	return out
}

// present drops facts that hold for rows which an outer join left out: any
// row that it finds makes a difference to them.
func (c *checker) present(raw []fact, nullable []int) []fact {
	if len(nullable) == 0 {
		return raw
	}
	return slices.DeleteFunc(raw, func(f fact) bool { return f.nulls && slices.Contains(nullable, c.cols[f.dst].rel) })
}

// join reads the conditions of a join, and returns the relations that an outer
// join in it may leave out. pos is the place in the block's relations of the
// next one; nullable says that an outer join may leave the whole of f out.
func (c *checker) join(f *From, b *block, pos *int, nullable bool, strong []int, raw *[]fact, e *env) []int {
	if f == nil || f.Join == NoJoin {
		*pos++
		return nil
	}
	// What the sides are is known only when both were counted.
	nl := count(f.Left)
	start := *pos
	mid := start + nl
	end := mid + count(f.Right)
	if end > len(b.rels) {
		c.broken = "a join was not understood"
		return nil
	}
	left, right := b.rels[start:mid], b.rels[mid:end]
	has := func(side []int) bool {
		for _, id := range side {
			if slices.Contains(strong, id) {
				return true
			}
		}
		return false
	}
	kind := f.Join
	switch {
	case kind == Full && has(left) && has(right):
		kind = Inner
	case kind == Full && has(left):
		kind = Left
	case kind == Full && has(right):
		kind = Right
	case kind == Left && has(right), kind == Right && has(left):
		kind = Inner
	}
	absent := c.join(f.Left, b, pos, nullable || kind == Right || kind == Full, strong, raw, e)
	absent = append(absent, c.join(f.Right, b, pos, nullable || kind == Left || kind == Full, strong, raw, e)...)

	var on []fact
	ors := len(c.cases)
	if f.On != nil {
		c.walk(f.On, b, e)
		ors = len(c.cases)
		c.conds(f.On, b, nil, &on)
		on = c.present(on, absent)
		b.holes = may(f.On, b.holes)
	}
	inner := absent // what may be left out of the sides
	if kind == Left || kind == Full {
		absent = append(slices.Clip(absent), right...)
	}
	if kind == Right || kind == Full {
		absent = append(absent, left...)
	}
	using := f.Using
	if f.Natural {
		using = c.common(left, right)
	}
	for _, name := range using {
		l, r := c.owner(left, name), c.owner(right, name)
		if l < 0 {
			// An earlier join may have merged the column.
			if n := c.mergedColumn(b, name, left); n >= 0 {
				l = c.cols[n].rel
			}
		}
		if l >= 0 && r >= 0 {
			lc, rc := c.intern(l, name), c.intern(r, name)
			on = append(on, fact{dst: lc, t: term{kind: tCol, col: rc}}, fact{dst: rc, t: term{kind: tCol, col: lc}})
		}
	}
	if kind == Inner && !nullable {
		*raw = append(*raw, on...)
		return absent
	}
	var side []int
	switch kind {
	case Inner:
		side = b.rels[start:end]
	case Left:
		side = right
	case Right:
		side = left
	}
	for _, f := range c.closure(on) {
		if slices.Contains(side, c.cols[f.dst].rel) {
			*raw = append(*raw, f)
		}
	}
	c.claim(ors, b, on, side, inner)
	return absent
}

// count returns the number of relations that a FROM item adds to its block.
func count(f *From) int {
	if f != nil && f.Join != NoJoin {
		return count(f.Left) + count(f.Right)
	}
	return 1
}

// common returns the columns of a NATURAL join, where the tables are known.
func (c *checker) common(left, right []int) []string {
	var names []string
	for _, r := range right {
		if !c.rel(r).known {
			return nil
		}
		for _, name := range c.rel(r).catalog {
			if c.owner(left, name) >= 0 {
				names = append(names, name)
			}
		}
	}
	for _, l := range left {
		if !c.rel(l).known {
			return nil
		}
	}
	return names
}

type answer uint8

const (
	no answer = iota
	maybe
	yes
)

// mayHave reports whether a relation has a column.
func (c *checker) mayHave(id int, name string) answer {
	r := c.rel(id)
	switch r.kind {
	case relTable:
		if len(r.cols) > 0 {
			if slices.Contains(r.cols, name) {
				return yes
			}
			return maybe
		}
		if !r.known {
			return maybe
		}
		if slices.Contains(r.catalog, name) {
			return yes
		}
		return no
	case relFunc:
		if len(r.cols) > 0 {
			if slices.Contains(r.cols, name) {
				return yes
			}
			return no
		}
		if r.name == name {
			return yes
		}
		return maybe
	}
	names, open := c.outputs(id)
	if slices.Contains(names, name) {
		return yes
	}
	if open {
		return maybe
	}
	return no
}

// outputs returns the names of a derived table's columns; open means that
// there may be more.
func (c *checker) outputs(id int) (names []string, open bool) {
	r := c.rel(id)
	in, cols := r.info, r.cols
	if r.kind == relCTE {
		in = r.cte.info
		if len(cols) == 0 {
			cols = r.cte.columns
		}
	}
	if len(cols) > 0 {
		return cols, false
	}
	if in == nil || len(in.arms) == 0 {
		return nil, true
	}
	a := in.arms[0]
	if a.unknown || a.values != nil {
		return nil, true
	}
	for _, item := range a.items {
		switch {
		case !item.Star:
			if manyHole(item.Expr) && item.Alias == "" {
				open = true
			}
			names = append(names, outName(item))
		default:
			for _, x := range a.block.rels {
				if item.Table != "" && c.rel(x).name != item.Table {
					continue
				}
				switch y := c.rel(x); {
				case y.kind == relTable && y.known:
					names = append(names, y.catalog...)
				case y.kind == relTable, y.kind == relFunc:
					open = true
				default:
					c.depth++
					if c.depth < 3*maxDepth {
						n, o := c.outputs(x)
						names = append(names, n...)
						open = open || o
					} else {
						open = true
					}
					c.depth--
				}
			}
		}
	}
	return names, open
}

func outName(item Item) string {
	switch {
	case item.Alias != "":
		return item.Alias
	case item.Expr == nil:
		return ""
	case item.Expr.Op == OpColumn, item.Expr.Op == OpFunc:
		return item.Expr.Name
	case item.Expr.Op == OpCoalesce:
		return "coalesce"
	}
	return ""
}

// owner returns the one relation of a list that a column without a qualifier
// belongs to, or -1. A statement that runs has no ambiguous names, so one that
// is known to have it is the one.
func (c *checker) owner(rels []int, name string) int {
	sure, possible, n := -1, -1, 0
	for _, id := range rels {
		switch c.mayHave(id, name) {
		case yes:
			if sure >= 0 {
				return -1
			}
			sure = id
		case maybe:
			possible = id
			n++
		}
	}
	switch {
	case sure >= 0:
		return sure
	case n == 1:
		return possible
	}
	return -1
}

// mergedColumn returns the column that USING among the given relations made of
// two of the name, or -1.
func (c *checker) mergedColumn(b *block, name string, among []int) int {
	for _, m := range b.merged {
		if m.name != name || len(m.from) == 0 || !slices.Contains(among, m.from[0]) {
			continue
		}
		if id := c.owner(m.from, name); id >= 0 {
			return c.intern(id, name)
		}
	}
	return -1
}

// resolve returns the number of the column that a name refers to, or -1.
func (c *checker) resolve(table, name string, b *block) int {
	for ; b != nil; b = b.parent {
		if table != "" {
			found := -1
			for _, id := range b.rels {
				r := c.rel(id)
				if r.name == table {
					if found >= 0 {
						return -1
					}
					found = id
				}
			}
			if found >= 0 {
				return c.renamed(found, name)
			}
			if b.fixed && (table == "?tablealias" || table == "?tablename") {
				return c.intern(b.rels[0], name) // bun's names for the model's table
			}
			if b.fixed && b.parent == nil && table[0] != 0 {
				id := c.addTable(&From{Name: table}, b, Reads)
				c.stmt.Occurrences[c.rel(id).occ].Implicit = true
				return c.intern(id, name)
			}
			continue
		}
		if len(b.merged) > 0 {
			if n := c.mergedColumn(b, name, b.rels); n >= 0 {
				return n
			}
		}
		rels := b.rels
		if b.fixed {
			rels = slices.DeleteFunc(slices.Clone(rels), func(id int) bool {
				o := c.rel(id).occ
				return o >= 0 && c.stmt.Occurrences[o].Implicit
			})
		}
		if id := c.owner(rels, name); id >= 0 {
			return c.renamed(id, name)
		}
		for _, id := range rels {
			if c.mayHave(id, name) != no {
				return -1 // ambiguous
			}
		}
	}
	return -1
}

// renamed returns a table's column where the alias may have given the columns
// other names. One whose own name is not known is kept apart.
func (c *checker) renamed(id int, name string) int {
	r := c.rel(id)
	if r.kind != relTable || len(r.cols) == 0 {
		return c.intern(id, name)
	}
	if !r.known {
		return c.intern(id, name+"\x00of alias")
	}
	if i := slices.Index(r.cols, name); i >= 0 {
		if i >= len(r.catalog) {
			return -1
		}
		return c.intern(id, r.catalog[i])
	}
	if i := slices.Index(r.catalog, name); i >= 0 && i < len(r.cols) {
		return -1 // its name is another one now
	}
	return c.intern(id, name)
}

// resolveExpr resolves a column. One whose qualifier is a hole belongs to the
// table that the same hole names, or to the only one.
func (c *checker) resolveExpr(e *Expr, b *block) int {
	if e.Table != "\x00" {
		return c.resolve(e.Table, e.Name, b)
	}
	found := -1
	for _, id := range b.rels {
		if f := c.rel(id).from; f != nil && f.IsHole && len(e.Holes) > 0 && f.Hole == e.Holes[0] {
			if found >= 0 {
				return -1
			}
			found = id
		}
	}
	if found < 0 && len(b.rels) == 1 && b.parent == nil {
		found = b.rels[0]
	}
	if found < 0 {
		return -1
	}
	return c.intern(found, e.Name)
}

// walk processes the sub-selects of an expression.
func (c *checker) walk(e *Expr, b *block, en *env) {
	if e == nil {
		return
	}
	c.depth++
	defer func() { c.depth-- }()
	if c.depth > 3*maxDepth {
		c.broken = "it is nested too deeply"
		return
	}
	for _, a := range e.Args {
		c.walk(a, b, en)
	}
	if e.Sub == nil {
		return
	}
	if c.subs == nil {
		c.subs = map[*Query]*info{}
	}
	if _, ok := c.subs[e.Sub]; ok {
		return
	}
	c.subs[e.Sub] = c.query(e.Sub, b, en)
}

// reaches reports whether a condition on an output column may be taken for one
// on the column it comes from.
func (c *checker) reaches(in *info, a arm, col int) bool {
	if in.limited || a.limited || a.q == nil || a.q.Limited || a.q.Windowed {
		return false
	}
	if !slices.Contains(a.block.rels, c.cols[col].rel) {
		return false // a column of an outer query
	}
	q := a.q
	if len(q.GroupBy) > 0 {
		return c.grouped(q, a.block, col)
	}
	if q.Having != nil {
		return false
	}
	for _, item := range q.Items {
		if aggregates(item.Expr) {
			return false
		}
	}
	if len(q.DistinctOn) > 0 {
		for _, d := range q.DistinctOn {
			if d.Op == OpColumn && c.resolve(d.Table, d.Name, a.block) == col {
				return true
			}
		}
		return false
	}
	return true
}

// aggregates reports whether an expression holds a function that may be an
// aggregate.
func aggregates(e *Expr) bool {
	if e == nil {
		return false
	}
	if e.Op == OpFunc {
		switch e.Name {
		case "lower", "upper", "now", "to_char", "date_trunc", "length", "concat", "substring", "jsonb_build_object", "json_build_object", "abs", "round",
			"array", "nullif", "greatest", "least", "trim", "split_part", "extract", "date", "to_json", "to_jsonb", "row_to_json", "unnest":
		default:
			return true
		}
	}
	for _, a := range e.Args {
		if aggregates(a) {
			return true
		}
	}
	return false
}

// position returns the term of an arm's output at a position.
func (c *checker) position(a arm, pos int) term {
	if a.unknown || pos < 0 {
		return term{}
	}
	if a.values != nil {
		var alts []term
		for _, row := range a.values {
			if pos >= len(row) || holed(row, pos) {
				return term{}
			}
			alts = append(alts, c.term(row[pos], a.block))
		}
		return oneOf(alts, 0)
	}
	for i, item := range a.items {
		if item.Star || i < pos && manyHole(item.Expr) {
			return term{}
		}
		if i == pos {
			return c.output(a, item)
		}
	}
	return term{}
}

// manyHole reports whether an expression may be a list at run time.
func manyHole(e *Expr) bool {
	if e != nil && e.Op == OpLoose {
		e = e.Args[0]
	}
	return e != nil && e.Op == OpValue && e.Value.Kind == HoleValue && !e.Value.InLiteral
}

func holed(row []*Expr, pos int) bool {
	for _, x := range row[:pos] {
		if manyHole(x) {
			return true
		}
	}
	return false
}

// output returns the term of an output column.
func (c *checker) output(a arm, item Item) term {
	t := c.term(item.Expr, a.block)
	if a.tree != nil && t.kind == tCol && c.cols[t.col].rel == a.target && slices.Contains(c.rel(a.target).assigned, c.cols[t.col].name) {
		t.col = c.intern(a.target, c.cols[t.col].name+assignedSuffix)
	}
	return t
}

// named returns the term of an arm's output column of a name.
func (c *checker) named(a arm, name string) term {
	if a.unknown || a.values != nil {
		return term{}
	}
	for _, item := range a.items {
		if !item.Star && outName(item) == name {
			return c.output(a, item)
		}
	}
	found := -1
	for _, item := range a.items {
		if !item.Star {
			continue
		}
		n := -1
		if item.Table != "" {
			for _, id := range a.block.rels {
				if c.rel(id).name == item.Table && c.mayHave(id, name) != no {
					n = id
				}
			}
		} else if n = c.owner(a.block.rels, name); n < 0 {
			if m := c.mergedColumn(a.block, name, a.block.rels); m >= 0 {
				n = c.cols[m].rel
			}
		}
		if n < 0 {
			continue
		}
		if found >= 0 && found != n {
			if c.mayHave(found, name) == yes && c.mayHave(n, name) != yes {
				continue
			}
			if c.mayHave(found, name) == yes || c.mayHave(n, name) != yes {
				return term{}
			}
		}
		found = n
	}
	if found < 0 {
		return term{}
	}
	col := c.intern(found, name)
	if a.tree != nil && found == a.target && slices.Contains(c.rel(found).assigned, name) {
		col = c.intern(found, name+assignedSuffix)
	}
	return term{kind: tCol, col: col}
}

// outTerm returns the term of every arm for an output column of a relation.
func (c *checker) outTerms(in *info, cols []string, name string) []term {
	if in == nil || len(in.arms) == 0 {
		return nil
	}
	pos := slices.Index(cols, name)
	if len(cols) > 0 && pos < 0 {
		return nil
	}
	first := in.arms[0]
	if pos < 0 {
		if first.values != nil {
			if n, ok := valuesColumn(name); ok {
				pos = n
			} else {
				return nil
			}
		} else {
			for i, item := range first.items {
				if item.Star || manyHole(item.Expr) {
					break
				}
				if outName(item) == name {
					pos = i
					break
				}
			}
		}
	}
	var list []term
	for i, a := range in.arms {
		switch {
		case i == 0 && pos < 0, pos < 0:
			list = append(list, c.named(a, name))
		default:
			list = append(list, c.position(a, pos))
		}
	}
	return list
}

// valuesColumn returns the position of a column of VALUES that has no name of
// its own: column1 in PostgreSQL and SQLite, column_0 in MySQL.
func valuesColumn(name string) (int, bool) {
	if len(name) == len("column1") && name[:6] == "column" && '1' <= name[6] && name[6] <= '9' {
		return int(name[6] - '1'), true
	}
	if len(name) == len("column_0") && name[:7] == "column_" && isDigit(name[7]) {
		return int(name[7] - '0'), true
	}
	return 0, false
}
