package sqlscope

import "slices"

// An OR says that one of its arms holds, not which. What follows in each of them
// follows from the OR: that rows are tied to one restricted row or to another,
// say, by a column each. So each arm is taken for true in turn, and what all of
// them come to is the proof.

// cases is an OR among the conjuncts of a block's condition, or of a join's.
type cases struct {
	block *block
	arms  [][]fact
	undo  []int

	worlds []*checker // for each arm: what follows if it is the one that holds
}

const (
	maxCases = 8
	maxArms  = 16
)

// note remembers an OR, if its arms say more together than the facts about one
// column that either finds in all of them. Those noted since number n are a part
// of an arm, and do not hold by themselves.
func (c *checker) note(n int, arms [][]fact, undo []int) {
	c.cases = c.cases[:n]
	if len(arms) > maxArms || n >= maxCases {
		return
	}
	same := true
	for _, arm := range arms {
		if len(arm) == 0 {
			return
		}
		same = same && len(arm) == 1 && arm[0].dst == arms[0][0].dst
	}
	if !same {
		c.cases = append(c.cases, cases{arms: arms, undo: undo})
	}
}

// claim says of the ORs from number n on that they are among the conjuncts of
// block b, whose others are raw, or of a join in it, and say something about the
// rows of the given relations. Some of them an outer join may leave out.
func (c *checker) claim(n int, b *block, raw []fact, rels, absent []int) {
	for i := n; i < len(c.cases); i++ {
		s := &c.cases[i]
		if s.block != nil {
			continue
		}
		s.block = b
		for k, arm := range s.arms {
			arm = c.present(slices.Clone(arm), absent)
			if c.about(arm, rels) || c.about(raw, rels) {
				arm = c.closure(append(slices.Clone(raw), arm...))
			}
			s.arms[k] = slices.DeleteFunc(arm, func(f fact) bool { return !slices.Contains(rels, c.cols[f.dst].rel) })
		}
	}
}

// about reports whether some of the facts are about other relations.
func (c *checker) about(list []fact, rels []int) bool {
	return slices.ContainsFunc(list, func(f fact) bool { return !slices.Contains(rels, c.cols[f.dst].rel) })
}

// within reports whether a relation is read for one row at a time of what block b
// selects: it is b's, or that of a query in it.
func (c *checker) within(r int, b *block) bool {
	for at := c.rels[r].block; at != nil; at = at.parent {
		if at == b {
			return true
		}
	}
	return false
}

// suppose works out, for every OR, what follows in each of its arms. That stays
// within the block: another block may see several of its rows, each of them by
// another arm.
func (c *checker) suppose() {
	c.cases = slices.DeleteFunc(c.cases, func(s cases) bool { return s.block == nil })
	for i := range c.cases {
		s := &c.cases[i]
		var inside []fact
		for _, f := range c.facts {
			if c.within(c.cols[f.dst].rel, s.block) {
				inside = append(inside, f)
			}
		}
		for _, arm := range s.arms {
			w := *c
			w.cases = nil
			w.facts = append(slices.Clip(c.facts), arm...)
			w.proofs = slices.Clone(c.proofs)
			for n := range w.proofs {
				w.proofs[n] = slices.Clip(w.proofs[n])
			}
			w.settle(append(slices.Clip(inside), arm...))
			s.worlds = append(s.worlds, &w)
		}
	}
}

// byCases looks for an OR in each arm of which a column is restricted, or, if
// tied is set, the rows are those of a restricted table.
func (c *checker) byCases(r int, name string, tied bool, t trail) (Proof, bool) {
	for i := range c.cases {
		s := &c.cases[i]
		if !c.within(r, s.block) {
			continue
		}
		var out Proof
		ok := true
		for k, w := range s.worlds {
			p, held := w.restrictedOrTied(r, name, tied, t)
			if !held {
				ok = false
				break
			}
			if k == 0 {
				out = p
				out.Values = slices.Clip(out.Values)
			} else {
				out.join(p)
			}
		}
		if ok && len(out.Values) <= maxValues {
			out.Undo = union(out.Undo, s.undo)
			return out, true
		}
	}
	return Proof{}, false
}

// restrictedOrTied returns the best proof of a column that is restricted, or
// else, if tied is set, that its rows are those of a restricted table.
func (c *checker) restrictedOrTied(r int, name string, tied bool, t trail) (Proof, bool) {
	if p := c.columnProofs(r, name); len(p) > 0 && p[0].Kind.Restricts() {
		return p[0], true
	}
	if !tied {
		return Proof{}, false
	}
	return c.foreign(r, name, t)
}

// join makes p the proof of what is proven by p or by q.
func (p *Proof) join(q Proof) {
	switch {
	case p.Kind == ForeignKey || q.Kind == ForeignKey:
		if p.Kind != ForeignKey {
			p.Root, p.Via, p.Declared = p.root(), q.Via, q.Declared
		} else if q.Kind == ForeignKey {
			p.Declared = p.Declared && q.Declared
		}
		if weight(q.root()) > weight(p.Root) {
			p.Root = q.root()
		}
		p.Kind = ForeignKey
	case weight(q.Kind) > weight(p.Kind):
		p.Kind, p.Root, p.Via = q.Kind, q.Root, q.Via
	}
	for _, v := range q.Values {
		if !hasValue(p.Values, v) {
			p.Values = append(p.Values, v)
		}
	}
	p.Undo = union(p.Undo, q.Undo)
	p.undeclared = p.Kind == ForeignKey && !p.Declared
}

// root returns how the column at the end of a chain is restricted.
func (p Proof) root() Kind {
	if p.Kind == Linked || p.Kind == ForeignKey {
		return p.Root
	}
	return p.Kind
}
