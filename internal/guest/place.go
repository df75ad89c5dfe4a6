package guest

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"path/filepath"
	"slices"

	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/report"
	"golang.org/x/tools/go/analysis"
)

// placed makes diagnostics in the given files of the findings that were kept of o. It
// reports whether each of them has its place.
func (p *project) placed(o *own, fset *token.FileSet, files []*ast.File) ([]driver.Diagnostic, bool) {
	byName := make(map[string]*token.File)
	for _, f := range files {
		file := fset.File(f.FileStart)
		byName[file.Name()] = file
	}
	pos := func(at report.Pos) token.Pos {
		file := byName[at.File]
		if file == nil || at.Line < 1 || at.Line > file.LineCount() {
			return token.NoPos
		}
		pos := file.LineStart(at.Line) + token.Pos(at.Col-1)
		if int(pos) > file.Base()+file.Size() {
			return token.NoPos
		}
		if q := fset.Position(pos); q.Filename != at.File || q.Line != at.Line || q.Column != at.Col {
			return token.NoPos
		}
		return pos
	}
	var out []driver.Diagnostic
	for _, f := range o.rec.Findings {
		i := slices.IndexFunc(p.cfg.Suite.Analyzers, func(a *analysis.Analyzer) bool { return a.Name == f.Analyzer })
		if i < 0 {
			return nil, false
		}
		d := driver.Diagnostic{Analyzer: p.cfg.Suite.Analyzers[i], Finding: f}
		d.Category, d.Message, d.URL = f.Category, f.Message, f.URL
		if isGo(f.Pos.File) {
			if d.Pos, d.End = pos(f.Pos), pos(f.End); !d.Pos.IsValid() {
				return nil, false
			}
		}
		for _, x := range f.Fixes {
			fix, ok := placedFix(byName, x)
			if !ok {
				break // hosts apply those in the finding's file alone, and of these the first
			}
			d.SuggestedFixes = append(d.SuggestedFixes, fix)
		}
		out = append(out, d)
	}
	return out, true
}

// placedFix returns the fix in the files of those names, and whether they have it all.
func placedFix(byName map[string]*token.File, x report.Fix) (analysis.SuggestedFix, bool) {
	fix := analysis.SuggestedFix{Message: x.Message}
	for _, e := range x.Edits {
		file := byName[e.File]
		if file == nil || e.End > file.Size() {
			return fix, false
		}
		fix.TextEdits = append(fix.TextEdits, analysis.TextEdit{Pos: file.Pos(e.Start), End: file.Pos(e.End), NewText: []byte(e.New)})
	}
	return fix, true
}

// sameFiles reports an error if the host has other files of o than the build tags say.
func (p *project) sameFiles(o *own, s *subject, files []*ast.File) error {
	var here []string
	cgo := false
	for _, f := range files {
		name := s.world.fset.File(f.FileStart).Name()
		switch {
		case driver.IsTest(name):
		case filepath.Dir(name) != s.dir:
			cgo = true
		default:
			here = append(here, name)
		}
	}
	for _, name := range here {
		if !slices.Contains(o.files, name) {
			return p.otherTags(name, "is analysed")
		}
	}
	for _, name := range o.files {
		if !cgo && !slices.Contains(here, name) {
			return p.otherTags(name, "is left out")
		}
	}
	return nil
}

func (p *project) otherTags(name, what string) error {
	msg := fmt.Sprintf("%s %s, which the build tags that tenantvet knows of do not say", name, what)
	if r := p.cfg.Sources.TagsRemedy; r != "" {
		msg += "; " + r
	}
	return errors.New(msg)
}
