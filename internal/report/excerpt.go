package report

import (
	"bytes"
	"os"
	"strings"
	"unicode/utf8"
)

// sources reads the files that places are in, each once. A file that cannot be
// read has no lines.
type sources struct{ lines map[string][][]byte }

func newSources() *sources { return &sources{map[string][][]byte{}} }

// file returns the lines of a file.
func (s *sources) file(name string) [][]byte {
	lines, ok := s.lines[name]
	if !ok {
		data, err := os.ReadFile(name)
		if err == nil {
			lines = bytes.Split(data, []byte("\n"))
		}
		s.lines[name] = lines
	}
	return lines
}

// maxLine bounds how much of a line an excerpt shows, in bytes: generated code has
// lines without end.
const maxLine = 400

// An excerptLine is a line of source with the part that is meant.
type excerptLine struct {
	Number               int
	Here                 bool // the line that the place is on
	Before, Mark, Behind string
}

// excerpt returns the lines around a place, with as many as context before and
// behind, and the part from pos to end marked on its first line; nil if the file
// has no such line.
func (s *sources) excerpt(pos, end Pos, context int) []excerptLine {
	lines := s.file(pos.File)
	if pos.Line < 1 || pos.Line > len(lines) {
		return nil
	}
	var out []excerptLine
	for n := max(1, pos.Line-context); n <= min(len(lines), pos.Line+context); n++ {
		text := bytes.TrimRight(lines[n-1], "\r")
		l := excerptLine{Number: n, Here: n == pos.Line}
		if !l.Here {
			l.Before = shorten(text)
			out = append(out, l)
			continue
		}
		from, to := marked(text, pos, end)
		l.Before, l.Mark, l.Behind = shorten(text[:from]), shorten(text[from:to]), shorten(text[to:])
		out = append(out, l)
	}
	return trimBlank(out)
}

// marked returns the part of the line of pos that is meant: up to end, or a name.
func marked(text []byte, pos, end Pos) (from, to int) {
	from = boundary(text, pos.Col-1)
	if end.File == pos.File && end.Line > pos.Line {
		return from, len(text)
	}
	if to = boundary(text, end.Col-1); end.File == pos.File && to > from {
		return from, to
	}
	for to = from; to < len(text) && inName(text[to]); to++ {
	}
	if to > from || from == len(text) {
		return from, to
	}
	// The place of a call is its parenthesis: its name stands before that.
	to = from + 1
	for from > 0 && text[to-1] == '(' && inName(text[from-1]) {
		from--
	}
	if from < to-1 {
		to--
	}
	return from, to
}

// inName reports whether names have the byte in them.
func inName(b byte) bool {
	return b == '_' || b >= utf8.RuneSelf || '0' <= b && b <= '9' || 'A' <= b && b <= 'Z' || 'a' <= b && b <= 'z'
}

// boundary returns the offset, brought down to one at which a character begins.
func boundary(text []byte, offset int) int {
	offset = min(max(offset, 0), len(text))
	for offset > 0 && offset < len(text) && !utf8.RuneStart(text[offset]) {
		offset--
	}
	return offset
}

func shorten(text []byte) string {
	if len(text) > maxLine {
		return string(text[:boundary(text, maxLine)]) + "…"
	}
	return string(text)
}

// trimBlank takes blank lines from both ends.
func trimBlank(lines []excerptLine) []excerptLine {
	blank := func(l excerptLine) bool { return !l.Here && strings.TrimSpace(l.Before) == "" }
	for len(lines) > 0 && blank(lines[0]) {
		lines = lines[1:]
	}
	for len(lines) > 0 && blank(lines[len(lines)-1]) {
		lines = lines[:len(lines)-1]
	}
	return lines
}
