// Package corpus reads the marks of the corpus in testdata/src: which function
// shows which case, and whether a finding is expected. It compares with them
// what a driver has found there.
package corpus

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
)

// Verdict says what is expected of a case.
type Verdict string

// The verdicts.
const (
	Finding Verdict = "finding" // there are // want comments
	Clean   Verdict = "clean"   // silence, and rightly so
	Limit   Verdict = "limit"   // silence, although a better tool would report it
)

// A Case is one scenario: a function, or a variable with the functions that
// write it.
type Case struct {
	Name    string   // unique, "topic/case"
	Verdict Verdict  //
	Needs   []string // dimensions needed beyond those that the policy requires everywhere
	File    string   // relative to the corpus, with slashes
	Line    int      // of the mark
	Func    string   // the function whose doc holds the mark, "" if it is not a function's
}

// Read returns the cases of the corpus in dir, sorted by name. It returns an
// error that names the file and line for a mark that it cannot read and for a
// name that is used twice.
//
// A mark is a comment line "// case: NAME", "// case: NAME clean [needs DIM...]"
// or "// case: NAME limit".
func Read(dir string) ([]Case, error) {
	var cases []Case
	err := walk(dir, func(path string) error {
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		found, err := readFile(path, filepath.ToSlash(rel))
		cases = append(cases, found...)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(cases, func(a, b Case) int { return strings.Compare(a.Name, b.Name) })
	for i := 1; i < len(cases); i++ {
		if a, b := cases[i-1], cases[i]; a.Name == b.Name {
			return nil, fmt.Errorf("%s:%d: case %q is at %s:%d already; names are unique", b.File, b.Line, b.Name, a.File, a.Line)
		}
	}
	return cases, nil
}

func readFile(path, rel string) ([]Case, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	docs := map[*ast.CommentGroup]string{}
	for _, d := range file.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Doc != nil {
			docs[fn.Doc] = fn.Name.Name
		}
	}
	var cases []Case
	for _, group := range file.Comments {
		for _, c := range group.List {
			text, ok := strings.CutPrefix(c.Text, "// case:")
			if !ok {
				continue
			}
			one := Case{File: rel, Line: fset.Position(c.Pos()).Line, Func: docs[group], Verdict: Finding}
			words := strings.Fields(text)
			bad := len(words) == 0
			if !bad {
				one.Name, words = words[0], words[1:]
				if len(words) > 0 {
					one.Verdict, words = Verdict(words[0]), words[1:]
					bad = one.Verdict != Clean && one.Verdict != Limit
				}
				if len(words) > 0 {
					bad = bad || words[0] != "needs" || len(words) == 1
					one.Needs = words[1:]
				}
			}
			if bad {
				return nil, fmt.Errorf("%s:%d: cannot read %q; write \"// case: NAME\", with \"clean\" (and \"needs DIMENSION\") or \"limit\" behind it", rel, one.Line, c.Text)
			}
			cases = append(cases, one)
		}
	}
	return cases, nil
}
