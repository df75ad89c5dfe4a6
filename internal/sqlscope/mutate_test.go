package sqlscope

import (
	"strings"
	"testing"
)

// conjuncts calls do for every conjunct of every condition of a statement, with
// the place that it stands in.
func conjuncts(t *Tree, do func(at **Expr)) {
	seen := map[*Expr]bool{}
	var expr func(at **Expr, conj bool)
	var query func(q *Query)
	var from func(f *From)
	var tree func(t *Tree)
	expr = func(at **Expr, conj bool) {
		e := *at
		if e == nil || seen[e] {
			return
		}
		seen[e] = true
		if conj {
			switch e.Op {
			case OpAnd, OpLoose:
			default:
				do(at)
			}
		}
		for i := range e.Args {
			expr(&e.Args[i], conj && (e.Op == OpAnd || e.Op == OpLoose))
		}
		if e.Sub != nil {
			query(e.Sub)
		}
	}
	query = func(q *Query) {
		if q == nil {
			return
		}
		for i := range q.With {
			tree(q.With[i].Tree)
		}
		query(q.Left)
		query(q.Right)
		for _, f := range q.From {
			from(f)
		}
		expr(&q.Where, true)
		expr(&q.Having, true)
		for i := range q.Items {
			expr(&q.Items[i].Expr, false)
		}
		for _, row := range q.Values {
			for i := range row {
				expr(&row[i], false)
			}
		}
	}
	from = func(f *From) {
		if f.Join != NoJoin {
			from(f.Left)
			from(f.Right)
			expr(&f.On, true)
		}
		query(f.Sub)
	}
	tree = func(t *Tree) {
		for i := range t.With {
			tree(t.With[i].Tree)
		}
		query(t.Query)
		for _, f := range t.From {
			from(f)
		}
		expr(&t.Where, true)
		for i := range t.Set {
			expr(&t.Set[i].Value, false)
		}
		if t.Conflict != nil {
			expr(&t.Conflict.Where, true)
		}
	}
	tree(t)
}

// strength orders verdicts, by the place of the occurrence and its role: the
// more, the weaker.
func strength(s *Statement, column string) map[[2]int]int {
	list := map[[2]int]int{}
	for i, o := range s.Occurrences {
		v := s.Restricted(i, column)
		n := 100 * int(v.Kind)
		if v.Kind.Restricts() {
			n = 10 - len(v.Proofs)
		}
		list[[2]int{o.Offset, int(o.Role)}] = n
	}
	return list
}

// A conjunct that proves something is one whose absence weakens a verdict, or
// takes one of its proofs away. Each is replaced by TRUE in turn.
//
// Those that survive are redundant: a column that equals $1 by itself need not
// equal another column that does.
func TestMutation(t *testing.T) {
	files, schema := loadCorpus(t)
	mutants, killed := 0, 0
	var survivors []string
	for _, f := range files {
		for _, sql := range f.sql {
			parse := func() *Tree {
				l := lex(Plain(sql), f.dialect)
				p := &parser{lexer: l, end: len(l.toks) - 1}
				return p.statement()
			}
			for _, column := range []string{"tenant_id", "env_id"} {
				tree := parse()
				before := strength(Check(tree, schema), column)
				restricted := false
				for _, n := range before {
					restricted = restricted || n < 10
				}
				if !restricted {
					continue
				}
				conjuncts(tree, func(at **Expr) {
					conjunct := *at
					if !proves(conjunct, column) {
						return
					}
					*at = &Expr{Op: OpValue, Value: Value{Kind: Literal, Text: "true"}}
					after := strength(Check(tree, schema), column)
					*at = conjunct
					mutants++
					weaker := false
					for at, n := range after {
						weaker = weaker || n > before[at]
					}
					if weaker {
						killed++
					} else {
						survivors = append(survivors, column+": "+strings.Join(strings.Fields(sql), " "))
					}
				})
			}
		}
	}
	t.Logf("%d mutants, %d noticed", mutants, killed)
	for _, s := range survivors {
		t.Logf("survivor: %s", s)
	}
	if mutants < 200 || killed*100 < mutants*98 {
		t.Errorf("%d of %d mutants noticed, want 98 %%", killed, mutants)
	}
}

// proves reports whether a conjunct is one that may prove something about the
// column: an equality or a list that names it outside of sub-selects.
func proves(e *Expr, column string) bool {
	switch e.Op {
	case OpEq, OpIn, OpAny:
	default:
		return false
	}
	for _, a := range e.Args {
		if a.Op == OpColumn && a.Name == column {
			return true
		}
		if a.Op == OpRow {
			for _, x := range a.Args {
				if x.Op == OpColumn && x.Name == column {
					return true
				}
			}
		}
	}
	return false
}
