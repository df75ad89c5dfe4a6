package sqlscope

import (
	"slices"
	"strings"
)

// Check judges a statement that another front end has read. The tree is not
// changed. The catalog may be nil.
func Check(t *Tree, catalog Catalog) *Statement {
	s := &Statement{Verb: t.Verb, Offset: t.Offset, Unparsed: t.Unparsed, Tree: t}
	if t.Verb == Other {
		return s
	}
	c := &checker{catalog: catalog, stmt: s, holes: t.Holes}
	s.c = c
	c.tree(t, nil, nil)
	if c.broken != "" && s.Unparsed == "" {
		s.Unparsed = c.broken
	}
	if s.Unparsed == "" {
		c.expand()
		c.solve()
		c.suppose()
	}
	return s
}

const (
	maxColumns = 1 << 14
	maxFacts   = 1 << 15
	maxProofs  = 6
	maxVia     = 16
	maxValues  = 4096
)

// insert processes INSERT.
func (c *checker) insert(t *Tree, parent *block, e *env) *info {
	b := &block{parent: parent, holes: t.Holes}
	target := c.addTable(t.Target, b, Inserts)
	c.rel(target).insert = &insertion{columns: t.Columns, has: t.HasColumns}
	var in *info
	if t.Query != nil {
		in = c.query(t.Query, parent, e)
		if t.Query.ValuesHole != nil {
			c.rel(target).insert.holes = append(c.rel(target).insert.holes, t.Query.ValuesHole...)
		}
	}
	for i, col := range t.Columns {
		if col.IsHole {
			c.rel(target).insert.holes = append(c.rel(target).insert.holes, col.Hole)
			break // the positions of the rest are not known
		}
		if in == nil || len(in.arms) == 0 {
			continue
		}
		var alts []term
		for _, a := range in.arms {
			if a.values != nil && !a.unknown {
				for _, row := range a.values {
					alts = append(alts, c.rowTerm(row, i, len(t.Columns), a.block))
				}
				continue
			}
			if a.unknown {
				alts = append(alts, term{kind: tDyn})
				continue
			}
			alts = append(alts, c.position(a, i))
		}
		c.fact(fact{dst: c.intern(target, col.Name), t: oneOf(alts, 0)})
	}
	if t.Conflict != nil {
		c.conflict(t, target, parent, e)
	}
	return c.returning(t, b, target, e)
}

// rowTerm returns the term of a VALUES row at a position.
func (c *checker) rowTerm(row []*Expr, i, columns int, b *block) term {
	at := i
	if holed(row, min(i, len(row))) && len(row) != columns {
		// Holes may stand for several values. Behind the last of them, the
		// end of the row counts.
		from := columns - i
		at = len(row) - from
		if at < 0 {
			return term{kind: tDyn}
		}
		for _, x := range row[at:] {
			if manyHole(x) {
				return term{kind: tDyn}
			}
		}
		return c.term(row[at], b)
	}
	if at >= len(row) {
		if len(row) > 0 && (manyHole(row[len(row)-1]) || len(row) == 1 && row[0].Op == OpValue && row[0].Value.Kind == Placeholder) {
			return term{kind: tDyn} // one placeholder stands for the whole row
		}
		return term{}
	}
	if manyHole(row[at]) && len(row) != columns {
		return term{kind: tDyn}
	}
	return c.term(row[at], b)
}

// conflict processes what happens to a row that is there already.
func (c *checker) conflict(t *Tree, target int, parent *block, e *env) {
	k := t.Conflict
	b := &block{parent: parent}
	f := *t.Target
	f.Offset = k.Offset
	old := c.addTable(&f, b, Upserts)
	// The proposed row is called excluded.
	row := &block{parent: b.parent}
	excluded := c.addRel(rel{kind: relDerived, name: "excluded", occ: -1, info: &info{}}, row)
	b.parent = row
	for _, n := range c.relCols[target] {
		name := c.cols[n].name
		c.fact(fact{dst: c.intern(excluded, name), t: term{kind: tCol, col: n}})
	}
	equal := k.Columns
	if k.AnyKey {
		equal = nil
		if u, ok := c.catalog.(uniqueKeys); ok && t.HasColumns {
			if keys, known := u.UniqueKeys(t.Target.Name); known {
				equal = inEvery(keys, t.Columns)
			}
		}
	}
	for _, name := range equal {
		if n := c.lookup(target, name); n >= 0 {
			c.fact(fact{dst: c.intern(old, name), t: term{kind: tCol, col: n}})
		} else if slices.ContainsFunc(t.Columns, func(x Ident) bool { return x.IsHole }) {
			c.fact(fact{dst: c.intern(old, name), t: term{kind: tDyn}}) // set to what is not known
		}
	}
	c.where(b, k.Where, nil, 0, nil, e)
	c.set(k.Set, old, b, e)
}

// inEvery returns the columns that are part of every unique key which an
// insert of the given columns can violate.
func inEvery(keys [][]string, columns []Ident) []string {
	var names []string
	first := true
	for _, key := range keys {
		given := false
		for _, name := range key {
			if slices.ContainsFunc(columns, func(x Ident) bool { return x.IsHole || x.Name == name }) {
				given = true
			}
		}
		if !given {
			continue // such as a number that the database counts up
		}
		if first {
			names, first = slices.Clone(key), false
			continue
		}
		names = slices.DeleteFunc(names, func(n string) bool { return !slices.Contains(key, n) })
	}
	return names
}

// merge processes MERGE. Its condition selects rows of the target; of the
// source it does so only if rows that have no match are left alone.
func (c *checker) merge(t *Tree, parent *block, e *env) *info {
	b := &block{parent: parent, holes: t.Holes}
	role := Reads
	bySource, unmatched := false, false
	for _, a := range t.Merge {
		switch {
		case a.Nothing:
			continue
		case a.Insert:
			unmatched = true
			continue
		}
		bySource = bySource || a.BySource
		if a.Set != nil {
			role = Updates
		} else if role == Reads {
			role = Deletes
		}
	}
	target := c.addTable(t.Target, b, role)
	for _, f := range t.From {
		c.from(f, b, e)
	}
	c.walk(t.Where, b, e)
	var raw []fact
	pos := 1
	var absent []int
	for _, f := range t.From {
		absent = append(absent, c.join(f, b, &pos, false, nil, &raw, e)...)
	}
	c.keep(raw, b.rels)
	var on []fact
	c.conds(t.Where, b, nil, &on)
	on = c.present(on, absent)
	b.holes = may(t.Where, slices.Clip(b.holes))
	for _, f := range c.closure(on) {
		isTarget := c.cols[f.dst].rel == target
		if isTarget && !bySource || !isTarget && !unmatched && slices.Contains(b.rels, c.cols[f.dst].rel) {
			c.fact(f)
		}
	}
	for _, a := range t.Merge {
		c.walk(a.Cond, b, e)
		if !a.Insert {
			c.set(a.Set, target, b, e)
			continue
		}
		f := *t.Target
		f.Offset = a.Offset
		ib := &block{parent: parent}
		ins := c.addTable(&f, ib, Inserts)
		c.rel(ins).insert = &insertion{columns: a.Columns, has: a.Columns != nil}
		for i, v := range a.Values {
			c.walk(v, b, e)
			if i < len(a.Columns) && !a.Columns[i].IsHole {
				c.fact(fact{dst: c.intern(ins, a.Columns[i].Name), t: c.rowTerm(a.Values, i, len(a.Columns), b)})
			}
		}
	}
	return c.returning(t, b, target, e)
}

// expand adds the facts about the outputs of derived tables, for the columns
// that something asks about. New columns may come up on the way.
func (c *checker) expand() {
	for ; c.done < len(c.cols) && c.done < maxColumns && len(c.facts) < maxFacts; c.done++ {
		n := c.done
		id, name := c.cols[n].rel, c.cols[n].name
		r := c.rels[id]
		switch r.kind {
		case relDerived:
			c.outward(n, c.outTerms(r.info, r.cols, name))
			c.inward(r.info, r.cols, name, []int{n})
		case relCTE:
			x := r.cte
			out := name
			cols := x.columns
			if len(r.cols) > 0 {
				// The alias has names of its own: what counts is the position.
				pos := slices.Index(r.cols, name)
				if pos < 0 {
					continue
				}
				out = ""
				if names, open := c.outputsOf(x); !open && pos < len(names) {
					out = names[pos]
				}
				if out == "" {
					continue
				}
			}
			terms := c.outTerms(x.info, cols, out)
			if r.self {
				if c.steps == nil {
					c.steps = map[int][]term{}
				}
				c.steps[n] = terms
				// By induction: the rows of the step before are as the
				// first ones. solve looks whether the steps keep to that.
				if len(terms) > 1 && x.recursive {
					c.outward(n, terms[:1])
				}
				continue
			}
			c.outward(n, terms)
			if x.written || len(x.selfRefs) > 0 || len(r.cols) > 0 {
				continue
			}
			// A condition on the output is one on the body if every
			// reference has it.
			var all []int
			ok := true
			for _, ref := range x.refs {
				if len(c.rels[ref].cols) > 0 {
					ok = false
					break
				}
				all = append(all, c.intern(ref, name))
			}
			if ok && len(all) > 0 && all[0] == n {
				c.inward(x.info, cols, out, all)
			}
		case relFunc:
			c.function(n, &r, name)
		}
	}
	if c.done < len(c.cols) || len(c.facts) >= maxFacts {
		c.stmt.Unparsed = "it has too many columns"
	}
}

func (c *checker) outputsOf(x *cte) ([]string, bool) {
	if len(x.columns) > 0 {
		return x.columns, false
	}
	if x.info == nil || len(x.info.arms) == 0 {
		return nil, true
	}
	var names []string
	for _, item := range x.info.arms[0].items {
		if item.Star {
			return nil, true
		}
		names = append(names, outName(item))
	}
	return names, false
}

// outward adds the fact that an output column equals what its arms say.
func (c *checker) outward(n int, terms []term) {
	if len(terms) == 0 {
		return
	}
	if t := oneOf(terms, 0); !(t.kind == tCol && t.col == n) {
		c.fact(fact{dst: n, t: t})
	}
}

// inward adds the facts that follow for a query's tables from conditions on
// its output: cols are the output's column in every place where it is read.
func (c *checker) inward(in *info, names []string, name string, cols []int) {
	if in == nil {
		return
	}
	terms := c.outTerms(in, names, name)
	for i, t := range terms {
		if t.kind != tCol || i >= len(in.arms) || !c.reaches(in, in.arms[i], t.col) {
			continue
		}
		var alts []term
		for _, n := range cols {
			alts = append(alts, term{kind: tCol, col: n})
		}
		c.fact(fact{dst: t.col, t: oneOf(alts, 0)})
	}
}

// function adds what is known of a function's output column.
func (c *checker) function(n int, r *rel, name string) {
	f := r.from.Func
	if f == nil || f.Op != OpFunc {
		return
	}
	pos := slices.Index(r.cols, name)
	switch {
	case f.Name == "unnest":
		if len(r.cols) == 0 && (name == r.name || name == "unnest" || name == "value") {
			pos = 0
		}
		if pos < 0 || pos >= len(f.Args) {
			return
		}
		c.fact(fact{dst: n, t: c.elements(f.Args[pos], r.block)})
	case strings.HasPrefix(f.Name, "json"):
		// A field of a document: what is known of the document as a whole.
		if t := computed(f); t.kind == tVal || t.kind == tAlts {
			if t.kind == tVal && t.val.Kind == Computed {
				return
			}
			c.fact(fact{dst: n, t: t})
		}
	}
}

// solve works out the proofs of all columns, to a fixpoint.
func (c *checker) solve() {
	// Each round but the last takes a promise away.
	for range len(c.cols) + 1 {
		c.proofs = make([][]Proof, len(c.cols))
		c.settle(c.facts)
		if !c.refute() {
			break
		}
	}
}

// settle draws conclusions from facts until there are no new ones, and puts
// the best proofs first.
func (c *checker) settle(facts []fact) {
	for rounds := 0; rounds < 64+len(facts); rounds++ {
		changed := false
		for i := range facts {
			if c.apply(&facts[i]) {
				changed = true
			}
		}
		if !changed {
			break
		}
	}
	for n := range c.proofs {
		slices.SortStableFunc(c.proofs[n], func(a, b Proof) int { return int(a.Kind) - int(b.Kind) })
	}
}

// refute looks for recursive queries whose steps do not keep to what their
// first rows promise, and takes the promise away. It reports whether there
// were any.
func (c *checker) refute() bool {
	found := false
	for n := range c.cols {
		col := c.cols[n]
		r := c.rels[col.rel]
		if r.kind != relCTE || !r.self || c.banned[col] || len(c.proofs[n]) == 0 {
			continue
		}
		terms := c.steps[n]
		ok := true
		for _, t := range terms[min(1, len(terms)):] {
			if t.kind == tCol && t.col == n {
				continue
			}
			var step []Proof
			switch {
			case t.kind == tCol && t.col < len(c.proofs):
				step = c.proofs[t.col]
			case t.kind == tVal:
				step = []Proof{{Kind: t.k, Values: []Value{t.val}}}
			}
			// Each promise has to be kept: any of them may have been used.
			for _, q := range c.proofs[n] {
				if q.Kind.Restricts() && !slices.ContainsFunc(step, func(p Proof) bool {
					return p.Kind.Restricts() && subset(p.Values, q.Values)
				}) {
					ok = false
				}
			}
		}
		if !ok {
			if c.banned == nil {
				c.banned = map[column]bool{}
			}
			c.banned[col] = true
			found = true
		}
	}
	return found
}

func subset(a, b []Value) bool {
	for _, x := range a {
		if !hasValue(b, x) {
			return false
		}
	}
	return true
}

// sameValue reports whether two mentions are of one value.
func sameValue(a, b Value) bool {
	a.Offset = b.Offset
	return a == b
}

func hasValue(list []Value, v Value) bool {
	return slices.ContainsFunc(list, func(x Value) bool { return sameValue(x, v) })
}

// apply draws the conclusions of one fact, and reports whether there are any
// new ones.
func (c *checker) apply(f *fact) bool {
	col := c.cols[f.dst]
	if c.banned[col] {
		return false
	}
	have := &c.proofs[f.dst]
	if len(*have) >= maxProofs {
		return false
	}
	changed := false
	add := func(p Proof) {
		if f.optional && p.Kind.Restricts() {
			p.Kind = Optional
			p.Root = 0
			p.Via = nil
		}
		p.Undo = union(p.Undo, f.undo)
		for _, q := range *have {
			if q.Kind == p.Kind && slices.EqualFunc(q.Values, p.Values, sameValue) || q.Kind.Restricts() && p.Kind == Linked && slices.EqualFunc(q.Values, p.Values, sameValue) {
				return
			}
		}
		if len(*have) < maxProofs {
			*have = append(*have, p)
			changed = true
		}
	}
	switch f.t.kind {
	case tVal:
		add(Proof{Kind: f.t.k, Values: []Value{f.t.val}})
	case tDefault:
		add(Proof{Kind: Unset})
	case tDyn:
		add(Proof{Kind: Dynamic})
	case tCol:
		for _, p := range c.proofs[f.t.col] {
			add(c.linked(f.dst, f.t.col, p))
		}
	case tAlts:
		if p, ok := c.any(f.dst, f.t); ok {
			add(p)
		}
	}
	return changed
}

// linked is the proof of a column that equals another one.
func (c *checker) linked(dst, src int, p Proof) Proof {
	if p.Kind == Unset {
		return p
	}
	d, s := c.cols[dst], c.cols[src]
	q := Proof{Kind: p.Kind, Root: p.Root, Values: p.Values, Undo: p.Undo}
	if p.Kind.Restricts() {
		q.Kind = Linked
		if p.Kind != Linked {
			q.Root = p.Kind
		}
	}
	if len(p.Via) >= maxVia {
		q.Via = p.Via
		return q
	}
	q.Via = make([]Link, 0, len(p.Via)+1)
	q.Via = append(q.Via, c.link(d, s))
	q.Via = append(q.Via, p.Via...)
	return q
}

func (c *checker) link(d, s column) Link {
	from, to := &c.rels[d.rel], &c.rels[s.rel]
	return Link{from.name, strings.TrimSuffix(d.name, assignedSuffix), to.name, strings.TrimSuffix(s.name, assignedSuffix), from.occ, to.occ}
}

// upserts reports whether a relation is the row that an upsert meets: no other
// row tells whose it is.
func (c *checker) upserts(r int) bool {
	o := c.rels[r].occ
	return o >= 0 && c.stmt.Occurrences[o].Role == Upserts
}

// declared reports whether each step between two tables follows a foreign key, or
// leads from one row to another that refers to the same by theirs. The rows that
// refer to one are of one tenant only if that one is a tenant's: a user may have
// some in each.
func (c *checker) declared(p Proof) bool {
	via := p.Via
	f, ok := c.catalog.(foreignKeys)
	if !ok || p.undeclared {
		return false
	}
	owners, _ := c.catalog.(ownedTables)
	owned := func(table string) bool { return owners != nil && owners.Owned(table) }
	up := false // the way to the restricted table begins at rows that refer to this one
	// A step to or from a derived table passes a column on; the tables at
	// both of its ends are what counts.
	for i := len(via) - 1; i >= 0; i-- {
		to, key := via[i].To, via[i].ToColumn
		for via[i].From < 0 && i > 0 {
			i--
		}
		from, column := via[i].From, via[i].Column
		if from < 0 || to < 0 {
			return false
		}
		a, b := c.stmt.Occurrences[from].Table, c.stmt.Occurrences[to].Table
		there, back := references(f, a, column), references(f, b, key)
		switch {
		case a == b && column == key: // the same row
		case slices.ContainsFunc(back, reference{a, column}.same):
			up = true
		case slices.ContainsFunc(there, reference{b, key}.same):
			if up && !owned(b) {
				return false
			}
			up = false
		case slices.ContainsFunc(there, func(r reference) bool { return owned(r.table) && slices.ContainsFunc(back, r.same) }):
			up = false
		default:
			return false
		}
	}
	return len(via) > 0
}

// A reference is the end of a foreign key; no column is that of the primary key.
type reference struct{ table, column string }

func (r reference) same(s reference) bool {
	return r.table == s.table && (r.column == s.column || r.column == "" || s.column == "")
}

// references returns what a column refers to.
func references(f foreignKeys, table, column string) []reference {
	var out []reference
	for _, k := range f.ForeignKeys(table) {
		if i := slices.Index(k.Columns, column); i >= 0 {
			r := reference{table: k.Parent}
			if i < len(k.ParentColumns) {
				r.column = k.ParentColumns[i]
			}
			out = append(out, r)
		}
	}
	return out
}

// any is the proof of a column that equals one of several terms: all of them
// need one.
func (c *checker) any(dst int, t term) (Proof, bool) {
	out := Proof{Kind: Const}
	worst := func(k Kind) {
		if weight(k) > weight(out.Kind) {
			out.Kind = k
		}
	}
	for _, a := range t.alts {
		switch a.kind {
		case tVal:
			worst(max(a.k, 0))
			if !hasValue(out.Values, a.val) {
				out.Values = append(out.Values, a.val)
			}
		case tDefault:
			worst(Unset)
		case tDyn:
			worst(Dynamic)
		case tCol:
			if a.col >= len(c.proofs) || len(c.proofs[a.col]) == 0 {
				return Proof{}, false
			}
			best := c.proofs[a.col][0]
			for _, p := range c.proofs[a.col] {
				if weight(p.Kind) < weight(best.Kind) {
					best = p
				}
			}
			p := c.linked(dst, a.col, best)
			worst(p.Kind)
			if out.Root == 0 {
				out.Root = p.Root
			}
			for _, v := range p.Values {
				if !hasValue(out.Values, v) {
					out.Values = append(out.Values, v)
				}
			}
			out.Undo = union(out.Undo, p.Undo)
			if out.Via == nil {
				out.Via = p.Via
			}
		default:
			return Proof{}, false
		}
		if len(out.Values) > maxValues {
			return Proof{}, false
		}
	}
	if t.k != 0 {
		worst(t.k)
	}
	if out.Kind != Linked {
		out.Root, out.Via = 0, nil
	}
	return out, true
}

// weight orders the kinds by what they make of a list that they are part of.
func weight(k Kind) int {
	switch k {
	case Const:
		return 0
	case Bound:
		return 1
	case Linked:
		return 2
	case Set:
		return 3
	case Expression:
		return 4
	case Optional:
		return 5
	case Unset:
		return 6
	case Dynamic:
		return 7
	}
	return 8
}

func (c *checker) columnProofs(r int, name string) []Proof {
	n := c.lookup(r, name)
	if n < 0 || n >= len(c.proofs) {
		return nil
	}
	return c.proofs[n]
}

// verdict judges a column of a relation.
func (c *checker) verdict(r int, name string) Verdict {
	proofs := c.columnProofs(r, name)
	v := Verdict{Kind: None, Proofs: proofs}
	if len(proofs) > 0 && proofs[0].Kind.Restricts() {
		v.Kind = proofs[0].Kind
		return v
	}
	x := c.rels[r]
	if x.insert != nil && !strings.HasSuffix(name, assignedSuffix) {
		return c.unproven(v, r, name)
	}
	if p, ok := c.byCases(r, name, false, newTrail()); ok {
		v.Kind = p.Kind
		v.Proofs = append([]Proof{p}, proofs...)
		return v
	}
	if len(proofs) > 0 && proofs[0].Kind == Optional {
		v.Kind = Optional
		return v
	}
	if strings.HasSuffix(name, assignedSuffix) {
		if len(proofs) > 0 {
			v.Kind = proofs[0].Kind
		}
		return v
	}
	if ties := c.ties(r, name); len(ties) > 0 && !c.upserts(r) {
		v.Kind = ForeignKey
		v.Proofs = append(ties, proofs...)
		v.Holes = c.holesOf(&x)
		return v
	}
	if v.Holes = c.holesOf(&x); len(v.Holes) > 0 {
		v.Kind = Dynamic
		return v
	}
	if len(proofs) > 0 && proofs[0].Kind == Dynamic {
		v.Kind = Dynamic
		return v
	}
	v.Reason = c.reason(r, name)
	if c.upserts(r) {
		v.From = c.sources(c.lookup(r, name), nil, nil)
	}
	return v
}

// copied follows column n, which one fact says the value of, to a column of a table.
func (c *checker) copied(n, depth int) (occ int, name string, ok bool) {
	if n < 0 || depth > 8 {
		return 0, "", false
	}
	to := -1
	for _, f := range c.facts {
		switch {
		case f.dst != n:
		case to >= 0 || f.t.kind != tCol || f.optional || len(f.undo) > 0:
			return 0, "", false
		default:
			to = f.t.col
		}
	}
	if to < 0 {
		return 0, "", false
	}
	if r := c.rels[c.cols[to].rel]; r.occ >= 0 {
		return r.occ, c.cols[to].name, true
	}
	return c.copied(to, depth+1)
}

// sources appends the occurrences that column n of an inserted row, or of one
// that it meets, is read from.
func (c *checker) sources(n int, out, seen []int) []int {
	if n < 0 || slices.Contains(seen, n) {
		return out
	}
	seen = append(seen, n)
	for _, f := range c.facts {
		if f.dst != n {
			continue
		}
		alts := f.t.alts
		if f.t.kind == tCol {
			alts = []term{f.t}
		}
		for _, a := range alts {
			if a.kind != tCol {
				continue
			}
			r := &c.rels[c.cols[a.col].rel]
			switch {
			case r.occ < 0 || r.insert != nil:
				out = c.sources(a.col, out, seen)
			case !slices.Contains(out, r.occ):
				out = append(out, r.occ)
			}
		}
	}
	return out
}

// unproven judges a column of an INSERT that is given no known value.
func (c *checker) unproven(v Verdict, r int, name string) Verdict {
	x := &c.rels[r]
	switch {
	case len(v.Proofs) > 0:
		v.Kind = v.Proofs[0].Kind
		if v.Kind == Dynamic {
			v.Holes = x.insert.holes
		}
	case !x.insert.has:
		v.Kind = Unknown
	case slices.ContainsFunc(x.insert.columns, func(i Ident) bool { return !i.IsHole && i.Name == name }):
		v.Reason = "the value comes from what is not restricted"
		v.From = c.sources(c.lookup(r, name), nil, nil)
		for _, i := range x.insert.columns {
			if i.IsHole {
				v.Kind, v.Holes, v.Reason = Dynamic, x.insert.holes, ""
			}
			if i.Name == name {
				break
			}
		}
	case len(x.insert.holes) > 0 && slices.ContainsFunc(x.insert.columns, func(i Ident) bool { return i.IsHole }):
		v.Kind, v.Holes = Dynamic, x.insert.holes
	default:
		v.Kind = Unset
	}
	return v
}

func (c *checker) holesOf(x *rel) []int {
	holes := slices.Clone(c.holes)
	for b := x.block; b != nil; b = b.parent {
		holes = union(holes, b.holes)
	}
	slices.Sort(holes)
	return slices.Compact(holes)
}

// ties looks for the restricted tables whose rows a relation's rows belong to by
// other columns, or for one of several in each arm of an OR.
func (c *checker) ties(r int, name string) []Proof {
	var out []Proof
	start := newTrail()
	if t, ok := start.on(r); ok {
		for i := range c.facts {
			if p, ok := c.leads(&c.facts[i], r, name, t); ok {
				out = append(out, p)
			}
		}
	}
	if len(out) > 0 {
		return out
	}
	if p, ok := c.byCases(r, name, true, start); ok {
		return []Proof{p}
	}
	return nil
}

// A trail is the way of a search from table to table: the relations on it, and
// how many more the search as a whole may look at.
type trail struct {
	seen []int
	left *int
}

const maxTrail = 2000

func newTrail() trail {
	left := maxTrail
	return trail{left: &left}
}

// on returns the trail with one more relation; ok is false if it ends here.
func (t trail) on(r int) (next trail, ok bool) {
	*t.left--
	return trail{append(slices.Clip(t.seen), r), t.left}, len(t.seen) <= 32 && *t.left >= 0
}

// foreign looks for one such table, without ORs.
func (c *checker) foreign(r int, name string, t trail) (Proof, bool) {
	t, ok := t.on(r)
	if !ok {
		return Proof{}, false
	}
	for i := range c.facts {
		if p, ok := c.leads(&c.facts[i], r, name, t); ok {
			return p, true
		}
	}
	return Proof{}, false
}

// leads follows a fact if it is about a column of a relation, as it is found.
func (c *checker) leads(f *fact, r int, name string, t trail) (Proof, bool) {
	if c.cols[f.dst].rel != r || f.optional || strings.HasSuffix(c.cols[f.dst].name, assignedSuffix) {
		return Proof{}, false
	}
	return c.follow(f, name, t)
}

// follow looks for the restricted tables that a fact leads to: by its term, or
// by each of several.
func (c *checker) follow(f *fact, name string, t trail) (Proof, bool) {
	alts := f.t.alts
	switch {
	case f.t.follows():
		alts = []term{f.t}
	case f.t.kind != tAlts:
		return Proof{}, false
	}
	self := c.rels[c.cols[f.dst].rel].self
	if self {
		alts = c.steps[f.dst]
	}
	var found Proof
	for i, a := range alts {
		if self && i > 0 && a.follows() && slices.Contains(t.seen, c.cols[a.col].rel) {
			continue // by induction, as the step before
		}
		if a.kind == tVal && sameValue(a.val, null().val) && !f.nulls {
			continue // equals nothing
		}
		if !a.follows() || slices.Contains(t.seen, c.cols[a.col].rel) {
			return Proof{}, false
		}
		p, held := c.heldBy(c.cols[a.col].rel, name, t)
		if !held {
			return Proof{}, false
		}
		p.Via = append([]Link{c.link(c.cols[f.dst], c.cols[a.col])}, p.Via...)
		p.Declared = c.declared(p)
		p.Undo = union(p.Undo, f.undo)
		if found.Kind == 0 {
			found = p
			found.Values = slices.Clip(p.Values)
			continue
		}
		found.join(p)
	}
	return found, found.Kind != 0
}

// tables reports whether a column of that name is a table's: of a derived table,
// one that is passed on from columns of the same name. What is called like it
// there may be another one, or a value, and says nothing of whose the rows are.
func (c *checker) tables(r int, name string, depth int) bool {
	if c.rels[r].occ >= 0 {
		return true
	}
	n := c.lookup(r, name)
	found := false
	for i := range c.facts {
		f := &c.facts[i]
		if f.dst != n || n < 0 || depth == 0 {
			continue
		}
		alts := f.t.alts
		if f.t.kind == tCol {
			alts = []term{f.t}
		}
		same := len(alts) > 0
		for _, a := range alts {
			same = same && a.kind == tCol && c.cols[a.col].rel != r && c.cols[a.col].name == name && c.tables(c.cols[a.col].rel, name, depth-1)
		}
		found = found || same
	}
	return found
}

func (c *checker) heldBy(r int, name string, t trail) (Proof, bool) {
	if p := c.columnProofs(r, name); len(p) > 0 && p[0].Kind.Restricts() && c.rels[r].insert == nil && c.tables(r, name, 8) {
		return Proof{Kind: ForeignKey, Root: p[0].root(), Values: p[0].Values, Undo: p[0].Undo}, true
	}
	if p, ok := c.foreign(r, name, t); ok {
		return p, true
	}
	p, ok := c.byCases(r, name, true, t)
	p = Proof{Kind: ForeignKey, Root: p.root(), Values: p.Values, Undo: p.Undo, Via: p.Via, undeclared: p.Kind == ForeignKey && !p.Declared}
	return p, ok
}

// reason says why nothing restricts a column, where that is worth a word.
func (c *checker) reason(r int, name string) string {
	n := c.lookup(r, name)
	if n < 0 {
		return ""
	}
	for i := range c.facts {
		f := &c.facts[i]
		if f.dst == n && f.t.kind == tCol {
			s := c.cols[f.t.col]
			return "it equals " + qualified(c.rels[s.rel].name, s.name) + ", which nothing restricts"
		}
	}
	return ""
}

func qualified(table, column string) string {
	if table == "" {
		return column
	}
	return table + "." + column
}
