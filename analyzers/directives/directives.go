package directives

import (
	_ "embed"
	"fmt"
	"go/token"
	"reflect"

	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/analyzers/globalcache"
	"github.com/tenantvet/tenantvet/analyzers/missingtenant"
	"github.com/tenantvet/tenantvet/analyzers/unscopedkey"
	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/rule"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

//go:embed doc.go
var doc string

// Analyzer reports exemptions that say nothing or take nothing out. It
// requires every analyzer that heeds them, so that it runs last. Its result, a
// [driver.Teller] and [driver.Exempter], tells what the package has made use of, for
// [Notes], and which of the findings the policy takes out.
var Analyzer = &analysis.Analyzer{
	Name:       "tenantdirective",
	Doc:        rule.Doc(doc, "tenantdirective"),
	URL:        "https://github.com/tenantvet/tenantvet/blob/main/docs/rules.md#tenantdirective",
	Run:        run,
	Requires:   append(rule.Requires(), unscopedkey.Analyzer, missingtenant.Analyzer, globalcache.Analyzer),
	ResultType: reflect.TypeFor[*result](),
}

// The categories of findings.
const (
	catMalformed = "malformed"
	catUnused    = "unused"
)

func run(pass *analysis.Pass) (any, error) {
	r := &reporter{pass: pass, x: pass.ResultOf[rule.Exemptions].(*rule.Exempt)}
	res := pass.ResultOf[scopeflow.Analyzer].(*scopeflow.Result)
	for _, pos := range res.SharedState() {
		r.x.MarkShared(pos)
	}
	for _, f := range r.x.Files {
		for _, p := range f.Problems {
			r.diagnose(analysis.Diagnostic{Pos: p.Pos, End: p.End, Category: catMalformed, Message: p.Msg})
		}
		for _, d := range f.Unused() {
			diag := analysis.Diagnostic{Pos: d.Pos, End: d.End, Category: catUnused, Message: "unused directive: nothing here is found that it could take out; remove it"}
			if edit, ok := rule.RemoveComment(pass, d.Pos, d.End); ok {
				diag.SuggestedFixes = []analysis.SuggestedFix{{Message: "remove the directive", TextEdits: []analysis.TextEdit{edit}}}
			}
			r.diagnose(diag)
		}
	}
	told := r.idleEntries(res)
	return &result{Lines: tally(r.x, res, told), taken: r.taken}, nil
}

// result is what [Analyzer] tells of a package.
type result struct {
	driver.Lines
	taken []driver.Unreported
}

// TakenOut returns the findings that the policy takes out.
func (r *result) TakenOut() []driver.Unreported { return r.taken }

type reporter struct {
	pass  *analysis.Pass
	x     *rule.Exempt
	taken []driver.Unreported
}

// diagnose reports d unless the policy exempts it, as it may for files that a
// generator writes.
func (r *reporter) diagnose(d analysis.Diagnostic) {
	s := policy.Subject{Category: r.pass.Analyzer.Name + "/" + d.Category, Package: r.pass.Pkg.Path(), File: driver.Position(r.pass.Fset, d.Pos).Filename}
	if by, ok := r.x.Takes(s); ok {
		r.taken = append(r.taken, driver.Unreported{Diagnostic: d, By: by})
	} else {
		r.pass.Report(d)
	}
}

// does says what entries of a table do to what they fit.
func does(table string) string {
	if table == "role" {
		return "is about"
	}
	return "could take out"
}

// idleEntries reports the entries of the policy that this package, and no
// other, could need.
func (r *reporter) idleEntries(res *scopeflow.Result) []policy.Mark {
	here := policy.Here{Path: r.pass.Pkg.Path(), Open: res.OwedState()}
	for _, f := range r.pass.Files {
		here.Files = append(here.Files, driver.Position(r.pass.Fset, f.Package).Filename)
	}
	var told []policy.Mark
	var file *token.File
	for _, e := range r.x.Policy.IdleIn(here, r.x.Used) {
		if file == nil {
			file = r.x.Policy.File(r.pass.Fset)
		}
		what := "the entry"
		if !e.All {
			what = "this name"
			if len(e.Marks) > 1 {
				what = "these names"
			}
		}
		r.pass.Report(analysis.Diagnostic{Pos: file.LineStart(e.At.Line), Category: catUnused,
			Message: fmt.Sprintf("unused: nothing is found that [[%s]] %s %s; remove %s", e.Table, e.Text, does(e.Table), what)})
		told = append(told, e.Marks...)
	}
	return told
}
