package untestedscope

import (
	_ "embed"
	"fmt"
	"reflect"

	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/internal/rule"
)

//go:embed doc.go
var doc string

// Analyzer reports types that no test of isolation is about, if the policy names
// such tests. It is safe for concurrent use by drivers and has no flags.
var Analyzer = &analysis.Analyzer{
	Name:       "untestedscope",
	Doc:        rule.Doc(doc, "untestedscope"),
	URL:        "https://github.com/tenantvet/tenantvet/blob/main/docs/rules.md#untestedscope",
	Run:        run,
	Requires:   rule.Requires(),
	ResultType: reflect.TypeFor[*rule.Outcome](),
}

const catUntested = "untested"

func run(pass *analysis.Pass) (any, error) {
	r, ok := rule.NewReporter(pass)
	if !ok || !r.JudgesKeys() {
		return new(rule.Outcome), nil
	}
	tests := r.Policy.Tests(pass.Pkg.Path())
	if tests == nil {
		return new(rule.Outcome), nil
	}
	for _, k := range r.Keepers() {
		covered, err := tests.Cover(pass.Pkg, k.Dir, k.Names)
		if err != nil {
			return nil, err
		}
		if !covered {
			name := k.Type.Obj().Name()
			r.Add(rule.Finding{
				Pos: k.Pos, Category: catUntested, What: name, Cause: name,
				Message: fmt.Sprintf("no test of isolation is about %s, which keeps what belongs to tenants by %s", name, k.By),
			})
		}
	}
	return r.Flush(), nil
}
