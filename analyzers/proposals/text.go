package proposals

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/report"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

// few and share say when calls that carry the tenant tell what the others should
// do: there are at least few of them, and they are at least this share of those
// of which it can be told.
const (
	few   = 3
	share = 0.75
)

// Text returns rows for the policy of the module that holds dir, commented out,
// each with its evidence, made of the tally of a run with [Analyzer]: first
// interfaces behind which keys end out of sight, then functions that most callers
// hand the tenant and some do not. It is empty if there is nothing to propose.
func Text(dir string, getenv func(string) string, tally []string) (string, error) {
	p, err := policy.ForDir(dir, getenv)
	if err != nil {
		return "", err
	}
	var recs []record
	for _, line := range tally {
		var r record
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			return "", fmt.Errorf("what a package has to propose cannot be read: %w", err)
		}
		recs = append(recs, r)
	}
	w := &writer{module: p.Module}
	w.wrappers(recs)
	w.deviants(recs)
	return w.String(), nil
}

// A writer writes rows.
type writer struct {
	strings.Builder
	module string
}

// local shortens a name of the module to the form that policies use.
func (w *writer) local(name string) string {
	name = strings.Replace(name, w.module+"/", "./", 1)
	return strings.Replace(name, w.module+".", "..", 1)
}

// wrapper is a row for the methods of an interface that do the same with a key.
type wrapper struct {
	iface, impl *declared
	hands
	methods []string
	at      report.Pos // of the first method that hands the key on
	calls   int
}

// wrappers proposes sinks for interfaces whose methods hand keys on in a package
// that who calls them does not see.
func (w *writer) wrappers(recs []record) {
	calls := map[[3]string]int{}
	for _, r := range recs {
		if c := r.Called; c != nil {
			calls[[3]string{c.Package, c.Interface, c.Method}] += c.Count
		}
	}
	var rows []*wrapper
	for _, r := range recs {
		if r.Interface == nil {
			continue
		}
		impl := implementation(r.Interface, recs)
		if impl == nil {
			continue
		}
		for _, m := range r.Interface.Methods {
			n := calls[[3]string{r.Interface.Package, r.Interface.Name, m.Name}]
			if m.Known || n == 0 {
				continue
			}
			rows = enter(rows, r.Interface, impl, m.Name, n)
		}
	}
	for _, row := range rows {
		w.wrapper(row)
	}
}

// implementation returns a type of another package that satisfies an interface and
// hands keys on: the first by name, so that it is always the same. It is nil if
// there is none, or if one stands beside the interface, where it is seen.
func implementation(iface *declared, recs []record) *declared {
	var found *declared
	for _, r := range recs {
		if r.Type == nil || !r.Type.satisfies(iface) {
			continue
		}
		if r.Type.Package == iface.Package {
			return nil
		}
		if found == nil {
			found = r.Type
		}
	}
	return found
}

func (d *declared) method(name string) *method {
	i := slices.IndexFunc(d.Methods, func(m method) bool { return m.Name == name })
	if i < 0 {
		return nil
	}
	return &d.Methods[i]
}

func (d *declared) satisfies(iface *declared) bool {
	return !slices.ContainsFunc(iface.Methods, func(m method) bool {
		own := d.method(m.Name)
		return own == nil || own.Signature != m.Signature
	})
}

// enter adds a method to the rows for an interface.
func enter(rows []*wrapper, iface, impl *declared, name string, calls int) []*wrapper {
	own := impl.method(name)
	for _, h := range own.Hands {
		i := slices.IndexFunc(rows, func(r *wrapper) bool {
			return r.iface == iface && r.Kind == h.Kind && r.Op == h.Op && slices.Equal(r.Key, h.Key)
		})
		if i < 0 {
			i = len(rows)
			rows = append(rows, &wrapper{iface: iface, impl: impl, hands: h, at: own.Pos})
		}
		rows[i].methods = append(rows[i].methods, name)
		rows[i].calls += calls
	}
	return rows
}

func (w *writer) wrapper(r *wrapper) {
	name := r.methods[0]
	if len(r.methods) > 1 {
		name = "{" + strings.Join(r.methods, ",") + "}"
	}
	impl := w.local("(*" + r.impl.Package + "." + r.impl.Name + ")." + r.methods[0])
	fmt.Fprintf(w, "\n# %s:%d %s\n# hands its key to %s, out of sight of who calls it through the interface at\n", r.at.File, r.at.Line, impl, r.What)
	fmt.Fprintf(w, "# %s:%d: %s\n", r.iface.Pos.File, r.iface.Pos.Line, times(r.calls, "call does", "calls do"))
	fmt.Fprintf(w, "# [[sink]]\n# func = %q\n# kind = %q\n", w.local("("+r.iface.Package+"."+r.iface.Name+")."+name), r.Kind)
	if r.Op != "" {
		fmt.Fprintf(w, "# op = %q\n", r.Op)
	}
	if len(r.Key) == 1 {
		fmt.Fprintf(w, "# key = %q\n", r.Key[0])
		return
	}
	fmt.Fprintf(w, "# key = [\"%s\"]\n", strings.Join(r.Key, `", "`))
}

func times(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// A target is a parameter of a function, and what calls pass for it.
type target struct {
	fn, param string
	scoped    int
	not       []*passed // that do not carry the tenant
	untold    int
}

// deviants proposes sinks for functions that most callers hand the tenant.
func (w *writer) deviants(recs []record) {
	var all []*target
	for _, r := range recs {
		p := r.Passed
		if p == nil {
			continue
		}
		i := slices.IndexFunc(all, func(t *target) bool { return t.fn == p.Func && t.param == p.Param })
		if i < 0 {
			i = len(all)
			all = append(all, &target{fn: p.Func, param: p.Param})
		}
		switch t := all[i]; {
		case p.Class == scopeflow.Proven:
			t.scoped++
		case p.Class == scopeflow.Pending || p.Class == scopeflow.Unknown:
			t.untold++
		default:
			t.not = append(t.not, p)
		}
	}
	all = slices.DeleteFunc(all, func(t *target) bool {
		return len(t.not) == 0 || t.scoped < few || float64(t.scoped) < share*float64(t.scoped+len(t.not))
	})
	slices.SortFunc(all, func(a, b *target) int {
		return cmp.Or(b.scoped*len(a.not)-a.scoped*len(b.not), strings.Compare(a.fn, b.fn), strings.Compare(a.param, b.param))
	})
	for _, t := range all {
		w.target(t)
	}
}

// most is how many calls that do not carry the tenant are listed.
const most = 8

func (w *writer) target(t *target) {
	fmt.Fprintf(w, "\n# %d of %d calls of %s pass the caller's tenant in %s. Declare it a sink, if what it\n# gets at is kept apart by that? Not so:\n", t.scoped, t.scoped+len(t.not), w.local(t.fn), t.param)
	for i, p := range t.not {
		if i == most {
			fmt.Fprintf(w, "#   and %d more\n", len(t.not)-most)
			break
		}
		fmt.Fprintf(w, "#   %s: made of %s\n", p.Pos, p.Parts)
	}
	if t.untold > 0 {
		fmt.Fprintf(w, "# Of %s it cannot be told here.\n", times(t.untold, "more", "more"))
	}
	fmt.Fprintf(w, "# [[sink]]\n# func = %q\n# kind = %q\n# key = %q\n", w.local(t.fn), kind(t.fn), t.param)
}

// kind guesses what a function gets at, by its name: the row is to be read anyway.
func kind(fn string) models.Kind {
	lower := strings.ToLower(fn)
	for _, k := range []struct {
		kind  models.Kind
		words []string
	}{
		{models.Lock, []string{"lock", "mutex", "idempot", "ratelimit"}},
		{models.Blob, []string{"blob", "bucket", "object", "upload", "file"}},
		{models.Topic, []string{"publish", "topic", "queue", "subject"}},
		{models.Task, []string{"task", "job", "schedule"}},
		{models.Store, []string{"store", "repo"}},
	} {
		if slices.ContainsFunc(k.words, func(w string) bool { return strings.Contains(lower, w) }) {
			return k.kind
		}
	}
	return models.Cache
}
