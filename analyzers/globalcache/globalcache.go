package globalcache

import (
	_ "embed"
	"fmt"
	"go/types"
	"path"
	"reflect"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/rule"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

//go:embed doc.go
var doc string

// Analyzer reports state that outlives requests and is not kept apart by
// tenant. Its result, a *[rule.Outcome], says what became of each access to such
// state, and of the variables that are written as a whole. It is safe for
// concurrent use by drivers and has no flags.
var Analyzer = &analysis.Analyzer{
	Name:       "globalcache",
	Doc:        rule.Doc(doc, "globalcache"),
	URL:        "https://github.com/tenantvet/tenantvet/blob/main/docs/rules.md#globalcache",
	Run:        run,
	Requires:   rule.Requires(),
	ResultType: reflect.TypeFor[*rule.Outcome](),
}

// The categories of findings.
const (
	catUnkeyed   = "unkeyed"
	catLongLived = "longlived"
	catRetained  = "retained"
	catSwappable = "swappable"
)

func run(pass *analysis.Pass) (any, error) {
	base, ok := rule.NewReporter(pass)
	if !ok {
		return new(rule.Outcome), nil
	}
	r := &reporter{base}
	for i := range r.Judged {
		j := &r.Judged[i]
		if j.IsState() && j.Op == models.Write {
			r.keyed(j)
		}
	}
	for _, w := range r.GlobalWrites() {
		r.written(&w)
	}
	return r.Flush(), nil
}

// elsewhere returns the category of findings about state that another package
// keeps, and what messages call it.
func elsewhere(state models.Name) (category, what string) {
	pkg := path.Base(state.Package)
	if rest, ok := strings.CutPrefix(pkg, "v"); ok && rest != "" && strings.Trim(rest, "0123456789") == "" {
		pkg = path.Base(path.Dir(state.Package)) // a major version, which is no name
	}
	if state.Type != "" {
		return catLongLived, fmt.Sprintf("field %s of long-lived %s.%s", state.Name, pkg, state.Type)
	}
	return catUnkeyed, fmt.Sprintf("package-level %s.%s", pkg, state.Name)
}

type reporter struct{ *rule.Reporter }

// keyed judges an entry written to a map or cache.
func (r *reporter) keyed(j *scopeflow.Judged) {
	if j.Memo {
		return
	}
	good := false
	var leaking []*scopeflow.Leaf
	for i := range j.Leaves {
		l := &j.Leaves[i]
		good = good || l.Good()
		if r.leaks(j, l) {
			leaking = append(leaking, l)
		}
	}
	leaking, shared := r.Unshared(leaking)
	for _, s := range shared {
		for _, f := range r.words(j, s.Leaves, good) {
			r.AddTaken(f, s.By)
		}
	}
	for _, f := range r.words(j, leaking, good) {
		r.Add(f)
	}
}

// words returns the findings about leaves that keep one entry for all tenants. If
// none of the others gets it right, the defect is where the entry is written.
func (r *reporter) words(j *scopeflow.Judged, leaking []*scopeflow.Leaf, right bool) []rule.Finding {
	var out []rule.Finding
	for _, l := range leaking {
		if !right && l.Global == j.Global && l.Field == j.Field {
			return append(out, r.word(j, j.Access, l))
		}
		out = append(out, r.word(j, l.Access, l))
	}
	return out
}

// word words the finding, at access a, that leaf l keeps one entry for all tenants.
func (r *reporter) word(j *scopeflow.Judged, a *scopeflow.Access, at *scopeflow.Leaf) rule.Finding {
	dims := models.All(at.Unproven())
	f := r.At(a, at)
	f.What = j.What
	switch {
	case j.State.Name != "":
		var what string
		f.Category, what = elsewhere(j.State)
		f.Message = fmt.Sprintf("%s is written after initialisation and not keyed by %s: its key is made of %s alone", what, dims, at.Parts())
		f.State, f.Shared, f.Cause, f.Package = j.State, j.Shared, j.State.String(), true
	case at.Global != nil:
		v := at.Global.Object().(*types.Var)
		f.Category, f.Global = catUnkeyed, v
		f.Message = fmt.Sprintf("package-level %s %s is written after initialisation and not keyed by %s: its key is made of %s alone", kind(v.Type()), v.Name(), dims, at.Parts())
		f.Steps = append(f.Steps, r.Declared(v)...)
		f.AlsoAt, f.Shared = append(f.AlsoAt, v.Pos()), r.SharedElsewhere(v)
		f.Cause = v.Name()
	default:
		f.Category, f.Global = catLongLived, at.Field
		f.Message = fmt.Sprintf("field %s of long-lived %s is written after initialisation and not keyed by %s: its key is made of %s alone", at.Field.Name(), at.Struct.Obj().Name(), dims, at.Parts())
		f.Steps = append(f.Steps, r.Declared(at.Field)...)
		f.AlsoAt = append(f.AlsoAt, at.Field.Pos(), at.Struct.Obj().Pos())
		f.What = "field " + at.Field.Name()
	}
	if j.Loaded.IsValid() {
		f.Steps = append(f.Steps, scopeflow.Step{Pos: r.Position(j.Loaded), Msg: "the entry is loaded for the caller's context here"})
	}
	f.Steps = append(f.Steps, r.Path(a, at)...)
	return f
}

// leaks reports whether the entry, as it looks at leaf l, is one for all
// tenants: its key comes from a client, or what is kept was loaded for one
// caller, or is filed under what a record says of itself.
func (r *reporter) leaks(j *scopeflow.Judged, l *scopeflow.Leaf) bool {
	if r.InitOnly(l.Owner) || r.Fresh(l) || !l.Bad() && l.Claimed(models.AllDims) {
		return false
	}
	sent := l.Bad() && l.FromRequest()
	switch {
	case j.State.Name != "":
		return sent
	case l.Global != nil:
		v, ok := l.Global.Object().(*types.Var)
		if !ok || r.Benign(v.Type()) {
			return false
		}
		return sent || l.Open && r.Serves(l.Owner) && (r.Loaded(l) || r.ByRecord(l))
	case l.Field != nil:
		if !r.LongLived(l.Struct) || r.Benign(l.Field.Type()) {
			return false
		}
		return sent || l.Open && (r.Loaded(l) || r.ByRecord(l))
	}
	return false
}

// written judges a write to a variable as a whole, or to a part of it.
func (r *reporter) written(w *scopeflow.GlobalWrite) {
	t := w.Global.Type()
	whole := w.Path == "" && replaceable(t)
	if r.Benign(t) && !whole {
		return
	}
	f := rule.Finding{Pos: w.Pos, Owner: w.Func(), Global: w.Global, About: []any{w.Global}, Cause: w.Global.Name(), What: w.Global.Name()}
	f.AlsoAt, f.Shared = append(f.AlsoAt, w.Global.Pos()), r.SharedElsewhere(w.Global)
	f.Steps = append(f.Steps, r.Declared(w.Global)...)
	if w.Swap && w.Path == "" && !r.Benign(t) && r.Decides(t) {
		f.Category = catSwappable
		f.Message = fmt.Sprintf("package-level %s can be replaced at run time by whoever imports the package, for every tenant", w.Global.Name())
		r.Add(f)
		return
	}
	data := scopeflow.RequestData(w.Value, whole)
	if data == nil || !r.Serves(w.Owner) {
		return
	}
	f.Steps = append(f.Steps, scopeflow.Step{Pos: r.AtomPosition(data), Msg: data.Name() + " comes from here"})
	switch {
	case w.Pooled:
		f.Category = catRetained
		f.Message = fmt.Sprintf("package-level pool %s gets an object back that still holds %s: the next request finds it", w.Global.Name(), data.Name())
	case whole:
		f.Category = catSwappable
		f.Message = fmt.Sprintf("package-level %s can be replaced at run time: a request decides it for every tenant", w.Global.Name())
	default:
		f.Category = catRetained
		f.Message = fmt.Sprintf("package-level %s %s is written after initialisation with %s and not keyed by tenant: the next request finds it", kind(t), w.Global.Name(), data.Name())
	}
	r.Add(f)
}

// replaceable reports whether a variable of type t is something to call
// rather than data to read.
func replaceable(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Signature, *types.Interface:
		return true
	case *types.Pointer:
		_, ok := types.Unalias(u.Elem()).(*types.Named)
		return ok && types.NewMethodSet(t).Len() > 0
	}
	return false
}

// kind is what messages call a variable of type t.
func kind(t types.Type) string {
	switch u := t.Underlying().(type) {
	case *types.Map:
		return "map"
	case *types.Slice:
		return "slice"
	case *types.Array:
		return "array"
	case *types.Pointer:
		if _, ok := u.Elem().Underlying().(*types.Struct); ok {
			if n, ok := types.Unalias(u.Elem()).(*types.Named); ok {
				return n.Obj().Name()
			}
		}
	case *types.Struct, *types.Interface:
		if n, ok := types.Unalias(t).(*types.Named); ok {
			return n.Obj().Name()
		}
	}
	return "variable"
}
