package directives

import (
	_ "embed"

	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/analyzers/globalcache"
	"github.com/tenantvet/tenantvet/analyzers/unscopedkey"
	"github.com/tenantvet/tenantvet/internal/rule"
)

//go:embed doc.go
var doc string

// Analyzer reports directives that say nothing or take nothing out. It
// requires every analyzer that heeds them, so that it runs last.
var Analyzer = &analysis.Analyzer{
	Name:     "tenantdirective",
	Doc:      rule.Doc(doc, "tenantdirective"),
	URL:      "https://github.com/tenantvet/tenantvet/blob/main/docs/rules.md#tenantdirective",
	Run:      run,
	Requires: []*analysis.Analyzer{rule.Directives, unscopedkey.Analyzer, globalcache.Analyzer},
}

func run(pass *analysis.Pass) (any, error) {
	c := pass.ResultOf[rule.Directives].(*rule.Comments)
	for _, f := range c.Files {
		for _, p := range f.Problems {
			pass.Report(analysis.Diagnostic{Pos: p.Pos, Category: "malformed", Message: p.Msg})
		}
		for _, d := range f.Unused() {
			pass.Report(analysis.Diagnostic{Pos: d.Pos, End: d.End, Category: "unused", Message: "unused directive: nothing here is found that it could take out; remove it"})
		}
	}
	return nil, nil
}
