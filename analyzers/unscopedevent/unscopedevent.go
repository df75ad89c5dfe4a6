package unscopedevent

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

// Analyzer reports messages that do not say whose they are, or get to everybody.
// It is safe for concurrent use by drivers and has no flags.
var Analyzer = &analysis.Analyzer{
	Name:       "unscopedevent",
	Doc:        rule.Doc(doc, "unscopedevent"),
	URL:        "https://github.com/tenantvet/tenantvet/blob/main/docs/rules.md#unscopedevent",
	Run:        run,
	Requires:   rule.Requires(),
	ResultType: reflect.TypeFor[*rule.Outcome](),
}

// The categories of findings.
const (
	catUnowned   = "unowned"
	catBare      = "bare"
	catBroadcast = "broadcast"
)

func run(pass *analysis.Pass) (any, error) {
	r, ok := rule.NewReporter(pass)
	if !ok || !r.JudgesKeys() {
		return new(rule.Outcome), nil
	}
	add := func(category string, events []scopeflow.Event, message func(ev *scopeflow.Event) string) {
		for i := range events {
			ev := &events[i]
			r.Add(rule.Finding{Pos: r.StartAt(ev.Pos), Category: category, Owner: ev.Func, What: ev.Name, Cause: ev.Name, Message: message(ev)})
		}
	}
	add(catUnowned, r.UnsetEvents(), func(ev *scopeflow.Event) string {
		by := "is handed on"
		if ev.By != "" {
			by = "is published by " + ev.By
		}
		return fmt.Sprintf("%s %s with no %s in it: who receives it cannot tell whose it is", ev.Name, by, ev.Dims.And())
	})
	add(catBare, r.BareEvents(), func(ev *scopeflow.Event) string {
		return fmt.Sprintf("%s is published by %s with nothing but what the client sent: who receives it cannot tell whose it is", ev.Name, ev.By)
	})
	add(catBroadcast, r.Broadcasts(), func(ev *scopeflow.Event) string {
		return fmt.Sprintf("every %s gets this, whichever tenant it belongs to", ev.Name)
	})
	return r.Flush(), nil
}
