package rule

import (
	"bytes"
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// A Line is a line of a source file, for fixes that must know what else stands
// on it.
type Line struct {
	Start, End token.Pos // End is behind the line break, if there is one
	text       []byte
}

// LineOf returns the line that pos is on. The second result is false if the
// file cannot be read, or is not what was parsed: then nothing can be mended.
func LineOf(pass *analysis.Pass, pos token.Pos) (Line, bool) {
	tok := pass.Fset.File(pos)
	if tok == nil || pass.Fset.Position(pos).Filename != tok.Name() {
		return Line{}, false // what a generator made of another file
	}
	src, err := pass.ReadFile(tok.Name())
	if err != nil || len(src) != tok.Size() {
		return Line{}, false
	}
	n := tok.PositionFor(pos, false).Line
	l := Line{Start: tok.LineStart(n), End: tok.Pos(tok.Size())}
	if n < tok.LineCount() {
		l.End = tok.LineStart(n + 1)
	}
	l.text = src[tok.Offset(l.Start):tok.Offset(l.End)]
	return l, true
}

// Before returns the text of the line before pos.
func (l Line) Before(pos token.Pos) string { return string(l.text[:pos-l.Start]) }

// After returns the text of the line from pos on, without the line break.
func (l Line) After(pos token.Pos) string {
	return string(bytes.TrimRight(l.text[pos-l.Start:], "\r\n"))
}

// RemoveComment returns the edit that removes the // comment from pos to end:
// the whole line if nothing else is on it. What follows " //" within the
// comment is another's and stays.
func RemoveComment(pass *analysis.Pass, pos, end token.Pos) (analysis.TextEdit, bool) {
	l, ok := LineOf(pass, pos)
	if !ok || end > l.End {
		return analysis.TextEdit{}, false
	}
	before := l.Before(pos)
	if i := strings.Index(l.After(pos), " //"); i >= 0 {
		return analysis.TextEdit{Pos: pos, End: pos + token.Pos(i) + 1}, true
	}
	code := strings.TrimRight(before, " \t")
	if code == "" {
		return analysis.TextEdit{Pos: l.Start, End: l.End}, true
	}
	return analysis.TextEdit{Pos: l.Start + token.Pos(len(code)), End: end}, true
}
