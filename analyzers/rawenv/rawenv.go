package rawenv

import (
	_ "embed"
	"fmt"
	"reflect"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/internal/rule"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

//go:embed doc.go
var doc string

// Analyzer reports environments and tenants that are texts in the code. It is
// safe for concurrent use by drivers and has no flags.
var Analyzer = &analysis.Analyzer{
	Name:       "rawenv",
	Doc:        rule.Doc(doc, "rawenv"),
	URL:        "https://github.com/tenantvet/tenantvet/blob/main/docs/rules.md#rawenv",
	Run:        run,
	Requires:   rule.Requires(),
	ResultType: reflect.TypeFor[*rule.Outcome](),
}

// The categories of findings.
const (
	catCompared = "compared"
	catSpelling = "spelling"
	catKey      = "key"
	catLiteral  = "literal"
)

func run(pass *analysis.Pass) (any, error) {
	r, ok := rule.NewReporter(pass)
	if !ok || !r.JudgesKeys() {
		return new(rule.Outcome), nil
	}
	for _, t := range r.EnvTexts() {
		r.Add(text(r, &t))
	}
	for _, k := range r.EnvKeys() {
		r.Add(rule.Finding{
			Pos: r.StartAt(k.Pos), Category: catKey, Owner: k.Func, What: k.Name, Cause: k.Name,
			Message: fmt.Sprintf("%s is part of the key as it is spelt: a key of another spelling is another key", k.Name),
		})
	}
	for _, l := range r.LiteralDims() {
		r.Add(rule.Finding{
			Pos: r.ExprAt(l.Pos), Category: catLiteral, Owner: l.Func, What: l.Name, Cause: l.Name + l.Text,
			Message: fmt.Sprintf("the %s in %s is the literal %q: it is this one's whoever asks", l.Dims.And(), l.Name, l.Text),
		})
	}
	return r.Flush(), nil
}

// text words a finding about a literal where an environment is meant.
func text(r *rule.Reporter, t *scopeflow.EnvText) rule.Finding {
	f := rule.Finding{Pos: r.ExprAt(t.Pos), Category: catCompared, Owner: t.Func, What: t.Name, Cause: t.Name}
	f.Message = fmt.Sprintf("%s is compared with the text %q: a type of environments would refuse other spellings", t.Name, t.Text)
	if t.Known != nil {
		f.Category, f.Cause = catSpelling, t.Name+t.Text
		f.Message = fmt.Sprintf("%q is no environment: %s is one of %s", t.Text, t.Name, list(t.Known))
	}
	return f
}

// list is names as prose has them: "dev, staging and prod".
func list(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
