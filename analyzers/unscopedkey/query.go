package unscopedkey

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

// query turns what the engine found of one statement into findings.
func (r *reporter) query(j *scopeflow.Judged) {
	if len(j.Hook) > 0 {
		r.hook(j)
		return
	}
	if j.Unheeded() {
		r.add(j.Access, nil, catIneffective, fmt.Sprintf("%s does not keep to the conditions before it: it writes the row with the same key, whosever it is", j.What), "ineffective")
		return
	}
	var bad, good []*scopeflow.Leaf
	for i := range j.Leaves {
		l := &j.Leaves[i]
		switch {
		case l.Bad():
			bad = append(bad, l)
		case l.Good():
			good = append(good, l)
		}
	}
	switch {
	case len(bad) == 0:
		r.twin(j)
	case j.Unbound && !byID(bad[0]):
		f := r.finding(j.Access, nil, catMissing, fmt.Sprintf("%s cannot be restricted by %s: it reaches %s rows of everybody", j.What, columns(j.Columns, j.Need), j.Entity), "unbound")
		f.Fixes, f.Joint = r.statementFix(j.Access, j.Need), true
		r.Add(f)
	case len(good) == 0 && !byID(bad[0]):
		// Nobody gets it right: the defect is where the statement is.
		r.reportQuery(j.Access, bad[0])
	default:
		for _, l := range bad {
			r.reportQuery(l.Access, l)
		}
	}
}

// hook reports hooks that do not hold statements to what the policy says they do: those
// rely on it, and are not looked at themselves.
func (r *reporter) hook(j *scopeflow.Judged) {
	var ops []string
	words := map[models.Op]string{models.Read: "reads", models.Write: "updates", models.Delete: "deletes", models.Insert: "inserts"}
	for _, op := range j.Hook {
		ops = append(ops, words[op])
	}
	what := join(ops)
	l := &j.Leaves[0]
	for _, st := range l.Status {
		dim := st.Need.String()
		cause := fmt.Sprint("hook ", dim, what)
		switch {
		case st.Class == scopeflow.Proven:
		case j.Entity != "":
			r.add(j.Access, l, catConditional, fmt.Sprintf("%s lets %s go on some paths before the hooks are asked that hold %s to the caller's %s", j.What, what, j.Entity, dim), cause)
		case st.Mixed && !st.Unchecked:
			r.add(j.Access, l, catConditional, fmt.Sprintf("%s holds %s to the caller's %s only on some paths, and statements rely on it", j.What, what, dim), cause)
		case st.Class == scopeflow.Foreign:
			from := map[scopeflow.Kind]string{scopeflow.Request: "the request", scopeflow.Constant: "a constant"}[st.Cause.Kind]
			r.add(j.Access, l, catMisscoped, fmt.Sprintf("%s takes the %s to which it holds %s from %s, not from the caller's scope", j.What, dim, what, from), cause)
		case st.Unchecked:
			r.add(j.Access, l, catMissing, fmt.Sprintf("%s holds %s to no %s that holds: the error of %s is not checked", j.What, what, dim, st.Cause.Text), cause)
		case st.Class == scopeflow.Bare:
			r.add(j.Access, l, catMissing, fmt.Sprintf("%s does not hold %s to the caller's %s, and statements rely on it", j.What, what, dim), cause)
		default:
			r.add(j.Access, l, catMissing, fmt.Sprintf("what %s holds %s to cannot be followed, and statements rely on it for their %s", j.What, what, dim), cause)
		}
	}
}

// join lists words.
func join(words []string) string {
	if n := len(words) - 1; n > 0 {
		return strings.Join(words[:n], ", ") + " and " + words[n]
	}
	return words[0]
}

// twin reports a statement by an identifier that nothing is known to bind, if
// the same statement within the caller's scope stands beside it.
func (r *reporter) twin(j *scopeflow.Judged) {
	called := slices.ContainsFunc(j.Leaves, func(l scopeflow.Leaf) bool { return len(l.Via) > 0 })
	for i := range j.Leaves {
		l := &j.Leaves[i]
		if called && len(l.Via) == 0 || r.Dead(l) {
			continue // whoever calls it in sight knows what it hands on, or nobody does
		}
		for _, st := range l.Status {
			if !st.ByID || st.Class != scopeflow.Pending && st.Class != scopeflow.Unknown || st.Cause.Kind != scopeflow.Param || st.Cause.Path != "" {
				continue
			}
			if twin := r.Twin(j.Access, st.Need); twin != nil {
				r.add(j.Access, nil, catTwin, fmt.Sprintf("%s by %s, which nothing is known to bind to the caller's %s: call %s, which asks for it", j.What, st.Cause.Describe(), columns(j.Columns, []models.Dims{st.Need}), twin.Name()), "twin")
				return
			}
		}
	}
}

// escape reports an OR that takes the force of a query's other conditions away.
func (r *reporter) escape(a *scopeflow.Access) {
	msg := fmt.Sprintf("%s puts an OR without parentheses beside the conditions that the query has already: they hold for one side of it only", a.What)
	r.add(a, nil, catConditional, msg, "escape")
}

// byID reports whether the leaf is about a row that is found by an identifier
// alone: which row, and so whose, is said there and not where the statement is.
func byID(l *scopeflow.Leaf) bool {
	return slices.ContainsFunc(l.Status, func(st scopeflow.Status) bool { return st.ByID && st.Class == scopeflow.Bare })
}

// reportQuery words the finding of a bad leaf, at access a.
func (r *reporter) reportQuery(a *scopeflow.Access, l *scopeflow.Leaf) {
	var missing, foreign, mixed []models.Dims
	insert := a.Op == models.Insert
	made := insert && (a.Row == nil || a.Row.SQL == nil) // not by the statement itself
	var unchecked, cause *scopeflow.Atom
	var unbound []models.Dims
	for _, st := range l.Status {
		switch {
		case st.Class < scopeflow.Foreign:
		case st.ByID:
			unbound = append(unbound, st.Need)
			cause = st.Cause
		case st.Mixed:
			mixed = append(mixed, st.Need)
		case st.Class == scopeflow.Foreign:
			foreign = append(foreign, st.Need)
			cause = st.Cause
		default:
			if st.Unchecked {
				unchecked = st.Cause
				if made {
					continue
				}
			}
			missing = append(missing, st.Need)
		}
	}
	if insert {
		// Rows are made elsewhere, and on some way there mostly for nobody: an
		// error that is returned in their place. Only what is never set counts.
		mixed = nil
	}
	if made {
		unchecked = nil
	}
	gap := r.Gap(l.Access, slices.Concat(missing, foreign, mixed))
	switch {
	case unbound != nil && a.Ref != "":
		r.add(a, l, catUnbound, fmt.Sprintf("%s sets %s to %s, which nothing binds to the caller's %s", a.What, a.Ref, cause.Describe(), columns(l.Columns, unbound)), "ref "+a.Ref)
	case unbound != nil:
		r.add(a, l, catUnbound, fmt.Sprintf("%s by %s, which nothing binds to the caller's %s: anybody's row will do", a.What, cause.Describe(), columns(l.Columns, unbound)), "unbound "+fmt.Sprint(unbound))
	case unchecked != nil:
		r.add(a, l, catMissing, fmt.Sprintf("%s has no %s that holds: the error of %s is not checked", a.What, columns(l.Columns, missing), unchecked.Text), "unchecked")
	case foreign != nil:
		from := map[scopeflow.Kind]string{scopeflow.Request: "the request", scopeflow.Constant: "a constant"}[cause.Kind]
		what := columns(l.Columns, foreign)
		if gap.Set {
			what = gap.Setting
		}
		r.add(a, l, catMisscoped, fmt.Sprintf("%s takes %s from %s, not from the caller's scope", a.What, what, from), "misscoped "+fmt.Sprint(foreign))
	case missing != nil && insert:
		r.add(a, l, catUnset, fmt.Sprintf("%s leaves %s unset", a.What, columns(l.Columns, missing))+and(gap), "unset "+fmt.Sprint(missing))
	case missing != nil && gap.Why != "":
		r.add(a, l, catMissing, fmt.Sprintf("%s is not restricted by %s", a.What, columns(l.Columns, missing))+and(gap), "missing "+fmt.Sprint(missing))
	case missing != nil:
		f := r.finding(a, l, catMissing, fmt.Sprintf("%s is not restricted by %s: it reaches %s rows of everybody", a.What, columns(l.Columns, missing), a.Entity), "missing "+fmt.Sprint(missing))
		if l.Access == a && mends(l, missing) {
			f.Fixes, f.Joint = r.statementFix(a, missing), true
		}
		r.Add(f)
	case mixed != nil:
		msg := fmt.Sprintf("%s is restricted by %s only on some paths", a.What, columns(l.Columns, mixed))
		if gap.Set {
			msg += ": " + gap.Setting + " is set on some of them only"
		}
		r.add(a, l, catConditional, msg, "conditional "+fmt.Sprint(mixed))
	}
}

// and says why what a statement runs on does not make up for what it lacks.
func and(g scopeflow.Gap) string {
	if g.Why == "" {
		return ""
	}
	return ", and " + g.Why
}

// mends reports whether nothing but what is missing makes the leaf a finding:
// what leaves it one is no fix.
func mends(l *scopeflow.Leaf, missing []models.Dims) bool {
	for _, st := range l.Status {
		if st.Class >= scopeflow.Foreign && (st.Mixed || !slices.Contains(missing, st.Need)) {
			return false
		}
	}
	return true
}

// columns names the columns that hold what is needed.
func columns(cols []scopeflow.ScopeColumn, need []models.Dims) string {
	var names []string
	for _, c := range cols {
		for _, d := range need {
			if c.Need == d {
				names = append(names, c.Name)
			}
		}
	}
	return strings.Join(names, " and ")
}
