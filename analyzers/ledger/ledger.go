// Package ledger defines an analyzer that lists what tenantvet looked at: each
// key and each statement with its verdict, so that silence can be told from
// proof.
package ledger

import (
	"cmp"
	"fmt"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/analyzers/unscopedkey"
	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/rule"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

// Name is the analyzer's name, by which it is switched on.
const Name = "tenantledger"

// Analyzer lists every access to a cache, lock, blob, topic, task or store
// under a key, and every statement, with its verdict as the category: proven,
// found, exempted, shared (a constant key), global (a statement on no tenant's
// table), deferred (a matter of each call) or opaque. It finds no fault, and runs
// only if switched on.
var Analyzer = &analysis.Analyzer{
	Name: Name,
	Doc: `list every key and every statement with its verdict

With -tenantledger, and then alone, tenantvet lists each access to a cache,
lock, blob, topic, task or store under a key, and each statement of a library
that it knows, as

  proven    every required dimension comes from the caller's scope
  found     there is a finding about it
  exempted  there would be one, but for the policy or a directive; or the
            policy takes out whatever is found there
  shared    the key is a constant
  global    the statement is on no tenant's table
  deferred  it comes in by a parameter of a function that other packages may
            call, or with a row that another statement read: each call, and that
            statement, has a line of its own
  opaque    neither proven nor reported: it comes through something that
            cannot be followed`,
	URL:      "https://github.com/tenantvet/tenantvet/blob/main/docs/how-it-works.md#verdicts",
	Run:      run,
	Requires: []*analysis.Analyzer{scopeflow.Analyzer, unscopedkey.Analyzer},
}

// The verdicts, from good to bad: of several tables in one statement the worst
// counts.
const (
	global   = "global"
	proven   = "proven"
	shared   = "shared"
	deferred = "deferred"
	exempted = "exempted"
	opaque   = "opaque"
	found    = "found"
)

func rank(verdict string) int {
	return slices.Index([]string{global, proven, shared, deferred, exempted, opaque, found}, verdict)
}

func run(pass *analysis.Pass) (any, error) {
	res := pass.ResultOf[scopeflow.Analyzer].(*scopeflow.Result)
	if res.ForTests() || !res.JudgesKeys() {
		return nil, nil
	}
	outcome := pass.ResultOf[unscopedkey.Analyzer].(*rule.Outcome)
	p := place{pass, res.Policy}
	var s statements
	for i := range res.Judged {
		j := &res.Judged[i]
		if len(j.Columns) > 0 || j.Row != nil && j.Row.IsQuery() {
			v, text := statement(j, outcome)
			s.add(j.Access, p.settled(v, j.Access), text)
			continue
		}
		if j.IsState() && j.Global == nil && !res.LongLived(j.Struct) {
			continue // state of one call
		}
		v, why := key(j, outcome)
		v = p.settled(v, j.Access)
		pass.Report(analysis.Diagnostic{Pos: res.Start(j.Access), Category: v, Message: fmt.Sprintf("%s: %s key of %s%s", v, j.Kind, j.What, why)})
	}
	for _, u := range res.Unjudged() {
		v := p.settled(opaque, u.Access)
		if u.Global {
			v = global
		}
		s.add(u.Access, v, name(u.Access)+", "+u.Why)
	}
	if err := res.Policy.Schema().Err(); err != nil {
		return nil, err
	}
	for _, one := range s.lines() {
		pass.Report(analysis.Diagnostic{Pos: res.Start(one.access), Category: one.verdict, Message: one.verdict + ": " + strings.Join(one.tables, "; ")})
	}
	return nil, nil
}

// place is the package that is listed.
type place struct {
	pass   *analysis.Pass
	policy *policy.Policy
}

// settled returns the verdict on an access: where the policy takes out whatever is
// found, there is nothing left to be known.
func (p place) settled(verdict string, a *scopeflow.Access) string {
	if verdict != opaque {
		return verdict
	}
	at := policy.Subject{Category: unscopedkey.Analyzer.Name, Func: a.Func(), Table: a.Entity,
		Package: p.pass.Pkg.Path(), File: p.pass.Fset.PositionFor(a.Pos, false).Filename}
	if len(p.policy.Takes(at)) > 0 {
		return exempted
	}
	return verdict
}

// key returns the worst verdict on an access under a key over all its leaves,
// and what the key is made of.
func key(j *scopeflow.Judged, outcome *rule.Outcome) (verdict, made string) {
	if len(j.Leaves) == 0 {
		return opaque, ", whose callers are not in sight"
	}
	for i := range j.Leaves {
		l := &j.Leaves[i]
		v := opaque
		switch {
		case l.Bad():
			v = found
		case l.Good():
			v = proven
		case l.Constant():
			v = shared
		case l.Deferred():
			v = deferred
		}
		if made == "" || rank(v) > rank(verdict) {
			verdict, made = v, ", made of "+l.Parts()
		}
	}
	if j.IsState() {
		return verdict, made // globalcache's, which has more to ask
	}
	switch {
	case outcome.Found(j.Access):
		verdict = found
	case outcome.Exempted(j.Access):
		verdict = exempted
	}
	return verdict, made
}

// statements gathers the verdicts on the tables of each statement.
type statements struct {
	byCall map[ssa.Instruction]*line
	all    []*line
}

// line is one statement.
type line struct {
	access  *scopeflow.Access
	verdict string
	tables  []string // what is said of each
}

func (s *statements) add(a *scopeflow.Access, verdict, text string) {
	l := s.byCall[a.Instr]
	if l == nil {
		if s.byCall == nil {
			s.byCall = map[ssa.Instruction]*line{}
		}
		l = &line{access: a, verdict: verdict}
		s.byCall[a.Instr] = l
		s.all = append(s.all, l)
	}
	if rank(verdict) > rank(l.verdict) {
		l.verdict = verdict
	}
	if !slices.Contains(l.tables, text) {
		l.tables = append(l.tables, text)
	}
}

// lines returns the statements in the order of the source.
func (s *statements) lines() []*line {
	slices.SortStableFunc(s.all, func(a, b *line) int { return cmp.Compare(pos(a.access), pos(b.access)) })
	return s.all
}

func pos(a *scopeflow.Access) token.Pos { return a.Pos }

// name is what a line calls a statement.
func name(a *scopeflow.Access) string {
	switch {
	case a.Row == nil:
		return "call for " + a.What
	case a.Row.SQL == nil && a.Entity != "":
		return a.What + " of " + a.Entity
	}
	return a.What
}

// statement returns the verdict on what a statement does to a table, and how
// each of the table's scope columns is restricted, or set.
func statement(j *scopeflow.Judged, outcome *rule.Outcome) (verdict, text string) {
	verdict = opaque
	switch {
	case outcome.Found(j.Access):
		verdict = found
	case outcome.Exempted(j.Access):
		verdict = exempted
	}
	if j.Unbound && verdict != opaque {
		return verdict, name(j.Access) + " cannot be restricted by " + columns(j.Columns)
	}
	if len(j.Leaves) == 0 {
		return verdict, name(j.Access) + ", whose callers are not in sight"
	}
	worst, of := &j.Leaves[0], proven
	for i := range j.Leaves {
		l := &j.Leaves[i]
		switch {
		case l.Good():
		case l.Deferred() && of == proven:
			of = deferred
		case !l.Deferred():
			of = opaque
		}
		if badness(l) > badness(worst) {
			worst = l
		}
	}
	if verdict == opaque {
		verdict = of
	}
	return verdict, name(j.Access) + restrictions(worst)
}

func badness(l *scopeflow.Leaf) int {
	switch {
	case l.Bad():
		return 3
	case l.Good():
		return 0
	case l.Deferred():
		return 1
	}
	return 2
}

func columns(cols []scopeflow.ScopeColumn) string {
	var names []string
	for _, c := range cols {
		names = append(names, c.Name)
	}
	return strings.Join(names, " and ")
}

// restrictions says how a leaf's columns are restricted, or set: first those
// that are proven.
func restrictions(l *scopeflow.Leaf) string {
	by, not := "restricted by ", "not restricted by "
	if l.Op == models.Insert {
		by, not = "setting ", "not setting "
	}
	if len(l.Status) != len(l.Columns) {
		return ", which an earlier call was asked about"
	}
	var groups []group
	add := func(before, column, after string) {
		for i := range groups {
			if g := &groups[i]; g.before == before && g.after == after {
				g.columns = append(g.columns, column)
				return
			}
		}
		groups = append(groups, group{before, []string{column}, after})
	}
	for _, first := range []bool{true, false} {
		for i, c := range l.Columns {
			st := &l.Status[i]
			if (st.Class == scopeflow.Proven) != first {
				continue
			}
			from := scopeflow.PartsOf(c.Value)
			if st.ByID && st.Cause != nil {
				from = st.Cause.Name()
			}
			switch {
			case first && st.ByID:
				add("of rows whose identifier binds ", c.Name+" ("+from+")", "")
			case first && from == "":
				add(by, c.Name, "")
			case first:
				add(by, c.Name+" ("+from+")", "")
			case st.Mixed:
				add(by, c.Name, " on some paths only")
			case st.Unchecked:
				add(by, c.Name, " without a check of the error of "+st.Cause.Text)
			case st.Class == scopeflow.Bare:
				add(not, c.Name, "")
			case st.Class == scopeflow.Foreign:
				add(by, c.Name, " from "+from+", which is not the caller's scope")
			case st.Class == scopeflow.Pending:
				add("with ", c.Name+" ("+from+")", " left to callers")
			case st.Cause == nil:
				add("where ", c.Name, " cannot be followed")
			case st.Read:
				add("with ", c.Name+" ("+st.Cause.Text+")", " of a row that is judged where it is read")
			default:
				add("where ", c.Name, " cannot be followed beyond "+st.Cause.Name())
			}
		}
	}
	var out []string
	for _, g := range groups {
		out = append(out, g.before+strings.Join(g.columns, " and ")+g.after)
	}
	return " " + strings.Join(out, ", ")
}

// group is the columns of which the same is said.
type group struct {
	before  string
	columns []string
	after   string
}
