package sqlscope

import "slices"

// conds appends what follows from a condition being true.
func (c *checker) conds(e *Expr, b *block, undo []int, out *[]fact) {
	if e == nil {
		return
	}
	switch e.Op {
	case OpAnd:
		for _, a := range e.Args {
			c.conds(a, b, undo, out)
		}
	case OpLoose:
		c.conds(e.Args[0], b, union(undo, e.Holes), out)
	case OpNot:
		if len(e.Args) == 1 && e.Args[0].Op == OpNot {
			c.conds(e.Args[0].Args[0], b, undo, out)
		}
	case OpEq:
		n := len(*out)
		c.equal(e.Args[0], e.Args[1], b, undo, out)
		if e.NullOK {
			for i := n; i < len(*out); i++ {
				(*out)[i].nulls = true
			}
		}
	case OpIn:
		c.in(e, b, undo, out)
	case OpAny:
		c.equalTerm(e.Args[0], c.elements(e.Args[1], b), b, undo, out)
	case OpNull:
		n := len(*out)
		c.equalTerm(e.Args[0], null(), b, undo, out)
		for i := n; i < len(*out); i++ {
			(*out)[i].nulls = true
		}
	case OpExists:
		c.exists(e.Sub, undo, out)
	case OpOr:
		n := len(c.cases)
		var arms [][]fact
		var guards []*Expr
		for _, a := range disjuncts(e, nil) {
			var list []fact
			c.conds(a, b, nil, &list)
			arms = append(arms, list)
			guards = append(guards, a)
		}
		c.either(arms, guards, undo, out)
		c.note(n, arms, undo)
	case OpCase:
		// A condition: one of its results is true.
		n := len(c.cases)
		var arms [][]fact
		var guards []*Expr
		for i := 0; i < len(e.Args); i++ {
			result, guard := e.Args[i], e.Args[i]
			var list []fact
			if i+1 < len(e.Args) {
				result = e.Args[i+1]
				guard = &Expr{Op: OpOther, Args: []*Expr{e.Args[i], result}}
				i++
				c.conds(e.Args[i-1], b, nil, &list)
			}
			if isFalse(result) {
				continue
			}
			c.conds(result, b, nil, &list)
			arms = append(arms, list)
			guards = append(guards, guard)
		}
		c.either(arms, guards, undo, out)
		c.note(n, arms, undo)
	}
}

// disjuncts appends the arms of an OR, those of ORs in it included.
func disjuncts(e *Expr, list []*Expr) []*Expr {
	for _, a := range e.Args {
		if a.Op == OpOr {
			list = disjuncts(a, list)
		} else {
			list = append(list, a)
		}
	}
	return list
}

func null() term { return term{kind: tVal, k: Const, val: Value{Kind: Literal, Text: "null"}} }

func isFalse(e *Expr) bool {
	return e.Op == OpValue && e.Value.Kind == Literal && (e.Value.Text == "false" || e.Value.Text == "null" || e.Value.Text == "0")
}

// either appends what follows from one of several arms being true: a column
// that each of them restricts. Where an arm asks about parameters only, it
// switches the others off.
func (c *checker) either(arms [][]fact, guards []*Expr, undo []int, out *[]fact) {
	if len(arms) == 0 {
		return
	}
	if len(arms) == 1 {
		for _, f := range arms[0] {
			f.undo = union(undo, f.undo)
			*out = append(*out, f)
		}
		return
	}
	for i := range arms {
		arms[i] = c.closure(arms[i])
	}
	var seen []int
	for _, arm := range arms {
		for _, f := range arm {
			if slices.Contains(seen, f.dst) {
				continue
			}
			seen = append(seen, f.dst)
			merged := fact{dst: f.dst, undo: undo}
			var alts []term
			ok := true
			for i, other := range arms {
				best, found := c.best(other, f.dst)
				if !found {
					if !parametersOnly(guards[i]) {
						ok = false
						break
					}
					merged.optional = true
					continue
				}
				merged.optional = merged.optional || best.optional
				merged.nulls = merged.nulls || best.nulls
				merged.undo = union(merged.undo, best.undo)
				alts = append(alts, best.t)
			}
			if !ok {
				continue
			}
			merged.t = oneOf(alts, 0)
			*out = append(*out, merged)
		}
	}
}

// best returns the fact about a column that says the most by itself.
func (c *checker) best(list []fact, dst int) (fact, bool) {
	found := -1
	for i, f := range list {
		if f.dst != dst {
			continue
		}
		if found < 0 || rank(f) < rank(list[found]) {
			found = i
		}
	}
	if found < 0 {
		return fact{}, false
	}
	return list[found], true
}

func rank(f fact) int {
	n := 0
	switch {
	case f.t.kind == tVal && f.t.k == Bound:
	case f.t.kind == tVal:
		n = 2
	case f.t.kind == tCol:
		n = 3
	default:
		n = 4
	}
	if f.optional {
		n += 10
	}
	return n + len(f.undo)*0
}

// parametersOnly reports whether an expression depends on parameters alone,
// and on one at least.
func parametersOnly(e *Expr) bool {
	params := false
	return noColumns(e, &params) && params
}

func noColumns(e *Expr, params *bool) bool {
	if e == nil {
		return true
	}
	if e.Op == OpColumn || e.Sub != nil {
		return false
	}
	if e.Op == OpValue && e.Value.Kind != Literal {
		*params = true
	}
	for _, a := range e.Args {
		if !noColumns(a, params) {
			return false
		}
	}
	return true
}

// equal appends what follows from two operands being equal.
func (c *checker) equal(l, r *Expr, b *block, undo []int, out *[]fact) {
	switch {
	case l.Op == OpRow && r.Op == OpRow:
		if len(l.Args) == len(r.Args) {
			for i := range l.Args {
				c.equal(l.Args[i], r.Args[i], b, undo, out)
			}
		}
		return
	case l.Op == OpRow && r.Op == OpSub:
		c.rowIn(l, r.Sub, b, undo, out)
		return
	case r.Op == OpRow && l.Op == OpSub:
		c.rowIn(r, l.Sub, b, undo, out)
		return
	}
	lt, rt := c.term(l, b), c.term(r, b)
	c.equalTermFrom(l, lt, rt, b, undo, out)
	c.equalTermFrom(r, rt, lt, b, undo, out)
}

func (c *checker) equalTerm(l *Expr, t term, b *block, undo []int, out *[]fact) {
	c.equalTermFrom(l, c.term(l, b), t, b, undo, out)
}

// equalTermFrom appends the fact that l, whose term is lt, equals t.
func (c *checker) equalTermFrom(l *Expr, lt, t term, b *block, undo []int, out *[]fact) {
	if t.kind == tNone {
		return
	}
	if lt.kind == tCol && (l.Op == OpColumn) {
		if t.kind == tCol && t.col == lt.col {
			return
		}
		f := fact{dst: lt.col, t: t, undo: undo}
		if t.kind == tAlts {
			// COALESCE($1, column) = column: the column equals itself.
			rest := slices.DeleteFunc(slices.Clone(t.alts), func(x term) bool { return x.kind == tCol && x.col == lt.col })
			if len(rest) < len(t.alts) {
				if len(rest) == 0 {
					return
				}
				f.optional = true
				f.t = oneOf(rest, t.k)
			}
		}
		*out = append(*out, f)
		return
	}
	// COALESCE(column, '') = $1: the column is $1, or it is not there.
	if l.Op == OpCoalesce && len(l.Args) == 2 && l.Args[0].Op == OpColumn && l.Args[1].Op == OpValue && l.Args[1].Value.Kind == Literal && t.kind != tCol {
		if n := c.resolveExpr(l.Args[0], b); n >= 0 {
			*out = append(*out, fact{dst: n, t: oneOf([]term{t, null()}, Expression), nulls: true, undo: undo})
		}
	}
}

// oneOf makes one term of several that may each be it.
func oneOf(alts []term, k Kind) term {
	var flat []term
	for _, t := range alts {
		switch {
		case t.kind == tNone:
			return term{}
		case t.kind == tAlts && t.k == 0:
			flat = append(flat, t.alts...)
		case t.kind == tAlts:
			for _, x := range t.alts {
				if x.kind == tVal && x.k != Optional {
					x.k = max(x.k, t.k)
				} else if x.kind == tCol {
					k = max(k, t.k)
				}
				flat = append(flat, x)
			}
		default:
			flat = append(flat, t)
		}
	}
	var dedup []term
	for _, t := range flat {
		if !slices.ContainsFunc(dedup, func(x term) bool { return sameTerm(x, t) }) {
			dedup = append(dedup, t)
		}
	}
	switch {
	case len(dedup) == 0:
		return term{}
	case len(dedup) == 1 && k == 0:
		return dedup[0]
	case len(dedup) == 1 && dedup[0].kind == tVal:
		dedup[0].k = max(dedup[0].k, k)
		return dedup[0]
	case len(dedup) > 64:
		// A long list of rows: those that differ in their placeholder only
		// are kept, all of them have to be right.
	}
	return term{kind: tAlts, alts: dedup, k: k}
}

func (c *checker) in(e *Expr, b *block, undo []int, out *[]fact) {
	l := e.Args[0]
	if e.Sub != nil {
		c.matched(l, e.Sub, b)
		if l.Op == OpRow {
			c.rowIn(l, e.Sub, b, undo, out)
			return
		}
		c.equalTerm(l, c.subTerm(e.Sub, 0), b, undo, out)
		c.semi(e.Sub, undo, out)
		return
	}
	list := e.Args[1:]
	if l.Op == OpRow {
		// (a, b) IN (($1, $2), …)
		for i, col := range l.Args {
			var alts []term
			for _, row := range list {
				switch {
				case row.Op == OpRow && len(row.Args) == len(l.Args):
					alts = append(alts, c.element(row.Args[i], b))
				case row.Op == OpValue && row.Value.Kind != Literal:
					// The library puts the rows there.
					v := row.Value
					v.Elements, v.Part = true, true
					alts = append(alts, term{kind: tVal, k: Set, val: v})
				default:
					t := c.element(row, b)
					if t.kind == tVal && t.val.Kind == HoleValue {
						t.val.Elements, t.val.Part = true, true // rows that are not known
					} else {
						t = term{}
					}
					alts = append(alts, t)
				}
			}
			c.equalTerm(col, setOf(alts), b, undo, out)
		}
		return
	}
	var alts []term
	for _, x := range list {
		if x.Op == OpRow && len(list) == 1 {
			for _, y := range x.Args { // IN ((1, 2)) of one column does not run, IN ((1)) is no row
				alts = append(alts, c.element(y, b))
			}
			continue
		}
		alts = append(alts, c.element(x, b))
	}
	c.equalTerm(l, setOf(alts), b, undo, out)
}

// matched notes that of the rows which a query behind IN reads, those count
// whose output equals the left side. (Behind NOT IN, a NULL counts as well.)
func (c *checker) matched(l *Expr, sub *Query, b *block) {
	in := c.subs[sub]
	if in == nil {
		return
	}
	left := []*Expr{l}
	if l.Op == OpRow {
		left = l.Args
	}
	for i, x := range left {
		if x.Op != OpColumn {
			continue
		}
		src := c.resolveExpr(x, b)
		if src < 0 {
			continue
		}
		for _, a := range in.arms {
			if t := c.position(a, i); t.kind == tCol && c.reaches(in, a, t.col) {
				c.fact(fact{dst: t.col, t: term{kind: tCol, col: src}})
			}
		}
	}
}

// setOf is one of a list.
func setOf(alts []term) term {
	t := oneOf(alts, 0)
	if t.kind == tVal && t.k == Bound {
		t.k = Set
	}
	if t.kind == tAlts {
		for i, x := range t.alts {
			if x.kind == tVal && x.k == Bound {
				t.alts[i].k = Set
			}
		}
	}
	return t
}

// element returns the term of a list's element. A placeholder alone may stand
// for a whole list at run time.
func (c *checker) element(x *Expr, b *block) term {
	t := c.term(x, b)
	if t.kind == tVal && t.k == Bound {
		t.k = Set
		t.val.Elements = true
	}
	return t
}

// elements returns the term of any element of an array.
func (c *checker) elements(x *Expr, b *block) term {
	if x.Op == OpLoose {
		x = x.Args[0]
	}
	switch x.Op {
	case OpValue:
		t := c.term(x, b)
		if t.kind == tVal && t.k == Bound {
			t.k = Set
			t.val.Elements = true
		}
		return t
	case OpFunc:
		if x.Name == "array" {
			var alts []term
			for _, a := range x.Args {
				if a.Op == OpSub {
					alts = append(alts, c.subTerm(a.Sub, 0))
				} else {
					alts = append(alts, c.element(a, b))
				}
			}
			return setOf(alts)
		}
	case OpColumn:
		return c.computed(x, b) // an array that is read: its elements are not followed
	case OpSub:
		return term{}
	}
	t := c.term(x, b)
	if t.kind == tVal {
		t.val.Elements = true
		return t
	}
	if t.kind == tAlts {
		return t
	}
	return term{}
}

// rowIn appends what follows from a row being an output of a query.
func (c *checker) rowIn(l *Expr, sub *Query, b *block, undo []int, out *[]fact) {
	for i, col := range l.Args {
		c.equalTerm(col, c.subTerm(sub, i), b, undo, out)
	}
}

// subTerm returns the term of a query's output.
func (c *checker) subTerm(q *Query, pos int) term {
	in := c.subs[q]
	if in == nil || len(in.arms) == 0 {
		return term{}
	}
	var alts []term
	for _, a := range in.arms {
		alts = append(alts, c.position(a, pos))
	}
	return oneOf(alts, 0)
}

// exists appends what a query that has rows says of the outer ones.
func (c *checker) exists(q *Query, undo []int, out *[]fact) { c.semi(q, undo, out) }

func (c *checker) semi(q *Query, undo []int, out *[]fact) {
	in := c.subs[q]
	if in == nil || len(in.arms) != 1 {
		return
	}
	a := in.arms[0]
	if a.q == nil || a.values != nil {
		return
	}
	// An aggregate has a row whatever its condition.
	if len(a.q.GroupBy) == 0 {
		for _, item := range a.q.Items {
			if aggregates(item.Expr) {
				return
			}
		}
	}
	for _, f := range c.closure(a.block.raw) {
		if !slices.Contains(a.block.rels, c.cols[f.dst].rel) {
			f.undo = union(undo, f.undo)
			*out = append(*out, f)
		}
	}
}

// term returns what is known of an expression's value.
func (c *checker) term(e *Expr, b *block) term {
	if e == nil {
		return term{}
	}
	switch e.Op {
	case OpColumn:
		n := c.resolveExpr(e, b)
		if n < 0 {
			return term{}
		}
		return term{kind: tCol, col: n}
	case OpValue:
		return valueTerm(e.Value)
	case OpLoose:
		if e.Args[0].Op == OpValue {
			return valueTerm(e.Args[0].Value) // in the place of a value, a hole is one
		}
		return term{}
	case OpCoalesce:
		var alts []term
		for _, a := range e.Args {
			alts = append(alts, c.term(a, b))
		}
		if len(alts) == 1 {
			return alts[0]
		}
		return oneOf(alts, Expression)
	case OpCase:
		var alts []term
		for i := 1; i < len(e.Args); i += 2 {
			alts = append(alts, c.term(e.Args[i], b))
		}
		if len(e.Args)%2 == 1 {
			alts = append(alts, c.term(e.Args[len(e.Args)-1], b))
		} else {
			alts = append(alts, null())
		}
		return oneOf(alts, Expression)
	case OpSub:
		return c.subTerm(e.Sub, 0)
	case OpDefault:
		return term{kind: tDefault}
	case OpFunc:
		switch e.Name {
		case "unnest":
			if len(e.Args) == 1 {
				return c.elements(e.Args[0], b)
			}
			return term{}
		case "min", "max", "any_value":
			if len(e.Args) == 1 && !e.Window {
				if t := c.term(e.Args[0], b); t.kind == tCol {
					return t
				}
			}
			return term{}
		case "values":
			// MySQL: VALUES(column) in ON DUPLICATE KEY UPDATE.
			if len(e.Args) == 1 && e.Args[0].Op == OpColumn {
				if n := c.resolve("excluded", e.Args[0].Name, b); n >= 0 {
					return term{kind: tCol, col: n}
				}
			}
			return term{}
		}
		return c.computed(e, b)
	case OpOther:
		return c.computed(e, b)
	}
	return term{}
}

// computed returns the term of an expression: the values in it, or the row that
// it is computed from.
func (c *checker) computed(e *Expr, b *block) term {
	if t := computed(e); t.kind != tNone {
		return t
	}
	col := -1
	if aggregates(e) || !c.oneRow(e, b, &col) || col < 0 {
		return term{}
	}
	return term{kind: tFrom, col: col}
}

// oneRow reports whether all columns of an expression, the first of which it
// notes, are those of one relation.
func (c *checker) oneRow(e *Expr, b *block, col *int) bool {
	if e == nil {
		return true
	}
	if e.Sub != nil {
		return false
	}
	if e.Op == OpColumn {
		n := c.resolveExpr(e, b)
		if n < 0 || *col >= 0 && c.cols[n].rel != c.cols[*col].rel {
			return false
		}
		if *col < 0 {
			*col = n
		}
	}
	for _, a := range e.Args {
		if !c.oneRow(a, b, col) {
			return false
		}
	}
	return true
}

func valueTerm(v Value) term {
	switch {
	case v.Kind == Literal:
		return term{kind: tVal, k: Const, val: v}
	case v.Kind == Computed:
		return term{kind: tVal, k: Expression, val: v}
	case v.Elements:
		return term{kind: tVal, k: Set, val: v}
	}
	return term{kind: tVal, k: Bound, val: v}
}

// computed returns the term of an expression without columns: the values in
// it, or the function if there are none.
func computed(e *Expr) term {
	var values []Value
	if !collect(e, &values) {
		return term{}
	}
	var alts []term
	for _, v := range values {
		if v.Kind == Literal {
			continue
		}
		v.Part = true
		alts = append(alts, term{kind: tVal, k: Expression, val: v})
	}
	if len(alts) == 0 {
		return term{kind: tVal, k: Expression, val: Value{Kind: Computed, Text: text(e)}}
	}
	return oneOf(alts, Expression)
}

// text tells a computed value: its function with the literals it is given.
func text(e *Expr) string {
	if e.Op != OpFunc {
		for _, a := range e.Args {
			if s := text(a); s != "" {
				return s
			}
		}
		return ""
	}
	s := e.Name + "("
	for i, a := range e.Args {
		if a.Op == OpValue {
			if i > 0 {
				s += ", "
			}
			s += a.Value.Text
		}
	}
	return s + ")"
}

// collect gathers an expression's values; it is false if there is a column or
// a query in it.
func collect(e *Expr, values *[]Value) bool {
	if e == nil {
		return true
	}
	if e.Op == OpColumn || e.Sub != nil {
		return false
	}
	if e.Op == OpValue {
		*values = append(*values, e.Value)
	}
	for _, a := range e.Args {
		if !collect(a, values) {
			return false
		}
	}
	return true
}
