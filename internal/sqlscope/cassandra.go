package sqlscope

import "strings"

// cassandra takes out of the tokens what only Cassandra's language has and what
// restricts no column: how long a row lives, conditions on what it holds already,
// columns of a DELETE, what is in a collection. The numbers of placeholders stay what
// they are.
func (l *lexer) cassandra() {
	drop := make([]bool, len(l.toks))
	last := len(l.toks) - 1
	at := func(i int) *token { return &l.toks[min(i, last)] }
	take := func(from, to int) int {
		for i := from; i < min(to, last); i++ {
			drop[i] = true
		}
		return to
	}
	lifetime := func(i int) bool { return at(i).is("ttl") || at(i).is("timestamp") || at(i).is("timeout") }
	for i := 0; i < last; {
		t := at(i)
		switch {
		case t.is("allow") && at(i+1).is("filtering"), t.is("per") && at(i+1).is("partition"), t.is("apply") && at(i+1).is("batch"), t.is("bypass") && at(i+1).is("cache"):
			i = take(i, i+2)
		case t.is("using") && lifetime(i+1), t.is("and") && i > 0 && drop[i-1] && lifetime(i+1):
			if i = take(i, i+3); at(i).kind == tIdent && at(i).glued {
				i = take(i, i+1) // 120s
			}
		case t.is("begin"):
			end := i + 1
			for end < i+3 && !at(end-1).is("batch") {
				end++
			}
			i = take(i, end)
		case t.is("if"):
			end := i
			for end < last && !at(end).op(";") {
				end++
			}
			i = take(i, end)
		case t.is("delete"):
			end := i + 1
			for end < last && !at(end).is("from") && !at(end).op(";") {
				end++
			}
			take(i+1, end)
			i = end
		case t.op("{"), t.op("[") && i > 0 && l.beginsValue(i-1):
			end := l.closing(i)
			if end == 0 {
				i++
				continue
			}
			t.kind, t.text, t.match = tString, "", -1 // a collection, which no column of ours equals
			i = take(i+1, end+1)
		case (t.op("+") || t.op("-")) && at(i+1).op("=") && at(i+1).glued:
			i = take(i, i+1) // as far as other columns go, an assignment
		case t.is("ann") && at(i+1).is("of"):
			t.kind, t.text, t.class = tOp, ",", 0 // the order of vectors
			i = take(i+1, i+2)
		case t.is("contains"):
			t.kind, t.text, t.class = tOp, ">", 0 // equals nothing
			if i++; at(i).is("key") {
				i = take(i, i+1)
			}
		default:
			i++
		}
	}
	l.keep(drop)
}

// beginsValue reports whether a value stands behind a token.
func (l *lexer) beginsValue(i int) bool {
	t := &l.toks[i]
	return t.is("of") || t.is("in") || t.kind == tOp && strings.Contains("=(,+-", t.text)
}

// closing returns the token that closes the collection which the i-th opens, 0 if none
// does, or if text that is not known might.
func (l *lexer) closing(i int) int {
	depth := 0
	for k := i; k < len(l.toks); k++ {
		switch t := &l.toks[k]; {
		case t.kind == tHole:
			return 0
		case t.op("{"), t.op("["):
			depth++
		case t.op("}"), t.op("]"):
			if depth--; depth == 0 {
				return k
			}
		}
	}
	return 0
}

// keep takes tokens out.
func (l *lexer) keep(drop []bool) {
	place := make([]int32, len(l.toks))
	kept := l.toks[:0]
	for i, t := range l.toks {
		place[i] = int32(len(kept))
		if !drop[i] {
			kept = append(kept, t)
		}
	}
	l.toks = kept
	for i := range l.toks {
		if t := &l.toks[i]; t.match >= 0 && int(t.match) < len(place) {
			t.match = place[t.match]
		}
	}
}
