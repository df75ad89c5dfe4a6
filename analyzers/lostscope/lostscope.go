package lostscope

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

// Analyzer reports contexts without scope where scope is needed. It is safe for
// concurrent use by drivers and has no flags.
var Analyzer = &analysis.Analyzer{
	Name:       "lostscope",
	Doc:        rule.Doc(doc, "lostscope"),
	URL:        "https://github.com/tenantvet/tenantvet/blob/main/docs/rules.md#lostscope",
	Run:        run,
	Requires:   rule.Requires(),
	ResultType: reflect.TypeFor[*rule.Outcome](),
}

// The categories of findings.
const (
	catDropped  = "dropped"
	catRebuilt  = "rebuilt"
	catUnopened = "unopened"
)

func run(pass *analysis.Pass) (any, error) {
	r, ok := rule.NewReporter(pass)
	if !ok || !r.JudgesKeys() {
		return new(rule.Outcome), nil
	}
	for _, l := range r.LostContexts() {
		r.Add(dropped(r, &l))
	}
	for _, c := range r.RebuiltContexts() {
		r.Add(rule.Finding{
			Pos: r.StartAt(c.Pos), Category: catRebuilt, Owner: c.Func, What: c.From, Cause: "rebuilt",
			Message: fmt.Sprintf("%s stores %s in a context made of %s and drops %s: what else the caller's context holds is lost", c.Func.Name(), c.Dims.And(), c.From, c.Param),
		})
	}
	for _, l := range r.UnopenedMessages() {
		r.Add(unopened(r, &l))
	}
	return r.Flush(), nil
}

// unopened words a finding about a consumer that hands on its own context.
func unopened(r *rule.Reporter, l *scopeflow.LostContext) rule.Finding {
	f := rule.Finding{Pos: r.StartAt(l.Pos), Category: catUnopened, Owner: l.Func, What: l.Name, Cause: "unopened " + l.Name}
	f.Message = fmt.Sprintf("%s needs the caller's %s, and gets the context that %s has for all messages: nothing has opened the scope of this one", l.Name, l.Dims.And(), l.From)
	if l.Bare != l.Pos {
		f.Steps = append(f.Steps, scopeflow.Step{Pos: r.Position(r.StartAt(l.Bare)), Msg: "the messages come from here"})
	}
	f.Steps = append(f.Steps, l.Steps...)
	return f
}

// dropped words a finding about a call that is handed a bare context.
func dropped(r *rule.Reporter, l *scopeflow.LostContext) rule.Finding {
	f := rule.Finding{Pos: r.StartAt(l.Pos), Category: catDropped, Owner: l.Func, What: l.Name, Cause: "dropped " + l.Name}
	f.Message = fmt.Sprintf("%s needs the caller's %s, which the context of %s does not hold: it runs without scope", l.Name, l.Dims.And(), l.From)
	f.Steps = append(f.Steps, scopeflow.Step{Pos: r.Position(r.StartAt(l.Bare)), Msg: "the bare context is made here"})
	f.Steps = append(f.Steps, l.Steps...)
	return f
}
