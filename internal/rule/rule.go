// Package rule is what the analyzers share between the engine's verdict and
// the diagnostic: exemptions by policy and directive, grouping of findings
// with one cause, and the path of a finding as related steps.
package rule

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/internal/directive"
	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/report"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

// Categories lists every category that a finding may have, as
// "analyzer/category", in the order of the documentation.
func Categories() []string {
	return []string{
		"unscopedkey/missing",
		"unscopedkey/misscoped",
		"unscopedkey/conditional",
		"unscopedkey/collision",
		"unscopedkey/asymmetric",
		"unscopedkey/discarded",
		"unscopedkey/unset",
		"unscopedkey/ineffective",
		"unscopedkey/unbound",
		"unscopedkey/twin",
		"missingtenant/unguarded",
		"missingtenant/norole",
		"missingtenant/failopen",
		"missingtenant/ignored",
		"missingtenant/late",
		"missingtenant/order",
		"missingtenant/deadmiddleware",
		"missingtenant/partial",
		"globalcache/unkeyed",
		"globalcache/longlived",
		"globalcache/retained",
		"globalcache/swappable",
		"scopesource/request",
		"scopesource/chosen",
		"scopesource/second",
		"scopesource/forged",
		"failopen/zero",
		"failopen/fallback",
		"failopen/retry",
		"failopen/empty",
		"failopen/skipped",
		"failopen/unconfigured",
		"failopen/swallowed",
		"lostscope/dropped",
		"lostscope/rebuilt",
		"lostscope/unopened",
		"rawenv/compared",
		"rawenv/spelling",
		"rawenv/key",
		"rawenv/literal",
		"tokenlog/log",
		"tokenlog/response",
		"tokenlog/trace",
		"tokenlog/dump",
		"tokenlog/label",
		"unscopedevent/unowned",
		"unscopedevent/bare",
		"unscopedevent/broadcast",
		"untestedscope/untested",
		"tenantdirective/malformed",
		"tenantdirective/unused",
	}
}

// known reports whether a category, or an analyzer for all of its categories, exists.
func known(category string) bool {
	return slices.ContainsFunc(Categories(), func(c string) bool {
		return c == category || strings.HasPrefix(c, category+"/")
	})
}

// Exemptions reads what takes findings out of a package: the directives of its
// files, and the policy's shared and exempt entries. The analyzers that require
// it mark in its result what they make use of.
var Exemptions = &analysis.Analyzer{
	Name:       "tenantvetexemptions",
	Doc:        "read //tenantvet: comments and the policy's exemptions for the other analyzers",
	Requires:   []*analysis.Analyzer{policy.Analyzer},
	ResultType: reflect.TypeFor[*Exempt](),
	Run: func(pass *analysis.Pass) (any, error) {
		pol := pass.ResultOf[policy.Analyzer].(*policy.Policy)
		// The policy cannot know which categories there are; this package does.
		if err := pol.CheckCategories(known); err != nil {
			return nil, err
		}
		x := &Exempt{Policy: pol, fset: pass.Fset, used: map[policy.Mark]bool{}}
		for _, f := range pass.Files {
			x.Files = append(x.Files, directive.Parse(pass.Fset, f, known))
			x.syntax = append(x.syntax, f)
		}
		return x, nil
	},
}

// Exempt holds what takes findings out of a package. It is safe for concurrent
// use.
type Exempt struct {
	Policy *policy.Policy
	Files  []*directive.File
	syntax []*ast.File
	fset   *token.FileSet

	mu   sync.Mutex
	used map[policy.Mark]bool
}

func (x *Exempt) file(pos token.Pos) *directive.File {
	for i, f := range x.syntax {
		if f.FileStart <= pos && pos <= f.FileEnd {
			return x.Files[i]
		}
	}
	return nil
}

// Takes reports whether a directive at one of the places, or the policy, takes
// the subject out, and which. It marks all that does, so that of two entries for
// the same thing neither counts as unused while the other hides it.
func (x *Exempt) Takes(s policy.Subject, places ...token.Pos) (by report.Exemption, ok bool) {
	for _, pos := range places {
		if d := x.directive(pos, s.Category); d != nil {
			by, ok = report.Exemption{Reason: d.Reason, InSource: true, Pos: x.place(d.Pos)}, true
			break
		}
	}
	marks := x.Policy.Takes(s)
	x.Use(marks...)
	if !ok && len(marks) > 0 {
		by, ok = x.Policy.Exemption(marks[0]), true
	}
	return by, ok
}

// directive returns the directive that takes findings of the category at pos out,
// nil if none does.
func (x *Exempt) directive(pos token.Pos, category string) *directive.Directive {
	file := x.file(pos)
	if file == nil {
		return nil
	}
	if d := file.Match(pos, category); d != nil {
		return d
	}
	return file.MatchVerb(pos, directive.Scoped)
}

func (x *Exempt) place(pos token.Pos) report.Pos {
	p := driver.Position(x.fset, pos)
	return report.Pos{File: p.Filename, Line: p.Line, Col: p.Column}
}

// Use marks entries of the policy as needed.
func (x *Exempt) Use(marks ...policy.Mark) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, m := range marks {
		x.used[m] = true
	}
}

// Public reports whether a directive at pos calls routes public, and marks it as
// needed.
func (x *Exempt) Public(pos token.Pos) bool {
	file := x.file(pos)
	return file != nil && file.MatchVerb(pos, directive.Public) != nil
}

// Demands reports whether a directive at pos demands a role, and marks it as
// needed.
func (x *Exempt) Demands(pos token.Pos) bool {
	file := x.file(pos)
	return file != nil && file.MatchVerb(pos, directive.Role) != nil
}

// MarkShared marks the shared directive at pos as used.
func (x *Exempt) MarkShared(pos token.Pos) {
	if file := x.file(pos); file != nil {
		file.Match(pos, "")
	}
}

// Used reports whether a finding fits what the mark stands for.
func (x *Exempt) Used(m policy.Mark) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.used[m]
}

// Marks returns what findings fit, in a fixed order.
func (x *Exempt) Marks() []policy.Mark {
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.SortedFunc(maps.Keys(x.used), func(a, b policy.Mark) int { return strings.Compare(a.String(), b.String()) })
}

// A Finding is a diagnostic before exemptions and grouping.
type Finding struct {
	Pos      token.Pos
	Category string // without the analyzer's name
	Message  string
	Steps    []scopeflow.Step
	Owner    *types.Func   // the function that it is in; nil in initialisers
	Global   *types.Var    // the variable or field that it is about, if it is about one
	State    models.Name   // as in policy.Subject
	Keys     [][]string    // as in policy.Subject
	Table    string        // as in policy.Subject
	Lacks    models.Dims   // as in policy.Subject
	Route    *policy.Route // as in policy.Subject

	through []*types.Func // the functions between Pos and the sink
	Access  *scopeflow.Access
	About   []any  // further things that it is about, for [Outcome]
	Cause   string // findings of one function, category and cause are one
	Package bool   // findings of the whole package with that category and cause are one
	What    string // the sink, for the list of siblings
	// AlsoAt are further places where a directive may stand, such as the
	// declaration of Global.
	AlsoAt []token.Pos
	// Shared is what another package, which declares what the finding is about, says
	// of tenants sharing it.
	Shared scopeflow.Sharing
	Fixes  []analysis.SuggestedFix
	// Joint: the first fix goes together with those of the findings that are one
	// with this: none of them gets in another's way.
	Joint bool
}

// A Reporter collects the findings of one analyzer on one package.
type Reporter struct {
	*scopeflow.Result
	Pass     *analysis.Pass
	exempt   *Exempt
	findings []Finding
	taken    []taken
	outcome  Outcome
}

// taken is a finding that an exemption takes out.
type taken struct {
	Finding
	by report.Exemption
}

// An Outcome says what an analyzer found: for lists of all that was judged. It is
// complete once the analyzer ran, and safe for concurrent use from then on. The
// zero Outcome is that of an analyzer that found nothing.
//
// What it speaks of are accesses, variables and routes: *scopeflow.Access,
// *types.Var and *routes.Route.
type Outcome struct {
	found, exempted map[any]bool
	takenOut        []driver.Unreported
}

// Found reports whether a finding about the thing was reported.
func (o *Outcome) Found(thing any) bool { return o.found[thing] }

// Exempted reports whether there was a finding about the thing that the policy or
// a directive takes out, and no other.
func (o *Outcome) Exempted(thing any) bool { return o.exempted[thing] && !o.found[thing] }

// TakenOut returns the findings that the policy or a directive takes out.
func (o *Outcome) TakenOut() []driver.Unreported { return o.takenOut }

// Verdict returns found or exempted, if one of both is due to a finding about the
// thing, else otherwise.
func (o *Outcome) Verdict(thing any, otherwise report.Verdict) report.Verdict {
	switch {
	case o.Found(thing):
		return report.Found
	case o.Exempted(thing):
		return report.Exempted
	}
	return otherwise
}

// note keeps what became of a finding about a thing.
func (o *Outcome) note(thing any, exempted bool) {
	if o.found == nil {
		o.found, o.exempted = map[any]bool{}, map[any]bool{}
	}
	if exempted {
		o.exempted[thing] = true
	} else {
		o.found[thing] = true
	}
}

// origin is the access that a is, which may be seen from a caller.
func origin(a *scopeflow.Access) *scopeflow.Access {
	if a.Root != nil {
		return a.Root
	}
	return a
}

// noteAll keeps what became of a finding about all that it is about.
func (o *Outcome) noteAll(f *Finding, exempted bool) {
	if f.Access != nil {
		o.note(origin(f.Access), exempted)
	}
	for _, thing := range f.About {
		o.note(thing, exempted)
	}
}

// Requires is what an analyzer must require to use a [Reporter].
func Requires() []*analysis.Analyzer { return []*analysis.Analyzer{scopeflow.Analyzer, Exemptions} }

// NewReporter returns a reporter for pass, whose analyzer requires [Requires].
// The second result is false if the package serves tests: what is found there
// concerns no tenant.
func NewReporter(pass *analysis.Pass) (*Reporter, bool) {
	res := pass.ResultOf[scopeflow.Analyzer].(*scopeflow.Result)
	return &Reporter{Result: res, Pass: pass, exempt: pass.ResultOf[Exemptions].(*Exempt)}, !res.ForTests()
}

// At returns the beginning of a finding about the key of access a, as it looks
// at leaf l if that is not nil.
func (r *Reporter) At(a *scopeflow.Access, l *scopeflow.Leaf) Finding {
	f := Finding{Access: a, Pos: r.Start(a), Owner: a.Func(), What: a.What, Keys: r.Beginnings(a), Table: a.Entity}
	for _, d := range a.Need {
		f.Lacks |= d
	}
	if l != nil {
		f.Keys, f.through = r.Beginnings(l.Access), l.Through()
		f.Lacks = l.Lacks()
	}
	return f
}

// Shared is what one entry of the policy says of leaves: tenants share their keys.
type Shared struct {
	By     report.Exemption
	Leaves []*scopeflow.Leaf
}

// Unshared returns those of the leaves whose keys are not shared as far as the
// policy says, and the others by the entry that says so. One finding may stand for
// several leaves, and each answers for its own key: this is to be asked about leaves
// that are findings otherwise, since what says so counts as used from then on.
func (r *Reporter) Unshared(bad []*scopeflow.Leaf) (rest []*scopeflow.Leaf, shared []Shared) {
	for _, l := range bad {
		by, ok := r.exempt.Takes(policy.Subject{Keys: r.Beginnings(l.Access)})
		if !ok {
			rest = append(rest, l)
			continue
		}
		i := slices.IndexFunc(shared, func(s Shared) bool { return s.By == by })
		if i < 0 {
			i = len(shared)
			shared = append(shared, Shared{By: by})
		}
		shared[i].Leaves = append(shared[i].Leaves, l)
	}
	return rest, shared
}

// Add records a finding.
func (r *Reporter) Add(f Finding) { r.findings = append(r.findings, f) }

// AddTaken records a finding that an exemption takes out.
func (r *Reporter) AddTaken(f Finding, by report.Exemption) { r.taken = append(r.taken, taken{f, by}) }

// Taken reports whether the policy or a directive takes the finding out, and which;
// it counts as used from then on.
func (r *Reporter) Taken(f *Finding) (by report.Exemption, ok bool) {
	s := policy.Subject{
		Category: r.Pass.Analyzer.Name + "/" + f.Category, Func: f.Owner, Global: f.Global, State: f.State, Keys: f.Keys, Table: f.Table, Lacks: f.Lacks, Route: f.Route,
		Package: r.Pass.Pkg.Path(), File: driver.Position(r.Pass.Fset, f.Pos).Filename,
	}
	by, ok = r.exempt.Takes(s, append([]token.Pos{f.Pos}, f.AlsoAt...)...)
	if f.Shared.Said() && !by.InSource {
		by, ok = report.Exemption{Reason: f.Shared.Reason, InSource: true}, true
		if pos, found := r.Pos(f.Shared.At); found {
			by.Pos = r.exempt.place(pos)
		}
	}
	for _, fn := range f.through {
		if !ok && fn != f.Owner {
			by, ok = r.exempt.Takes(policy.Subject{Category: s.Category, Func: fn, Lacks: f.Lacks}) // answers for what is in its body
		}
	}
	return by, ok
}

// Exempt returns what takes findings out of the package.
func (r *Reporter) Exempt() *Exempt { return r.exempt }

// Flush reports what was added and is not exempt, sorted, one diagnostic per
// function, category and cause, and returns what became of all of it.
func (r *Reporter) Flush() *Outcome {
	var kept []Finding
	for _, f := range r.findings {
		if by, ok := r.Taken(&f); ok {
			r.AddTaken(f, by)
		} else {
			kept = append(kept, f)
			r.outcome.noteAll(&f, false)
		}
	}
	for _, d := range r.diagnostics(kept) {
		r.Pass.Report(d)
	}
	byExemption := map[report.Exemption][]Finding{}
	var order []report.Exemption
	for _, t := range r.taken {
		r.outcome.noteAll(&t.Finding, true)
		if byExemption[t.by] == nil {
			order = append(order, t.by)
		}
		byExemption[t.by] = append(byExemption[t.by], t.Finding)
	}
	for _, by := range order {
		for _, d := range r.diagnostics(byExemption[by]) {
			r.outcome.takenOut = append(r.outcome.takenOut, driver.Unreported{Diagnostic: d, By: by})
		}
	}
	return &r.outcome
}

// diagnostics returns what is said of findings, sorted: one diagnostic per
// function, category and cause.
func (r *Reporter) diagnostics(kept []Finding) []analysis.Diagnostic {
	var out []analysis.Diagnostic
	slices.SortStableFunc(kept, func(a, b Finding) int {
		if a.Pos != b.Pos {
			return int(a.Pos) - int(b.Pos)
		}
		if c := strings.Compare(a.Category, b.Category); c != 0 {
			return c
		}
		return strings.Compare(a.Message, b.Message)
	})
	done := make([]bool, len(kept))
	for i := range kept {
		if done[i] {
			continue
		}
		f := &kept[i]
		d := analysis.Diagnostic{Pos: f.Pos, Category: f.Category, Message: f.Message, SuggestedFixes: f.Fixes}
		for _, s := range f.Steps {
			pos, ok := r.Pos(s.Pos)
			msg := s.Msg
			if !ok {
				pos = f.Pos
				if at := s.Pos.String(); at != "" {
					msg += " (" + at + ")"
				}
			}
			d.Related = append(d.Related, analysis.RelatedInformation{Pos: pos, Message: msg})
		}
		for k := i + 1; k < len(kept); k++ {
			g := &kept[k]
			if g.Pos == f.Pos && !done[k] && g.Global == f.Global {
				done[k] = true // the same call, seen from another side
				d.Related = append(d.Related, analysis.RelatedInformation{Pos: g.Pos, Message: "and here: " + g.Message})
				continue
			}
			if done[k] || g.Owner != f.Owner && !(f.Package && g.Package) || g.Category != f.Category || g.Cause != f.Cause {
				continue
			}
			done[k] = true
			if f.Joint && g.Joint && len(g.Fixes) > 0 {
				d.SuggestedFixes = joined(d.SuggestedFixes, g.Fixes[0])
			}
			if g.Pos != f.Pos {
				d.Related = append(d.Related, analysis.RelatedInformation{Pos: g.Pos, Message: "the same here: " + g.What})
			}
		}
		out = append(out, d)
	}
	return out
}

// joined returns the first of the fixes and another as one.
func joined(fixes []analysis.SuggestedFix, with analysis.SuggestedFix) []analysis.SuggestedFix {
	if len(fixes) > 0 {
		with.TextEdits = append(slices.Clip(fixes[0].TextEdits), with.TextEdits...)
	}
	return []analysis.SuggestedFix{with}
}
