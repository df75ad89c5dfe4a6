package unscopedkey

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

// Analyzer reports keys and statements that do not carry the caller's scope.
// Its result, a *[rule.Outcome], says what became of each access. It is safe
// for concurrent use by drivers and has no flags.
var Analyzer = &analysis.Analyzer{
	Name:       "unscopedkey",
	Doc:        rule.Doc(doc, "unscopedkey"),
	URL:        "https://github.com/tenantvet/tenantvet/blob/main/docs/rules.md#unscopedkey",
	Run:        run,
	Requires:   rule.Requires(),
	ResultType: reflect.TypeFor[*rule.Outcome](),
}

// The categories of findings.
const (
	catMissing     = "missing"
	catMisscoped   = "misscoped"
	catConditional = "conditional"
	catCollision   = "collision"
	catAsymmetric  = "asymmetric"
	catDiscarded   = "discarded"
	catUnset       = "unset"
	catIneffective = "ineffective"
	catUnbound     = "unbound"
	catTwin        = "twin"
)

func run(pass *analysis.Pass) (any, error) {
	base, ok := rule.NewReporter(pass)
	if !ok || !base.JudgesKeys() {
		return &rule.Outcome{}, nil
	}
	r := &reporter{base}
	for i := range r.Judged {
		j := &r.Judged[i]
		if j.IsState() {
			continue // state of this process: globalcache's
		}
		if len(j.Columns) > 0 {
			r.query(j)
			continue
		}
		r.judge(j)
	}
	for _, a := range r.Escapes() {
		r.escape(a)
	}
	return r.Flush(), nil
}

type reporter struct{ *rule.Reporter }

// judge turns what the engine found of one access into findings.
func (r *reporter) judge(j *scopeflow.Judged) {
	if j.Unbound {
		r.add(j.Access, nil, catMissing, fmt.Sprintf("%s reaches everybody: it takes no key that could carry %s", j.What, models.All(j.Need)), "unbound")
		return
	}
	var bad, good, open []*scopeflow.Leaf
	for i := range j.Leaves {
		l := &j.Leaves[i]
		switch {
		case l.Bad():
			bad = append(bad, l)
		case l.Open:
			open = append(open, l)
		case l.Good():
			good = append(good, l)
		}
	}
	bad, shared := r.Unshared(bad)
	for _, s := range shared {
		for _, f := range r.words(j, s.Leaves, len(good) > 0) {
			r.AddTaken(f, s.By)
		}
	}
	for _, f := range r.words(j, bad, len(good) > 0) {
		r.Add(f)
	}
	if len(bad) > 0 {
		return
	}
	for _, l := range good {
		if parts, ok := collision(l.Key); ok {
			r.add(j.Access, l, catCollision, fmt.Sprintf("%s is ambiguous: %s, so two tenants may share an entry", r.KeyName(j.Access), parts), "collision "+parts)
			return
		}
	}
	for _, l := range open {
		if r.open(j, l, len(good) > 0) {
			return
		}
	}
}

// open judges a key whose last word is with callers out of sight: a finding
// only where the function itself gives the evidence.
func (r *reporter) open(j *scopeflow.Judged, l *scopeflow.Leaf, other bool) bool {
	missing := l.Lacking()
	var dims models.Dims
	for _, d := range missing {
		dims |= d
	}
	if dims == 0 || l.Claimed(dims) {
		return false
	}
	if w := r.ScopedTwin(j.Access); w != nil && !other {
		r.add(j.Access, l, catMissing, "", "")
		return true
	}
	if name, pos := r.InHand(l, dims); name != "" && !other {
		f := r.finding(j.Access, l, catDiscarded, fmt.Sprintf("%s is in hand but not in the %s", name, r.KeyName(j.Access)), "discarded", scopeflow.Step{Pos: r.Position(pos), Msg: name + " is here"})
		f.Fixes = r.prefixFix(j, missing)
		r.Add(f)
		return true
	}
	if r.IsBoundary() {
		r.add(j.Access, l, catMissing, fmt.Sprintf("%s has %s: it is made of %s alone, and this package must scope its keys itself", r.KeyName(j.Access), models.No(missing), l.Parts()), "missing "+models.All(missing))
		return true
	}
	if r.Loaded(l) && !other {
		steps := []scopeflow.Step{}
		if j.Loaded.IsValid() {
			steps = append(steps, scopeflow.Step{Pos: r.Position(j.Loaded), Msg: "the entry is loaded for the caller's context here"})
		}
		r.add(j.Access, l, catMissing, fmt.Sprintf("%s has %s: what is loaded for one caller's context is kept for all, under %s alone", r.KeyName(j.Access), models.No(missing), l.Parts()), "missing "+models.All(missing), steps...)
		return true
	}
	return false
}

// words returns the findings about bad leaves. If none of the other leaves gets it
// right, the defect is where the key is used.
func (r *reporter) words(j *scopeflow.Judged, bad []*scopeflow.Leaf, right bool) []rule.Finding {
	var out []rule.Finding
	for _, l := range bad {
		if !right {
			return append(out, r.word(j.Access, l))
		}
		out = append(out, r.word(l.Access, l))
	}
	return out
}

// word words the finding of a bad leaf, at access a.
func (r *reporter) word(a *scopeflow.Access, l *scopeflow.Leaf) rule.Finding {
	var missing, foreign, mixed []models.Dims
	var cause *scopeflow.Atom
	unchecked := false
	for _, st := range l.Status {
		switch {
		case st.Class < scopeflow.Foreign:
		case st.Mixed:
			mixed = append(mixed, st.Need)
		case st.Unchecked:
			unchecked = true
			missing = append(missing, st.Need)
			cause = st.Cause
		case st.Class == scopeflow.Foreign:
			foreign = append(foreign, st.Need)
			cause = st.Cause
		default:
			missing = append(missing, st.Need)
			if cause == nil {
				cause = st.Cause
			}
		}
	}
	key := r.KeyName(a)
	switch {
	case unchecked:
		f := r.finding(a, l, catMissing, fmt.Sprintf("%s has %s that holds: the error of %s is not checked", key, models.No(missing), cause.Text), "unchecked")
		f.Fixes = r.checkFix(l)
		return f
	case foreign != nil:
		from := "the request"
		if cause.Kind == scopeflow.Record {
			from = "a loaded record"
		} else if cause.Kind == scopeflow.Constant {
			from = "a constant"
		}
		return r.finding(a, l, catMisscoped, fmt.Sprintf("%s takes its %s from %s, not from the caller's scope", key, models.All(foreign), from), "misscoped "+models.All(foreign))
	case missing != nil && a.Row != nil && a.Row.Whole && cause == nil:
		msg := fmt.Sprintf("%s is not narrowed by %s", a.What, models.All(missing))
		if len(missing) == len(a.Need) {
			msg += ": it reaches what belongs to everybody"
		}
		return r.finding(a, l, catMissing, msg, "missing "+models.All(missing))
	case missing != nil:
		return r.finding(a, l, catMissing, fmt.Sprintf("%s has %s: it is made of %s alone", key, models.No(missing), l.Parts()), "missing "+models.All(missing))
	}
	if by := r.MixedBy(l); by != nil {
		// One cause for all keys of the package that this helper makes.
		f := r.At(a, l)
		f.Category, f.Cause, f.Package = catConditional, by.FullName(), true
		f.Message = fmt.Sprintf("%s has %s only on some paths: %s leaves it out of what it returns", key, models.All(mixed), by.Name())
		f.Steps = append(r.Declared(by), r.Path(a, l)...)
		return f
	}
	return r.finding(a, l, catConditional, fmt.Sprintf("%s has %s only on some paths", key, models.All(mixed)), "conditional "+models.All(mixed))
}

func (r *reporter) add(a *scopeflow.Access, l *scopeflow.Leaf, category, msg, cause string, extra ...scopeflow.Step) {
	r.Add(r.finding(a, l, category, msg, cause, extra...))
}

// finding words a finding about the key of a, as it looks at leaf l if that is
// not nil.
func (r *reporter) finding(a *scopeflow.Access, l *scopeflow.Leaf, category, msg, cause string, extra ...scopeflow.Step) rule.Finding {
	f := r.At(a, l)
	f.Category, f.Message, f.Cause, f.Steps = category, msg, cause, extra
	if category == catMissing && !a.Unbound {
		if w := r.ScopedTwin(a); w != nil {
			// One side of the same entries is scoped: that says more.
			verb := map[models.Op]string{models.Read: "read", models.Write: "written", models.Insert: "written", models.Delete: "deleted"}
			f.Category, f.Cause = catAsymmetric, ""
			f.Message = fmt.Sprintf("%s entry is %s with %s but %s without", a.Kind, verb[w.Op], models.All(a.Need), verb[a.Op])
			f.Steps = append(f.Steps, scopeflow.Step{Pos: r.Position(w.Pos), Msg: "the scoped " + w.What + " is here"})
		}
	}
	if l != nil {
		f.Steps = append(f.Steps, r.Path(a, l)...)
	}
	return f
}

// collision reports whether two different scopes can make the same key, and
// says how. Scopes are taken not to hold the separators that their keys use;
// anything else may hold anything.
func collision(v scopeflow.Value) (string, bool) {
	for _, alt := range v.Alts {
		if !alt.Ordered() {
			continue
		}
		for i, a := range alt.Parts {
			if a.Kind != scopeflow.Scope || a.Selected {
				continue
			}
			if !a.Fixed && i+1 < len(alt.Parts) && free(alt.Parts[i+1]) {
				return "nothing separates " + a.Dims.And() + " from " + name(alt.Parts[i+1]), true
			}
			if !a.Fixed && i > 0 && free(alt.Parts[i-1]) {
				return "nothing separates " + name(alt.Parts[i-1]) + " from " + a.Dims.And(), true
			}
			var left, right *scopeflow.Atom
			for k := range alt.Parts {
				p := &alt.Parts[k]
				if !free(*p) {
					continue
				}
				if k < i && left == nil {
					left = p
				} else if k > i {
					right = p
				}
			}
			if left != nil && right != nil {
				return fmt.Sprintf("%s stands between %s and %s, which may hold the separator", a.Dims.And(), name(*left), name(*right)), true
			}
		}
	}
	return "", false
}

// free reports whether a part may hold any text.
func free(a scopeflow.Atom) bool {
	if a.Fixed || a.Selected || a.Ctx {
		return false
	}
	switch a.Kind {
	case scopeflow.Param:
		return a.Root != scopeflow.Receiver // what a service is set up with does not vary by caller
	case scopeflow.Request, scopeflow.Record:
		return true
	}
	return false
}

func name(a scopeflow.Atom) string {
	if a.Text != "" {
		return a.Text
	}
	return a.Kind.String()
}
