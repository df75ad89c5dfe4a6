// Package ledger defines an analyzer that lists what tenantvet looked at: keys,
// statements, state of the process and routes, each with its verdict, so that
// silence can be told from proof.
package ledger

import (
	"cmp"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/analyzers/globalcache"
	"github.com/tenantvet/tenantvet/analyzers/missingtenant"
	"github.com/tenantvet/tenantvet/analyzers/unscopedkey"
	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/guards"
	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/report"
	"github.com/tenantvet/tenantvet/internal/routes"
	"github.com/tenantvet/tenantvet/internal/rule"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

// Name is the analyzer's name, by which it is switched on.
const Name = "tenantledger"

// Analyzer lists every access to a cache, lock, blob, topic, task or store
// under a key, every statement, all state of the process that is written, and
// every route, with its verdict as the category: see [report.Verdict]. It finds
// no fault, and runs only if switched on. Its result holds the lines, for
// [report.ParseLines].
var Analyzer = &analysis.Analyzer{
	Name: Name,
	Doc: `list keys, statements, state and routes with their verdicts

With -tenantledger, and then alone, tenantvet lists each access to a cache,
lock, blob, topic, task or store under a key, each statement of a library that
it knows, each write to state that outlives requests, and each route, as

  proven    every required dimension comes from the caller's scope; the route
            stands behind the guards that it needs
  found     there is a finding about it
  exempted  there would be one, but for the policy or a directive; or the
            policy takes out whatever is found there
  shared    the key is a constant
  global    it concerns no tenant: a statement on no tenant's table, state that
            holds nothing of a request, a route that gets to no data of tenants
  deferred  it comes in by a parameter of a function that other packages may
            call, or with a row that another statement read: each call, and that
            statement, has a line of its own
  opaque    neither proven nor reported: it comes through something that
            cannot be followed

-ledger counts these lines, after the findings.`,
	URL:        "https://github.com/tenantvet/tenantvet/blob/main/docs/how-it-works.md#verdicts",
	Run:        run,
	Requires:   []*analysis.Analyzer{scopeflow.Analyzer, guards.Analyzer, unscopedkey.Analyzer, globalcache.Analyzer, missingtenant.Analyzer},
	ResultType: reflect.TypeFor[driver.Lines](),
}

func run(pass *analysis.Pass) (any, error) {
	res := pass.ResultOf[scopeflow.Analyzer].(*scopeflow.Result)
	b := &book{pass: pass, res: res, texts: driver.Lines{}}
	if res.ForTests() {
		return b.texts, nil
	}
	b.state(pass.ResultOf[globalcache.Analyzer].(*rule.Outcome))
	if res.JudgesKeys() {
		if err := b.accesses(pass.ResultOf[unscopedkey.Analyzer].(*rule.Outcome)); err != nil {
			return nil, err
		}
	}
	b.routes(pass.ResultOf[guards.Analyzer].(*guards.Result), pass.ResultOf[missingtenant.Analyzer].(*rule.Outcome))
	return b.texts, nil
}

// A book is the ledger of a package while it is written.
type book struct {
	pass  *analysis.Pass
	res   *scopeflow.Result
	texts driver.Lines
}

// untold is why something is opaque: in words that many share, and what it is
// that is not known.
type untold struct{ why, about string }

// add enters a line.
func (b *book) add(pos token.Pos, kind string, v report.Verdict, text string, not untold) {
	b.pass.Report(analysis.Diagnostic{Pos: pos, Category: string(v), Message: string(v) + ": " + text})
	at := b.pass.Fset.Position(pos)
	l := report.Line{Pos: report.Pos{File: at.Filename, Line: at.Line, Col: at.Column}, Kind: kind, Verdict: v, Text: text}
	if v == report.Opaque {
		l.Reason, l.About = not.why, not.about
	}
	b.texts = append(b.texts, l.String())
}

// accesses enters what is done under keys, and statements.
func (b *book) accesses(outcome *rule.Outcome) error {
	var s statements
	for i := range b.res.Judged {
		j := &b.res.Judged[i]
		switch {
		case j.IsState():
		case len(j.Columns) > 0 || j.Row != nil && j.Row.IsQuery():
			e := statement(j, outcome)
			e.verdict = b.settled(e.verdict, j.Access)
			s.add(e)
		default:
			v, made, not := key(j)
			v = b.settled(outcome.Verdict(j.Access, v), j.Access)
			b.add(b.res.Start(j.Access), string(j.Kind), v, string(j.Kind)+" key of "+j.What+made, not)
		}
	}
	for _, u := range b.res.Unjudged() {
		why, about := u.Reason()
		e := entry{u.Access, b.settled(report.Opaque, u.Access), name(u.Access) + ", " + u.Why, untold{why, cmp.Or(about, u.What)}}
		if u.Global {
			e.verdict = report.Global
		}
		s.add(e)
	}
	if err := b.res.Policy.Schema().Err(); err != nil {
		return err
	}
	for _, l := range s.lines() {
		b.add(b.res.Start(l.access), string(models.Query), l.verdict, strings.Join(l.tables, "; "), l.untold)
	}
	return nil
}

// settled returns the verdict on an access: where the policy takes out whatever is
// found, there is nothing left to be known.
func (b *book) settled(v report.Verdict, a *scopeflow.Access) report.Verdict {
	if v != report.Opaque {
		return v
	}
	at := policy.Subject{Category: unscopedkey.Analyzer.Name, Func: a.Func(), Table: a.Entity,
		Package: b.pass.Pkg.Path(), File: driver.Position(b.pass.Fset, a.Pos).Filename}
	if len(b.res.Policy.Takes(at)) > 0 {
		return report.Exempted
	}
	return v
}

// state enters the writes to state that outlives requests.
func (b *book) state(outcome *rule.Outcome) {
	for i := range b.res.Judged {
		j := &b.res.Judged[i]
		if !j.IsState() || j.Op != models.Write || j.Global == nil && j.State.Name == "" && !b.res.LongLived(j.Struct) {
			continue // state of one call, or what a write leaves there
		}
		v, made, not := key(j)
		switch {
		case b.nobodys(j):
			v = report.Global
		case v == report.Found:
			v, not = report.Opaque, untold{"whether a request decides its key cannot be told", ""}
		}
		b.add(b.res.Start(j.Access), "state", outcome.Verdict(j.Access, v), "state, key of "+j.What+made, not)
	}
	seen := map[*types.Var]bool{}
	for _, w := range b.res.GlobalWrites() {
		if !seen[w.Global] {
			seen[w.Global] = true
			b.add(w.Pos, "state", outcome.Verdict(w.Global, report.Global), "state, "+w.Global.Name()+" is written as a whole, or a part of it", untold{})
		}
	}
}

// nobodys reports whether entries hold nothing of tenants: they are made before
// there are any, or computed from their keys, or end with the call.
func (b *book) nobodys(j *scopeflow.Judged) bool {
	benign := func(t types.Type) bool { return b.res.Benign(t) }
	if j.Memo || j.Global != nil && benign(j.Global.Type()) || j.Field != nil && benign(j.Field.Type()) {
		return true
	}
	return !slices.ContainsFunc(j.Leaves, func(l scopeflow.Leaf) bool { return !b.res.InitOnly(l.Owner) && !b.res.Fresh(&l) })
}

// routes enters the routes that it is for this package to judge.
func (b *book) routes(res *guards.Result, outcome *rule.Outcome) {
	for i := range res.Routes {
		j := &res.Routes[i]
		if !j.Here {
			continue
		}
		at := j.At
		if at.Pkg != b.pass.Pkg.Path() {
			at = j.Via
		}
		pos, ok := b.res.Pos(at)
		if !ok {
			pos = b.pass.Files[0].Package
		}
		pos = b.res.CallAt(pos)
		v, text := route(j.Route, &j.Verdict)
		why, about, _ := strings.Cut(j.Verdict.Why, ": ")
		b.add(pos, "route", outcome.Verdict(j.Route, v), "route "+text, untold{why, about})
	}
}

// route returns the verdict on a route, and what is said of it.
func route(r *routes.Route, v *guards.Verdict) (verdict report.Verdict, text string) {
	text = r.Name()
	switch v.State {
	case guards.Guarded:
		var names []string
		for _, g := range v.Guards {
			names = append(names, g.Name)
		}
		if len(names) > 0 {
			text += ", behind " + strings.Join(names, ", ")
		}
		return report.Proven, text
	case guards.Public:
		return report.Exempted, text + ", public: " + v.Why
	case guards.Free:
		return report.Global, text + ", which gets to no data of tenants"
	case guards.Open:
		return report.Found, text + ", " + string(v.Category)
	}
	return report.Opaque, text + ", " + v.Why
}

// key returns the worst verdict on an access under a key over all its leaves,
// what the key is made of, and what cannot be told of it.
func key(j *scopeflow.Judged) (verdict report.Verdict, made string, not untold) {
	if len(j.Leaves) == 0 {
		return report.Opaque, ", whose callers are not in sight", untold{"its callers are not in sight", ""}
	}
	for i := range j.Leaves {
		l := &j.Leaves[i]
		v := report.Opaque
		switch {
		case l.Bad():
			v = report.Found
		case l.Good():
			v = report.Proven
		case l.Constant():
			v = report.Shared
		case l.Deferred():
			v = report.Deferred
		}
		if made == "" || v.Worse(verdict) {
			verdict, made, not = v, ", made of "+l.Parts(), unknown(l)
		}
	}
	return verdict, made, not
}

// unknown returns what of a leaf cannot be told.
func unknown(l *scopeflow.Leaf) untold {
	for _, st := range l.Status {
		switch {
		case st.Read: // judged where it is read
		case st.Class == scopeflow.Unknown && st.Cause != nil:
			return untold{"it comes through something that cannot be followed", st.Cause.Name()}
		case st.Class == scopeflow.Unknown:
			return untold{"nothing is known of its value", ""}
		case st.Class == scopeflow.Pending:
			return untold{"its callers are not in sight", ""}
		}
	}
	return untold{"an earlier call was asked about it", ""}
}

// statements gathers the verdicts on the tables of each statement.
type statements struct {
	byCall map[ssa.Instruction]*line
	all    []*line
}

// entry is what is said of a statement and one of its tables.
type entry struct {
	access  *scopeflow.Access
	verdict report.Verdict
	text    string
	untold
}

// line is one statement, with the worst of what is said of its tables.
type line struct {
	entry
	tables []string // what is said of each
}

func (s *statements) add(e entry) {
	l := s.byCall[e.access.Instr]
	if l == nil {
		if s.byCall == nil {
			s.byCall = map[ssa.Instruction]*line{}
		}
		l = &line{entry: e}
		s.byCall[e.access.Instr] = l
		s.all = append(s.all, l)
	}
	if e.verdict.Worse(l.verdict) {
		l.verdict, l.untold = e.verdict, e.untold
	}
	if !slices.Contains(l.tables, e.text) {
		l.tables = append(l.tables, e.text)
	}
}

// lines returns the statements in the order of the source.
func (s *statements) lines() []*line {
	slices.SortStableFunc(s.all, func(a, b *line) int { return cmp.Compare(a.access.Pos, b.access.Pos) })
	return s.all
}

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
func statement(j *scopeflow.Judged, outcome *rule.Outcome) entry {
	e := entry{access: j.Access, verdict: outcome.Verdict(j.Access, report.Opaque)}
	if j.Unbound && e.verdict != report.Opaque {
		e.text = name(j.Access) + " cannot be restricted by " + columns(j.Columns)
		return e
	}
	if len(j.Leaves) == 0 {
		e.text, e.untold = name(j.Access)+", whose callers are not in sight", untold{"its callers are not in sight", ""}
		return e
	}
	worst, of := &j.Leaves[0], report.Proven
	for i := range j.Leaves {
		l := &j.Leaves[i]
		switch {
		case l.Good():
		case l.Deferred() && of == report.Proven:
			of = report.Deferred
		case !l.Deferred():
			of = report.Opaque
		}
		if badness(l) > badness(worst) {
			worst = l
		}
	}
	if e.verdict == report.Opaque {
		e.verdict = of
	}
	e.text, e.untold = name(j.Access)+restrictions(worst), unknown(worst)
	return e
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
