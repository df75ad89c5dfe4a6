package scopeflow

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/directive"
	"github.com/tenantvet/tenantvet/internal/models"
)

// A GlobalWrite is a write to a package-level variable other than under the
// key of a map: an assignment, an append, a field or element of it.
type GlobalWrite struct {
	Global *types.Var
	Path   Path
	Value  Value
	Owner  *ssa.Function
	Pos    token.Pos
	// Swap: an exported function puts its own parameter there.
	Swap bool
	// Pooled: an object that is given back to the pool in Global still holds
	// Value.
	Pooled bool
}

// Func returns the declared function that the write is in, nil in an initialiser.
func (w *GlobalWrite) Func() *types.Func {
	obj, _ := w.Owner.Object().(*types.Func)
	return obj
}

// GlobalWrites returns the writes to package-level variables that may happen
// after initialisation, in source order.
func (r *Result) GlobalWrites() []GlobalWrite {
	e := r.e
	if e == nil || e.prog == nil {
		return nil
	}
	var out []GlobalWrite
	for _, fn := range e.funcs {
		if e.initOnly(fn) {
			continue
		}
		e.instrs(fn, func(in ssa.Instruction) {
			switch in := in.(type) {
			case *ssa.Store:
				base, path := e.rootThrough(in.Addr)
				g, ok := base.(*ssa.Global)
				if !ok || g.Object() == nil {
					return
				}
				w := GlobalWrite{Global: g.Object().(*types.Var), Path: path, Owner: fn, Pos: in.Pos()}
				w.Value = e.settle(e.whole(in.Val, in), in)
				if p, ok := in.Val.(*ssa.Parameter); ok && path == "" && p.Parent() == fn && exported(fn) {
					w.Swap = true
				}
				out = append(out, w)
			case ssa.CallInstruction:
				out = append(out, e.writesByCall(fn, in)...)
			}
		})
	}
	return out
}

// A Sharing is what a directive where state is declared says: tenants share it. As
// a fact about a package-level variable it tells importers, who cannot see the
// directive. The zero Sharing says nothing.
type Sharing struct {
	Reason string
	At     Position // of the directive
}

// AFact marks Sharing as a fact.
func (*Sharing) AFact() {}

// String is short: facts are shown in tests by it.
func (s *Sharing) String() string { return "shared: " + s.Reason }

// Said reports whether there is a directive.
func (s Sharing) Said() bool { return s.Reason != "" }

// sharedAt returns what a directive where obj, of this package, is declared says of
// tenants sharing it. Findings about it may be elsewhere, so it counts as needed.
func (e *engine) sharedAt(obj types.Object) Sharing {
	if obj.Pkg() != e.pass.Pkg {
		return Sharing{}
	}
	for _, f := range e.pass.Files {
		if f.FileStart > obj.Pos() || obj.Pos() >= f.FileEnd {
			continue
		}
		d := e.directives[f]
		if d == nil {
			d = directive.Parse(e.pass.Fset, f, func(string) bool { return true })
			e.directives[f] = d
		}
		m := d.Match(obj.Pos(), "")
		if m == nil {
			return Sharing{}
		}
		if !slices.Contains(e.sharedState, obj.Pos()) {
			e.sharedState = append(e.sharedState, obj.Pos())
		}
		return Sharing{Reason: m.Reason, At: e.position(m.Pos)}
	}
	return Sharing{}
}

// exportShared tells importers which of the variables that they may write are shared.
func (e *engine) exportShared() {
	scope := e.pass.Pkg.Scope()
	if e.pass.Pkg.Name() == "main" {
		return
	}
	for _, name := range scope.Names() {
		if v, ok := scope.Lookup(name).(*types.Var); ok && v.Exported() {
			if s := e.sharedAt(v); s.Said() {
				e.pass.ExportObjectFact(v, &s)
			}
		}
	}
}

// SharedElsewhere returns what a directive in another package says of tenants
// sharing a package-level variable of that.
func (r *Result) SharedElsewhere(v *types.Var) Sharing {
	var s Sharing
	if v.Pkg() != nil && v.Pkg() != r.e.pass.Pkg {
		r.e.pass.ImportObjectFact(v, &s)
	}
	return s
}

// SharedState returns the places of declarations whose directives speak of state
// that importers of this package may write.
func (r *Result) SharedState() []token.Pos {
	if r.e == nil {
		return nil
	}
	return r.e.sharedState
}

// OwedState returns the variables and fields that functions of this package
// leave to their callers to keep apart: findings about them may be elsewhere.
func (r *Result) OwedState() []models.Name {
	var out []models.Name
	if r.e == nil {
		return nil
	}
	for _, fn := range r.e.funcs {
		for _, o := range r.e.owed[fn] {
			if o.State.Name != "" && !slices.Contains(out, o.State) {
				out = append(out, o.State)
			}
		}
	}
	return out
}

func exported(fn *ssa.Function) bool {
	obj, ok := fn.Object().(*types.Func)
	return ok && obj.Exported()
}

// writesByCall returns what a call of this package's functions writes to
// package-level variables whose addresses it is handed, and what it gives
// back to a pool.
func (e *engine) writesByCall(owner *ssa.Function, call ssa.CallInstruction) []GlobalWrite {
	common := call.Common()
	var out []GlobalWrite
	if fn := callee(common); fn != nil {
		if m := e.index.Func(fn); m != nil {
			for i := range m.Flows {
				if m.Flows[i].How != models.Append || m.Flows[i].To.Base != models.Recv {
					continue
				}
				if tm := e.index.Type(common.Signature().Recv().Type()); tm == nil || !tm.State {
					continue
				}
				if w := e.pooled(owner, call, argument(common, Receiver), argument(common, placeNumber(m.Flows[i].From[0]))); w != nil {
					out = append(out, *w)
				}
			}
			return out
		}
	}
	body := e.body(common)
	if body == nil {
		return nil
	}
	for _, ef := range e.effects(body) {
		arg := argument(common, ef.Param)
		if arg == nil || strings.Contains(string(ef.Path), "[") {
			continue
		}
		base, path := e.root(arg)
		if g, ok := base.(*ssa.Global); ok && g.Object() != nil {
			out = append(out, GlobalWrite{Global: g.Object().(*types.Var), Path: path + ef.Path, Owner: owner, Pos: call.Pos(),
				Value: e.settle(e.subst(ef.Value, common, call), call)})
		}
	}
	return out
}

// pooled returns what object v still holds when it is given back to pool.
func (e *engine) pooled(owner *ssa.Function, call ssa.CallInstruction, pool, v ssa.Value) *GlobalWrite {
	if pool == nil || v == nil {
		return nil
	}
	base, path := e.root(pool)
	g, ok := base.(*ssa.Global)
	if !ok || g.Object() == nil {
		return nil
	}
	obj, prefix := e.root(v)
	if prefix != "" {
		return nil
	}
	ws := e.writesTo(obj)
	for i, w := range ws {
		if w.mode != setTo && w.mode != appendTo {
			continue
		}
		if st, ok := w.instr.(*ssa.Store); ok {
			if _, zero := st.Val.(*ssa.Const); zero {
				continue
			}
		}
		val := w.val("")
		if !val.has(func(a *Atom) bool { return !a.Ctx && !a.Selected && (a.Kind == Request || a.Kind == Scope) }) {
			continue
		}
		reset := false
		for k, x := range ws {
			if k == i || !(strings.HasPrefix(string(w.sub), string(x.sub))) {
				continue
			}
			cleared := x.mode == emptied
			if st, ok := x.instr.(*ssa.Store); ok {
				_, cleared = st.Val.(*ssa.Const)
			}
			if x.mode == setTo && x.sub == "" && x.instr != w.instr {
				cleared = true // *obj = job{}
			}
			if cleared {
				reset = true
			}
		}
		// A method that empties the object (Reset, clear) writes constants.
		if !reset {
			return &GlobalWrite{Global: g.Object().(*types.Var), Path: path, Value: val, Owner: owner, Pos: call.Pos(), Pooled: true}
		}
	}
	return nil
}

// rootThrough is root, followed further through the variables of literals and
// the results of this package's accessors.
func (e *engine) rootThrough(v ssa.Value) (ssa.Value, Path) {
	base, path := e.root(v)
	for range 4 {
		switch b := base.(type) {
		case *ssa.FreeVar:
			bound, ok := e.binding(b)
			if !ok {
				return base, path
			}
			r, p := e.root(bound)
			base, path = r, p+path
		case *ssa.Call:
			g := e.accessor(b)
			if g == nil {
				return base, path
			}
			base = g
		default:
			return base, path
		}
	}
	return base, path
}

// accessor returns the package-level variable that a call of this package's
// functions returns, if that is all it ever returns.
func (e *engine) accessor(c *ssa.Call) *ssa.Global {
	fn := e.body(c.Common())
	if fn == nil || fn.Signature.Results().Len() != 1 {
		return nil
	}
	var found *ssa.Global
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		base, path := e.root(ret.Results[0])
		g, ok := base.(*ssa.Global)
		if !ok || path != "" || found != nil && found != g {
			return nil
		}
		found = g
	}
	return found
}

// initOnly reports whether fn runs only while the package is initialised: it
// is an initialiser, or is called by those alone.
func (e *engine) initOnly(fn *ssa.Function) bool {
	if v, ok := e.initFuncs[fn]; ok {
		return v
	}
	e.initFuncs[fn] = true // while in question: a cycle of init-only functions is init-only
	v := e.isInit(fn)
	e.initFuncs[fn] = v
	return v
}

func (e *engine) isInit(fn *ssa.Function) bool {
	if fn.Name() == "init" && fn.Synthetic != "" || strings.HasPrefix(fn.Name(), "init#") {
		return true
	}
	if e.open(fn) || len(e.callers[fn]) == 0 {
		return false
	}
	for _, s := range e.callers[fn] {
		if !e.initOnly(s.owner) || inLiteral(s.call) {
			return false
		}
	}
	return true
}

// inLiteral reports whether in lies in a function literal, which may run at any time.
func inLiteral(in ssa.Instruction) bool { return in.Parent().Parent() != nil }

// Serves reports whether fn is request code: it takes a context or a request,
// or is called, in this package, by what does, or its literals do.
func (r *Result) Serves(fn *ssa.Function) bool { return r.e.serves(fn) }

func (e *engine) serves(fn *ssa.Function) bool {
	if e.serving == nil {
		e.serving = e.servers()
	}
	return e.serving[fn] || e.handlesRequest(fn)
}

// handlesRequest reports whether fn, or a literal in it, takes a context or a request.
func (e *engine) handlesRequest(fn *ssa.Function) bool {
	return e.takesRequest(fn) || slices.ContainsFunc(fn.AnonFuncs, e.takesRequest)
}

// maxServing bounds through how many calls request code is followed.
const maxServing = 7

// servers returns the functions that are called, in one step or a few, by what takes
// a context or a request.
func (e *engine) servers() map[*ssa.Function]bool {
	callees := map[*ssa.Function][]*ssa.Function{}
	out := map[*ssa.Function]bool{}
	var first, next []*ssa.Function
	for fn, sites := range e.callers {
		for _, s := range sites {
			if s.owner == fn {
				continue
			}
			callees[s.owner] = append(callees[s.owner], fn)
			if !out[fn] && (e.handlesRequest(s.owner) || e.takesRequest(s.call.Parent())) {
				out[fn] = true
				first = append(first, fn)
			}
		}
	}
	for range maxServing - 1 {
		for _, fn := range first {
			for _, callee := range callees[fn] {
				if !out[callee] {
					out[callee] = true
					next = append(next, callee)
				}
			}
		}
		first, next = next, nil
	}
	return out
}

func (e *engine) takesRequest(fn *ssa.Function) bool {
	for _, p := range fn.Params {
		if isContext(p.Type()) {
			return true
		}
		if m := e.index.Type(p.Type()); m != nil && m.Origin == models.Request {
			return true
		}
	}
	return false
}

// LongLived reports whether values of a struct type may outlive requests:
// they are made to be shared, nothing in sight makes them for one request,
// and none is kept under a key, as the state of one tenant would be.
func (r *Result) LongLived(n *types.Named) bool { return r.e.lives(n) }

func (e *engine) lives(n *types.Named) bool {
	if n == nil || n.Obj().Pkg() != e.pass.Pkg || !e.stateful(n) {
		return false
	}
	if v, ok := e.longLived[n]; ok {
		return v
	}
	v := true
	made, put := false, false
	for _, fn := range e.funcs {
		e.instrs(fn, func(in ssa.Instruction) {
			switch in := in.(type) {
			case *ssa.Alloc:
				t, ok := types.Unalias(in.Type().Underlying().(*types.Pointer).Elem()).(*types.Named)
				if !ok || t.Origin() != n {
					return
				}
				made = true
				put = put || keptOn(in)
				if e.takesRequest(in.Parent()) && !e.onceOnly(in) {
					v = false
				}
			case *ssa.MapUpdate:
				if namedOf(in.Value.Type()) == n {
					v = false
				}
			case *ssa.Call:
				// Made for a request, and not kept.
				if f := in.Call.StaticCallee(); f != nil && e.makes(f, n) && e.takesRequest(in.Parent()) && !keptOn(in) {
					v = false
				}
			case *ssa.MakeInterface:
				// Put into a context, it lives as long as that.
				if namedOf(in.X.Type()) == n && inContext(in) {
					v = false
				}
			}
		})
		if e.makes(fn, n) && e.takesScope(fn) {
			v = false // what a constructor makes for a scope is that scope's own
		}
	}
	if made && !put {
		v = false // never put where it could outlive the function that makes it
	}
	e.longLived[n] = v
	return v
}

// Fresh reports whether the leaf's container is made where it is used, so
// that it ends with the call.
func (r *Result) Fresh(l *Leaf) bool {
	if l.Container == nil || l.Global != nil {
		return false
	}
	base, path := r.e.root(l.Container)
	switch b := base.(type) {
	case *ssa.Alloc:
		return true
	case *ssa.Call:
		return path == "" && r.e.accessor(b) == nil
	case *ssa.Extract:
		_, call := b.Tuple.(*ssa.Call)
		return call && path == ""
	}
	return false
}

// inContext reports whether v is made a value of a context.
func inContext(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		if c, ok := ref.(*ssa.Call); ok && isContext(c.Type()) {
			return true
		}
	}
	return false
}

// takesScope reports whether fn has a parameter that is, or claims to be, a
// dimension.
func (e *engine) takesScope(fn *ssa.Function) bool {
	for _, p := range fn.Params {
		if m := e.index.Type(p.Type()); m != nil && m.Source != 0 {
			return true
		}
		if e.claim(p.Name()) != 0 {
			return true
		}
		if v, ok := p.Object().(*types.Var); ok && e.index.ParamVar(e.pass.Pkg, v) != 0 {
			return true
		}
	}
	return false
}

// onceOnly reports whether alloc is kept in a package-level variable.
func (e *engine) onceOnly(alloc *ssa.Alloc) bool {
	for _, ref := range *alloc.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && st.Val == alloc {
			if base, _ := e.root(st.Addr); base != nil {
				if _, ok := base.(*ssa.Global); ok {
					return true
				}
			}
		}
	}
	return false
}

// makes reports whether fn is a constructor of n, which it may return as an
// interface.
func (e *engine) makes(fn *ssa.Function, n *types.Named) bool {
	res := fn.Signature.Results()
	if res.Len() == 0 || fn.Signature.Recv() != nil {
		return false
	}
	if namedOf(res.At(0).Type()) == n {
		return true
	}
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			if mi, ok := ret.Results[0].(*ssa.MakeInterface); ok && namedOf(mi.X.Type()) == n {
				return true
			}
		}
	}
	return false
}

// keptOn reports whether v is put where it outlives the function: a field, a
// package-level variable, a map, the caller.
func keptOn(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		switch r := ref.(type) {
		case *ssa.Store:
			if _, local := r.Addr.(*ssa.Alloc); r.Val == v && !local {
				return true
			}
		case *ssa.Return, *ssa.MapUpdate, *ssa.Send:
			return true
		case *ssa.MakeInterface:
			if keptOn(r) {
				return true
			}
		case *ssa.Extract:
			if keptOn(r) {
				return true
			}
		}
	}
	return false
}

// RequestData returns a part of v that belongs to one request: sent by the
// client, or the caller's scope.
// With chosen, what the value was chosen by counts too.
func RequestData(v Value, chosen bool) *Atom {
	for i := range v.Alts {
		for k := range v.Alts[i].Parts {
			a := &v.Alts[i].Parts[k]
			if !a.Ctx && (!a.Selected || chosen && a.Kind == Request) && (a.Kind == Request || a.Kind == Scope || a.Kind == Param && a.Dims != 0) {
				return a
			}
		}
	}
	return nil
}

// ByRecord reports whether an open leaf's key is a field of something that
// request code was handed: chosen here, from the record, not by the caller.
func (r *Result) ByRecord(l *Leaf) bool {
	if !r.e.takesRequest(l.Owner) {
		return false
	}
	found := false
	for i := range l.Key.Alts {
		for k := range l.Key.Alts[i].Parts {
			a := &l.Key.Alts[i].Parts[k]
			if a.Kind == Param && !a.Selected && !a.Ctx && a.Root != Receiver {
				if !strings.Contains(string(a.Path), ".") || a.Claim != 0 || a.Path.last() == "ID" {
					// Handed in as a key, kept by the record's own tenant, or by its
					// identity, which is taken to be its alone.
					return false
				}
				found = true
			}
		}
	}
	return found
}

// Benign reports whether values of t are never anybody's data.
func (r *Result) Benign(t types.Type) bool {
	if m := r.e.index.Type(t); m != nil && m.Benign {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		return r.Benign(u.Elem())
	case *types.Slice:
		return r.Benign(u.Elem())
	case *types.Map:
		// A lock per key is not benign: whose lock it is depends on the key.
		return r.Benign(u.Key()) || r.Benign(u.Elem()) && !isLock(u.Elem())
	}
	return false
}

func isLock(t types.Type) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "sync" && strings.HasSuffix(n.Obj().Name(), "Mutex")
}

// Decides reports whether values of t decide something for requests: an
// interface or a function that takes a context or a request and returns an
// identifier.
func (r *Result) Decides(t types.Type) bool {
	decides := func(sig *types.Signature) bool {
		takes := false
		for p := range sig.Params().Variables() {
			if isContext(p.Type()) {
				takes = true
			}
			if m := r.e.index.Type(p.Type()); m != nil && m.Origin == models.Request {
				takes = true
			}
		}
		if !takes {
			return false
		}
		for v := range sig.Results().Variables() {
			if m := r.e.index.Type(v.Type()); m != nil && m.Source != 0 || isString(v.Type()) {
				return true
			}
		}
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Signature:
		return decides(u)
	case *types.Interface:
		for m := range u.Methods() {
			if decides(m.Signature()) {
				return true
			}
		}
	}
	return false
}
