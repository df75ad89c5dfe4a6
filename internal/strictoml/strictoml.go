// Package strictoml reads TOML strictly: every complaint names file, line and
// column and what was meant, all complaints are collected rather than only the
// first, and a key that nobody asked for is a complaint.
//
// The TOML library gives positions for syntax errors only; this package adds
// them for wrong types, unknown keys and whatever its users check themselves.
package strictoml

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// Error is one complaint about a TOML file.
type Error struct {
	File string
	Line int // from one; 0 if the complaint is about the whole file
	Col  int // in bytes, from one
	Msg  string
	Hint string // the remedy; may be empty
}

// Error returns "file:line:col: message; hint".
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", e.Line, e.Col)
	}
	b.WriteString(": ")
	b.WriteString(e.Msg)
	if e.Hint != "" {
		b.WriteString("; ")
		b.WriteString(e.Hint)
	}
	return b.String()
}

// Errors is every complaint about a file, in the order of the file. It is
// never empty when returned as an error.
type Errors []*Error

// Error returns the complaints, one a line.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.As find the single complaints.
func (es Errors) Unwrap() []error {
	out := make([]error, len(es))
	for i, e := range es {
		out[i] = e
	}
	return out
}

// Doc is a TOML file being read. It is not safe for concurrent use.
type Doc struct {
	File    string
	Trusted bool // read by ParseTrusted: unknown keys are not looked for
	root    *Table
	errs    Errors
}

// Parse reads the text. The error is an [Errors] if the text is not TOML;
// every later complaint is collected and handed out by [Doc.Err].
func Parse(file string, data []byte) (*Doc, error) {
	d := &Doc{File: file}
	values := map[string]any{}
	if _, err := toml.Decode(string(data), &values); err != nil {
		e := &Error{File: file, Line: 1, Col: 1, Msg: strings.TrimPrefix(err.Error(), "toml: ")}
		var pe toml.ParseError
		if errors.As(err, &pe) {
			// The library's line is off by one after a line end; its offset is
			// not.
			before := string(data[:min(max(pe.Position.Start, 0), len(data))])
			e.Line = strings.Count(before, "\n") + 1
			e.Col = len(before) - strings.LastIndexByte(before, '\n')
			if pe.Message != "" {
				e.Msg = strings.TrimSuffix(pe.Message, ".")
			} else if _, msg, ok := strings.Cut(e.Msg, ": "); ok {
				// The library keeps the text of some complaints to itself and
				// prefixes it with the line, which we have already.
				e.Msg = msg
			}
		}
		e.Msg = "not valid TOML: " + e.Msg
		return nil, Errors{e}
	}
	d.root = &Table{doc: d, vals: values, n: scan(string(data)), asked: map[string]bool{}}
	return d, nil
}

// ParseTrusted reads a text that a test has held to [Parse], several times
// faster: it is for files that are part of the program. Syntax is not checked
// further than needed. A text that uses more of TOML than single-line strings,
// booleans, arrays and tables goes through Parse.
func ParseTrusted(file string, data []byte) (*Doc, error) {
	n := scan(string(data))
	if v, ok := n.value(); ok {
		if table, ok := v.(map[string]any); ok {
			d := &Doc{File: file, Trusted: true}
			d.root = &Table{doc: d, vals: table, n: n, asked: map[string]bool{}}
			return d, nil
		}
	}
	return Parse(file, data)
}

// Root returns the document's top table.
func (d *Doc) Root() *Table { return d.root }

// Complain adds a complaint about the place at.
func (d *Doc) Complain(at Pos, hint, format string, args ...any) {
	d.errs = append(d.errs, &Error{File: d.File, Line: at.Line, Col: at.Col, Msg: fmt.Sprintf(format, args...), Hint: hint})
}

// Err returns every complaint so far in the order of the file, or nil. The
// error is an [Errors].
func (d *Doc) Err() error {
	if len(d.errs) == 0 {
		return nil
	}
	errs := slices.Clone(d.errs)
	slices.SortStableFunc(errs, func(a, b *Error) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Col - b.Col
	})
	return errs
}

// Pos is a place in the document.
type Pos struct{ Line, Col int }

// Str is a string of the document and its place.
type Str struct {
	S  string
	At Pos
}

// Table is one table of the document. Its getters remember the keys that were
// asked for, so that [Table.Done] can complain of the others.
type Table struct {
	doc   *Doc
	name  string // how a message calls it, "" for the top table
	vals  map[string]any
	n     *node
	at    Pos
	asked map[string]bool
}

// Doc returns the document that the table belongs to.
func (t *Table) Doc() *Doc { return t.doc }

// At returns the place of the table's header.
func (t *Table) At() Pos {
	if t.at.Line > 0 {
		return t.at
	}
	if t.n != nil {
		return Pos{t.n.key.line, t.n.key.col}
	}
	return Pos{1, 1}
}

// Has reports whether the key is set. It does not count as asking for it.
func (t *Table) Has(key string) bool {
	_, ok := t.vals[key]
	return ok
}

// Keys returns the keys of the table in the order of the file.
func (t *Table) Keys() []string {
	keys := slices.Sorted(maps.Keys(t.vals))
	slices.SortStableFunc(keys, func(a, b string) int {
		x, y := t.KeyAt(a), t.KeyAt(b)
		if x.Line != y.Line {
			return x.Line - y.Line
		}
		return x.Col - y.Col
	})
	return keys
}

// KeyAt returns the place of a key, or of the table if the key is not set.
func (t *Table) KeyAt(key string) Pos {
	if c := t.n.child(key); c != nil {
		return Pos{c.key.line, c.key.col}
	}
	return t.At()
}

// ValueAt returns the place of a key's value, or of the table if it is not set.
func (t *Table) ValueAt(key string) Pos {
	if c := t.n.child(key); c != nil {
		return Pos{c.val.line, c.val.col}
	}
	return t.At()
}

func (t *Table) get(key string) (any, bool) {
	if !t.doc.Trusted {
		t.asked[key] = true
	}
	v, ok := t.vals[key]
	return v, ok
}

func (t *Table) badType(key, want string, got any) {
	t.doc.Complain(t.ValueAt(key), "", "%s must be %s, not %s", key, want, kindOf(got))
}

// String returns the string under the key. If there is none it returns a zero
// Str; a value of another type is a complaint.
func (t *Table) String(key string) Str {
	v, ok := t.get(key)
	if !ok {
		return Str{}
	}
	s, ok := v.(string)
	if !ok {
		t.badType(key, "a string", v)
		return Str{}
	}
	return Str{s, t.ValueAt(key)}
}

// Bool returns the boolean under the key, false if there is none.
func (t *Table) Bool(key string) bool {
	v, ok := t.get(key)
	if !ok {
		return false
	}
	b, ok := v.(bool)
	if !ok {
		t.badType(key, "true or false", v)
	}
	return b
}

// Strings returns the strings under the key, which may be one string or a list
// of strings.
func (t *Table) Strings(key string) []Str {
	v, ok := t.get(key)
	if !ok {
		return nil
	}
	switch v := v.(type) {
	case string:
		return []Str{{v, t.ValueAt(key)}}
	case []any:
		var out []Str
		list := t.n.child(key)
		for i, e := range v {
			at := t.ValueAt(key)
			if c := list.elem(i); c != nil {
				at = Pos{c.val.line, c.val.col}
			}
			s, ok := e.(string)
			if !ok {
				t.doc.Complain(at, "", "%s must be a string or a list of strings, not a list with %s", key, kindOf(e))
				continue
			}
			out = append(out, Str{s, at})
		}
		return out
	}
	t.badType(key, "a string or a list of strings", v)
	return nil
}

// Table returns the table under the key, nil if there is none.
func (t *Table) Table(key string) *Table {
	v, ok := t.get(key)
	if !ok {
		return nil
	}
	m, ok := v.(map[string]any)
	if !ok {
		t.badType(key, "a table ["+key+"]", v)
		return nil
	}
	return &Table{doc: t.doc, name: "[" + key + "]", vals: m, n: t.n.child(key), at: t.KeyAt(key), asked: map[string]bool{}}
}

// Tables returns the list of tables under the key.
func (t *Table) Tables(key string) []*Table {
	v, ok := t.get(key)
	if !ok {
		return nil
	}
	var maps []map[string]any
	switch v := v.(type) {
	case []map[string]any:
		maps = v
	case []any:
		for _, e := range v {
			m, ok := e.(map[string]any)
			if !ok {
				t.badType(key, "a list of tables [["+key+"]]", v)
				return nil
			}
			maps = append(maps, m)
		}
	case map[string]any:
		t.doc.Complain(t.KeyAt(key), "write [["+key+"]]", "%s must be a list of tables, not a single table", key)
		return nil
	default:
		t.badType(key, "a list of tables [["+key+"]]", v)
		return nil
	}
	out := make([]*Table, len(maps))
	list := t.n.child(key)
	for i, m := range maps {
		at := t.KeyAt(key)
		e := list.elem(i)
		if e != nil {
			at = Pos{e.key.line, e.key.col}
		}
		out[i] = &Table{doc: t.doc, name: "[[" + key + "]]", vals: m, n: e, at: at, asked: map[string]bool{}}
	}
	return out
}

// Done complains of every key that was not asked for.
func (t *Table) Done() {
	if t.doc.Trusted {
		return
	}
	known := slices.Sorted(maps.Keys(t.asked))
	for _, key := range t.Keys() {
		if t.asked[key] {
			continue
		}
		where := "at the top of the file"
		if t.name != "" {
			where = "in " + t.name
		}
		t.doc.Complain(t.KeyAt(key), Suggest(key, known), "unknown key %q %s", key, where)
	}
}

// Suggest returns `did you mean "x"?` for the known word nearest to the given
// one, or the list of known words if none is near and they are few.
func Suggest(word string, known []string) string {
	best, dist := "", len(word)/2+1
	for _, k := range known {
		w, l := strings.ToLower(word), strings.ToLower(k)
		d := distance(w, l)
		if len(w) > 1 && strings.HasPrefix(l, w) {
			d = 1 // cut short
		}
		if d < dist {
			best, dist = k, d
		}
	}
	switch {
	case best != "":
		return fmt.Sprintf("did you mean %q?", best)
	case len(known) > 0 && len(known) <= 16:
		return "known here: " + strings.Join(known, ", ")
	}
	return ""
}

// distance is the number of single-letter edits between a and b.
func distance(a, b string) int {
	// A text that long is no misspelling of a key; do not pay for it.
	if len(a) > 64 || len(b) > 64 {
		return len(a) + len(b)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diag := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diag
			if a[i-1] != b[j-1] {
				cost++
			}
			diag = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}

func kindOf(v any) string {
	switch v := v.(type) {
	case string:
		return fmt.Sprintf("the string %q", v)
	case bool:
		return fmt.Sprintf("%t", v)
	case int64, float64:
		return fmt.Sprintf("the number %v", v)
	case map[string]any:
		return "a table"
	case []map[string]any:
		return "a list of tables"
	case []any:
		return "a list"
	}
	return "a date or time"
}

// EmptyList reports whether the value under the key is a list of nothing.
func (t *Table) EmptyList(key string) bool {
	list, ok := t.Peek(key).([]any)
	return ok && len(list) == 0
}

// Peek returns the decoded value under the key without asking for it, nil if
// there is none.
func (t *Table) Peek(key string) any { return t.vals[key] }
