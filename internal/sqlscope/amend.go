package sqlscope

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// An Amendment is what restricts a statement further: pieces of text to be put
// into it, and the values that its new placeholders stand for.
type Amendment struct {
	Insert []Insertion // in the order of the text
	// Args are the places of the new arguments in the list of all of them, from
	// zero, one for each column in the order asked for. What is there now
	// moves on.
	Args []int
	// Had is how many arguments the statement takes without them.
	Had int
}

// An Insertion is text to be put into another at an offset.
type Insertion struct {
	Offset int
	Text   string
}

// Amend returns what restricts the one table of a statement by columns as well,
// each by a placeholder of the kind that the statement has; ok is false where
// that is not a matter of form. It is done for a SELECT, UPDATE or DELETE that
// mentions one table once, with no query around or within it, and has
// placeholders of one kind, $1 or ?, and for columns that its condition does not
// speak of: whoever wrote one that does not hold meant something. What comes out
// has been read again: each of the columns is bound to its placeholder, and all
// else is as it was.
//
// Column names that would have to be quoted are refused.
func Amend(text string, opts Options, columns []string) (a Amendment, ok bool) {
	if opts.Form != Statements || len(columns) == 0 {
		return a, false
	}
	for _, c := range columns {
		if !plainName(c) {
			return a, false
		}
	}
	if opts.Dialect == Auto && strings.IndexByte(text, '`') >= 0 {
		opts.Dialect = MySQL // as Scan takes it
	}
	stmt, cond, where := single(text, opts)
	if stmt == nil || cond.End == 0 || where != nil && mentions(text[cond.Start:cond.End], opts.Dialect, columns) {
		return a, false
	}
	marks, ok := placeholders(text, opts.Dialect)
	if !ok {
		return a, false
	}
	numbered := marks[0].number > 0
	next := 0
	for _, m := range marks {
		switch {
		case numbered:
			a.Had = max(a.Had, m.number)
			next = a.Had
		default:
			a.Had++
			if m.offset < cond.End {
				next++
			}
		}
	}
	var b strings.Builder
	for i, c := range columns {
		switch {
		case i > 0 || where != nil:
			b.WriteString(" AND ")
		default:
			b.WriteString(" WHERE ")
		}
		b.WriteString(c)
		b.WriteString(" = ")
		if numbered {
			b.WriteString("$" + strconv.Itoa(next+i+1))
		} else {
			b.WriteByte('?')
		}
		a.Args = append(a.Args, next+i)
	}
	if where != nil && loose(text[cond.Start:cond.End], opts.Dialect) {
		a.Insert = []Insertion{{cond.Start, "("}, {cond.End, ")" + b.String()}}
	} else {
		a.Insert = []Insertion{{cond.End, b.String()}}
	}
	return a, a.holds(text, opts, columns, stmt)
}

// Apply returns the text with the insertions made.
func (a Amendment) Apply(text string) string {
	var b strings.Builder
	last := 0
	for _, in := range a.Insert {
		b.WriteString(text[last:in.Offset])
		b.WriteString(in.Text)
		last = in.Offset
	}
	b.WriteString(text[last:])
	return b.String()
}

// holds reads the amended text again.
func (a Amendment) holds(text string, opts Options, columns []string, before *Statement) bool {
	after, _, _ := single(a.Apply(text), opts)
	if after == nil || after.Verb != before.Verb || after.Occurrences[0].Table != before.Occurrences[0].Table {
		return false
	}
	for i, c := range columns {
		v := after.Restricted(0, c)
		if v.Kind != Bound || !slices.ContainsFunc(v.Proofs, func(p Proof) bool {
			return p.Kind == Bound && len(p.Undo) == 0 && len(p.Values) == 1 && p.Values[0].Kind == Placeholder && p.Values[0].Index == a.Args[i]+1
		}) {
			return false
		}
	}
	return true
}

// single returns the statement of a text that has one, which mentions one
// table, and where its condition is; nil if there is more to it.
func single(text string, opts Options) (*Statement, Span, *Expr) {
	res := Scan(Plain(text), opts)
	if len(res.Statements) != 1 {
		return nil, Span{}, nil
	}
	s := res.Statements[0]
	if s.Unparsed != "" || len(s.Occurrences) != 1 || s.Occurrences[0].IsHole || len(s.Tree.With) > 0 {
		return nil, Span{}, nil
	}
	t := s.Tree
	switch s.Verb {
	case Select:
		q := t.Query
		if q == nil || q.Left != nil || len(q.With) > 0 || len(q.From) != 1 || !isTable(q.From[0]) {
			return nil, Span{}, nil
		}
		return s, q.Cond, q.Where
	case Update, Delete:
		if len(t.From) > 0 || !isTable(t.Target) {
			return nil, Span{}, nil
		}
		return s, t.Cond, t.Where
	}
	return nil, Span{}, nil
}

func isTable(f *From) bool {
	return f != nil && f.Join == NoJoin && f.Sub == nil && f.Func == nil && f.Name != ""
}

// mark is a placeholder of a text: $number, or ? if that is zero.
type mark struct{ offset, number int }

// placeholders returns those of a text; ok is false if there are none, or not
// of one kind.
func placeholders(text string, d Dialect) (marks []mark, ok bool) {
	l := lex(Plain(text), d)
	for i := range l.toks {
		t := &l.toks[i]
		if t.kind == tHole {
			return nil, false // ??: an identifier that the library puts in
		}
		if t.kind != tParam {
			continue
		}
		v := l.val(t)
		m := mark{offset: l.offset(t.pos)}
		switch {
		case v.Kind == Computed:
			continue // a system variable
		case v.Kind != Placeholder || v.Name != "" || v.Index == 0:
			return nil, false
		case text[t.pos:t.end] == "?":
		case text[t.pos:t.end] == "$"+strconv.Itoa(v.Index):
			m.number = v.Index
		default:
			return nil, false
		}
		if len(marks) > 0 && (marks[0].number == 0) != (m.number == 0) {
			return nil, false
		}
		marks = append(marks, m)
	}
	slices.SortFunc(marks, func(a, b mark) int { return cmp.Compare(a.offset, b.offset) })
	return marks, len(marks) > 0
}

// mentions reports whether a condition has one of the names in it.
func mentions(cond string, d Dialect, names []string) bool {
	l := lex(Plain(cond), d)
	for i := range l.toks {
		if t := &l.toks[i]; (t.kind == tIdent || t.kind == tQuoted) && slices.Contains(names, t.text) {
			return true
		}
	}
	return false
}

// loose reports whether an AND behind the condition would bind to its last part
// only.
func loose(cond string, d Dialect) bool { return topOr(lex(Plain(cond), d)) }

// plainName reports whether a name stands for itself without quotes, in every
// dialect.
func plainName(s string) bool {
	for i := range len(s) {
		if c := s[i]; !(c == '_' || 'a' <= c && c <= 'z' || i > 0 && isDigit(c)) {
			return false
		}
	}
	switch s {
	case "", "user", "null", "true", "false":
		return false
	}
	_, class := keyword(s)
	return class == 0
}
