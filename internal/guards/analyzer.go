// Package guards finds out behind which guards the routes of a program stand,
// and whether their handlers get to data of tenants without one.
//
// What a function says of its caller is worked out once, as a [Passage], and
// travels as a fact: as a check, what is known of the caller where it comes out
// well; as a middleware, what is known wherever it lets a request on; as a
// handler, which data of tenants it gets to, and past which checks. The routes
// of internal/routes are then held against that: see [Verdict].
//
// Guards are those that rows name (see models.Guard), and what does its work by
// one of them: a function that comes out well only if a guard did, a middleware
// that lets nobody on whom a guard refused.
package guards

import (
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/routes"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

// Analyzer computes a [Result] for a package. It reports nothing.
var Analyzer = &analysis.Analyzer{
	Name:       "tenantvetguards",
	Doc:        "find the guards that routes stand behind, for other analyzers",
	Run:        run,
	Requires:   []*analysis.Analyzer{scopeflow.Analyzer, routes.Analyzer},
	FactTypes:  []analysis.Fact{new(Passage)},
	ResultType: reflect.TypeFor[*Result](),
}

// A Result is what is known of the routes that one package wires, and of its
// functions. The zero Result knows nothing.
type Result struct {
	Routes  []Judged          // of all tables of the package, in their order
	Marks   []policy.Mark     // of the entries about roles that fit something
	Dropped []scopeflow.Check // checks whose word nobody looks at
}

// Listing lists routes with what is known of their guards: see [routes.NewListing].
var Listing = routes.NewListing(Analyzer)

// Contract returns what is known of the guards of a route of the package.
func (r *Result) Contract(route *routes.Route) *routes.Contract {
	i := slices.IndexFunc(r.Routes, func(j Judged) bool { return j.Route == route })
	if i < 0 {
		return nil
	}
	return r.Routes[i].Verdict.contract()
}

// Judged is a route with its verdict.
type Judged struct {
	*routes.Route
	Table   *routes.Table
	Verdict Verdict
	// Here: it is for this package to say so. Otherwise another one has said it, or
	// will, when the router is mounted there.
	Here bool
}

// A program is the package under analysis.
type program struct {
	pass     *analysis.Pass
	res      *scopeflow.Result
	wires    *routes.Result
	index    *models.Index
	policy   *policy.Policy
	result   *Result
	data     map[ssa.Instruction][]*scopeflow.Access
	checks   map[*ssa.Function][]scopeflow.Check
	outcomes map[*ssa.Function][]scopeflow.Grant
	passages map[*ssa.Function]*Passage
	aborting map[*ssa.Function]bool
	facts    map[*types.Func]*Passage
	marks    map[policy.Mark]bool
}

func run(pass *analysis.Pass) (any, error) {
	res := pass.ResultOf[scopeflow.Analyzer].(*scopeflow.Result)
	out := &Result{}
	if res.Pkg == nil || !res.JudgesKeys() || res.ForTests() {
		return out, nil
	}
	p := &program{
		pass: pass, res: res, wires: pass.ResultOf[routes.Analyzer].(*routes.Result), index: res.Index, policy: res.Policy, result: out,
		data:   map[ssa.Instruction][]*scopeflow.Access{},
		checks: map[*ssa.Function][]scopeflow.Check{}, outcomes: map[*ssa.Function][]scopeflow.Grant{},
		passages: map[*ssa.Function]*Passage{}, aborting: map[*ssa.Function]bool{}, facts: map[*types.Func]*Passage{}, marks: map[policy.Mark]bool{},
	}
	for i := range res.Judged {
		if j := &res.Judged[i]; !j.IsState() {
			p.data[j.Instr] = append(p.data[j.Instr], j.Access)
		}
	}
	p.judge()
	p.export()
	p.dropped()
	for m := range p.marks {
		out.Marks = append(out.Marks, m)
	}
	slices.SortFunc(out.Marks, func(a, b policy.Mark) int { return strings.Compare(a.String(), b.String()) })
	return out, nil
}

// fact returns what is known of a function of another package, nil if nothing.
func (p *program) fact(fn *types.Func) *Passage {
	if fn == nil || fn.Pkg() == nil || fn.Pkg() == p.pass.Pkg {
		return nil
	}
	fn = fn.Origin()
	if f, ok := p.facts[fn]; ok {
		return f
	}
	f := new(Passage)
	if !p.pass.ImportObjectFact(fn, f) {
		f = nil
	}
	p.facts[fn] = f
	return f
}

// export hands what is known of this package's functions on to its importers.
func (p *program) export() {
	passages := map[*types.Func]*Passage{}
	for _, fn := range p.res.Functions() {
		obj, ok := fn.Object().(*types.Func)
		if !ok || fn.Synthetic != "" {
			continue
		}
		f := *p.passage(fn)
		f.Parts, f.Told = p.parts(obj)
		passages[obj] = &f
		if !f.empty() && (obj.Exported() || obj.Signature().Recv() != nil) {
			p.pass.ExportObjectFact(obj, &f)
		}
	}
	p.res.Interfaces(func(m *types.Func, impls []*ssa.Function) {
		var union *Passage
		for _, impl := range impls {
			obj, _ := impl.Object().(*types.Func)
			f := passages[obj]
			if f == nil {
				return
			}
			union = union.join(f)
		}
		if union != nil && !union.empty() {
			p.pass.ExportObjectFact(m, union)
		}
	})
}
