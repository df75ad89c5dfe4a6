// Package directive reads tenantvet's comments in Go source:
//
//	//tenantvet:shared REASON            all tenants share this on purpose
//	//tenantvet:ignore CATEGORY REASON   skip findings of the category here
//	//tenantvet:scoped REASON            assume that this is scoped
//	//tenantvet:public REASON            these routes are for everybody
//	//tenantvet:role ROLES [REASON]      these routes are for holders of one of the roles
//
// A directive behind code applies to its line, and to the whole of a simple
// statement that begins or ends there. One that stands alone applies to the
// statement, declaration, field or element that follows. One before the
// package clause applies to the file. Several categories are separated by
// commas; "unscopedkey" stands for all of its kinds. A reason is required, and
// ends at " //".
//
// As with the go command's directives there is no blank after the slashes: a
// comment with one is prose.
package directive

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"sync/atomic"
)

// Verb says what a directive asks for.
type Verb string

// The verbs.
const (
	Shared Verb = "shared" // all tenants share what the code names
	Ignore Verb = "ignore" // findings of Categories are skipped
	Scoped Verb = "scoped" // what the code yields is taken to be scoped
	Public Verb = "public" // routes registered here need no guard
	Role   Verb = "role"   // routes registered here need one of Roles
)

const prefix = "//tenantvet:"

// A Directive is one well-formed directive and the source it applies to.
type Directive struct {
	Verb       Verb
	Categories []string // of Ignore
	Roles      []string // of Role
	Reason     string
	Pos, End   token.Pos // of the comment
	WholeFile  bool

	from, to token.Pos // source it applies to
	used     atomic.Bool
}

// Used reports whether the directive has matched anything.
func (d *Directive) Used() bool { return d.used.Load() }

// A Problem is a directive that says nothing, and why.
type Problem struct {
	Pos, End token.Pos
	Msg      string
}

// File holds the directives of one file. Its methods may be called
// concurrently.
type File struct {
	Directives []*Directive // in the order of the file
	Problems   []Problem    // malformed directives, in the order of the file
}

// Parse reads the directives of a file that was parsed with comments. known
// reports whether a category exists.
func Parse(fset *token.FileSet, file *ast.File, known func(category string) bool) *File {
	f := &File{}
	var s *scopes
	for _, group := range file.Comments {
		for _, c := range group.List {
			text, ok := strings.CutPrefix(c.Text, prefix)
			if !ok {
				continue
			}
			d, msg := parseText(text, known)
			if msg == "" {
				d.Pos, d.End = c.Pos(), c.End()
				if s == nil {
					s = newScopes(fset, file)
				}
				if !s.apply(d, group) {
					msg = "applies to nothing: put it behind the code, or on a line of its own before it"
				}
			}
			if msg != "" {
				f.Problems = append(f.Problems, Problem{c.Pos(), c.End(), msg})
				continue
			}
			f.Directives = append(f.Directives, d)
		}
	}
	return f
}

// parseText reads what follows the colon.
func parseText(text string, known func(string) bool) (*Directive, string) {
	if i := strings.Index(text, " //"); i >= 0 {
		text = text[:i]
	}
	verb, rest := cutWord(text)
	d := &Directive{Verb: Verb(verb)}
	switch d.Verb {
	case Shared, Scoped, Public:
	case Role:
		var list string
		if list, rest = cutWord(rest); list == "" {
			return nil, "//tenantvet:role needs a role: //tenantvet:role admin"
		}
		d.Roles, d.Reason = strings.Split(list, ","), strings.TrimSpace(rest)
		return d, ""
	case Ignore:
		var list string
		list, rest = cutWord(rest)
		if list == "" {
			return nil, "//tenantvet:ignore needs a category and a reason: //tenantvet:ignore unscopedkey REASON"
		}
		for cat := range strings.SplitSeq(list, ",") {
			if !known(cat) {
				return nil, fmt.Sprintf("there is no category %q; tenantvet explain lists them", cat)
			}
			d.Categories = append(d.Categories, cat)
		}
	default:
		return nil, fmt.Sprintf("there is no directive //tenantvet:%s; there are shared, ignore, scoped, public and role", verb)
	}
	d.Reason = strings.TrimSpace(rest)
	if d.Reason == "" {
		return nil, fmt.Sprintf("//tenantvet:%s needs a reason, for whoever reads it next", verb)
	}
	return d, ""
}

func cutWord(s string) (word, rest string) {
	s = strings.TrimLeft(s, " \t")
	if i := strings.IndexAny(s, " \t"); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// Match returns the shared or ignore directive that applies to a finding of
// the category at pos, the narrowest if there are several, and marks it used;
// nil if there is none.
func (f *File) Match(pos token.Pos, category string) *Directive {
	return f.narrowest(pos, func(d *Directive) bool {
		switch d.Verb {
		case Shared:
			return true
		case Ignore:
			return slices.ContainsFunc(d.Categories, func(c string) bool {
				return c == category || strings.HasPrefix(category, c+"/")
			})
		}
		return false
	})
}

// MatchVerb returns the directive with the verb that applies at pos and marks it
// used; nil if there is none.
func (f *File) MatchVerb(pos token.Pos, verb Verb) *Directive {
	return f.narrowest(pos, func(d *Directive) bool { return d.Verb == verb })
}

func (f *File) narrowest(pos token.Pos, ok func(*Directive) bool) *Directive {
	var best *Directive
	for _, d := range f.Directives {
		if pos < d.from || pos > d.to || !ok(d) {
			continue
		}
		if best == nil || d.to-d.from < best.to-best.from {
			best = d
		}
	}
	if best != nil {
		best.used.Store(true)
	}
	return best
}

// Unused returns the directives that have matched nothing so far, in the order
// of the file.
func (f *File) Unused() []*Directive {
	var out []*Directive
	for _, d := range f.Directives {
		if !d.Used() {
			out = append(out, d)
		}
	}
	return out
}

// scopes knows the parts of a file that directives can apply to.
type scopes struct {
	tok   *token.File
	file  *ast.File
	nodes []ast.Node // in the order of the file, outer before inner
	inner []ast.Node // nodes that hold a list of others: what follows must be in the same one
}

func newScopes(fset *token.FileSet, file *ast.File) *scopes {
	s := &scopes{tok: fset.File(file.FileStart), file: file}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl, *ast.GenDecl, ast.Spec, *ast.Field, *ast.KeyValueExpr:
			s.nodes = append(s.nodes, n)
		case *ast.LabeledStmt, *ast.EmptyStmt:
			// The statement inside counts.
		case *ast.CaseClause, *ast.CommClause:
			s.nodes = append(s.nodes, n)
			s.inner = append(s.inner, n)
		case *ast.BlockStmt:
			s.inner = append(s.inner, n)
		case ast.Stmt:
			s.nodes = append(s.nodes, n)
		case *ast.FieldList:
			s.inner = append(s.inner, n)
		case *ast.CompositeLit:
			s.inner = append(s.inner, n)
			for _, e := range n.Elts {
				if _, ok := e.(*ast.KeyValueExpr); !ok {
					s.nodes = append(s.nodes, e)
				}
			}
		case *ast.CallExpr:
			s.inner = append(s.inner, n)
			for _, e := range n.Args {
				s.nodes = append(s.nodes, e)
			}
		}
		if g, ok := n.(*ast.GenDecl); ok && g.Lparen.IsValid() {
			s.inner = append(s.inner, g)
		}
		return true
	})
	return s
}

func (s *scopes) line(pos token.Pos) int { return s.tok.PositionFor(pos, false).Line }

// apply finds what the directive applies to and reports whether there is
// anything.
func (s *scopes) apply(d *Directive, group *ast.CommentGroup) bool {
	if d.End <= s.file.Package {
		d.from, d.to, d.WholeFile = s.file.FileStart, s.file.FileEnd, true
		return true
	}
	line := s.line(d.Pos)
	if s.codeBefore(d.Pos, line) {
		d.from = s.tok.LineStart(line)
		d.to = d.Pos
		for _, n := range s.nodes {
			if !simple(n) {
				continue
			}
			if s.line(n.Pos()) == line || s.line(n.End()) == line {
				d.from, d.to = min(d.from, n.Pos()), max(d.to, n.End())
			}
		}
		return true
	}
	// The list that the directive stands in: what follows must be in it, too.
	end := s.file.FileEnd
	for _, n := range s.inner {
		if n.Pos() < d.Pos && d.End <= n.End() {
			end = min(end, n.End())
		}
	}
	var next ast.Node
	for _, n := range s.nodes {
		if n.Pos() < d.End || n.Pos() >= end {
			continue
		}
		if next == nil || n.Pos() < next.Pos() || n.Pos() == next.Pos() && n.End() > next.End() {
			next = n
		}
	}
	if next == nil {
		return false
	}
	d.from, d.to = next.Pos(), next.End()
	return true
}

// codeBefore reports whether code stands on the line before pos.
func (s *scopes) codeBefore(pos token.Pos, line int) bool {
	start := s.tok.LineStart(line)
	found := false
	ast.Inspect(s.file, func(n ast.Node) bool {
		if n == nil || found {
			return false
		}
		switch n.(type) {
		case *ast.Comment, *ast.CommentGroup:
			return false
		case *ast.File:
			return true
		}
		if n.Pos() >= pos || n.End() < start {
			return false
		}
		if n.Pos() >= start || n.End() > start && n.End() <= pos {
			found = true
		}
		return true
	})
	return found
}

// simple reports whether a node is a statement, spec or element without a
// body, so that a directive at either end of it can only mean all of it.
func simple(n ast.Node) bool {
	switch n.(type) {
	case *ast.AssignStmt, *ast.ExprStmt, *ast.ReturnStmt, *ast.DeclStmt, *ast.GoStmt, *ast.DeferStmt, *ast.SendStmt, *ast.IncDecStmt,
		*ast.ValueSpec, *ast.KeyValueExpr, *ast.Field:
	default:
		return false
	}
	body := false
	ast.Inspect(n, func(n ast.Node) bool {
		if _, ok := n.(*ast.FuncLit); ok {
			body = true
		}
		return !body
	})
	return !body
}
