package scopesource

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

// Analyzer reports scope that is taken from the request. It is safe for
// concurrent use by drivers and has no flags.
var Analyzer = &analysis.Analyzer{
	Name:       "scopesource",
	Doc:        rule.Doc(doc, "scopesource"),
	URL:        "https://github.com/tenantvet/tenantvet/blob/main/docs/rules.md#scopesource",
	Run:        run,
	Requires:   rule.Requires(),
	ResultType: reflect.TypeFor[*rule.Outcome](),
}

// The categories of findings.
const (
	catRequest = "request"
	catChosen  = "chosen"
	catForged  = "forged"
	catSecond  = "second"
)

func run(pass *analysis.Pass) (any, error) {
	r, ok := rule.NewReporter(pass)
	if !ok || !r.JudgesKeys() {
		return new(rule.Outcome), nil
	}
	for _, en := range r.Entries() {
		r.Add(finding(r, &en))
	}
	for _, en := range r.SecondSources() {
		f := rule.Finding{Pos: r.StartAt(en.Pos), Category: catSecond, Owner: en.Func, What: en.Name}
		f.Message = fmt.Sprintf("%s is what %s hands out, beside the source of the %s: nothing proves that it is the caller's", en.Sent.Name(), en.Name, en.Dims.And())
		f.Steps = append(f.Steps, scopeflow.Step{Pos: r.Position(en.Read), Msg: en.Sent.Name() + " comes from here"})
		r.Add(f)
	}
	for _, f := range r.Forgeries() {
		r.Add(rule.Finding{
			Pos: r.StartAt(f.Pos), Category: catForged, Owner: f.Func, What: f.Name,
			Message: fmt.Sprintf("%s is made by %s, past who hands it out: what it says was decided here", f.Name, f.By),
		})
	}
	return r.Flush(), nil
}

// finding words a finding about a value that enters the scope. It stands where
// the value is read, if that is in sight: that is what has to change.
func finding(r *rule.Reporter, en *scopeflow.Entry) rule.Finding {
	stored := r.StartAt(en.Pos)
	f := rule.Finding{Pos: stored, Category: catRequest, Owner: en.Func, What: en.Name}
	verb := "becomes"
	if en.Chosen {
		f.Category, verb = catChosen, "chooses the record that becomes"
	}
	f.Message = fmt.Sprintf("%s %s the %s by way of %s: nothing proves that it is the caller's", en.Sent.Name(), verb, en.Dims.And(), en.Name)
	if en.Read.IsValid() {
		f.Pos = r.StartAt(en.Read)
		f.AlsoAt = append(f.AlsoAt, stored)
		f.Steps = append(f.Steps, scopeflow.Step{Pos: r.Position(stored), Msg: "it becomes the scope here"})
	} else if en.Sent.At.File != "" {
		f.Steps = append(f.Steps, scopeflow.Step{Pos: en.Sent.At, Msg: en.Sent.Name() + " comes from here"})
	}
	return f
}
