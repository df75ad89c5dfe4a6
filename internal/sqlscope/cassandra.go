package sqlscope

// cassandra takes out of the tokens what only Cassandra's language has and what
// restricts no column: how long a row lives, conditions on what it holds already,
// columns of a DELETE. The numbers of placeholders stay what they are.
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
	lifetime := func(i int) bool { return at(i).is("ttl") || at(i).is("timestamp") }
	for i := 0; i < last; {
		t := at(i)
		switch {
		case t.is("allow") && at(i+1).is("filtering"), t.is("per") && at(i+1).is("partition"), t.is("apply") && at(i+1).is("batch"):
			i = take(i, i+2)
		case t.is("using") && lifetime(i+1), t.is("and") && i > 0 && drop[i-1] && lifetime(i+1):
			i = take(i, i+3)
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
