// Package report holds findings in the form that leaves the process: places
// resolved to file, line and column, sorted, free of duplicates. It prints
// them as text and as the JSON tree that "go vet -json" prints, and it applies
// their fixes. It knows nothing of packages or types.
package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// A Pos is a place in a file. Line and Col count from 1; a Pos without a file
// is "nowhere in particular".
type Pos struct {
	File string `json:"f,omitempty"`
	Line int    `json:"l,omitempty"`
	Col  int    `json:"c,omitempty"`
}

// String writes "file:line:col", leaving out what is not known, or "-".
func (p Pos) String() string {
	switch {
	case p.File == "":
		return "-"
	case p.Line == 0:
		return p.File
	case p.Col == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

func comparePos(a, b Pos) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
}

// A Step is one entry of the path that explains a finding.
type Step struct {
	Pos     Pos    `json:"p"`
	End     Pos    `json:"e"`
	Message string `json:"m"`
}

// An Edit replaces the bytes Start to End of a file, counted from 0, by New.
type Edit struct {
	File  string `json:"f"`
	Start int    `json:"s"`
	End   int    `json:"e"`
	New   string `json:"n"`
}

// A Fix is a set of edits to be applied together or not at all.
type Fix struct {
	Message string `json:"m"`
	Edits   []Edit `json:"e"`
}

// A Finding is one reported defect.
type Finding struct {
	Package  string `json:"k"` // the package path, as "go vet" gives it
	Analyzer string `json:"a"`
	Category string `json:"c,omitempty"`
	Message  string `json:"m"`
	URL      string `json:"u,omitempty"`
	Pos      Pos    `json:"p"`
	End      Pos    `json:"e"`
	Related  []Step `json:"r,omitempty"`
	Fixes    []Fix  `json:"x,omitempty"`
}

// Rule names the rule that a finding comes from: "analyzer/category", or the
// analyzer alone if the finding has no category.
func (f Finding) Rule() string {
	if f.Category == "" {
		return f.Analyzer
	}
	return f.Analyzer + "/" + f.Category
}

// Normalize sorts findings by place, rule and message and drops those that
// say the same at the same place: a file belongs to a package and to its test
// variant, and one defect is one finding. It works in place.
func Normalize(fs []Finding) []Finding {
	slices.SortStableFunc(fs, compareFindings)
	return slices.CompactFunc(fs, Finding.Same)
}

func compareFindings(a, b Finding) int {
	return cmp.Or(
		comparePos(a.Pos, b.Pos),
		cmp.Compare(a.Analyzer, b.Analyzer),
		cmp.Compare(a.Category, b.Category),
		cmp.Compare(a.Message, b.Message),
		comparePos(a.End, b.End),
		cmp.Compare(a.Package, b.Package),
	)
}

// Same reports whether two findings say the same at the same place.
func (f Finding) Same(g Finding) bool {
	return f.Pos == g.Pos && f.Analyzer == g.Analyzer && f.Category == g.Category && f.Message == g.Message
}

// An Exemption is what takes a finding out: a directive, or an entry of the
// policy.
type Exemption struct {
	Reason   string `json:"r"`
	InSource bool   `json:"s,omitempty"` // a directive
	Pos      Pos    `json:"p"`           // where it is written; nowhere if that is not known
}

// A TakenOut is a finding that an exemption takes out.
type TakenOut struct {
	Finding
	By Exemption `json:"by"`
}

// NormalizeTakenOut is [Normalize] for findings that are taken out.
func NormalizeTakenOut(list []TakenOut) []TakenOut {
	slices.SortStableFunc(list, func(a, b TakenOut) int { return compareFindings(a.Finding, b.Finding) })
	return slices.CompactFunc(list, func(a, b TakenOut) bool { return a.Same(b.Finding) })
}

// Relative returns the name of file as seen from dir: relative if it lies in
// dir or below, else unchanged. The go command shortens names the same way.
func Relative(dir, file string) string {
	if dir == "" || !filepath.IsAbs(file) {
		return file
	}
	rel, err := filepath.Rel(dir, file)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return file
	}
	return rel
}

// Text prints findings one a line, each followed by the steps of its path,
// indented, with file names relative to dir:
//
//	file.go:12:3: message (analyzer/category)
//		file.go:8:2: step
//
// The order is that of fs: see [Normalize].
func Text(w io.Writer, dir string, fs []Finding) error {
	var b strings.Builder
	short := func(p Pos) Pos { p.File = Relative(dir, p.File); return p }
	for _, f := range fs {
		fmt.Fprintf(&b, "%s: %s (%s)\n", short(f.Pos), f.Message, f.Rule())
		for _, s := range f.Related {
			fmt.Fprintf(&b, "\t%s: %s\n", short(s.Pos), s.Message)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// The JSON form is that of "go vet -json"; the names of the fields are fixed
// by golang.org/x/tools/go/analysis/unitchecker.
type (
	jsonEdit struct {
		Filename string `json:"filename"`
		Start    int    `json:"start"`
		End      int    `json:"end"`
		New      string `json:"new"`
	}
	jsonFix struct {
		Message string     `json:"message"`
		Edits   []jsonEdit `json:"edits"`
	}
	jsonRelated struct {
		Posn    string `json:"posn"`
		End     string `json:"end"`
		Message string `json:"message"`
	}
	jsonFinding struct {
		Category       string        `json:"category,omitempty"`
		Posn           string        `json:"posn"`
		End            string        `json:"end"`
		Message        string        `json:"message"`
		SuggestedFixes []jsonFix     `json:"suggested_fixes,omitempty"`
		Related        []jsonRelated `json:"related,omitempty"`
	}
	jsonError struct {
		Err string `json:"error"`
	}
)

// A Failure is an analyzer that could not do its work on a package.
type Failure struct {
	Package  string
	Analyzer string
	Err      string
}

// JSON prints findings and failures as the tree of "go vet -json": package,
// then analyzer, then either a list of diagnostics or {"error": …}. Nothing is
// printed for an empty tree if quiet is set, as the go command expects of a
// vet tool; otherwise an empty tree is "{}". With a ledger, which go vet knows
// nothing of, it prints {"findings": tree, "ledger": ledger}.
func JSON(w io.Writer, fs []Finding, failures []Failure, ledger *Ledger, quiet bool) error {
	tree := make(map[string]map[string]any)
	at := func(pkg string) map[string]any {
		m := tree[pkg]
		if m == nil {
			m = make(map[string]any)
			tree[pkg] = m
		}
		return m
	}
	for _, f := range fs {
		j := jsonFinding{Category: f.Category, Posn: f.Pos.String(), End: f.End.String(), Message: f.Message}
		for _, x := range f.Fixes {
			fix := jsonFix{Message: x.Message, Edits: []jsonEdit{}}
			for _, e := range x.Edits {
				fix.Edits = append(fix.Edits, jsonEdit{e.File, e.Start, e.End, e.New})
			}
			j.SuggestedFixes = append(j.SuggestedFixes, fix)
		}
		for _, s := range f.Related {
			j.Related = append(j.Related, jsonRelated{s.Pos.String(), s.End.String(), s.Message})
		}
		m := at(f.Package)
		list, _ := m[f.Analyzer].([]jsonFinding)
		m[f.Analyzer] = append(list, j)
	}
	for _, x := range failures {
		at(x.Package)[x.Analyzer] = jsonError{x.Err}
	}
	if quiet && len(tree) == 0 {
		return nil
	}
	var doc any = tree
	if ledger != nil {
		doc = struct {
			Findings any     `json:"findings"`
			Ledger   *Ledger `json:"ledger"`
		}{tree, ledger}
	}
	data, err := json.MarshalIndent(doc, "", "\t")
	if err != nil {
		return fmt.Errorf("encoding findings: %w", err)
	}
	_, err = w.Write(append(data, '\n'))
	return err
}
