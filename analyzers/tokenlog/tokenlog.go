package tokenlog

import (
	_ "embed"
	"fmt"
	"reflect"

	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/rule"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

//go:embed doc.go
var doc string

// Analyzer reports credentials that are shown to others than their owners. It
// is safe for concurrent use by drivers and has no flags.
var Analyzer = &analysis.Analyzer{
	Name:       "tokenlog",
	Doc:        rule.Doc(doc, "tokenlog"),
	URL:        "https://github.com/tenantvet/tenantvet/blob/main/docs/rules.md#tokenlog",
	Run:        run,
	Requires:   rule.Requires(),
	ResultType: reflect.TypeFor[*rule.Outcome](),
}

// The categories of findings.
const (
	catLog      = "log"
	catResponse = "response"
	catTrace    = "trace"
	catDump     = "dump"
	catLabel    = "label"
)

func run(pass *analysis.Pass) (any, error) {
	r, ok := rule.NewReporter(pass)
	if !ok || !r.JudgesKeys() {
		return new(rule.Outcome), nil
	}
	for _, d := range r.Disclosures() {
		r.Add(finding(r, &d))
	}
	for _, l := range r.MetricLabels() {
		r.Add(rule.Finding{
			Pos: r.StartAt(l.Pos), Category: catLabel, Owner: l.Func, What: l.Name, Cause: l.Name,
			Message: fmt.Sprintf("the %s is a label in %s: each makes a series of its own, for whoever reads the metrics", l.Dims.And(), l.Name),
		})
	}
	return r.Flush(), nil
}

// finding words a finding about a credential that is shown.
func finding(r *rule.Reporter, d *scopeflow.Disclosure) rule.Finding {
	f := rule.Finding{Pos: r.StartAt(d.Pos), Category: catLog, Owner: d.Func, What: d.Name, Cause: string(d.Kind) + d.Name}
	to := "gets into the log"
	switch d.Kind {
	case models.Response:
		f.Category, to = catResponse, "gets into the error that the client is told"
	case models.Span:
		f.Category, to = catTrace, "gets into the trace"
	case models.Metric:
		f.Category, to = catTrace, "gets into a label of the metric"
	}
	why := "who reads that can act in the caller's name"
	if d.Is == models.Dump {
		f.Category, why = catDump, "its credentials are in it"
	}
	f.Message = fmt.Sprintf("%s %s by %s: %s", d.Name, to, d.By, why)
	if read := d.What.Pos; read.IsValid() {
		f.AlsoAt = append(f.AlsoAt, read)
		f.Steps = append(f.Steps, scopeflow.Step{Pos: r.Position(r.StartAt(read)), Msg: d.Name + " comes from here"})
	} else if d.What.At.File != "" {
		f.Steps = append(f.Steps, scopeflow.Step{Pos: d.What.At, Msg: d.Name + " comes from here"})
	}
	if d.Via != "" {
		f.Steps = append(f.Steps, scopeflow.Step{Pos: r.Position(r.StartAt(d.Pos)), Msg: d.Via + " hands it to " + d.By})
	}
	return f
}
