// Package scopeflow is tenantvet's engine: it follows, per dimension, where
// the values of a program come from. SSA goes in, verdicts on accesses and
// summaries of functions come out. It knows dimensions and origins; it knows
// no library (those are rows of internal/models) and no rule (those ask it).
//
// For each value the engine keeps the ways in which it may be composed
// ([Value]); a dimension is carried on every path if every way has a part
// that carries it. It works backwards from what is asked for, on demand:
// through assignments, struct fields and elements, closures, calls of this
// package, and calls of other packages by their [Summary], an object fact.
package scopeflow

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/directive"
	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/sqlscope"
)

// Analyzer computes a [Result] for a package. It reports nothing.
var Analyzer = &analysis.Analyzer{
	Name:       "tenantvetscope",
	Doc:        "compute where the scope of keys comes from, for other analyzers",
	Run:        run,
	Requires:   []*analysis.Analyzer{policy.Analyzer},
	FactTypes:  []analysis.Fact{new(Summary), new(Sharing)},
	ResultType: reflect.TypeFor[*Result](),
}

// A Result is what the engine found in one package.
type Result struct {
	Pkg      *ssa.Package
	Policy   *policy.Policy
	Index    *models.Index
	Judged   []Judged // in source order
	Problems []models.Problem

	e *engine
}

// Judged is an access with what was found of its key.
type Judged struct {
	*Access
	Leaves []Leaf
}

// A site is a call of a function of this package.
type site struct {
	call  ssa.CallInstruction
	owner *ssa.Function
}

type engine struct {
	pass   *analysis.Pass
	prog   *ssa.Program
	pkg    *ssa.Package
	index  *models.Index
	policy *policy.Policy

	funcs    []*ssa.Function        // declared functions, in source order, with the package's initialiser
	local    map[*ssa.Function]bool // functions of this package with a body, literals too
	closures map[*ssa.Function]*ssa.MakeClosure
	callers  map[*ssa.Function][]site
	valueUse map[*ssa.Function]bool // used other than by being called
	globals  map[*ssa.Global][]ssa.Instruction

	embedFiles   map[*types.Var]string // what go:embed says
	embeddedText map[string]*string
	types        []*types.Named
	failures     map[*ssa.Function]Failure
	summaries    map[*types.Package]bool // of packages, whether they have summaries
	mistake      error                   // of the policy, met on the way

	genericOf map[*ssa.Function][]Generic
	memo      map[evKey]*answer
	tentative []evKey
	lowest    int
	depth     int
	evals     int
	work      int // parts of the writes looked at
	flat      int
	cost      int

	writes       map[ssa.Value][]write
	shapes       map[*ssa.Function]*shape
	effectsOf    map[*ssa.Function][]Effect
	impls        map[*types.Func][]*ssa.Function
	facts        map[*types.Func]*Summary
	sharedTypes  map[*types.Named]bool
	owed         map[*ssa.Function][]Obligation
	claims       map[string]models.Dims
	guardCalls   []*ssa.Call
	guardNumbers map[*ssa.Call]int
	initFuncs    map[*ssa.Function]bool
	longLived    map[*types.Named]bool
	directives   map[*ast.File]*directive.File
	sharedState  []token.Pos // declarations that a directive calls shared
	fields       map[*types.Var][]*ssa.Store
	columns      []Path
	entities     map[string]*types.Named
	queryTypes   map[*types.Named]bool // by whether their values are queries
	entityOf     map[*types.Struct][]entityField
	sqlSeen      map[sqlKey]*sqlscope.Result
	imported     map[string]*types.Package
	eventsOf     map[*ssa.Function][]event
	assignments  map[ssa.Value][]assignment // of variables that are kept in memory
	vouchesOf    map[*ssa.Function][]Vouch
	accessOf     map[*ssa.Call][]*Access
	callsAt      map[token.Pos]*ssa.Call
	statementsOf map[*ssa.Function][]*Access
	judgedOf     map[*ssa.Function]models.Dims
	needsOf      map[*ssa.Function][]ContextNeed
	contextsOf   map[*ssa.Function][]ContextFlow
	setsOf       map[*ssa.Function][]Setting
	keysOut      map[keysAt][]KeyUse
	putsOf       map[*ssa.Function][]Beside
	accessorOf   map[string]string // by key of the context
	knowers      map[*ssa.Function]bool
	keysRead     *[]KeyUse
	keysHidden   models.Dims // what sources read under keys that cannot be seen
	confirming   map[confirmKey]bool
	hiding       map[*types.Named]bool // by whether values print as something else than what they hold
	showingsOf   map[*ssa.Function][]Showing
	serving      map[*ssa.Function]bool // what is called by request code
	connections  map[*types.Named]bool
	hookUses     map[*ssa.Function][]HookUse

	kind      *kind // that this engine looks at a function for; nil if at all functions as they are
	kindsOf   map[*ssa.Function][]*kind
	ownKind   map[*ssa.Function][]*kind // of functions of which no caller says anything
	invokes   map[string]bool           // names of the methods of interfaces that are called
	deciding  map[*ssa.Function][]TypeRoot
	reachable map[*kind]*engine
}

func run(pass *analysis.Pass) (any, error) {
	pol := pass.ResultOf[policy.Analyzer].(*policy.Policy)
	e := &engine{
		pass:         pass,
		policy:       pol,
		local:        map[*ssa.Function]bool{},
		closures:     map[*ssa.Function]*ssa.MakeClosure{},
		callers:      map[*ssa.Function][]site{},
		valueUse:     map[*ssa.Function]bool{},
		globals:      map[*ssa.Global][]ssa.Instruction{},
		memo:         map[evKey]*answer{},
		lowest:       noCycle,
		writes:       map[ssa.Value][]write{},
		shapes:       map[*ssa.Function]*shape{},
		effectsOf:    map[*ssa.Function][]Effect{},
		impls:        map[*types.Func][]*ssa.Function{},
		facts:        map[*types.Func]*Summary{},
		sharedTypes:  map[*types.Named]bool{},
		owed:         map[*ssa.Function][]Obligation{},
		guardNumbers: map[*ssa.Call]int{},
		initFuncs:    map[*ssa.Function]bool{},
		longLived:    map[*types.Named]bool{},
		directives:   map[*ast.File]*directive.File{},
	}
	res := &Result{Policy: pol, e: e}
	if onlyTests(pass) {
		return res, nil
	}
	imported := importedPackages(pass.Pkg)
	e.imported = imported
	sets, err := pol.Builtin(func(p string) bool { return imported[p] != nil })
	if err != nil {
		return nil, err
	}
	var params []models.Param
	if pol.Set != nil {
		sets = append(sets, pol.Set)
		params = pol.Set.Params()
	}
	e.index, res.Problems = models.Build(sets, params, func(p string) *types.Package { return imported[p] }, pass.Pkg, func(p string) bool { return inModule(p, pol.Module) })
	res.Index = e.index
	if err := unresolved(pol, res.Problems, pass.Pkg); err != nil {
		return nil, err
	}

	e.build()
	res.Pkg = e.pkg
	e.link()
	judge := func(accesses []*Access) {
		for _, a := range accesses {
			if len(a.Need) > 0 {
				res.Judged = append(res.Judged, Judged{Access: a, Leaves: e.Leaves(a)})
			}
		}
	}
	for _, fn := range e.funcs {
		judge(e.collect(fn))
	}
	if len(pol.Hooks) > 0 {
		e.passHookUses()
		for _, fn := range e.funcs {
			judge(e.liftedAccesses(fn))
		}
		judge(e.hooks())
	}
	slices.SortStableFunc(res.Judged, func(a, b Judged) int { return int(a.Pos) - int(b.Pos) })
	e.export()
	e.exportShared()
	for _, err := range []error{pol.Schema().Err(), pol.Entities().Err()} {
		if err != nil {
			return nil, err
		}
	}
	if e.mistake != nil {
		return nil, e.mistake
	}
	return res, nil
}

// importedPackages returns pkg and all that it imports, directly or not.
func importedPackages(pkg *types.Package) map[string]*types.Package {
	out := map[string]*types.Package{}
	var walk func(p *types.Package)
	walk = func(p *types.Package) {
		if out[p.Path()] != nil {
			return
		}
		out[p.Path()] = p
		for _, q := range p.Imports() {
			walk(q)
		}
	}
	walk(pkg)
	return out
}

func onlyTests(pass *analysis.Pass) bool {
	for _, f := range pass.Files {
		if !isTest(pass, f) {
			return false
		}
	}
	return true
}

func isTest(pass *analysis.Pass, n ast.Node) bool {
	return strings.HasSuffix(pass.Fset.File(n.Pos()).Name(), "_test.go")
}

// build makes the SSA form of the package. It is our own step rather than
// buildssa, which drags the facts of ctrlflow over the whole of std.
func (e *engine) build() {
	prog := ssa.NewProgram(e.pass.Fset, ssa.BuilderMode(0))
	prog.SetNoReturn(func(fn *types.Func) bool {
		m := e.index.Func(fn)
		return m != nil && m.NoReturn
	})
	for _, p := range e.pass.Pkg.Imports() {
		prog.CreatePackage(p, nil, nil, true)
	}
	e.prog = prog
	e.pkg = prog.CreatePackage(e.pass.Pkg, e.pass.Files, e.pass.TypesInfo, false)
	e.pkg.Build()

	if init := e.pkg.Func("init"); init != nil {
		e.funcs = append(e.funcs, init)
	}
	for _, f := range e.pass.Files {
		if isTest(e.pass, f) {
			continue
		}
		for _, d := range f.Decls {
			decl, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			obj, ok := e.pass.TypesInfo.Defs[decl.Name].(*types.Func)
			if !ok {
				continue
			}
			if fn := prog.FuncValue(obj); fn != nil && fn.Blocks != nil {
				e.funcs = append(e.funcs, fn)
			}
		}
	}
	// init functions have objects of their own but not their own FuncValue
	for _, fn := range e.funcs[:min(1, len(e.funcs))] {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if c, ok := in.(*ssa.Call); ok {
					if f := c.Call.StaticCallee(); f != nil && f.Pkg == e.pkg && strings.HasPrefix(f.Name(), "init#") && !slices.Contains(e.funcs, f) && f.Blocks != nil {
						e.funcs = append(e.funcs, f)
					}
				}
			}
		}
	}
}

// link indexes who calls whom, which literals are made where, and who uses
// package-level variables.
func (e *engine) link() {
	for _, fn := range e.funcs {
		e.instrs(fn, func(in ssa.Instruction) {
			e.local[in.Parent()] = true
			if mc, ok := in.(*ssa.MakeClosure); ok {
				if f := mc.Fn.(*ssa.Function); e.closures[f] == nil {
					e.closures[f] = mc
				}
			}
		})
	}
	for _, fn := range e.funcs {
		e.instrs(fn, func(in ssa.Instruction) {
			var callValue ssa.Value
			if call, ok := in.(ssa.CallInstruction); ok {
				callValue = call.Common().Value
				for _, b := range e.bodies(call.Common()) {
					e.callers[b] = append(e.callers[b], site{call, fn})
				}
			}
			for _, op := range in.Operands(nil) {
				switch v := (*op).(type) {
				case *ssa.Global:
					if list := e.globals[v]; len(list) == 0 || list[len(list)-1] != in {
						e.globals[v] = append(list, in)
					}
				case *ssa.Function:
					if v != callValue {
						if f := e.funcOf(v); f != nil {
							e.valueUse[f] = true
						}
					}
				}
			}
		})
	}
}

func (e *engine) globalRefs(g *ssa.Global) *[]ssa.Instruction {
	refs, ok := e.globals[g]
	if !ok {
		return nil
	}
	return &refs
}

// namedTypes returns the package's declared types, in order of name.
func (e *engine) namedTypes() []*types.Named {
	if e.types == nil {
		e.types = []*types.Named{}
		scope := e.pass.Pkg.Scope()
		for _, name := range scope.Names() {
			if tn, ok := scope.Lookup(name).(*types.TypeName); ok && !tn.IsAlias() {
				if n, ok := tn.Type().(*types.Named); ok {
					e.types = append(e.types, n)
				}
			}
		}
	}
	return e.types
}

// need returns what a sink requires.
func (e *engine) need(row *models.Sink) []models.Dims {
	if row.Require != 0 {
		return row.Require.Each()
	}
	return e.needKind(row.Kind)
}

func (e *engine) needKind(k models.Kind) []models.Dims { return e.policy.Need(k) }

// claim returns the dimensions that a field or parameter of that name claims
// to be: the policy's synonyms. A claim proves nothing; it only words findings.
func (e *engine) claim(name string) models.Dims {
	if e.claims == nil {
		e.claims = map[string]models.Dims{}
		for _, d := range models.AllDims.Each() {
			for _, s := range e.policy.Synonyms(d) {
				e.claims[plainName(s)] |= d
			}
		}
	}
	return e.claims[plainName(name)]
}

// plainName is a name without case and joints: tenant_id, TenantID and
// Tenant-Id are one name.
func plainName(s string) string {
	return models.ColumnName(strings.TrimPrefix(strings.ToLower(s), "x-")) // header fields of one's own
}

func inModule(pkg, module string) bool {
	return module != "" && (pkg == module || strings.HasPrefix(pkg, module+"/"))
}

// fact returns the summary of a function of another package, nil if none.
func (e *engine) fact(fn *types.Func) *Summary {
	if fn == nil || fn.Pkg() == nil || fn.Pkg() == e.pass.Pkg {
		return nil
	}
	fn = fn.Origin()
	if s, ok := e.facts[fn]; ok {
		return s
	}
	s := new(Summary)
	if !e.pass.ImportObjectFact(fn, s) {
		s = nil
	}
	e.facts[fn] = s
	return s
}

// position returns pos in the form that facts and steps use.
func (e *engine) position(pos token.Pos) Position {
	if !pos.IsValid() {
		return Position{}
	}
	p := driver.Position(e.pass.Fset, pos)
	return Position{Pkg: e.pass.Pkg.Path(), File: filepath.Base(p.Filename), Line: p.Line, Col: p.Column}
}

// maxResultPaths bounds how many fields of results a summary tells of.
const maxResultPaths = 24

// export computes and exports the summaries of this package's functions.
func (e *engine) export() {
	sums := map[*ssa.Function]*Summary{}
	for _, fn := range e.funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || fn.Synthetic != "" || !e.open(fn) && obj.Signature().Recv() == nil {
			continue
		}
		s := e.summarize(fn)
		sums[fn] = s
		if !s.empty() {
			e.pass.ExportObjectFact(obj, s)
		}
	}
	// An interface of this package owes what its implementations here owe.
	for _, named := range e.namedTypes() {
		iface, ok := named.Underlying().(*types.Interface)
		if !ok {
			continue
		}
		for m := range iface.ExplicitMethods() {
			if m.Pkg() != e.pass.Pkg {
				continue // type T other.Interface: the methods are the other's
			}
			var union Summary
			first := true
			for _, impl := range e.implementations(m, named) {
				s := sums[impl]
				if s == nil {
					s = e.summarize(impl)
				}
				if first {
					union.Vouches, union.Rows, union.Failure = slices.Clone(s.Vouches), slices.Clone(s.Rows), s.Failure
					union.Judged = s.Judged
					union.Needs = slices.Clone(s.Needs)
					first = false
				}
				union.merge(s)
			}
			if !union.empty() {
				e.pass.ExportObjectFact(m, &union)
			}
		}
	}
}

// merge adds what another implementation of the same method does.
func (s *Summary) merge(t *Summary) {
	if t == nil {
		return
	}
	for _, o := range t.Obligations {
		if !slices.ContainsFunc(s.Obligations, func(h Obligation) bool { return h.same(&o) }) {
			s.Obligations = append(s.Obligations, o)
		}
	}
	s.Guarded = s.Guarded || t.Guarded
	s.Needs = mergeNeeds(s.Needs, t.Needs)
	for _, show := range t.Shows {
		if len(s.Shows) < maxShowings && !slices.Contains(s.Shows, show) {
			s.Shows = append(s.Shows, show)
		}
	}
	for i := range t.HookUses {
		if u := &t.HookUses[i]; len(s.HookUses) < maxHookUses && !slices.ContainsFunc(s.HookUses, func(h HookUse) bool { return h.same(u) }) {
			s.HookUses = append(s.HookUses, *u)
		}
	}
	if t.Failure != s.Failure {
		s.Failure = MayPass
	}
	s.Judged &= t.Judged
	s.Vouches = slices.DeleteFunc(s.Vouches, func(v Vouch) bool {
		return !slices.ContainsFunc(t.Vouches, func(w Vouch) bool { return v.same(w) })
	})
	s.Rows = slices.DeleteFunc(s.Rows, func(r RowFlow) bool {
		return !slices.ContainsFunc(t.Rows, func(o RowFlow) bool { return r.Index == o.Index })
	})
	for i := range s.Rows {
		for _, o := range t.Rows {
			if o.Index == s.Rows[i].Index {
				s.Rows[i].By = join(s.Rows[i].By, o.By)
			}
		}
	}
	for _, r := range t.Results {
		i := slices.IndexFunc(s.Results, func(h ResultFlow) bool { return h.Index == r.Index && h.Path == r.Path })
		if i < 0 {
			s.Results = append(s.Results, r)
		} else {
			s.Results[i].Value = join(s.Results[i].Value, r.Value)
		}
	}
}

func (e *engine) summarize(fn *ssa.Function) *Summary {
	s := &Summary{Guarded: e.guards(fn), Obligations: slices.Clone(e.owed[fn])}
	s.Vouches, s.Rows, s.Failure = e.vouches(fn), e.rows(fn), e.failure(fn)
	if e.judges() {
		s.Needs, s.Contexts, s.Sets, s.Keys, s.Besides = e.needs(fn), e.contextFlows(fn), e.sets(fn), e.keysOf(fn), e.puts(fn)
		s.Shows = e.showings(fn)
	}
	if e.policy.Schema() != nil {
		s.Judged = e.rowsJudged(fn)
	}
	res := fn.Signature.Results()
	for i := range min(res.Len(), 4) {
		for _, p := range e.resultPaths(res.At(i).Type()) {
			if len(s.Results) >= maxResultPaths {
				break
			}
			val, _ := e.result(fn, i, p)
			if !val.bottom() && (telling(val) || p == "" && !val.has(func(a *Atom) bool { return a.Kind != Constant })) {
				s.Results = append(s.Results, ResultFlow{i, p, e.portable(val)})
			}
		}
		for _, p := range e.columnResults(res.At(i).Type()) {
			val := e.columnResult(fn, i, p)
			// That a handle is not restricted says something, too. What other queries
			// were begun from may restrict them by what is not seen.
			if val.bottom() || val.size() > maxEffect || len(s.Results) >= maxResultPaths || !telling(val) && !e.isHandle(resultQuery(res.At(i).Type())) {
				continue
			}
			s.Results = append(s.Results, ResultFlow{i, p, e.portable(val)})
		}
	}
	for _, ef := range e.effects(fn) {
		ef.Value = e.portable(ef.Value)
		s.Effects = append(s.Effects, ef)
	}
	var queries []Callback
	for i, p := range fn.Params {
		if _, ok := p.Type().Underlying().(*types.Signature); !ok {
			continue
		}
		n := i
		if fn.Signature.Recv() != nil {
			n--
		}
		for _, inv := range e.invocations(fn, n) {
			for j, arg := range inv.Common().Args {
				if e.isQuery(arg.Type()) && len(queries) < maxQueries {
					queries = append(queries, e.queryHanded(n, j, arg, inv)...)
				}
				if !mayCarry(arg.Type()) || len(s.Calls) >= 12 {
					continue
				}
				val := e.settle(e.ev(arg, "", inv), inv)
				if telling(val) {
					s.Calls = append(s.Calls, Callback{n, j, "", e.portable(val)})
				}
			}
		}
	}
	s.Calls = append(s.Calls, queries...)
	e.summarizeSessions(fn, s)
	e.summarizeHooks(fn, s)
	for _, g := range e.generics(fn) {
		g.ID = e.portable(g.ID)
		g.Columns = slices.Clone(g.Columns)
		for i := range g.Columns {
			g.Columns[i].Value = e.portable(g.Columns[i].Value)
		}
		s.Generics = append(s.Generics, g)
	}
	for i := range s.Obligations {
		s.Obligations[i].Key = e.portable(s.Obligations[i].Key)
		s.Obligations[i].ID = e.portable(s.Obligations[i].ID)
		s.Obligations[i].User = e.portable(s.Obligations[i].User)
	}
	return s
}

// maxQueries bounds what a summary tells of queries that are handed on.
const maxQueries = 48

// queryHanded returns what fn passes of a query to its n-th parameter, a function, as
// the j-th argument: what restricts it already, by each column.
func (e *engine) queryHanded(n, j int, query ssa.Value, at ssa.Instruction) []Callback {
	var out []Callback
	for _, column := range append(slices.Clip(e.columnNames()), idStep) {
		val := e.settle(e.ev(query, column, at), at)
		if !val.bottom() && val.size() <= maxEffect && !val.has(func(a *Atom) bool { return a.Kind == Opaque }) {
			out = append(out, Callback{n, j, column, e.portable(val)})
		}
	}
	return out
}

// portable returns v without what only this package understands.
func (e *engine) portable(v Value) Value {
	return v.mapAtoms(func(a Atom) Atom {
		if a.Pos.IsValid() {
			if a.Kind == Scope || a.Kind == Request || a.Kind == Record {
				a.At = e.position(a.Pos)
			}
			a.Pos = token.NoPos
		}
		a.Guards = nil
		if a.Call != nil {
			a.Call = a.Call.mapOperands(e.portable)
		}
		return a
	})
}

// resultPaths returns the paths of a result that a summary tells of: of a struct,
// the fields, of a wide one those that say whose it is.
func (e *engine) resultPaths(t types.Type) []Path {
	if !mayCarry(t) {
		return nil
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if m := e.index.Type(t); m != nil && (m.Source != 0 || m.Fixed || m.Wraps) {
		return []Path{""}
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return []Path{""}
	case *types.Array:
		return []Path{""}
	case *types.Slice:
		if b, ok := u.Elem().Underlying().(*types.Basic); ok {
			if b.Kind() == types.Byte {
				return []Path{""}
			}
			return []Path{models.Elem}
		}
	case *types.Struct:
		out := e.owningPaths(u, "", 2)
		for i := 0; i < u.NumFields() && u.NumFields() <= 16; i++ {
			f := u.Field(i)
			switch ft := f.Type().Underlying().(type) {
			case *types.Basic, *types.Struct, *types.Array:
				if p := Path("." + f.Name()); mayCarry(ft) && !slices.Contains(out, p) {
					out = append(out, p)
				}
			}
		}
		return out
	}
	return nil
}

// owningPaths returns the paths to the fields of a struct, and of those in it, whose
// names claim a dimension.
func (e *engine) owningPaths(s *types.Struct, at Path, depth int) []Path {
	var out []Path
	for i := range s.NumFields() {
		f := s.Field(i)
		p := at.field(f.Name())
		if e.claim(f.Name()) != 0 && mayCarry(f.Type()) {
			out = append(out, p)
		} else if in, ok := f.Type().Underlying().(*types.Struct); ok && depth > 0 {
			out = append(out, e.owningPaths(in, p, depth-1)...)
		}
	}
	return out
}

// Pos returns p as a position of fset, adding the file to it if need be. The
// second result is false if the file cannot be found. A host that hands out the files
// of one package at a time hides those of the module's others: what is known of a
// place there is enough to tell it.
func (r *Result) Pos(p Position) (token.Pos, bool) {
	e := r.e
	if p.File == "" || len(e.pass.Files) == 0 {
		return token.NoPos, false
	}
	here := filepath.Dir(driver.Position(e.pass.Fset, driver.FirstWritten(e.pass.Fset, e.pass.Files).Package).Filename)
	dir := here
	if p.Pkg != e.pass.Pkg.Path() {
		// Where import path and directory part ways is the root of the module.
		root, prefix := here, e.pass.Pkg.Path()
		for prefix != "" && prefix != "." && path.Base(prefix) == filepath.Base(root) {
			root, prefix = filepath.Dir(root), path.Dir(prefix)
			if rest, ok := strings.CutPrefix(p.Pkg, prefix+"/"); ok {
				if d := filepath.Join(root, filepath.FromSlash(rest)); isFile(filepath.Join(d, p.File)) {
					dir = d
					break
				}
			}
		}
		if e.policy.Dir != "" && dir == here {
			if rest, ok := strings.CutPrefix(p.Pkg, e.policy.Module+"/"); ok {
				dir = filepath.Join(e.policy.Dir, filepath.FromSlash(rest))
			}
		}
	}
	name := filepath.Join(dir, p.File)
	var file *token.File
	for _, f := range e.pass.Files {
		if tf := e.pass.Fset.File(f.Package); tf != nil && tf.Name() == name {
			file = tf
		}
	}
	if file == nil {
		data, err := os.ReadFile(name)
		switch {
		case err == nil:
			file = e.pass.Fset.AddFile(name, -1, len(data))
			file.SetLinesForContent(data)
		case dir != here && errors.Is(err, fs.ErrNotExist) && p.Col <= unseenWidth:
			return e.unseen(name, p), true
		default:
			return token.NoPos, false
		}
	}
	if p.Line < 1 || p.Line > file.LineCount() {
		return token.NoPos, false
	}
	start := file.LineStart(p.Line)
	pos := start + token.Pos(p.Col-1)
	if int(pos) > file.Base()+file.Size() {
		pos = start
	}
	return pos, true
}

// unseenWidth is how long the lines of a file are taken to be that cannot be read.
const unseenWidth = 512

// unseen returns a place in a file that cannot be read, as one of a file with as many
// lines as it takes.
func (e *engine) unseen(name string, p Position) token.Pos {
	file := e.pass.Fset.AddFile(name, -1, p.Line*unseenWidth)
	lines := make([]int, p.Line)
	for i := range lines {
		lines[i] = i * unseenWidth
	}
	file.SetLines(lines)
	return file.LineStart(p.Line) + token.Pos(p.Col-1)
}

func isFile(name string) bool {
	st, err := os.Stat(name)
	return err == nil && st.Mode().IsRegular()
}
