// Package ledger defines an analyzer that lists what tenantvet looked at: each
// key with its verdict, so that silence can be told from proof.
package ledger

import (
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

// Name is the analyzer's name, by which it is switched on.
const Name = "tenantledger"

// Analyzer lists every access to a cache, lock, blob, topic, task or store
// under a key, with its verdict as the category: proven, found, shared (a
// constant key) or opaque. It finds no fault, and runs only if switched on.
var Analyzer = &analysis.Analyzer{
	Name: Name,
	Doc: `list every key with its verdict

With -tenantledger, and then alone, tenantvet lists each access to a cache,
lock, blob, topic, task or store under a key, as proven, found, shared or
opaque. A key that is opaque is neither proven nor reported: it comes from
callers out of sight, or through something that cannot be followed.`,
	URL:      "https://github.com/tenantvet/tenantvet/blob/main/docs/how-it-works.md#verdicts",
	Run:      run,
	Requires: []*analysis.Analyzer{scopeflow.Analyzer},
}

func run(pass *analysis.Pass) (any, error) {
	res := pass.ResultOf[scopeflow.Analyzer].(*scopeflow.Result)
	if res.ForTests() || !res.JudgesKeys() {
		return nil, nil
	}
	for i := range res.Judged {
		j := &res.Judged[i]
		if j.IsState() && j.Global == nil && !res.LongLived(j.Struct) {
			continue // state of one call
		}
		v, why := verdict(j)
		pass.Report(analysis.Diagnostic{Pos: res.Start(j.Access), Category: v, Message: fmt.Sprintf("%s: %s key of %s%s", v, j.Kind, j.What, why)})
	}
	return nil, nil
}

// verdict returns the worst verdict on an access over all its leaves, and
// what it is made of.
func verdict(j *scopeflow.Judged) (string, string) {
	order := []string{"proven", "shared", "opaque", "found"}
	worst, parts := 0, ""
	at := func(n int, l *scopeflow.Leaf) {
		if n > worst || parts == "" {
			worst = max(worst, n)
			parts = ", made of " + l.Parts()
		}
	}
	if len(j.Leaves) == 0 {
		return "opaque", ", whose callers are not in sight"
	}
	for i := range j.Leaves {
		l := &j.Leaves[i]
		switch {
		case l.Bad():
			at(3, l)
		case l.Good():
			at(0, l)
		case l.Constant():
			at(1, l)
		default:
			at(2, l)
		}
	}
	if j.Unheeded() {
		worst = 3
	}
	return order[worst], parts
}
