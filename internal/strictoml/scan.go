package strictoml

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// pos is a place in the source, both counted from one; the column counts
// bytes, as the go command's messages do.
type pos struct{ line, col int }

// node mirrors a decoded TOML value and knows where its parts stand. A table
// has keys, an array elems; a scalar has neither.
type node struct {
	key   pos // of the key, the header or the element
	val   pos // of the value
	keys  map[string]*node
	elems []*node
	list  bool // an array, or a list of tables
	v     any  // a string or bool; nil for what the scanner does not evaluate
}

// value returns what a document says, as the decoder would, if it consists of
// single-line strings, booleans, arrays and tables; otherwise ok is false.
func (n *node) value() (v any, ok bool) {
	switch {
	case n.list && (len(n.elems) == 0 || n.elems[0].keys == nil):
		list := make([]any, len(n.elems))
		for i, e := range n.elems {
			if list[i], ok = e.value(); !ok {
				return nil, false
			}
		}
		return list, true
	case n.list:
		list := make([]map[string]any, len(n.elems))
		for i, e := range n.elems {
			v, ok := e.value()
			if !ok {
				return nil, false
			}
			if list[i], ok = v.(map[string]any); !ok {
				return nil, false
			}
		}
		return list, true
	case n.keys != nil:
		table := make(map[string]any, len(n.keys))
		for k, c := range n.keys {
			if table[k], ok = c.value(); !ok {
				return nil, false
			}
		}
		return table, true
	}
	return n.v, n.v != nil
}

func (n *node) child(name string) *node {
	if n == nil {
		return nil
	}
	return n.keys[name]
}

func (n *node) elem(i int) *node {
	if n == nil || i < 0 || i >= len(n.elems) {
		return nil
	}
	return n.elems[i]
}

// scanner walks TOML that the decoder has already accepted, to learn where
// things stand. It therefore never reports errors: on anything it does not
// expect it stops, and what it has not seen has no position.
type scanner struct {
	src  string
	off  int
	line int
	bol  int // offset of the beginning of the line
}

// scan returns the positions of the document's parts.
func scan(src string) *node {
	s := &scanner{src: src, line: 1}
	if strings.HasPrefix(src, "\ufeff") {
		s.off, s.bol = 3, 3
	}
	root := &node{key: pos{1, 1}, val: pos{1, 1}, keys: map[string]*node{}}
	cur := root
	for {
		s.blank(true)
		if s.eof() {
			return root
		}
		at := s.pos()
		if s.peek() == '[' {
			s.off++
			list := s.peek() == '['
			if list {
				s.off++
			}
			path, _ := s.keyPath()
			if len(path) == 0 {
				return root
			}
			s.take(']')
			if list {
				s.take(']')
			}
			parent := descend(root, path[:len(path)-1], at)
			last := path[len(path)-1]
			next := parent.child(last)
			if next == nil {
				next = &node{key: at, val: at, keys: map[string]*node{}}
				parent.put(last, next)
			}
			if list {
				elem := &node{key: at, val: at, keys: map[string]*node{}}
				next.list = true
				next.elems = append(next.elems, elem)
				next = elem
			}
			cur = next
			continue
		}
		if !s.pair(cur) {
			return root
		}
	}
}

func (n *node) put(name string, c *node) {
	if n.keys == nil {
		n.keys = map[string]*node{}
	}
	n.keys[name] = c
}

// descend follows a dotted key, through the last element of lists of tables,
// making what is missing.
func descend(n *node, path []string, at pos) *node {
	for _, name := range path {
		next := n.child(name)
		if next == nil {
			next = &node{key: at, val: at, keys: map[string]*node{}}
			n.put(name, next)
		}
		if len(next.elems) > 0 {
			next = next.elems[len(next.elems)-1]
		}
		n = next
	}
	return n
}

// pair reads one "key = value" into n and reports whether it could.
func (s *scanner) pair(n *node) bool {
	path, at := s.keyPath()
	if len(path) == 0 || !s.take('=') {
		return false
	}
	s.blank(false)
	v := s.value()
	if v == nil {
		return false
	}
	v.key = at
	parent := descend(n, path[:len(path)-1], at)
	parent.put(path[len(path)-1], v)
	return true
}

// keyPath reads a dotted key and returns its parts and where it begins.
func (s *scanner) keyPath() ([]string, pos) {
	s.blank(false)
	at := s.pos()
	var path []string
	for {
		s.blank(false)
		if s.eof() {
			return nil, at
		}
		switch c := s.peek(); {
		case c == '"' || c == '\'':
			text, ok := s.str()
			if !ok {
				return nil, at
			}
			path = append(path, text)
		default:
			from := s.off
			for !s.eof() && !strings.ContainsRune(" \t\r\n.=]\"'#{},[", rune(s.peek())) {
				s.off++
			}
			if s.off == from {
				return nil, at
			}
			path = append(path, s.src[from:s.off])
		}
		s.blank(false)
		if s.eof() || s.peek() != '.' {
			return path, at
		}
		s.off++
	}
}

// value reads one value; nil if there is none.
func (s *scanner) value() *node {
	if s.eof() {
		return nil
	}
	n := &node{val: s.pos()}
	n.key = n.val
	switch s.peek() {
	case '"', '\'':
		multi := strings.HasPrefix(s.src[s.off:], `"""`) || strings.HasPrefix(s.src[s.off:], "'''")
		text, ok := s.str()
		if !ok {
			return nil
		}
		if !multi {
			n.v = text
		}
	case '[':
		n.list = true
		s.off++
		for {
			s.blank(true)
			if s.take(']') {
				return n
			}
			e := s.value()
			if e == nil {
				return nil
			}
			n.elems = append(n.elems, e)
			s.blank(true)
			if !s.take(',') {
				if s.take(']') {
					return n
				}
				return nil
			}
		}
	case '{':
		s.off++
		n.keys = map[string]*node{}
		for {
			s.blank(true)
			if s.take('}') {
				return n
			}
			if !s.pair(n) {
				return nil
			}
			s.blank(true)
			if !s.take(',') {
				if s.take('}') {
					return n
				}
				return nil
			}
		}
	default:
		from := s.off
		for !s.eof() && !strings.ContainsRune(",]}#\r\n", rune(s.peek())) {
			s.off++
		}
		if s.off == from {
			return nil
		}
		switch strings.TrimRight(s.src[from:s.off], " \t") {
		case "true":
			n.v = true
		case "false":
			n.v = false
		}
	}
	return n
}

// str reads a string of any of the four kinds and returns what it says.
// Escapes are undone only where a key could hold them.
func (s *scanner) str() (string, bool) {
	quote := s.src[s.off : s.off+1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(s.src[s.off:], triple) {
		s.off += 3
		for !s.eof() {
			if quote == `"` && s.peek() == '\\' && s.off+1 < len(s.src) {
				s.off++
				s.step()
				continue
			}
			if strings.HasPrefix(s.src[s.off:], triple) {
				s.off += 3
				// Up to two more quotes belong to the text.
				for i := 0; i < 2 && !s.eof() && s.src[s.off:s.off+1] == quote; i++ {
					s.off++
				}
				return "", true
			}
			s.step()
		}
		return "", false
	}
	s.off++
	from := s.off
	escaped := false
	for !s.eof() {
		c := s.peek()
		switch {
		case c == '\n':
			return "", false
		case c == '\\' && quote == `"`:
			escaped = true
			s.off += 2
		case s.src[s.off:s.off+1] == quote:
			text := s.src[from:s.off]
			s.off++
			if escaped {
				text = unescape(text)
			}
			return text, true
		default:
			s.off++
		}
	}
	return "", false
}

// unescape undoes the escapes of a basic string.
func unescape(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 >= len(text) {
			b.WriteByte(text[i])
			continue
		}
		i++
		digits := 0
		switch c := text[i]; c {
		case 'b':
			b.WriteByte('\b')
		case 't':
			b.WriteByte('\t')
		case 'n':
			b.WriteByte('\n')
		case 'f':
			b.WriteByte('\f')
		case 'r':
			b.WriteByte('\r')
		case 'e':
			b.WriteByte(0x1b)
		case 'x':
			digits = 2
		case 'u':
			digits = 4
		case 'U':
			digits = 8
		default:
			b.WriteByte(c)
		}
		if digits > 0 && i+digits < len(text) {
			if r, err := strconv.ParseUint(text[i+1:i+1+digits], 16, 32); err == nil {
				b.WriteString(string(utf8.AppendRune(nil, rune(r))))
			}
			i += digits
		}
	}
	return b.String()
}

func (s *scanner) eof() bool  { return s.off >= len(s.src) }
func (s *scanner) peek() byte { return s.src[s.off] }
func (s *scanner) pos() pos   { return pos{s.line, s.off - s.bol + 1} }

// step advances by one byte and keeps count of lines.
func (s *scanner) step() {
	if s.src[s.off] == '\n' {
		s.line++
		s.bol = s.off + 1
	}
	s.off++
}

// take skips blanks, then c if it comes next, and reports whether it did.
func (s *scanner) take(c byte) bool {
	s.blank(false)
	if s.eof() || s.peek() != c {
		return false
	}
	s.off++
	return true
}

// blank skips blanks and, if lines is set, line ends and comments.
func (s *scanner) blank(lines bool) {
	for !s.eof() {
		switch c := s.peek(); {
		case c == ' ' || c == '\t':
			s.off++
		case lines && (c == '\n' || c == '\r'):
			s.step()
		case lines && c == '#':
			for !s.eof() && s.peek() != '\n' {
				s.off++
			}
		default:
			return
		}
	}
}
