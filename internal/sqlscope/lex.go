package sqlscope

import (
	"strconv"
	"strings"
)

type tokKind uint8

const (
	tEOF tokKind = iota
	tIdent
	tQuoted // a quoted identifier
	tNumber
	tString
	tParam
	tHole
	tOp // also ( ) , . ; [ ] *
)

// Classes of words. A reserved word ends a select item, a table or an
// expression; a counted one must have been read as what it is, or the
// statement counts as not read.
const (
	wReserved = 1 << iota
	wCounted
	wOperand // an operand may follow although it is not reserved: a ? behind it is a placeholder
)

type token struct {
	kind  tokKind
	class uint8
	glued bool  // no blank before it
	pos   int32 // in the buffer
	end   int32
	match int32 // of ( and [: the index of the token that closes it, or -1
	text  string
	val   int32 // of tParam, tHole, and of a tString with holes: index of its value
}

const (
	maxLen    = 1 << 20 // bytes of text; longer ones are not read
	maxDepth  = 200     // of nested expressions, queries and parentheses
	maxTokens = 1 << 18
)

type lexer struct {
	src     string
	holes   []holeAt
	dialect Dialect
	toks    []token
	vals    []Value // the first is nobody's
	params  int
	brack   int
	before  int // holes so far that may hold placeholders
	bad     string
	open    []int32
	code    bool // within a comment that MySQL runs
}

type holeAt struct {
	pos  int32
	hole Hole
	end  int32 // of repeated text, which is in the buffer
}

// lex splits the text. It never fails: bad says what was wrong with it.
func lex(q Text, d Dialect) *lexer {
	l := &lexer{dialect: d, vals: make([]Value, 1, 8)}
	if len(q) == 1 && q[0].Hole == nil {
		l.src = q[0].Text
	} else {
		var b strings.Builder
		for _, piece := range q {
			if b.Len() > maxLen {
				break
			}
			if piece.Hole == nil {
				b.WriteString(piece.Text)
				continue
			}
			at := holeAt{pos: int32(b.Len()), hole: *piece.Hole}
			b.WriteByte(0)
			if piece.Hole.Kind == Repeat {
				b.WriteString(piece.Hole.Text)
			}
			at.end = int32(b.Len())
			l.holes = append(l.holes, at)
		}
		l.src = b.String()
	}
	if len(l.src) > maxLen {
		l.bad = "the text is too long"
		return l
	}
	l.toks = make([]token, 0, len(l.src)/4+4)
	l.run()
	return l
}

// offset converts a place in the buffer to one in the pieces' text.
func (l *lexer) offset(pos int32) int {
	n := int(pos)
	for _, h := range l.holes {
		if h.pos >= pos {
			break
		}
		n -= int(min(h.end, pos) - h.pos)
	}
	return n
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isIdentStart(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c >= 0x80
}
func isIdent(c byte) bool { return isIdentStart(c) || isDigit(c) || c == '$' }

func (l *lexer) run() {
	s := l.src
	nextHole := 0
	glued := false
	for i := 0; i < len(s); {
		if len(l.toks) > maxTokens {
			l.bad = "the text is too long"
			break
		}
		c := s[i]
		if c == 0 && nextHole < len(l.holes) && int(l.holes[nextHole].pos) == i {
			i = l.hole(&nextHole, glued)
			glued = true
			continue
		}
		switch {
		case isSpace(c) || c == 0 || c == '\v':
			i++
			glued = false
			continue
		case l.lineComment(i):
			for i < len(s) && s[i] != '\n' {
				i++
			}
			nextHole = l.skipHoles(nextHole, i)
			glued = false
			continue
		case l.code && c == '*' && i+1 < len(s) && s[i+1] == '/':
			i += 2
			l.code, glued = false, false
			continue
		case c == '/' && i+1 < len(s) && s[i+1] == '*':
			i = l.comment(i)
			nextHole = l.skipHoles(nextHole, i)
			glued = false
			continue
		case isIdentStart(c):
			i, nextHole = l.word(i, nextHole, glued)
		case isDigit(c), c == '.' && i+1 < len(s) && isDigit(s[i+1]) && !(glued && l.afterName()):
			i = l.number(i, glued)
		case c == '\'':
			i, nextHole = l.quoted(i, i, '\'', tString, l.dialect == MySQL, nextHole, glued)
		case c == '"':
			kind := tQuoted
			if l.dialect == MySQL {
				kind = tString
			}
			i, nextHole = l.quoted(i, i, '"', kind, l.dialect == MySQL, nextHole, glued)
		case c == '`':
			i, nextHole = l.quoted(i, i, '`', tQuoted, false, nextHole, glued)
		case c == '[' && l.dialect == SQLite && !(glued && l.afterOperand()):
			i, nextHole = l.quoted(i, i, ']', tQuoted, false, nextHole, glued)
		case c == '$':
			i, nextHole = l.dollar(i, nextHole, glued)
		case c == '?':
			i = l.question(i, glued)
		case c == ':' && i+1 < len(s) && s[i+1] == ':':
			l.add(token{kind: tOp, text: "::", pos: int32(i), end: int32(i + 2), glued: glued})
			i += 2
		case c == ':' && i+1 < len(s) && s[i+1] == '=':
			l.add(token{kind: tOp, text: ":=", pos: int32(i), end: int32(i + 2), glued: glued})
			i += 2
		case c == ':' && l.brack == 0 && l.holeAt(i+1, nextHole):
			i, nextHole = l.unnumbered(i, nextHole, glued)
		case (c == ':' || c == '@') && l.brack == 0 && i+1 < len(s) && isIdentStart(s[i+1]) && !l.absolute(i):
			i = l.named(i, 1, glued)
		case c == '@' && l.dialect == MySQL && i+1 < len(s) && (s[i+1] == '`' || s[i+1] == '\'' || s[i+1] == '"'):
			i, nextHole = l.variable(i, nextHole, glued)
		case c == '@' && i+1 < len(s) && s[i+1] == '@' && l.dialect == MySQL && i+2 < len(s) && isIdentStart(s[i+2]):
			// A system variable.
			j := i + 2
			for j < len(s) && (isIdent(s[j]) || s[j] == '.') {
				j++
			}
			l.add(token{kind: tParam, text: s[i:j], pos: int32(i), end: int32(j), glued: glued, val: l.value(Value{Kind: Computed, Text: strings.ToLower(s[i:j]), Offset: l.offset(int32(i))})})
			i = j
		default:
			i = l.operator(i, glued)
		}
		glued = true
	}
	if l.code {
		l.bad = orText(l.bad, "a comment is not closed")
	}
	for _, i := range l.open {
		l.toks[i].match = -1
		l.bad = orText(l.bad, "a parenthesis is not closed")
	}
	l.toks = append(l.toks, token{kind: tEOF, pos: int32(len(s)), end: int32(len(s)), match: -1})
}

func orText(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// value keeps a token's value and returns its index.
func (l *lexer) value(v Value) int32 {
	l.vals = append(l.vals, v)
	return int32(len(l.vals) - 1)
}

// val returns a token's value.
func (l *lexer) val(t *token) *Value { return &l.vals[t.val] }

func (l *lexer) add(t token) {
	if t.match == 0 {
		t.match = -1
	}
	l.toks = append(l.toks, t)
}

func (l *lexer) last() *token {
	if len(l.toks) == 0 {
		return nil
	}
	return &l.toks[len(l.toks)-1]
}

func (l *lexer) afterName() bool {
	t := l.last()
	return t != nil && (t.kind == tIdent || t.kind == tQuoted || t.kind == tOp && t.text == "]")
}

// afterOperand reports whether what was read last ends an operand, so that an
// operator is to follow.
func (l *lexer) afterOperand() bool {
	t := l.last()
	if t == nil {
		return false
	}
	switch t.kind {
	case tIdent:
		return t.class&(wReserved|wOperand) == 0
	case tQuoted, tNumber, tString, tParam:
		return true
	case tOp:
		return t.text == ")" || t.text == "]"
	}
	return false
}

// skipHoles passes the holes that stand in a comment: what is commented out
// has no effect, and a hole with a line break in it is not foreseen.
func (l *lexer) skipHoles(next, i int) int {
	for next < len(l.holes) && int(l.holes[next].pos) < i {
		next++
	}
	return next
}

func (l *lexer) hole(next *int, glued bool) int {
	h := &l.holes[*next]
	*next++
	pos := h.pos
	if h.hole.Kind == Repeat {
		// Its text stands in the buffer behind the mark and is read as such.
		return int(pos) + 1
	}
	t := token{kind: tHole, pos: pos, end: pos + 1, glued: glued, val: l.value(Value{Kind: HoleValue, Hole: h.hole.ID, Offset: l.offset(pos)})}
	if h.hole.Kind == Anything || h.hole.Kind == Params || h.hole.Kind == Tail {
		l.before++
	}
	l.add(t)
	return int(pos) + 1
}

// kindOf returns what is known of a hole.
func (l *lexer) kindOf(id int) HoleKind {
	for _, h := range l.holes {
		if h.hole.ID == id {
			return h.hole.Kind
		}
	}
	return Anything
}

// beforeAt counts the holes before a place that may hold placeholders. Within
// repeated text, its first copy counts.
func (l *lexer) beforeAt(i int) int {
	n := l.before
	for _, h := range l.holes {
		if h.hole.Kind == Repeat && int(h.end) <= i {
			n++
		}
	}
	return n
}

// repeated reports whether a place is in repeated text.
func (l *lexer) repeated(pos int) bool {
	for _, h := range l.holes {
		if int(h.pos) < pos && pos < int(h.end) && h.hole.Kind == Repeat {
			return true
		}
	}
	return false
}

func (l *lexer) comment(i int) int {
	s := l.src
	// MariaDB has comments of its own that are code.
	if maria := strings.HasPrefix(s[i+2:], "M!"); (maria || strings.HasPrefix(s[i+2:], "!")) && l.dialect != Postgres {
		if n, ok := l.runs(i + 3); ok && !maria {
			l.code = true
			return n
		}
		l.bad = orText(l.bad, "a comment of the form /*! … */ is code")
	}
	start := i
	depth := 0
	for i < len(s) {
		switch {
		case s[i] == '/' && i+1 < len(s) && s[i+1] == '*' && (depth == 0 || l.dialect == Postgres):
			depth++
			i += 2
		case s[i] == '*' && i+1 < len(s) && s[i+1] == '/':
			depth--
			i += 2
			if depth == 0 {
				// sqlc's /*SLICE:name*/? stands for a list that has a name.
				if name, ok := strings.CutPrefix(s[start+2:i-2], "SLICE:"); ok && i < len(s) && s[i] == '?' {
					l.params++
					l.before++
					l.add(token{kind: tParam, text: "?", pos: int32(i), end: int32(i + 1), val: l.value(Value{Kind: Placeholder, Name: name, Index: l.params, Elements: true, HolesBefore: l.beforeAt(i) - 1, Offset: l.offset(int32(i))})})
					i++
				}
				return i
			}
		default:
			i++
		}
	}
	l.bad = orText(l.bad, "a comment is not closed")
	return i
}

// lineComment reports whether a comment begins at i that ends with the line. In
// MySQL, -- begins one only if a blank follows: 5--1 is six.
func (l *lexer) lineComment(i int) bool {
	s := l.src
	if s[i] == '#' {
		return l.dialect == MySQL
	}
	if s[i] != '-' || i+1 >= len(s) || s[i+1] != '-' {
		return false
	}
	return l.dialect != MySQL || i+2 >= len(s) || s[i+2] <= ' '
}

// runs reports whether every MySQL of today runs what stands in a comment of
// the form /*!50100 … */, and where that begins. i is behind the mark.
func (l *lexer) runs(i int) (from int, ok bool) {
	version := 0
	for i < len(l.src) && isDigit(l.src[i]) && version < 1<<20 {
		version = version*10 + int(l.src[i]-'0')
		i++
	}
	return i, l.dialect == MySQL && !l.code && version <= 80000
}

// absolute reports whether the @ at i is PostgreSQL's operator, not the
// beginning of a placeholder: @t.x is the absolute value of a column.
func (l *lexer) absolute(i int) bool {
	if l.src[i] != '@' || l.dialect != Postgres {
		return false
	}
	for i++; i < len(l.src) && isIdent(l.src[i]); i++ {
	}
	return i+1 < len(l.src) && l.src[i] == '.' && isIdentStart(l.src[i+1])
}

// variable reads MySQL's @`name`.
func (l *lexer) variable(i, next int, glued bool) (int, int) {
	end, next := l.quoted(i+1, i+1, l.src[i+1], tQuoted, false, next, glued)
	t := l.last()
	t.kind, t.pos = tParam, int32(i)
	t.val = l.value(Value{Kind: Placeholder, Name: t.text, Repeated: l.repeated(i), Offset: l.offset(int32(i))})
	return end, next
}

// word reads an identifier or keyword, with holes in it: "tab_" + x.
func (l *lexer) word(i, next int, glued bool) (int, int) {
	s := l.src
	start := i
	var buf [24]byte
	upper := false
	for i < len(s) && isIdent(s[i]) {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			upper = true
			c += 'a' - 'A'
		}
		if i-start < len(buf) {
			buf[i-start] = c
		}
		i++
	}
	n := i - start
	// E'…', N'…', X'…', B'…', _utf8'…'
	if i < len(s) && s[i] == '\'' && (n == 1 || buf[0] == '_' || n == 2 && buf[0] == 'u' || n == 3 && buf[0] == 'u') {
		switch buf[0] {
		case 'e':
			return l.quoted(start, i, '\'', tString, true, next, glued)
		case 'n', '_':
			return l.quoted(start, i, '\'', tString, l.dialect == MySQL, next, glued)
		case 'x', 'b':
			end, next := l.quoted(start, i, '\'', tString, l.dialect == MySQL, next, glued)
			l.last().text = "0" + string(buf[0]) + strings.ToLower(l.last().text) // x'1f' is 0x1f
			return end, next
		}
	}
	if n == 1 && buf[0] == 'u' && l.dialect == Postgres && i+1 < len(s) && s[i] == '&' && (s[i+1] == '\'' || s[i+1] == '"') {
		return l.unicode(start, next, glued)
	}
	t := token{kind: tIdent, pos: int32(start), end: int32(i), glued: glued}
	if n <= len(buf) {
		t.text, t.class = keyword(string(buf[:n]))
	}
	if t.text == "" {
		t.text = s[start:i]
		if upper {
			t.text = strings.ToLower(t.text)
		}
	}
	l.add(t)
	return i, next
}

// unicode reads U&'d\0061t' and U&"d\0061t".
func (l *lexer) unicode(start, next int, glued bool) (int, int) {
	kind := tString
	if l.src[start+2] == '"' {
		kind = tQuoted
	}
	end, next := l.quoted(start, start+2, l.src[start+2], kind, false, next, glued)
	t := l.last()
	var b strings.Builder
	for rest := t.text; ; {
		before, after, found := strings.Cut(rest, `\`)
		b.WriteString(before)
		if !found {
			break
		}
		digits := 4
		if strings.HasPrefix(after, "+") {
			after, digits = after[1:], 6
		}
		n, err := strconv.ParseUint(after[:min(digits, len(after))], 16, 32)
		if err != nil || len(after) < digits { // an escaped backslash, or UESCAPE says something else
			b.WriteString(`\`)
			rest = strings.TrimPrefix(after, `\`)
			continue
		}
		b.WriteRune(rune(n))
		rest = after[digits:]
	}
	t.text = b.String()
	if kind == tQuoted {
		t.text = strings.ToLower(t.text)
	}
	return end, next
}

func (l *lexer) number(i int, glued bool) int {
	s := l.src
	start := i
	for i < len(s) && (isDigit(s[i]) || s[i] == '.' || isIdentStart(s[i]) && s[i] < 0x80 ||
		(s[i] == '+' || s[i] == '-') && (s[i-1] == 'e' || s[i-1] == 'E') && isDigit(s[start])) {
		if s[i] == '.' && i+1 < len(s) && s[i+1] == '.' {
			break
		}
		i++
	}
	text := s[start:i]
	if strings.ContainsAny(text, "_ABCDEFX") {
		text = strings.ToLower(strings.ReplaceAll(text, "_", "")) // 1_000, 0XFF
	}
	l.add(token{kind: tNumber, text: text, pos: int32(start), end: int32(i), glued: glued})
	return i
}

// quoted reads a string or a quoted identifier whose quote stands at i.
func (l *lexer) quoted(start, i int, quote byte, kind tokKind, backslash bool, next int, glued bool) (int, int) {
	s := l.src
	i++
	from := i
	var b []byte
	plain := true
	t := token{kind: kind, pos: int32(start), glued: glued}
	for i < len(s) {
		c := s[i]
		if c == 0 && next < len(l.holes) && int(l.holes[next].pos) == i {
			if t.val == 0 {
				t.val = l.value(Value{Kind: HoleValue, Hole: l.holes[next].hole.ID, InLiteral: true, Offset: l.offset(int32(i))})
			}
			next++
			if plain {
				b, plain = append(b, s[from:i]...), false
			}
			i++
			continue
		}
		if c == quote {
			if i+1 < len(s) && s[i+1] == quote && quote != ']' {
				if plain {
					b, plain = append(b, s[from:i]...), false
				}
				b = append(b, quote)
				i += 2
				continue
			}
			t.end = int32(i + 1)
			if plain {
				t.text = s[from:i]
			} else {
				t.text = string(b)
			}
			if kind == tQuoted {
				t.text = strings.ToLower(t.text)
			}
			l.add(t)
			return i + 1, next
		}
		if c == '\\' && backslash && i+1 < len(s) {
			if plain {
				b, plain = append(b, s[from:i]...), false
			}
			b = append(b, l.unescape(s[i+1])...)
			i += 2
			continue
		}
		if !plain {
			b = append(b, c)
		}
		i++
	}
	l.bad = orText(l.bad, "a quote is not closed")
	t.end = int32(i)
	l.add(t)
	return i, next
}

// unescape returns what a backslash and c stand for.
func (l *lexer) unescape(c byte) []byte {
	switch c {
	case 'n':
		c = '\n'
	case 't':
		c = '\t'
	case 'r':
		c = '\r'
	case 'b':
		c = '\b'
	case '%', '_':
		if l.dialect == MySQL {
			return []byte{'\\', c} // LIKE's business
		}
	case '0':
		if l.dialect == MySQL {
			c = 0
		}
	case 'Z':
		if l.dialect == MySQL {
			c = 26
		}
	}
	return []byte{c}
}

func (l *lexer) dollar(i, next int, glued bool) (int, int) {
	s := l.src
	j := i + 1
	if j < len(s) && isDigit(s[j]) {
		n := 0
		for j < len(s) && isDigit(s[j]) {
			if n < 1<<20 {
				n = n*10 + int(s[j]-'0')
			}
			j++
		}
		l.add(token{kind: tParam, text: s[i:j], pos: int32(i), end: int32(j), glued: glued, val: l.value(Value{Kind: Placeholder, Index: n, Repeated: l.repeated(i), Offset: l.offset(int32(i))})})
		return j, next
	}
	// $tag$ … $tag$
	for j < len(s) && isIdent(s[j]) && s[j] != '$' {
		j++
	}
	if j < len(s) && s[j] == '$' {
		tag := s[i : j+1]
		body := j + 1
		if k := strings.Index(s[body:], tag); k >= 0 {
			end := body + k + len(tag)
			t := token{kind: tString, text: s[body : body+k], pos: int32(i), end: int32(end), glued: glued}
			if n := l.skipHoles(next, end); n != next {
				t.val = l.value(Value{Kind: HoleValue, Hole: l.holes[next].hole.ID, InLiteral: true, Offset: l.offset(int32(i))})
				next = n
			}
			l.add(t)
			return end, next
		}
		l.bad = orText(l.bad, "a quote is not closed")
		return len(s), next
	}
	if j > i+1 { // $name
		return l.named(i, 1, glued), next
	}
	if l.holeAt(j, next) {
		return l.unnumbered(i, next, glued)
	}
	l.add(token{kind: tOp, text: "$", pos: int32(i), end: int32(j), glued: glued})
	return j, next
}

// holeAt reports whether the next hole is at i.
func (l *lexer) holeAt(i, next int) bool {
	return i < len(l.src) && l.src[i] == 0 && next < len(l.holes) && int(l.holes[next].pos) == i
}

// unnumbered reads a placeholder whose number or name is not known: "$" +
// strconv.Itoa(n), ":" + column.
func (l *lexer) unnumbered(i, next int, glued bool) (int, int) {
	l.add(token{kind: tHole, pos: int32(i), end: int32(i + 2), glued: glued, val: l.value(Value{Kind: HoleValue, Hole: l.holes[next].hole.ID, Text: l.src[i : i+1], Offset: l.offset(int32(i))})})
	return i + 2, next + 1
}

func (l *lexer) named(i, skip int, glued bool) int {
	s := l.src
	j := i + skip
	for j < len(s) && isIdent(s[j]) {
		j++
	}
	l.add(token{kind: tParam, text: s[i:j], pos: int32(i), end: int32(j), glued: glued, val: l.value(Value{Kind: Placeholder, Name: s[i+skip : j], Repeated: l.repeated(i), Offset: l.offset(int32(i))})})
	return j
}

// question tells a placeholder from PostgreSQL's operators ?, ?| and ?&.
func (l *lexer) question(i int, glued bool) int {
	s := l.src
	if l.dialect != MySQL && l.dialect != SQLite && l.dialect != Cassandra && l.afterOperand() {
		if i+1 < len(s) && (s[i+1] == '|' && !(i+2 < len(s) && s[i+2] == '|') || s[i+1] == '&' && !(i+2 < len(s) && s[i+2] == '&')) {
			l.add(token{kind: tOp, text: s[i : i+2], pos: int32(i), end: int32(i + 2), glued: glued})
			return i + 2
		}
		if n := l.geometric(i); n > 0 {
			l.add(token{kind: tOp, text: s[i : i+n], pos: int32(i), end: int32(i + n), glued: glued})
			return i + n
		}
		if i+1 < len(s) && s[i+1] == '?' { // ?? escapes the operator
			l.add(token{kind: tOp, text: "?", pos: int32(i), end: int32(i + 2), glued: glued})
			return i + 2
		}
		j := i + 1
		for j < len(s) && isSpace(s[j]) {
			j++
		}
		if j < len(s) && (s[j] == '\'' || s[j] == '$' || s[j] == '?' || s[j] == ':' || s[j] == '@' || s[j] == '(') {
			l.add(token{kind: tOp, text: "?", pos: int32(i), end: int32(i + 1), glued: glued})
			return i + 1
		}
		// A name behind it, but not a word that goes on with the statement.
		if j > i+1 && j < len(s) && isIdentStart(s[j]) {
			k := j
			for k < len(s) && isIdent(s[k]) {
				k++
			}
			if _, class := keyword(strings.ToLower(s[j:k])); class&wReserved == 0 {
				l.add(token{kind: tOp, text: "?", pos: int32(i), end: int32(i + 1), glued: glued})
				return i + 1
			}
		}
	}
	j := i + 1
	switch {
	case j < len(s) && s[j] == '?': // a placeholder for an identifier, in some libraries
		j++
		l.params++
		l.add(token{kind: tHole, text: "??", pos: int32(i), end: int32(j), glued: glued, val: l.value(Value{Kind: Placeholder, Index: l.params, HolesBefore: l.beforeAt(i), Offset: l.offset(int32(i))})})
		return j
	case j < len(s) && isDigit(s[j]):
		n := 0
		for j < len(s) && isDigit(s[j]) {
			if n < 1<<20 {
				n = n*10 + int(s[j]-'0')
			}
			j++
		}
		// SQLite counts from 1, bun from 0.
		if l.dialect != SQLite {
			n++
		}
		l.add(token{kind: tParam, text: s[i:j], pos: int32(i), end: int32(j), glued: glued, val: l.value(Value{Kind: Placeholder, Index: n, Repeated: l.repeated(i), Offset: l.offset(int32(i))})})
		return j
	case j < len(s) && isIdentStart(s[j]) && l.dialect != MySQL:
		return l.bun(i, glued)
	}
	l.params++
	l.add(token{kind: tParam, text: "?", pos: int32(i), end: int32(j), glued: glued, val: l.value(Value{Kind: Placeholder, Index: l.params, HolesBefore: l.beforeAt(i), Repeated: l.repeated(i), Offset: l.offset(int32(i))})})
	return j
}

// geometric returns the length of one of PostgreSQL's operators on lines and
// boxes, 0 if none stands at i.
func (l *lexer) geometric(i int) int {
	if l.dialect != Postgres {
		return 0
	}
	for _, op := range [...]string{"?-|", "?||", "?-", "?#"} {
		if strings.HasPrefix(l.src[i:], op) {
			return len(op)
		}
	}
	return 0
}

// bun reads ?name. Those that stand for the model's table are holes: what they
// stand for is a name, not a value.
func (l *lexer) bun(i int, glued bool) int {
	s := l.src
	j := i + 1
	for j < len(s) && isIdent(s[j]) {
		j++
	}
	name := s[i+1 : j]
	switch name {
	case "TableAlias", "TableName", "Table", "Columns", "TableColumns", "PKs", "TablePKs":
		l.add(token{kind: tQuoted, text: "?" + strings.ToLower(name), pos: int32(i), end: int32(j), glued: glued})
		return j
	}
	return l.named(i, 1, glued)
}

func (l *lexer) operator(i int, glued bool) int {
	s := l.src
	n := 1
	if i+2 < len(s) {
		switch s[i : i+3] {
		case "<=>", "->>", "#>>", "!~*", "<->", "<#>":
			n = 3
		}
	}
	if n == 1 && i+1 < len(s) {
		switch s[i : i+2] {
		case "<>", "!=", "<=", ">=", "||", "->", "#>", "@>", "<@", "@@", "&&", "~*", "!~", "<<", ">>", "==", "^@", "|/", "=>", "#-", "@?":
			n = 2
		}
	}
	if n == 2 && s[i:i+2] == "=>" && l.dialect == MySQL {
		n = 1
	}
	if n == 2 && s[i:i+2] == "@?" && !l.afterOperand() {
		n = 1 // the absolute value of a parameter
	}
	if (l.dialect == Auto || l.dialect == Postgres) && s[i:i+n] != "@?" {
		n = max(n, l.custom(i, n))
	}
	text := s[i : i+n]
	at := int32(len(l.toks))
	switch text {
	case "(", "[":
		l.open = append(l.open, at)
		if text == "[" {
			l.brack++
		}
	case ")", "]":
		if text == "]" && l.brack > 0 {
			l.brack--
		}
		want := "("
		if text == "]" {
			want = "["
		}
		if n := len(l.open); n > 0 && l.toks[l.open[n-1]].text == want {
			l.toks[l.open[n-1]].match = at
			l.open = l.open[:n-1]
		} else {
			l.bad = orText(l.bad, "a parenthesis is closed that was not opened")
		}
	}
	l.add(token{kind: tOp, text: text, pos: int32(i), end: int32(i + n), glued: glued})
	return i + n
}

// custom returns the length of the operator at i by PostgreSQL's rule, which
// allows any sequence of certain characters. n is the length of the one that
// is known.
func (l *lexer) custom(i, n int) int {
	s := l.src
	j, special := i, false
loop:
	for ; j < len(s); j++ {
		switch s[j] {
		case '+', '*', '<', '>', '=':
		case '-':
			if j+1 < len(s) && s[j+1] == '-' {
				break loop
			}
		case '/':
			if j+1 < len(s) && s[j+1] == '*' {
				break loop
			}
		case '@':
			if j+1 < len(s) && isIdentStart(s[j+1]) && j > i {
				break loop // @name
			}
			special = true
		case '~', '!', '#', '%', '^', '&', '|', '`':
			special = true
		default:
			break loop
		}
	}
	for j > i+n && (s[j-1] == '+' || s[j-1] == '-') && !special {
		j--
	}
	rest := s[i+n : max(j, i+n)]
	for _, c := range rest {
		if c != '+' && c != '-' {
			return j - i
		}
	}
	return n // a sign behind an operator
}

// keyword returns the word itself, which saves a copy, and its class.
func keyword(w string) (string, uint8) {
	switch w {
	case "select":
		return "select", wReserved | wCounted
	case "from":
		return "from", wReserved | wCounted
	case "join":
		return "join", wReserved | wCounted
	case "straight_join":
		return "straight_join", wReserved | wCounted
	case "into":
		return "into", wReserved | wCounted
	case "update":
		return "update", wCounted | wOperand
	case "insert":
		return "insert", wCounted
	case "delete":
		return "delete", wCounted
	case "merge":
		return "merge", wCounted
	case "using":
		return "using", wReserved | wCounted
	case "union":
		return "union", wReserved | wCounted
	case "intersect":
		return "intersect", wReserved | wCounted
	case "except":
		return "except", wReserved | wCounted
	case "where":
		return "where", wReserved | wCounted
	case "or":
		return "or", wReserved | wCounted
	case "and":
		return "and", wReserved
	case "not":
		return "not", wReserved
	case "on":
		return "on", wReserved
	case "as":
		return "as", wReserved
	case "in":
		return "in", wReserved
	case "is":
		return "is", wReserved
	case "group":
		return "group", wReserved
	case "order":
		return "order", wReserved
	case "having":
		return "having", wReserved | wCounted
	case "limit":
		return "limit", wReserved
	case "offset":
		return "offset", wReserved
	case "fetch":
		return "fetch", wReserved
	case "for":
		return "for", wReserved
	case "window":
		return "window", wReserved
	case "returning":
		return "returning", wReserved
	case "inner":
		return "inner", wReserved
	case "left":
		return "left", wReserved
	case "right":
		return "right", wReserved
	case "full":
		return "full", wReserved
	case "cross":
		return "cross", wReserved
	case "natural":
		return "natural", wReserved
	case "lateral":
		return "lateral", wReserved
	case "with":
		return "with", wReserved
	case "when":
		return "when", wReserved
	case "then":
		return "then", wReserved
	case "else":
		return "else", wReserved
	case "end":
		return "end", wReserved
	case "case":
		return "case", wReserved
	case "like":
		return "like", wReserved
	case "ilike":
		return "ilike", wReserved
	case "between":
		return "between", wReserved
	case "exists":
		return "exists", wReserved
	case "null":
		return "null", 0
	case "true":
		return "true", 0
	case "false":
		return "false", 0
	case "default":
		return "default", wReserved
	case "values":
		return "values", wOperand
	case "set":
		return "set", wOperand
	case "distinct":
		return "distinct", wReserved
	case "all":
		return "all", wReserved
	case "any":
		return "any", wReserved
	case "some":
		return "some", wReserved
	case "collate":
		return "collate", wReserved
	case "tablesample":
		return "tablesample", wReserved
	case "array":
		return "array", wReserved
	case "div", "mod", "rlike", "regexp", "glob", "escape", "interval", "by", "similar", "to", "separator", "xor", "against",
		"binary", "symmetric", "duplicate", "conflict", "ordinality", "top", "first", "next", "match", "returns", "over", "filter", "within",
		"do", "nothing", "only", "table", "recursive", "materialized", "replace", "truncate", "copy", "explain", "analyze", "prepare":
		return "", wOperand
	}
	return "", 0
}
