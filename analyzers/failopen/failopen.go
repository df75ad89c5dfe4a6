package failopen

import (
	_ "embed"
	"fmt"
	"reflect"

	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/internal/rule"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

//go:embed doc.go
var doc string

// Analyzer reports what goes on where the scope is missing. It is safe for
// concurrent use by drivers and has no flags.
var Analyzer = &analysis.Analyzer{
	Name:       "failopen",
	Doc:        rule.Doc(doc, "failopen"),
	URL:        "https://github.com/tenantvet/tenantvet/blob/main/docs/rules.md#failopen",
	Run:        run,
	Requires:   rule.Requires(),
	ResultType: reflect.TypeFor[*rule.Outcome](),
}

// The categories of findings.
const (
	catZero         = "zero"
	catFallback     = "fallback"
	catRetry        = "retry"
	catEmpty        = "empty"
	catSkipped      = "skipped"
	catUnconfigured = "unconfigured"
	catSwallowed    = "swallowed"
)

func run(pass *analysis.Pass) (any, error) {
	r, ok := rule.NewReporter(pass)
	if !ok || !r.JudgesKeys() {
		return new(rule.Outcome), nil
	}
	for _, kind := range []struct {
		category string
		found    []scopeflow.Absence
		message  func(a *scopeflow.Absence) string
		step     string
	}{
		{catZero, r.ZeroAccessors(), func(a *scopeflow.Absence) string {
			return fmt.Sprintf("%s hands out an empty %s where the context holds none, and does not say so: who does not look goes on without", a.Name, a.Dims.And())
		}, ""},
		{catFallback, r.Fallbacks(), func(a *scopeflow.Absence) string {
			return fmt.Sprintf("%s takes the place of an empty %s: who has none acts in it", a.Name, a.Dims.And())
		}, "what was found first is returned here"},
		{catRetry, r.Retries(), func(a *scopeflow.Absence) string {
			return fmt.Sprintf("%s is made where %s failed, and is not restricted by %s: it finds what the first lookup must not", a.Name, a.What, a.Dims.And())
		}, "the first lookup is here"},
		{catEmpty, r.Unfilled(), func(a *scopeflow.Absence) string {
			return fmt.Sprintf("%s may be called with an empty %s: every row without one fits", a.Name, a.What)
		}, ""},
		{catSkipped, r.Optionals(), func(a *scopeflow.Absence) string {
			return fmt.Sprintf("%s is skipped where there is no %s: everybody passes then", a.Name, a.What)
		}, "the check is here"},
		{catUnconfigured, r.Unconfigured(), unconfigured, "it is relied on here"},
		{catSwallowed, r.Swallowed(), swallowed, "it is relied on here"},
	} {
		for i := range kind.found {
			a := &kind.found[i]
			f := rule.Finding{Pos: r.StartAt(a.Pos), Category: kind.category, Owner: a.Func, What: a.Name, Message: kind.message(a)}
			if a.By != "" {
				f.Cause = a.Name // each setting is one to set
			}
			if a.Other.IsValid() && kind.step != "" {
				f.Steps = append(f.Steps, scopeflow.Step{Pos: r.Position(r.StartAt(a.Other)), Msg: kind.step})
			}
			r.Add(f)
		}
	}
	return r.Flush(), nil
}

// unconfigured words a finding about a setting of the process.
func unconfigured(a *scopeflow.Absence) string {
	switch {
	case a.Dims != 0 && a.What != "":
		return fmt.Sprintf("%s becomes the %s by way of %s where %s is not set: who forgot to set it acts in it", a.What, a.Dims.And(), a.By, a.Name)
	case a.Dims != 0:
		return fmt.Sprintf("%s becomes the %s by way of %s, and may not be set: nothing asks", a.Name, a.Dims.And(), a.By)
	case a.What != "":
		return fmt.Sprintf("%s takes the place of %s in %s where that is not set: whoever reads the code has the secret", a.What, a.Name, a.By)
	}
	return fmt.Sprintf("%s relies on %s, which may not be set: nothing asks, and everybody has the empty secret", a.By, a.Name)
}

// swallowed words a finding about an error that nobody looks at.
func swallowed(a *scopeflow.Absence) string {
	if a.Dims != 0 {
		return fmt.Sprintf("nobody heeds the error of %s, and what it returns becomes the %s by way of %s: where it failed, that is nobody", a.Name, a.Dims.And(), a.By)
	}
	return fmt.Sprintf("nobody heeds the error of %s, and %s relies on what it returns: where it failed, everybody has that secret", a.Name, a.By)
}
