// Package rule is what the analyzers share between the engine's verdict and
// the diagnostic: exemptions by policy and directive, grouping of findings
// with one cause, and the path of a finding as related steps.
package rule

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/internal/directive"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

// Categories lists every category that a finding may have, as
// "analyzer/category", in the order of the documentation.
func Categories() []string {
	return []string{
		"unscopedkey/missing",
		"unscopedkey/misscoped",
		"unscopedkey/conditional",
		"unscopedkey/collision",
		"unscopedkey/asymmetric",
		"unscopedkey/discarded",
		"unscopedkey/unset",
		"globalcache/unkeyed",
		"globalcache/longlived",
		"globalcache/retained",
		"globalcache/swappable",
		"tenantdirective/malformed",
		"tenantdirective/unused",
	}
}

// Known reports whether a category, or an analyzer for all of its categories, exists.
func Known(category string) bool {
	return slices.ContainsFunc(Categories(), func(c string) bool {
		return c == category || strings.HasPrefix(c, category+"/")
	})
}

// Directives reads the directives of a package for the analyzers that require
// it. They mark what they use in its result.
var Directives = &analysis.Analyzer{
	Name:       "tenantvetdirectives",
	Doc:        "read //tenantvet: comments for the other analyzers",
	Requires:   []*analysis.Analyzer{policy.Analyzer},
	ResultType: reflect.TypeFor[*Comments](),
	Run: func(pass *analysis.Pass) (any, error) {
		// The policy cannot know which categories there are; this package does.
		if err := pass.ResultOf[policy.Analyzer].(*policy.Policy).CheckCategories(Known); err != nil {
			return nil, err
		}
		c := &Comments{}
		for _, f := range pass.Files {
			c.Files = append(c.Files, directive.Parse(pass.Fset, f, Known))
			c.syntax = append(c.syntax, f)
		}
		return c, nil
	},
}

// Comments holds the directives of a package's files. It is safe for
// concurrent use.
type Comments struct {
	Files  []*directive.File
	syntax []*ast.File
}

func (c *Comments) file(pos token.Pos) *directive.File {
	for i, f := range c.syntax {
		if f.FileStart <= pos && pos <= f.FileEnd {
			return c.Files[i]
		}
	}
	return nil
}

// A Finding is a diagnostic before exemptions and grouping.
type Finding struct {
	Pos      token.Pos
	Category string // without the analyzer's name
	Message  string
	Steps    []scopeflow.Step
	Owner    *types.Func // the function that it is in; nil in initialisers
	Global   *types.Var  // the variable that it is about, if it is about one
	Cause    string      // findings of one function, category and cause are one
	Package  bool        // findings of the whole package with that category and cause are one
	What     string      // the sink, for the list of siblings
	// AlsoAt are further places where a directive may stand, such as the
	// declaration of Global.
	AlsoAt []token.Pos
	Fixes  []analysis.SuggestedFix
}

// A Reporter collects the findings of one analyzer on one package.
type Reporter struct {
	pass     *analysis.Pass
	res      *scopeflow.Result
	comments *Comments
	policy   *policy.Policy
	findings []Finding
}

// NewReporter returns a reporter for pass, whose analyzer must require
// scopeflow.Analyzer and [Directives].
func NewReporter(pass *analysis.Pass) *Reporter {
	res := pass.ResultOf[scopeflow.Analyzer].(*scopeflow.Result)
	return &Reporter{pass: pass, res: res, comments: pass.ResultOf[Directives].(*Comments), policy: res.Policy}
}

// Add records a finding.
func (r *Reporter) Add(f Finding) { r.findings = append(r.findings, f) }

// Flush reports what was added and is not exempt, sorted, one diagnostic per
// function, category and cause.
func (r *Reporter) Flush() {
	kept := r.findings[:0]
	for _, f := range r.findings {
		if !r.exempt(&f) {
			kept = append(kept, f)
		}
	}
	slices.SortStableFunc(kept, func(a, b Finding) int {
		if a.Pos != b.Pos {
			return int(a.Pos) - int(b.Pos)
		}
		if c := strings.Compare(a.Category, b.Category); c != 0 {
			return c
		}
		return strings.Compare(a.Message, b.Message)
	})
	done := make([]bool, len(kept))
	for i := range kept {
		if done[i] {
			continue
		}
		f := &kept[i]
		d := analysis.Diagnostic{Pos: f.Pos, Category: f.Category, Message: f.Message, SuggestedFixes: f.Fixes}
		for _, s := range f.Steps {
			pos, ok := r.res.Pos(s.Pos)
			msg := s.Msg
			if !ok {
				pos = f.Pos
				if at := s.Pos.String(); at != "" {
					msg += " (" + at + ")"
				}
			}
			d.Related = append(d.Related, analysis.RelatedInformation{Pos: pos, Message: msg})
		}
		for k := i + 1; k < len(kept); k++ {
			g := &kept[k]
			if g.Pos == f.Pos && !done[k] && g.Global == f.Global {
				done[k] = true // the same call, seen from another side
				d.Related = append(d.Related, analysis.RelatedInformation{Pos: g.Pos, Message: "and here: " + g.Message})
				continue
			}
			if done[k] || g.Owner != f.Owner && !(f.Package && g.Package) || g.Category != f.Category || g.Cause != f.Cause {
				continue
			}
			done[k] = true
			if g.Pos != f.Pos {
				d.Related = append(d.Related, analysis.RelatedInformation{Pos: g.Pos, Message: "the same here: " + g.What})
			}
		}
		r.pass.Report(d)
	}
}

// exempt reports whether a directive or the policy takes f out.
func (r *Reporter) exempt(f *Finding) bool {
	category := r.pass.Analyzer.Name + "/" + f.Category
	for _, pos := range append([]token.Pos{f.Pos}, f.AlsoAt...) {
		file := r.comments.file(pos)
		if file == nil {
			continue
		}
		if file.Match(pos, category) != nil || file.MatchScoped(pos) != nil {
			return true
		}
	}
	s := policy.Subject{Category: category, Func: f.Owner, Global: f.Global, Package: r.pass.Pkg.Path(),
		File: r.pass.Fset.PositionFor(f.Pos, false).Filename}
	if r.policy.Exempted(s) != nil {
		return true
	}
	if f.Global != nil && r.policy.SharedGlobal(f.Global) != nil {
		return true
	}
	return f.Owner != nil && r.policy.SharedFunc(f.Owner) != nil
}
